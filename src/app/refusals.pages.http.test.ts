// Every page, asked by every role: what it answers, and whether anything changed.
import { expect, test } from 'vitest'
import { newId } from '#kernel/database/identifiers.ts'
import { routesOf } from '#kernel/http/index.ts'
import { judgeToken } from '#listen/requests/acts/judge.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation, signInResident, signInStaff } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { type PageMatter, type PageRole, type PageRow, pageRoles, pageTable } from './refusals.pages.table.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, does, answered } = requestsOf(server, organisation)
const { staff, bodies, resident, neighbour } = organisation
const owner = server.database.owner.pool
await owner.query('update post set shown = true where id = $1', [staff.secretary.post])
const another = await file({}, neighbour)
const day = new Date(server.clock.now().getTime() + 3 * 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 10)

const words = '楼下路灯不亮，晚上走路看不清。'

interface Made {
  readonly id: string
  readonly token: string
  readonly number: string
  /** The secret link of the matter, whatever the page's own token is. */
  readonly link: string
  readonly file: string
}

async function make(about: PageMatter): Promise<Made> {
  const nothing = { id: newId(), token: 'x', number: '1', link: another.link, file: newId() }
  if (about === 'nothing') return nothing
  if (about === 'invited') return { ...nothing, ...(await invited()) }
  const filed = await file(
    { text: words, phone: '13911110000', publicationPermitted: about === 'permitted' || about === 'published' },
    resident,
  )
  const { id, link } = filed
  const made = { ...nothing, id, link, token: link, number: filed.number.replaceAll(' ', '') }
  if (about === 'told' || about === 'permitted') return made
  if (about === 'withdrawn') {
    await send('POST', `/r/${link}/withdraw`, {})
    return made
  }
  if (about === 'pictured') return { ...made, file: await pictured(link, id) }
  if (about === 'answered' || about === 'judged') {
    await answered({ id })
    // The message with the token goes out, and with it the token begins to hold.
    await server.workJobs()
    const token = judgeToken(
      server.kernel,
      await server.one<string>('select id from request_answer where request = $1', [id]),
      0,
    )
    if (about === 'judged') await send('POST', `/j/${token}`, { verdict: 'not', satisfaction: '1' })
    return { ...made, token }
  }
  await does(staff.secretary, id, 'accept')
  if (about === 'published') {
    await does(staff.secretary, id, 'publish', { title: words, text: words })
    return made
  }
  await does(staff.secretary, id, 'dispatch', { body: bodies.property })
  await does(staff.manager, id, 'acknowledge')
  if (about === 'proposed' || about === 'agreed')
    await does(staff.manager, id, 'arrange-visit', {
      from: `${day}T09:00:00+08:00`,
      until: `${day}T11:00:00+08:00`,
    })
  if (about === 'agreed') await send('POST', `/r/${link}/agree-visit`, {})
  return made
}

async function invited() {
  const [post, id] = [newId(), newId()]
  await owner.query("insert into post (id, body, title, duties) values ($1, $2, '岗', '{request.handle}')", [
    post,
    bodies.property,
  ])
  await owner.query(
    `insert into invitation (id, post, name, mail_encrypted, token_hash, invited_by, expires_at)
     values ($1, $2, '新人', $5, sha256($3::text::bytea), $4, now() + interval '1 day')`,
    [id, post, id, staff.leader.person, server.kernel.encryption.encrypt('invitation.mail', 'new@example.org', id)],
  )
  return { id: post, token: id }
}

/** A picture added to what was told, by its link. */
async function pictured(link: string, id: string): Promise<string> {
  const form = new FormData()
  form.append('text', '有照片')
  const dot = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
  form.append('pictures', new Blob([Buffer.from(dot, 'base64')], { type: 'image/png' }), 'a.png')
  await server.fetch(`/r/${link}/add`, { method: 'POST', body: form })
  return server.one<string>('select id from file where record = $1', [id])
}

async function send(
  method: string,
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
) {
  server.clock.advance(1_000)
  return server.fetch(path, {
    method,
    headers: {
      Accept: 'text/html',
      ...(method === 'POST' ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {}),
      ...headers,
    },
    ...(method === 'POST' ? { body: new URLSearchParams(fields).toString() } : {}),
  })
}

