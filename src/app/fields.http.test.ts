// SQL and HTML wherever somebody may write: kept as it was typed, shown as text on every page that shows it.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { actsAsked, judge } from '#listen/requests/index.ts'
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

test('no script of the web writes markup', () => {
  const source = fileURLToPath(new URL('..', import.meta.url))
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path),
  )
  expect(files.length).toBeGreaterThan(400)
  const markup = /dangerouslySetInnerHTML|\.(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write/
  expect(files.filter((path) => markup.test(readFileSync(`${source}/${path}`, 'utf8')))).toEqual([])
})
