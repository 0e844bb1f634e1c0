// SQL and HTML wherever somebody may write: kept as it was typed, shown as text on every page that shows it.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { actsAsked, judge } from '#listen/requests/index.ts'
import { invite } from '#organise/bodies/bodies.api.ts'
import { templates } from '#organise/settings/settings.api.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, does, read, sentTo, holding } = requestsOf(server, organisation)
const { staff, bodies, places } = organisation
const nasty = `<img src=x onerror=alert(1)>'; drop table request; -- "&<script>alert(1)</script>`
/** As much of it as a name may have. */
const short = '<img src=x onerror=alert(1)>'
const telephone = '13911110077'

/** A page, which shows nothing of it as anything but text. */
async function page(path: string, headers: Record<string, string> = {}): Promise<string> {
  const answer = await server.fetch(path, { headers: { Accept: 'text/html', ...headers }, redirect: 'follow' })
  expect(answer.status, path).toBe(200)
  const html = await answer.text()
  expect(html, path).not.toContain('<img src=x')
  expect(html, path).not.toContain('<script>alert')
  return html
}
const escaped = '&lt;img src=x'

test('what is said on the way of a matter, by its reporter and by whoever handles it', async () => {
  const filed = await file({ title: nasty, text: nasty, phone: telephone, publicationPermitted: true })
  const { id } = filed
  await does(staff.secretary, id, 'accept')
  await does(staff.secretary, id, 'dispatch', { body: bodies.lamps, task: nasty })
  await does(staff.lampKeeper, id, 'return', { reason: nasty })
  await does(staff.secretary, id, 'dispatch', { body: bodies.property })
  await does(staff.manager, id, 'acknowledge')
  await does(staff.manager, id, 'note', { text: nasty })
  await does(staff.manager, id, 'draft', { text: nasty })
  await does(staff.manager, id, 'answer', { text: nasty })
  await does(staff.secretary, id, 'publish', { title: nasty, text: nasty })
  const token = (await sentTo(telephone))?.token ?? ''
  expect(await page(`/j/${token}`)).toContain(escaped)
  expect(await page(`/r/${filed.link}`)).toContain(escaped)
  expect(await page(`/places/${places.community.id}/raised`)).toContain(escaped)
  expect(await page(`/raised/${filed.number.replaceAll(' ', '')}`)).toContain(escaped)
  await holding({ judge: token }, (act) => judge(act, server.kernel, id, { verdict: 'not', words: nasty }, token))
  await holding({ link: filed.link }, (act) => actsAsked.reopen(act, server.kernel, id, { reason: nasty }, null))
  await does(staff.leader, id, 'supervise', { reason: nasty })
  expect((await page(`/r/${filed.link}`)).split(escaped).length).toBeGreaterThan(4)
  const view = (await read(staff.dispatcher, id)).body
  expect(view).toMatchObject({ title: nasty, text: nasty, publication: { title: nasty, text: nasty } })
  expect(view.parts.map(({ answer, reason }) => answer ?? reason)).toEqual([nasty, nasty])
  expect(await server.one('select words from judgement where request = $1', [id])).toBe(nasty)
  expect(await server.one("select to_regclass('request')::text")).toBe('request')
})

test('names of bodies, posts, people, places and categories', async () => {
  const { superuser } = server
  await superuser.query('update category set level1 = $1, level2 = $1, level3 = $1', [short])
  const filed = await file({ text: '灯坏了。', category: organisation.category })
  await does(staff.secretary, filed.id, 'accept')
  await does(staff.secretary, filed.id, 'dispatch', { body: bodies.property })
  await superuser.query('update body set name = left(name, 10) || $1', [short])
  await superuser.query('update post set title = left(title, 10) || $1, shown = true', [short])
  await superuser.query('update tenure set holder_name = left(holder_name, 10) || $1', [short])
  await superuser.query('update place set name = name || $1, short_name = short_name || $1 where path like $2', [
    short,
    `${places.community.path}%`,
  ])
  for (const path of [
    `/places/${places.community.id}`,
    `/places/${places.community.id}/tell`,
    `/places/${places.community.id}/raised`,
    `/r/${filed.link}`,
    `/r/${filed.link}/add`,
  ])
    expect(await page(path), path).toContain(escaped)
  const mine = await page(`/my`, { Cookie: organisation.resident.cookie })
  expect(mine).toContain('<html')
})

