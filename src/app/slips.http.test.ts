import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { judgeTokenOf } from '#listen/requests/index.ts'
import { testDatabase } from '#testing/database.ts'
import { type Member, makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'

// A code on paper: for the resident whom no message reaches, from whoever calls back and had no part in the matter.
const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, does, read, answered, row } = requestsOf(server, organisation)
const { staff, bodies, resident } = organisation
const client = new pg.Client({ connectionString: server.database.databaseUrl })
const session = (cookie: string) => server.kernel.sessions.sessionToken({ cookie })

beforeAll(() => client.connect())
afterAll(() => client.end())

const send = (url: string, fields: Record<string, string>, as: Member | null = null) => {
  server.clock.advance(1_000)
  return server.fetch(url, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...(as ? { cookie: as.cookie } : {}) },
    body: new URLSearchParams(fields).toString(),
  })
}
const hand = (id: string, as: Member | null = staff.caller) => send(`/slips/${id}`, {}, as)
const tokenIn = (html: string) => /\/j\/([\w-]{22})</.exec(html)?.[1] ?? ''
/** Written down on paper, with nothing left by which its reporter could be reached, and answered. */
async function silent() {
  const filed = await file({ channel: 'paper' }, staff.secretary)
  await answered(filed)
  return filed
}
async function slip(id: string) {
  const page = await hand(id)
  const html = await page.text()
  expect(page.status, html).toBe(200)
  return { html, token: tokenIn(html) }
}
const judging = (token: string, verdict = 'solved') => send(`/j/${token}`, { verdict })

describe('a slip', () => {
  test('is printed in both languages, with the code, the address, the number and its last day', async () => {
    const filed = await silent()
    const page = await hand(filed.id)
    expect(page.headers.get('cache-control')).toBe('no-store')
    const html = await page.text()
    expect(tokenIn(html)).toHaveLength(22)
    expect(html).toContain(filed.number)
    expect(html).toContain('只能用一次')
    expect(html).toContain('It works once')
    expect(html).toContain('<svg class="qr"')
    expect(html).not.toContain('路灯')
  })

  test('judges once, as given on paper; it is kept as its digest alone', async () => {
    const { id } = await silent()
    const { token } = await slip(id)
    expect(await server.one('select count(*)::int from access.token where hash = sha256($1::bytea)', [token])).toBe(1)
    expect(await (await server.fetch(`/j/${token}`)).text()).toContain('办得怎么样')
    expect((await judging(token, 'partly')).status).toBe(303)
    expect(await row(id)).toMatchObject({ state: 'closed', result: 'partly' })
    expect(await server.one('select given_by from judgement where request = $1', [id])).toBe('paper')
    await judging(token, 'solved')
    expect(await row(id)).toMatchObject({ result: 'partly' })
    // Whoever said "partly" may have it taken up again with it, as with any other link.
    expect((await send(`/j/${token}/reopen`, {})).status).toBe(303)
    expect(await row(id)).toMatchObject({ state: 'accepted' })
  })

  test('stands in the timeline with the post that handed it out, for colleagues alone', async () => {
    const filed = await silent()
    await slip(filed.id)
    const line = (await read(staff.supervisor, filed.id)).body.entries.find((entry) => entry.kind === 'slip_handed')
    expect(line).toMatchObject({ post: '回访员', audience: 'staff' })
    expect(await (await server.fetch(`/r/${filed.link}`)).text()).not.toContain('纸条。</')
    expect(
      await server.one("select tenure from ledger.act where record = $1 and kind = 'request.hand-slip'", [filed.id]),
    ).toBe(staff.caller.tenure)
  })

  test('ends with the next one, and says so; the message’s code is none of its business', async () => {
    const { id } = await silent()
    const [first, second] = [await slip(id), await slip(id)]
    const ended = await server.fetch(`/j/${first.token}`)
    expect(ended.status).toBe(410)
    expect(await ended.text()).toContain('这张纸条已经停用')
    expect((await judging(first.token)).status).toBe(410)
    expect(await row(id)).toMatchObject({ state: 'answered' })
    expect((await judging(second.token)).status).toBe(303)
  })

  test('ends when the answer has been judged otherwise', async () => {
    const filed = await file({ phone: '13911110061' })
    await answered(filed)
    const { token } = await slip(filed.id)
    await server.workJobs()
    const sent = (await server.kernel.outbox.listReadableMessages(200)).find((each) => each.text.includes('/j/'))
    expect((await judging(/\/j\/([\w-]{22})/.exec(sent?.text ?? '')?.[1] ?? '')).status).toBe(303)
    expect(await server.one('select given_by from judgement where request = $1', [filed.id])).toBe('link')
    expect((await server.fetch(`/j/${token}`)).status).toBe(410)
  })

  test('ends with a later answer', async () => {
    const filed = await silent()
    const { token } = await slip(filed.id)
    const other = await slip(filed.id)
    expect((await judging(other.token, 'not')).status).toBe(303)
    await does(staff.caller, filed.id, 'reopen', { reason: '来电说还是不亮' })
    await server.superuser.query(
      "update access.token set expires_at = now() + interval '1 day', used_at = null where hash = sha256($1::bytea)",
      [token],
    )
    await does(staff.dispatcher, filed.id, 'dispatch', { body: bodies.otherProperty })
    await does(staff.otherManager, filed.id, 'acknowledge')
    await does(staff.otherManager, filed.id, 'answer', { text: '线路换过了。' })
    expect((await server.fetch(`/j/${token}`)).status).toBe(410)
    expect((await judging((await slip(filed.id)).token)).status).toBe(303)
  })
})

