import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Act, type Allowed, allow, covers, enter, signedIn } from '#kernel/access/index.ts'
import { newId } from '#kernel/database/identifiers.ts'
import { openDatabase } from '#kernel/database/index.ts'
import { judge } from '#listen/requests/acts/judge.ts'
import { testDatabase } from '#testing/database.ts'
import { type Member, makeOrganisation, signInResident } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, answered, holding, sentTo } = requestsOf(server, organisation)
const { staff, places, bodies, resident, neighbour } = organisation
const { database } = server.kernel
const filed = await file({ phone: '13911113333' })

const surroundings = { now: new Date(), language: 'zh-CN' as const }
const tokenOf = (member: Member) => server.kernel.sessions.sessionToken({ cookie: member.cookie })
const as = <T>(member: Member | null, work: (act: Act) => Promise<T>) =>
  enter(database, { session: member ? tokenOf(member) : null }, surroundings, work)
const seen = async (act: Act) => Number((await act.client.query('select from request')).rowCount)
const who = (member: Member) => as(member, async (act) => act.actor.person)

describe('what a transaction knows', () => {
  test('goes with it: the next on the same connection knows nobody', async () => {
    const one = openDatabase(server.database.databaseUrl, { connections: 1 })
    try {
      const session = tokenOf(staff.leader)
      expect(await enter(one, { session }, surroundings, seen)).toBeGreaterThan(0)
      expect((await one.pool.query('select from request')).rowCount).toBe(0)
      await enter(one, { session }, surroundings, async () => {
        throw new Error('broken off')
      }).catch(() => undefined)
      expect((await one.pool.query('select from request')).rowCount).toBe(0)
      expect((await one.pool.query('select access.person() as person')).rows[0].person).toBeNull()
    } finally {
      await one.close()
    }
  })

  test('a seal made on one connection is worth nothing on another, even at the same moment', async () => {
    await as(staff.leader, async (act) => {
      const { rows } = await act.client.query(
        "select current_setting('linli.context') as context, current_setting('linli.seal') as seal",
      )
      await as(null, async (other) => {
        await other.client.query("select set_config('linli.context', $1, true), set_config('linli.seal', $2, true)", [
          rows[0].context,
          rows[0].seal,
        ])
        expect(await seen(other)).toBe(0)
      })
      expect(await seen(act)).toBeGreaterThan(0)
    })
  })

  test('an expired session is nobody', async () => {
    expect(await who(neighbour)).toBe(neighbour.person)
    const move = (moment: string) =>
      server.superuser.query(`update auth.session set "expiresAt" = ${moment} where "userId" = $1`, [neighbour.user])
    await move("now() - interval '1 second'")
    expect(await who(neighbour)).toBeNull()
    await move("now() + interval '1 hour'")
    expect(await who(neighbour)).toBe(neighbour.person)
  })

  test('a tenure that has ended holds until its transaction ends, and no longer; one that has not begun holds nothing', async () => {
    const held = staff.otherManager
    const during = (range: string) =>
      server.superuser.query(`update tenure set during = ${range} where id = $1`, [held.tenure])
    await as(held, async (act) => {
      await during('tstzrange(lower(during), clock_timestamp())')
      expect((await act.client.query('select access.tenures() as held')).rows[0].held).toEqual([held.tenure])
    })
    await as(held, async (act) => {
      expect(act.actor).toMatchObject({ person: held.person, tenures: [], bodies: [], reach: {} })
      expect((await act.client.query('select access.tenures() as held')).rows[0].held).toEqual([])
    })
    await during("tstzrange(now() + interval '1 hour', null)")
    await as(held, async (act) => expect(act.actor.tenures).toEqual([]))
    await during("tstzrange(now() - interval '1 hour', null)")
    await as(held, async (act) => expect(act.actor.tenures).toHaveLength(1))
  })

  test('a body that was dissolved and a post that was abolished carry nothing', async () => {
    for (const [table, column, id] of [
      ['body', 'dissolved_at', bodies.otherProperty],
      ['post', 'abolished_at', staff.otherManager.post],
    ]) {
      await server.superuser.query('set session_replication_role = replica')
      await server.superuser.query(`update ${table} set ${column} = now() where id = $1`, [id])
      await as(staff.otherManager, async (act) => expect(act.actor.tenures, table).toEqual([]))
      await server.superuser.query(`update ${table} set ${column} = null where id = $1`, [id])
    }
  })

  test('a person who was erased is nobody, whatever sessions are left', async () => {
    const gone = await signInResident(server, '13800000019')
    expect(await who(gone)).toBe(gone.person)
    await server.superuser.query('update person set erased_at = now() where id = $1', [gone.person])
    expect(await who(gone)).toBeNull()
  })
})