/** All that a page of the table could change about its matter. */
const traces = (id: string) =>
  server.one<string>(
    `select concat_ws(' ', (select version from request where id = $1), (select count(*) from request where about_request = $1),
       (select string_agg(v.state || ' ' || v.id, ',' order by v.id) from visit v where v.request = $1),
       (select count(*) from request_entry where request = $1), (select count(*) from judgement where request = $1),
       (select count(*) from tenure where post = $1), (select me_too from publication where request = $1))`,
    [id],
  )

let passing = 0
async function cookieOf(role: PageRole, fresh: boolean): Promise<string | null> {
  if (role === 'nobody' || role === 'its link' || role === 'another link') return null
  passing += fresh ? 1 : 0
  if (!fresh) return { resident, neighbour, secretary: staff.secretary, stranger: staff.stranger }[role].cookie
  const member =
    role === 'resident' || role === 'neighbour'
      ? await signInResident(server, `1390000${String(passing).padStart(4, '0')}`)
      : await signInStaff(server, `${newId()}@example.org`, '示例·过客')
  return member.cookie
}

async function ask(row: PageRow, role: PageRole, made: Made): Promise<{ cell: string; text: string }> {
  const [method = '', url = ''] = row.page.split(' ')
  const params: Record<string, string> = {
    ...made,
    place: '321003001001',
    request: made.id,
    tenure: staff.secretary.tenure,
    ...row.params,
  }
  const path = url.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? '')).replace('*', '')
  const fields = Object.fromEntries(
    Object.entries(row.fields ?? {}).map(([name, value]) => [
      name,
      value === '@day' ? day : value === '@number' ? made.number : value,
    ]),
  )
  const cookie = await cookieOf(role, row.passing === true)
  const before = await traces(made.id)
  const answer = await send(method, path, fields, {
    ...(cookie ? { Cookie: cookie } : {}),
    ...(role === 'its link'
      ? { 'Linli-Link': made.link }
      : role === 'another link'
        ? { 'Linli-Link': another.link }
        : {}),
  })
  const text = await answer.text()
  const led = answer.headers.get('location') === '/sign-in' ? 'in' : String(answer.status)
  return { cell: `${led}${(await traces(made.id)) === before ? '' : '+'}`, text }
}

test.each(pageTable.map((row) => [`${row.page} ${row.params?.page ?? ''} (${row.about})`, row] as const))(
  '%s',
  { timeout: 120_000 },
  async (_name, row) => {
    let made = await make(row.about)
    const given: string[] = []
    const told: string[] = []
    for (const [index, role] of pageRoles.entries()) {
      const { cell, text } = await ask(row, role, made)
      given.push(cell)
      if (cell !== row.answers.split(' ')[index])
        told.push(`${role}: ${text.replace(/[\s\S]*<main/, '').slice(0, 300)}`)
      if (cell.endsWith('+')) made = await make(row.about)
    }
    expect(given.join(' '), told.join('\n')).toBe(row.answers)
  },
)

test('a link of nothing, and a link to something else, open no page', async () => {
  const told = await make('told')
  const judged = await make('answered')
  const before = [await traces(told.id), await traces(judged.id)]
  const opened: string[] = []
  for (const { page, fields = {}, params = {} } of pageTable) {
    const [method = '', url = ''] = page.split(' ')
    if (!url.includes(':token')) continue
    const wrong = url.startsWith('/r/') ? judged.token : told.link
    for (const token of [wrong, 'A'.repeat(43), 'A'.repeat(22)]) {
      const path = url
        .replace(':token', token)
        .replace(':page', params.page ?? 'add')
        .replace(':file', newId())
      const { status } = await send(method, path, { ...fields, as: 'signed-in' }, { Cookie: resident.cookie })
      if (status !== 404 && status !== 410) opened.push(`${method} ${path}: ${status}`)
    }
  }
  expect(opened).toEqual([])
  expect([await traces(told.id), await traces(judged.id)]).toEqual(before)
})

test('every page has its row', () => {
  const known = new Set(pageTable.map(({ page }) => page))
  const served = routesOf(server.app)
    .filter(({ method, url }) => method !== 'HEAD' && !/^\/(api|open311|web|desk\/assets|desk\/shell-worker)/.test(url))
    .map(({ method, url }) => `${method} ${url}`)
  expect(served.length).toBeGreaterThan(60)
  expect(served.filter((name) => !known.has(name))).toEqual([])
  expect([...known].filter((name) => !served.includes(name))).toEqual([])
})
