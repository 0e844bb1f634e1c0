import { expect, test } from 'vitest'
import { enter } from '#kernel/access/index.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { actsAsked } from '../index.ts'

// A link that staff handed out may have stayed in their hands: what it may not do, and how what it does is marked.
const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, read } = requestsOf(server, organisation)
const { staff } = organisation
const surroundings = () => ({ now: server.clock.now(), language: 'zh-CN' as const })
const post = (url: string, fields: Record<string, string> = {}, cookie = '') =>
  server.fetch(url, {
    method: 'POST',
    headers: { Accept: 'text/html', ...(cookie ? { Cookie: cookie } : {}) },
    body: new URLSearchParams(fields),
  })
const permitted = (id: string) => server.one<boolean>('select consent_public from request where id = $1', [id])

test('it permits no publication: not on the page, not as an act, not in the database', async () => {
  const filed = await file({ channel: 'paper' }, staff.secretary)
  const page = await (await server.fetch(`/r/${filed.link}`, { headers: { Accept: 'text/html' } })).text()
  expect(page).not.toContain('permit-publication')
  const refused = await post(`/r/${filed.link}/permit-publication`)
  expect(refused.status).toBe(403)
  expect(await refused.text()).toContain('这个链接是工作人员交出来的')
  const link = filed.link ?? ''
  await expect(
    enter(server.kernel.database, { link }, surroundings(), (act) =>
      actsAsked['permit-publication'](act, server.kernel, filed.id, {}, null),
    ),
  ).rejects.toMatchObject({ status: 403, type: 'request-handed-link' })
  await expect(
    enter(server.kernel.database, { link }, surroundings(), (act) =>
      act.client.query('select request_change($1, 1, \'{"consent_public": true}\')', [filed.id]),
    ),
  ).rejects.toMatchObject({ code: '42501' })
  expect(await permitted(filed.id)).toBe(false)
  // The reporter's own link does.
  const own = await file({ phone: '13911115555' })
  expect((await post(`/r/${own.link}/permit-publication`)).status).toBe(303)
  expect(await permitted(own.id)).toBe(true)
})

test('a correction by it says who handed it out; whoever wrote it down makes none in the resident’s name', async () => {
  const filed = await file({ channel: 'paper' }, staff.secretary)
  const corrected = { title: '改过的题目', text: '改过的话' }
  expect((await post(`/r/${filed.link}/correct`, corrected, staff.secretary.cookie)).status).toBe(403)
  expect((await post(`/r/${filed.link}/correct`, corrected)).status).toBe(303)
  const entry = (await read(staff.secretary, filed.id)).body.entries.find(({ kind }) => kind === 'corrected')
  expect(entry?.handedBy).toBe('五里社区居委会 · 社区书记')
  const page = await (await server.fetch(`/r/${filed.link}`, { headers: { Accept: 'text/html' } })).text()
  expect(page).toContain('通过 五里社区居委会 · 社区书记 交出的纸质链接')
})