describe('whose it is to hand out', () => {
  test('whoever calls back there, for an answer that nobody judged', async () => {
    const { id } = await silent()
    const seen = await read(staff.caller, id)
    expect(seen.body.can).toContain('hand-slip')
    const refused = [
      [null, 401],
      [resident, 403],
      [staff.secretary, 403],
      [staff.manager, 403],
      [staff.supervisor, 403],
      [staff.leader, 403],
      [staff.stranger, 404],
    ] as const
    for (const [who, status] of refused) expect((await hand(id, who)).status, who?.name ?? 'nobody').toBe(status)
    expect((await judging((await slip(id)).token)).status).toBe(303)
    expect((await hand(id)).status).toBe(409)
    const open = await file({ channel: 'paper' }, staff.secretary)
    expect((await hand(open.id)).status).toBe(409)
    expect((await hand('nothing')).status).toBe(404)
  })

  test('never whoever wrote it down or handled it, though they call back too', async () => {
    const { id } = await silent()
    const { superuser } = server
    const given = (post: string, duties: string) =>
      superuser.query(`update post set duties = ${duties} where id = $1`, [post])
    for (const who of [staff.secretary, staff.manager]) {
      await given(who.post, "array_append(duties, 'request.callback')")
      expect((await hand(id, who)).status).toBe(403)
      await given(who.post, "array_remove(duties, 'request.callback')")
    }
    const written = await file({ channel: 'paper' }, staff.dispatcher)
    await answered(written)
    await given(staff.dispatcher.post, "array_append(duties, 'request.callback')")
    expect((await hand(written.id, staff.dispatcher)).status).toBe(403)
    expect((await hand(id, staff.dispatcher)).status).toBe(200)
    await given(staff.dispatcher.post, "array_remove(duties, 'request.callback')")
  })
})

describe('in SQL, as the role of the application', () => {
  type Statement = readonly [text: string, values?: unknown[]]
  async function as(who: Member | null, statements: readonly Statement[], judge: string | null = null) {
    await client.query('begin')
    try {
      await client.query('select access.enter($1, null, sha256($2::bytea))', [who && session(who.cookie), judge])
      let last: unknown = null
      for (const [text, values] of statements) last = Object.values((await client.query(text, values)).rows[0] ?? {})[0]
      return last ?? 'done'
    } catch (error) {
      return (error as { code: string }).code
    } finally {
      await client.query('rollback')
    }
  }
  const line = (id: string, who: { tenure: string }): Statement => [
    `insert into request_entry (id, request, kind, at, tenure, internal) values (uuidv7(), $1, 'slip_handed', now(), $2, true)`,
    [id, who.tenure],
  ]
  const made = (id: string): Statement => ["select judge_slip($1, sha256('mine')) is not null", [id]]

  test('no slip without the duty, the line that names the post, and an answer', async () => {
    const { id } = await silent()
    expect(await as(staff.caller, [line(id, staff.caller), made(id)])).toBe(true)
    expect(await as(staff.caller, [made(id)])).toBe('42501')
    for (const who of [staff.secretary, staff.manager, staff.supervisor, staff.stranger])
      expect(await as(who, [line(id, who), made(id)]), who.name).toBe('42501')
    expect(await as(staff.caller, [line(id, staff.supervisor), made(id)])).toBe('42501')
    for (const who of [resident, null]) expect(await as(who, [made(id)])).toBe('42501')
    const open = await file({ channel: 'paper' }, staff.secretary)
    expect(await as(staff.caller, [line(open.id, staff.caller), made(open.id)])).toBe('42501')
    // A line of an earlier slip does not do for another.
    await slip(id)
    expect(await as(staff.caller, [made(id)])).toBe('42501')
  })

  test('none for whoever handled it or wrote it down, with the duty', async () => {
    const { id } = await silent()
    const written = await file({ channel: 'paper' }, staff.dispatcher)
    await answered(written)
    const calls = "update post set duties = array_append(duties, 'request.callback') where id = $1"
    const calledNot = "update post set duties = array_remove(duties, 'request.callback') where id = $1"
    for (const [who, request] of [
      [staff.manager, id],
      [staff.hand, id],
      [staff.dispatcher, written.id],
    ] as const) {
      await server.superuser.query(calls, [who.post])
      expect(await as(who, [line(request, who), made(request)]), who.name).toBe('42501')
      // The same post may, where it had no part.
      if (who === staff.dispatcher) expect(await as(who, [line(id, who), made(id)])).toBe(true)
      await server.superuser.query(calledNot, [who.post])
    }
  })

  test('how it was given is what the token says, not what its holder says', async () => {
    async function given(id: string, token: string, says: string) {
      const answer = await server.one<string>('select id from request_answer where request = $1', [id])
      await client.query('begin')
      await client.query('select access.enter(null, null, sha256($1::bytea))', [token])
      await client.query('select access.use_token(sha256($1::bytea))', [token])
      await client.query(
        `insert into judgement (request, answer, path, solved, given_by, month) values ($1, $2, '', 'solved', $3, now())`,
        [id, answer, says],
      )
      await client.query('commit')
      return server.one('select given_by from judgement where request = $1', [id])
    }
    const [onPaper, byMessage] = [await silent(), await silent()]
    expect(await given(onPaper.id, (await slip(onPaper.id)).token, 'link')).toBe('paper')
    await server.workJobs()
    const { token } = await judgeTokenOf(server.kernel.jobsDatabase.sql, server.kernel, byMessage.id)
    expect(await given(byMessage.id, token, 'paper')).toBe('link')
  })
})
