import fc from 'fast-check'
import pg from 'pg'
import { beforeEach, describe, expect, test } from 'vitest'
import { newId } from '#kernel/database/identifiers.ts'
import { type Database, openDatabase, transaction } from '#kernel/database/index.ts'
import { registerSigner, rootOf, sha256 } from '#kernel/tree/index.ts'
import { testDatabase } from '#testing/database.ts'
import {
  createPublishing,
  type Fact,
  type Held,
  leafHash,
  personalDigest,
  record,
  recordMany,
  sequence,
  startSequencer,
  verify,
} from './index.ts'
import { leafOfRow } from './leaf.ts'

const database = await testDatabase()
const { app, jobs, owner } = database
const nobody = { person: null }
// The register alone: what concerns whom is said by rooms above it, and tried with them.
await owner.pool.query(
  'create or replace function access.concerns(record uuid, path text) returns boolean language sql stable as $$ select true $$',
)

/** The head is emptied with everything else, so each test begins the chain anew. */
beforeEach(async () => {
  await owner.pool.query('delete from ledger.head')
  await owner.pool.query('insert into ledger.head default values')
})

const fact = (changes: Partial<Fact> = {}): Fact => ({ kind: 'lamp.lit', record: newId(), path: '32/10/', ...changes })

/** Writes acts in transactions of nobody, as an anonymous request does. */
async function write(count: number, changes: Partial<Fact> = {}, on: Database = app): Promise<string[]> {
  const ids: string[] = []
  for (let round = 0; round < count; round += 1) {
    ids.push(
      await transaction(on, (_sql, client) =>
        record({ client, now: new Date(), actor: nobody }, fact({ personal: { text: `words ${round}` }, ...changes })),
      ),
    )
  }
  return ids
}

async function order(): Promise<void> {
  while ((await sequence(jobs)) > 0);
}

async function check() {
  const client = await owner.pool.connect()
  try {
    return await verify(client)
  } finally {
    client.release()
  }
}

const chain = async () =>
  (await owner.pool.query<{ place: number; act: string }>('select place, act from ledger.entry order by place')).rows

test('facts of every shape are the same after the database has kept them', async () => {
  const value = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0') && text.isWellFormed()),
  )
  const key = fc
    .string({ unit: 'grapheme', maxLength: 12 })
    .filter((text) => !text.includes('\0') && text.isWellFormed())
  const many = fc.sample(fc.dictionary(key, value, { maxKeys: 6 }), 300)
  await transaction(jobs, (_sql, client) =>
    recordMany(
      { client, now: new Date(), actor: nobody },
      many.map((facts) => fact({ facts, times: { due: '2026-11-22T00:00:00.000Z' } })),
    ),
  )
  for (const facts of many.slice(0, 50)) await write(1, { facts })
  await order()
  expect(await check()).toMatchObject({ entries: 350, ok: true, firstBroken: null, reason: null })
})

describe('the order of the chain', () => {
  test('a late committer is not skipped: it gets its place when it commits', async () => {
    const late = await app.pool.connect()
    await late.query('begin')
    const early = await record({ client: late, now: new Date(Date.now() - 60_000), actor: nobody }, fact())
    const others = await write(5)
    await order()
    expect((await chain()).map((entry) => entry.act)).toEqual(others)
    await late.query('commit')
    late.release()
    await order()
    expect((await chain()).map((entry) => entry.act)).toEqual([...others, early])
    expect(await check()).toMatchObject({ entries: 6, ok: true })
  })

  test('what is rolled back leaves nothing', async () => {
    await expect(
      transaction(app, async (_sql, client) => {
        await record({ client, now: new Date(), actor: nobody }, fact({ personal: 'gone' }))
        throw new Error('thought better of it')
      }),
    ).rejects.toThrow('thought better')
    await order()
    for (const table of ['act', 'salt', 'pending', 'entry'])
      expect((await owner.pool.query(`select from ledger.${table}`)).rowCount, table).toBe(0)
  })

  test('the role that serves requests cannot hold up the order', async () => {
    await write(1)
    const holding = await app.pool.connect()
    try {
      for (const lock of ['for update', 'for no key update', 'for share', 'for key share']) {
        await expect(holding.query(`select from ledger.head ${lock}`)).rejects.toMatchObject({ code: '42501' })
      }
      // Reading is all it may, and whatever number it takes an advisory lock on is nobody else's.
      await holding.query('begin')
      await holding.query('select from ledger.head')
      await holding.query('select pg_advisory_lock(7263541, 1)')
      expect(await sequence(jobs)).toBe(1)
    } finally {
      holding.release(true)
    }
  })

  test('two who order at once let each other pass, and writers never wait', async () => {
    const ordering = await jobs.pool.connect()
    await write(3)
    await ordering.query('begin')
    expect((await ordering.query('select ledger.sequence() as placed')).rows[0].placed).toBe(3)
    expect(await sequence(jobs)).toBe(0)
    await write(2)
    await ordering.query('commit')
    ordering.release()
    await order()
    expect((await chain()).map((entry) => entry.place)).toEqual([1, 2, 3, 4, 5])
    expect(await check()).toMatchObject({ entries: 5, ok: true })
  })

  test('whatever the order of commits, every act has one place and no place is empty', {
    timeout: 60_000,
  }, async () => {
    const others = openDatabase(database.jobsUrl, { connections: 2 })
    const sequencers = [startSequencer(jobs, { milliseconds: 1 }), startSequencer(others, { milliseconds: 1 })]
    let written = 0
    try {
      await fc.assert(
        fc.asyncProperty(
          fc.array(
            fc.record({
              acts: fc.integer({ min: 1, max: 4 }),
              holds: fc.integer({ min: 0, max: 12 }),
              keeps: fc.boolean(),
            }),
            { minLength: 1, maxLength: 8 },
          ),
          async (writers) => {
            await Promise.all(
              writers.map(async ({ acts, holds, keeps }) => {
                const client = await app.pool.connect()
                try {
                  await client.query('begin')
                  for (let each = 0; each < acts; each += 1) {
                    await record({ client, now: new Date(), actor: nobody }, fact())
                    if (holds > 0) await client.query('select pg_sleep($1)', [holds / 1_000])
                  }
                  await client.query(keeps ? 'commit' : 'rollback')
                  if (keeps) written += acts
                } finally {
                  client.release()
                }
              }),
            )
          },
        ),
        { numRuns: 25 },
      )
      await expect
        .poll(async () => (await owner.pool.query('select from ledger.pending')).rowCount, { timeout: 10_000 })
        .toBe(0)
    } finally {
      await Promise.all(sequencers.map((each) => each.stop()))
      await others.close()
    }
    expect((await chain()).map((entry) => entry.place)).toEqual(
      Array.from({ length: written }, (_, index) => index + 1),
    )
    expect((await owner.pool.query('select from ledger.act')).rowCount).toBe(written)
    expect(await check()).toMatchObject({ entries: written, ok: true })
  })

  test('one notice a batch, after it is committed', async () => {
    const listener = new pg.Client({ connectionString: database.jobsUrl })
    await listener.connect()
    const heard: string[] = []
    listener.on('notification', ({ payload }) => heard.push(payload ?? ''))
    await listener.query('listen linli_ledger')
    await write(4)
    await order()
    await expect.poll(() => heard).toEqual(['4'])
    await listener.end()
  })

  test('an act put among the waiting a second time does not stop the chain', async () => {
    const [first] = await write(2)
    await order()
    await app.pool.query('insert into ledger.pending (act) values ($1)', [first])
    const [third] = await write(1)
    await order()
    expect((await chain()).map((entry) => entry.act).at(-1)).toBe(third)
    expect((await owner.pool.query('select from ledger.pending')).rowCount).toBe(0)
    expect(await check()).toMatchObject({ entries: 3, ok: true })
  })
})

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