describe('secret links and judge tokens', () => {
  test('stand as digests alone', async () => {
    const { rows } = await server.superuser.query<{ hash: Buffer }>(
      "select hash from access.token where record = $1 and kind = 'follow'",
      [filed.id],
    )
    expect(rows.map((row) => row.hash.toString('hex'))).toEqual([createHash('sha256').update(filed.link).digest('hex')])
    expect(Buffer.from(filed.link, 'base64url').length).toBeGreaterThanOrEqual(16)
  })

  test('open one record, and no other', async () => {
    const other = await file({})
    await holding({ link: filed.link }, async (act) => {
      const { rows } = await act.client.query<{ id: string }>('select id from request')
      expect(rows).toEqual([{ id: filed.id }])
    })
    await holding({ link: `${other.link.slice(0, -1)}_` }, async (act) => expect(act.actor.link).toBeNull())
    // A follow link is no judge token, nor the other way round.
    await holding({ judge: filed.link }, async (act) => expect(act.actor.judge).toBeNull())
    // The digest itself, as somebody would have it who read the table, opens nothing.
    const digest = createHash('sha256').update(filed.link).digest()
    for (const form of ['hex', 'base64', 'base64url', 'latin1'] as const)
      await holding({ link: digest.toString(form) }, async (act) => expect(act.actor.link).toBeNull())
  })

  test('a judge token judges once, however many try at the same moment', async () => {
    const matter = await file({ phone: '13911114444' })
    await answered(matter)
    const token = (await sentTo('13911114444'))?.token ?? ''
    const tries = await Promise.allSettled(
      Array.from({ length: 8 }, () =>
        holding({ judge: token }, (act) => judge(act, server.kernel, matter.id, { verdict: 'solved' }, token)),
      ),
    )
    expect(tries.filter((each) => each.status === 'fulfilled')).toHaveLength(1)
    expect(await server.one('select count(*)::integer from judgement where request = $1', [matter.id])).toBe(1)
  })

  describe('cannot be made for what is not one’s own', () => {
    const grant = (act: Act, kind: string, record: string) =>
      act.client.query("select access.grant_token(sha256('mine'), $1, $2, null)", [kind, record])
    const refused = { code: '42501' }

    test.each(['follow', 'judge', 'consent', 'card'])(
      '%s: for a record that exists, by nobody, by staff, by its reporter',
      async (kind) => {
        const own = await file({}, resident)
        await expect(as(null, (act) => grant(act, kind, filed.id))).rejects.toMatchObject(refused)
        await expect(as(staff.leader, (act) => grant(act, kind, filed.id))).rejects.toMatchObject(refused)
        await expect(as(resident, (act) => grant(act, kind, own.id))).rejects.toMatchObject(refused)
        await expect(as(null, (act) => grant(act, kind, newId()))).rejects.toMatchObject(refused)
      },
    )

    test('by the holder of a link: another link to the same record, never to another, never to judge', async () => {
      const other = await file({})
      const held = (kind: string, record: string) => holding({ link: filed.link }, (act) => grant(act, kind, record))
      await expect(held('follow', other.id)).rejects.toMatchObject(refused)
      await expect(held('judge', filed.id)).rejects.toMatchObject(refused)
    })

    test('nor made or used up by other doors', async () => {
      for (const text of [
        `select access.grant_token_once(sha256('mine'), 'judge', '${filed.id}', null)`,
        "insert into access.token (hash, kind, record) values (sha256('mine'), 'follow', uuidv7())",
        'update access.token set used_at = null',
        'delete from access.token',
      ])
        await expect(database.pool.query(text), text).rejects.toMatchObject({ code: '42501' })
    })
  })
})

describe('reach', () => {
  test('ends at the boundary of a place: 3210 is not 32100', async () => {
    expect(covers(['32/10/'], '32/10/')).toBe(true)
    expect(covers(['32/10/'], '32/10/03/')).toBe(true)
    expect(covers(['32/10/'], '32/100/')).toBe(false)
    expect(covers(['32/10/'], '32/1/')).toBe(false)
    expect(covers(['32/10/'], '32/')).toBe(false)
    expect(covers([], '32/10/')).toBe(false)
    expect(covers(undefined, '32/10/')).toBe(false)
  })

  test('is the same in the program and in the database', async () => {
    const segment = fc.oneof(fc.stringMatching(/^[0-9]{1,3}$/), fc.stringMatching(/^[gb][0-9]{2}$/))
    const path = fc.array(segment, { minLength: 1, maxLength: 5 }).map((parts) => `${parts.join('/')}/`)
    const near = path.chain((one) =>
      fc.tuple(
        fc.constant(one),
        fc.oneof(
          path,
          path.map((more) => one + more),
          fc.constant(one.slice(0, -1).concat('0/')),
        ),
      ),
    )
    const pairs = fc.sample(near, 2_000)
    const { rows } = await database.pool.query<{ covered: boolean }>(
      'select access.covers(array[p], q) as covered from unnest($1::text[], $2::text[]) with ordinality u (p, q, n) order by n',
      [pairs.map(([prefix]) => prefix), pairs.map(([, other]) => other)],
    )
    expect(rows.map((row) => row.covered)).toEqual(pairs.map(([prefix, other]) => covers([prefix], other)))
    expect(rows.filter((row) => row.covered).length).toBeGreaterThan(100)
  })

  test('proofs are given for what a tenure carries there, and for nothing else', async () => {
    await as(staff.secretary, async (act) => {
      expect(allow(act, 'request.accept', places.community.path)).toMatchObject({
        duty: 'request.accept',
        tenure: { tenure: staff.secretary.tenure },
      })
      expect(allow(act, 'request.accept', places.grid.path).path).toBe(places.grid.path)
      for (const path of [places.besideCommunity.path, places.subdistrict.path, '32/10/03/001/0010/', ''])
        expect(() => allow(act, 'request.accept', path), path).toThrow(expect.objectContaining({ status: 403 }))
      expect(() => allow(act, 'ledger.read', places.community.path)).toThrow(expect.objectContaining({ status: 403 }))
    })
    await as(null, async (act) => {
      expect(() => allow(act, 'request.accept', places.community.path)).toThrow(
        expect.objectContaining({ status: 401 }),
      )
      expect(() => signedIn(act)).toThrow(expect.objectContaining({ status: 401 }))
    })
  })

  test('a proof cannot be written by hand, nor used for another duty', () => {
    const asks = (_proof: Allowed<'request.dispatch'>): void => undefined
    const made = { duty: 'request.dispatch', path: '32/', tenure: {} as never } as const
    // @ts-expect-error without the mark that only access makes it is no proof
    asks(made)
    const other = {} as Allowed<'request.read'>
    // @ts-expect-error the proof of one duty is not that of another
    asks(other)
  })
})