test('what a place sets: laws that are cited, templates, the notice, telephone, address and hours', async () => {
  const { superuser } = server
  await superuser.query('update law set name = $1, article = $2, plain = $1', [nasty, short])
  await superuser.query('update body set telephone = $1, address = $1, hours = $1', [short])
  await superuser.query(`insert into place_setting (path, name, value) values ($1, 'notice', $2)`, [
    places.community.path,
    JSON.stringify({ text: nasty, textEn: nasty }),
  ])
  const made = await server.call(templates.add, {
    as: staff.leader.cookie,
    query: { place: places.community.id },
    body: { name: short, text: nasty, language: 'zh-CN' },
  })
  expect(made.status, made.text).toBe(201)
  const listed = await server.call(templates.list, {
    as: staff.leader.cookie,
    query: { place: places.community.id },
  })
  expect(listed.headers.get('content-type')).toContain('application/json')
  expect(JSON.stringify(listed.body)).toContain(JSON.stringify(nasty))
  const { id, link, number } = await file({ text: '想加装充电桩。', phone: telephone, publicationPermitted: true })
  await does(staff.secretary, id, 'accept')
  await does(staff.secretary, id, 'explain', {
    kind: 'not_possible_now',
    basis: organisation.law,
    text: nasty,
    remedy: nasty,
  })
  await does(staff.officeHead, id, 'agree-explanation')
  // Text of the explanation, of the law, what it says in plain words, the remedy.
  const followed = await page(`/r/${link}`)
  expect(followed.split(escaped).length).toBeGreaterThan(4)
  expect(await page(`/j/${(await sentTo(telephone))?.token}`)).toContain(escaped)
  const home = await page(`/places/${places.community.id}`)
  expect(home.split(escaped).length).toBeGreaterThan(4)
  expect(home).not.toMatch(/href="tel:[^"]*[<>]/)
  // What is printed: the receipt, an officer's card.
  expect(await page(`/r/${link}/receipt`)).toContain(escaped)
  expect(await page(`/cards/${staff.secretary.tenure}`)).toContain(escaped)
  expect(number).toMatch(/^[\d ]+$/)
})

test('what is sent is text: a message holds it as it was written, a letter has no part of markup and one line for its subject', async () => {
  const post = await server.superuser.query<{ id: string }>(
    "insert into post (id, body, title, duties, seats) values (gen_random_uuid(), $1, $2, array['request.enter'], 1) returning id",
    [bodies.office, short],
  )
  const name = `${short} "&`
  const invited = await server.call(invite, {
    as: staff.leader.cookie,
    params: { id: post.rows[0]?.id ?? '' },
    body: { name, mail: 'nasty@example.org' },
  })
  expect(invited.status, invited.text).toBe(201)
  await server.workJobs()
  const letters = await server.kernel.outbox.listReadableMessages(200)
  const letter = letters.find(({ to }) => to === 'nasty@example.org')
  expect(letter?.text).toContain(short)
  expect(letter?.text).not.toContain('&lt;')
  expect(letter?.subject).not.toMatch(/[\r\n]/)
  // An address or a name that would begin another header is refused where it is typed.
  for (const body of [
    { name: '示例', mail: 'x@example.org\r\nBcc: y@example.org' },
    { name: '示例\r\nBcc: y@example.org', mail: 'x@example.org' },
  ]) {
    const refused = await server.call(invite, {
      as: staff.leader.cookie,
      params: { id: post.rows[0]?.id ?? '' },
      body,
    })
    expect(refused.status, refused.text).toBe(400)
  }
  // Where a demonstration shows what it sent, it is shown as text too.
  expect(await page('/demonstration/messages')).toContain(escaped)
})

test('a table that is taken along holds it in one cell each', async () => {
  const { id } = await file({ title: nasty, text: nasty })
  const answer = await server.fetch('/api/requests', {
    headers: { Accept: 'text/csv', Cookie: staff.leader.cookie },
  })
  expect(answer.headers.get('content-type')).toContain('text/csv')
  const rows = parse(await answer.text(), { bom: true, relax_column_count: false }) as string[][]
  expect(rows.flat()).toContain(nasty)
  expect(await server.one('select title from request where id = $1', [id])).toBe(nasty)
})

test('no script of the web writes markup', () => {
  const source = fileURLToPath(new URL('..', import.meta.url))
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path),
  )
  expect(files.length).toBeGreaterThan(400)
  const markup = /dangerouslySetInnerHTML|\.(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write/
  expect(files.filter((path) => markup.test(readFileSync(`${source}/${path}`, 'utf8')))).toEqual([])
})