describe('the application’s role', () => {
  const refused = async (text: string, values: unknown[] = []) => {
    const error = await app.pool.query(text, values).catch((reason: { code?: string }) => reason)
    return (error as { code?: string }).code ?? `done: ${(error as pg.QueryResult).rowCount}`
  }

  test.each(['act', 'salt', 'pending', 'entry', 'head', 'tile'])(
    'cannot change, remove or empty ledger.%s',
    async (table) => {
      await write(2)
      await order()
      await write(1)
      const column = { act: 'kind', salt: 'salt', pending: 'act', entry: 'leaf', head: 'root', tile: 'hashes' }[table]
      expect(await refused(`update ledger.${table} set ${column} = ${column}`)).toBe('42501')
      expect(await refused(`delete from ledger.${table}`)).toBe('42501')
      expect(await refused(`truncate ledger.${table} cascade`)).toBe('42501')
      expect(await refused(`alter table ledger.${table} disable row level security`)).toBe('42501')
      expect(await refused(`drop table ledger.${table} cascade`)).toBe('42501')
    },
  )

  test('cannot place acts itself, nor erase salts, nor set the head or an entry', async () => {
    expect(await refused('select ledger.sequence()')).toBe('42501')
    expect(await refused('select ledger.erase_salts(uuidv7())')).toBe('42501')
    expect(await refused("select ledger.append('[]')")).toBe('42501')
    expect(await refused(`insert into ledger.entry (place, act, leaf) values (1, uuidv7(), sha256('a'))`)).toBe('42501')
    expect(await refused(`insert into ledger.head (only_one) values (true)`)).toBe('42501')
    expect(await refused('select * from ledger.salt')).toBe('42501')
    expect(await refused('select * from ledger.pending')).toBe('42501')
  })

  test('cannot write an act in the name of a person or a tenure that did not enter', async () => {
    const insert = (actor: string, tenure: string) =>
      refused(
        `insert into ledger.act (id, kind, record, at, actor, tenure, leaf) values (uuidv7(), 'k', uuidv7(), now(), ${actor}, ${tenure}, sha256('a'))`,
      )
    expect(await insert('uuidv7()', 'null')).toBe('42501')
    expect(await insert('null', 'uuidv7()')).toBe('42501')
    expect(await insert('null', 'null')).toBe('done: 1')
  })

  test('reads no acts without the duty to read them, and never of whom they were or what came of them', async () => {
    await write(2)
    expect((await app.pool.query('select from ledger.act')).rowCount).toBe(0)
    for (const column of ['actor', 'result', 'facts', 'times', 'category', 'personal_digest', 'leaf'])
      expect(await refused(`select ${column} from ledger.act`), column).toBe('42501')
  })
})

describe('the role of jobs', () => {
  test('cannot change or remove what was done', async () => {
    await write(1)
    await order()
    for (const text of [
      'update ledger.act set kind = kind',
      'delete from ledger.act',
      'delete from ledger.entry',
      'update ledger.entry set leaf = leaf',
      'update ledger.tile set hashes = hashes',
      'delete from ledger.tile',
      'update ledger.head set place = 0',
      'truncate ledger.entry',
    ])
      await expect(jobs.pool.query(text), text).rejects.toMatchObject({ code: '42501' })
  })
})
