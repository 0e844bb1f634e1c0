import pg from 'pg'
import { beforeEach, describe, expect, test } from 'vitest'
import { newId } from '#kernel/database/identifiers.ts'
import { transaction } from '#kernel/database/index.ts'
import { registerSigner, rootOf, sha256 } from '#kernel/tree/index.ts'
import { createPublishing, type Held, leafHash, personalDigest, record, recordMany, verify } from './index.ts'
import { leafOfRow } from './leaf.ts'
import { emptyRegister } from './ledger.harness.ts'

const { check, database, fact, jobs, nobody, order, owner, write } = await emptyRegister()

describe('verification', () => {
  /** Breaks something with every trigger and reference asleep, as whoever holds the disk could. */
  async function tamper(text: string, values: unknown[] = []): Promise<void> {
    const client = new pg.Client({ connectionString: database.superuserUrl })
    await client.connect()
    await client.query('set session_replication_role = replica')
    try {
      const { rowCount } = await client.query(text, values)
      expect(rowCount).toBeGreaterThan(0)
    } finally {
      await client.end()
    }
  }
  const at = (place: number) => `(select act from ledger.entry where place = ${place})`

  beforeEach(async () => {
    await write(7, {
      facts: { urgent: false },
      times: { due: '2026-11-30T00:00:00.000Z' },
      category: 'lamps',
      result: 'solved',
    })
    await order()
    expect(await check()).toMatchObject({ entries: 7, ok: true })
  })

  test.each([
    ['kind', `'lamp.out'`],
    ['record', 'uuidv7()'],
    ['path', `'32/11/'`],
    ['path', 'null'],
    ['category', `'roads'`],
    ['at', `at + interval '1 millisecond'`],
    ['result', 'null'],
    ['times', `'{"due": "2026-12-30T00:00:00.000Z"}'`],
    ['facts', `'{"urgent": true}'`],
    ['facts', `'{"urgent": false, "more": 1}'`],
    ['actor', 'uuidv7()'],
    ['tenure', 'uuidv7()'],
    ['personal_digest', `sha256('other')`],
    ['leaf', `sha256('other')`],
  ])('an act whose %s is changed to %s', async (column, value) => {
    await tamper(`update ledger.act set ${column} = ${value} where id = ${at(4)}`)
    expect(await check()).toMatchObject({ entries: 3, ok: false, firstBroken: 4, reason: 'the act was changed' })
  })

  test('an act changed together with its leaf: the digest of its facts tells', async () => {
    await tamper(`update ledger.act set leaf = sha256('other') where id = ${at(4)}`)
    await tamper(`update ledger.entry set leaf = sha256('other') where place = 4`)
    expect(await check()).toMatchObject({ ok: false, firstBroken: 4 })
  })

  test('a whole row rewritten with the leaf that belongs to it: the root tells, and behind a full tile the tile, where', async () => {
    const rewrite = async (place: number) => {
      const { rows } = await owner.pool.query(`select * from ledger.act where id = ${at(place)}`)
      const leaf = leafHash(leafOfRow({ ...rows[0], kind: 'lamp.out' })).toString('hex')
      await tamper(`update ledger.act set kind = 'lamp.out', leaf = '\\x${leaf}' where id = ${at(place)}`)
      await tamper(`update ledger.entry set leaf = '\\x${leaf}' where place = ${place}`)
    }
    const reason = 'the tree does not follow from the entries'
    await rewrite(4)
    expect(await check()).toMatchObject({ ok: false, firstBroken: 1, reason })
    await transaction(jobs, (_sql, client) =>
      recordMany(
        { client, now: new Date(), actor: nobody },
        Array.from({ length: 600 }, () => fact()),
      ),
    )
    await order()
    await rewrite(300)
    await tamper(`update ledger.tile set hashes = sha256('other') || substr(hashes, 33) where level = 1`)
    expect(await check()).toMatchObject({ ok: false, firstBroken: 1, reason })
  })

  test('a changed root, a changed tile and a tile that is gone', async () => {
    const reason = 'the tree does not follow from the entries'
    await tamper(`update ledger.head set root = sha256('other')`)
    expect(await check()).toMatchObject({ ok: false, firstBroken: 1, reason })
    await tamper(`delete from ledger.head`)
    await tamper(`insert into ledger.head default values`)
    await tamper(`delete from ledger.entry`)
    await transaction(jobs, (_sql, client) =>
      recordMany(
        { client, now: new Date(), actor: nobody },
        Array.from({ length: 800 }, () => fact()),
      ),
    )
    await tamper(`delete from ledger.act a where not exists (select from ledger.pending p where p.act = a.id)`)
    await order()
    expect(await check()).toMatchObject({ entries: 800, ok: true })
    await tamper(`update ledger.tile set hashes = substr(hashes, 1, 32) || sha256('other') || substr(hashes, 65)`)
    expect(await check()).toMatchObject({ ok: false, firstBroken: 257, reason })
    await tamper(`delete from ledger.tile`)
    expect(await check()).toMatchObject({ ok: false, firstBroken: 1, reason })
  })

  test('a register rewritten as a whole, tiles and root too: what was published tells, and a forged checkpoint is not signed', async () => {
    const encryption = { key: () => Buffer.alloc(32, 5) }
    const publishing = createPublishing({ jobsDatabase: jobs, encryption, witnesses: [] })
    const keyOf = (origin: string) => registerSigner(encryption, origin).key
    const checked = async () => {
      const client = await owner.pool.connect()
      try {
        return await verify(client, undefined, [], keyOf)
      } finally {
        client.release()
      }
    }
    expect(await publishing.publish(new Date())).toBe(7)
    await write(2)
    await order()
    expect(await publishing.publish(new Date())).toBe(9)
    expect(await checked()).toMatchObject({ entries: 9, ok: true })
    // The eighth entry becomes another, and everything above it follows.
    const { rows } = await owner.pool.query(`select * from ledger.act where id = ${at(8)}`)
    const leaf = leafHash(leafOfRow({ ...rows[0], kind: 'lamp.out' })).toString('hex')
    await tamper(`update ledger.act set kind = 'lamp.out', leaf = '\\x${leaf}' where id = ${at(8)}`)
    await tamper(`update ledger.entry set leaf = '\\x${leaf}' where place = 8`)
    const { rows: leaves } = await owner.pool.query<{ leaf: Buffer }>('select leaf from ledger.entry order by place')
    const root = Buffer.from(
      rootOf(
        sha256,
        leaves.map((each) => each.leaf),
      ),
    )
    await tamper('update ledger.head set root = $1', [root])
    const published = 'it is not the register that was published'
    expect(await checked()).toMatchObject({ ok: false, firstBroken: 8, reason: published })
    // A checkpoint to go with it, signed by whoever has not the key.
    const { rows: kept } = await owner.pool.query<{ note: string }>('select note from ledger.checkpoint where size = 9')
    const forged = (kept[0]?.note ?? '').replace(/(\n9\n)[^\n]+/, `$1${root.toString('base64')}`)
    await tamper('update ledger.checkpoint set root = $1, note = $2 where size = 9', [root, forged])
    const unsigned = 'a published checkpoint is not signed by this register'
    expect(await checked()).toMatchObject({ ok: false, firstBroken: 9, reason: unsigned })
  })

  test('what was noted is held to: the root then, and what was noted while it was a chain', async () => {
    const noted = { entries: 7, hash: (await check()).hash ?? '' }
    await write(3)
    await order()
    const differing = async (...held: Held[]) => {
      const client = await owner.pool.connect()
      try {
        return (await verify(client, undefined, held)).differing
      } finally {
        client.release()
      }
    }
    const { rows } = await owner.pool.query<{ leaf: Buffer }>('select leaf from ledger.entry order by place limit 5')
    const chained = rows.reduce(
      (hash, { leaf }) => Buffer.from(sha256(hash, leaf)),
      Buffer.from(sha256(Buffer.from('linli'))),
    )
    expect(await differing(noted, { entries: 5, hash: chained.toString('hex') })).toEqual([])
    const wrong = [
      { entries: 6, hash: noted.hash },
      { entries: 7, hash: '00' },
      { entries: 11, hash: noted.hash },
    ]
    expect(await differing(noted, ...wrong)).toEqual(wrong)
  })

  test('a missing entry in the middle, and with those behind it moved up', async () => {
    await tamper('delete from ledger.entry where place = 3')
    expect(await check()).toMatchObject({ ok: false, firstBroken: 3 })
    // By way of places that nobody holds: the rows are taken in whatever order they lie.
    await tamper('update ledger.entry set place = place + 1000 where place > 3')
    await tamper('update ledger.entry set place = place - 1001 where place > 1000')
    expect(await check()).toMatchObject({ ok: false, reason: 'the end is missing' })
    await tamper('update ledger.head set place = 6')
    expect(await check()).toMatchObject({ ok: false, reason: 'the tree does not follow from the entries' })
  })

  test('a missing act', async () => {
    await tamper(`delete from ledger.act where id = ${at(5)}`)
    expect(await check()).toMatchObject({ ok: false, firstBroken: 5, reason: 'the act of this place is missing' })
  })

  test('an end cut off, or all of it', async () => {
    await tamper('delete from ledger.entry where place >= 6')
    expect(await check()).toMatchObject({ entries: 5, ok: false, firstBroken: 6 })
    await tamper('delete from ledger.entry')
    expect(await check()).toMatchObject({ entries: 0, ok: false, firstBroken: 1 })
    await tamper('delete from ledger.head')
    expect(await check()).toMatchObject({ ok: false, firstBroken: 1 })
  })

  test('an end cut off with the head put back: the acts without a place tell', async () => {
    await tamper('delete from ledger.entry where place >= 6')
    await tamper('update ledger.head set place = 5')
    expect(await check()).toMatchObject({ entries: 5, ok: false, firstBroken: 1 })
    const { rows } = await owner.pool.query<{ leaf: Buffer }>('select leaf from ledger.entry order by place')
    const root = rootOf(
      sha256,
      rows.map(({ leaf }) => leaf),
    )
    await tamper('update ledger.head set root = $1', [Buffer.from(root)])
    expect(await check()).toMatchObject({ entries: 5, ok: false, firstBroken: 6 })
  })

  test('two entries that changed places', async () => {
    await tamper('update ledger.entry set place = -place where place in (4, 5)')
    await tamper('update ledger.entry set place = 9 + place where place < 0')
    expect(await check()).toMatchObject({ ok: false, reason: 'the tree does not follow from the entries' })
  })

  test('an entry slipped in', async () => {
    await tamper(
      `insert into ledger.entry (place, act, leaf) select 8, uuidv7(), leaf from ledger.entry where place = 7`,
    )
    expect(await check()).toMatchObject({ ok: false, firstBroken: 8 })
  })

  test('acts that only wait are no fault', async () => {
    await write(3)
    expect(await check()).toMatchObject({ entries: 7, ok: true })
  })

  test('erased salts leave it whole, and the words can no longer be proved', async () => {
    const person = newId()
    const client = await jobs.pool.connect()
    const words = { text: 'a matter of mine' }
    const id = await record({ client, now: new Date(), actor: { person } }, fact({ personal: words }))
    client.release()
    await order()
    const stored = async () =>
      (
        await owner.pool.query<{ salt: Buffer | null; personal_digest: Buffer }>(
          'select s.salt, a.personal_digest from ledger.act a left join ledger.salt s on s.act = a.id where a.id = $1',
          [id],
        )
      ).rows[0]
    const before = await stored()
    expect(personalDigest(before?.salt as Buffer, words)).toEqual(before?.personal_digest)
    const { rows } = await jobs.pool.query('select ledger.erase_salts($1) as erased', [person])
    expect(rows[0].erased).toBe(1)
    expect((await stored())?.salt).toBeNull()
    expect((await owner.pool.query('select from ledger.salt')).rowCount).toBe(7)
    expect(await check()).toMatchObject({ entries: 8, ok: true })
  })
})
