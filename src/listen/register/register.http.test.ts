import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hasWords } from '#kernel/words/index.ts'
import { acts } from '#listen/requests/requests.api.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { listRegister } from './register.api.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, does } = requestsOf(server, organisation)
const { staff, places } = organisation
const read = (as: { cookie: string }, query: Record<string, string | number> = {}) =>
  server.call(listRegister, { as: as.cookie, query })

test('what was done to a request: each act with its post, by number or id, page by page, and none of it out of reach', async () => {
  const filed = await file({ phone: '13911112222' })
  await does(staff.secretary, filed.id, 'accept')
  await does(staff.secretary, filed.id, 'note', { text: '记一句不进登记簿的话' })
  const whole = await read(staff.overseer, { record: filed.number })
  expect(whole.status, whole.text).toBe(200)
  const { items } = whole.body as { items: { kind: string; number: string; post: string | null; at: string }[] }
  expect(items.map(({ kind }) => kind)).toEqual(['request.note', 'request.accept', 'request.file'])
  expect(items.map(({ post }) => post !== null)).toEqual([true, true, false])
  expect(items.every(({ number }) => number === filed.number)).toBe(true)
  expect(whole.text).not.toMatch(/13911112222|记一句|楼下路灯/)
  const first = await read(staff.overseer, { record: filed.id, limit: 2 })
  const { next } = first.body as { next: string }
  const rest = await read(staff.overseer, { record: filed.id, limit: 2, after: next })
  expect((rest.body as { items: unknown[]; next: null }).items).toHaveLength(1)
  expect((rest.body as { next: null }).next).toBeNull()
  const besides = await read(staff.stranger, { record: filed.id })
  expect((besides.body as { items: unknown[] }).items).toEqual([])
  const here = await read(staff.overseer, { place: places.community.id, limit: 1 })
  expect((here.body as { items: unknown[] }).items).toHaveLength(1)
  const elsewhere = await read(staff.overseer, { place: places.besideCommunity.id })
  expect((elsewhere.body as { items: unknown[] }).items).toEqual([])
  expect((await read(staff.overseer, { record: 'keine' })).status).toBe(400)
})

test('the same as a list for a spreadsheet, in words', async () => {
  const answer = await server.fetch('/api/register', {
    headers: { Accept: 'text/csv', Cookie: staff.overseer.cookie },
  })
  expect(answer.headers.get('content-type')).toContain('text/csv')
  expect(await answer.text()).toMatch(/做了什么[\s\S]*受理/)
})

test('every kind of act that is written has its words', () => {
  const source = join(import.meta.dirname, '..', '..')
  const written = new Set<string>(acts.map((act) => `request.${act}`))
  for (const file of readdirSync(source, { recursive: true, encoding: 'utf8' }))
    if (/\.ts$/.test(file) && !/test\.ts$|fixture/.test(file))
      for (const [, kind] of readFileSync(join(source, file), 'utf8').matchAll(
        /'((?:place|body|post|tenure|invitation|setting|category)\.[a-z-]+(?:ed|began|sent|taken-in|given-up))'/g,
      ))
        if (kind) written.add(kind)
  expect([...written].filter((kind) => !hasWords(`register.kind.${kind}`))).toEqual([])
})
