import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hasWords } from '#kernel/words/index.ts'
import { complain } from '#listen/requests/index.ts'
import { acts } from '#listen/requests/requests.api.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { listRegister } from './register.api.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, does, answered, holding } = requestsOf(server, organisation)
const { staff, places, resident } = organisation
const read = (as: { cookie: string }, query: Record<string, string | number> = {}) =>
  server.call(listRegister, { as: as.cookie, query })

test('what was done to a request: each act with its post, by number or id, page by page, and none of it out of reach', async () => {
  const filed = await file({ phone: '13911112222' })
  await does(staff.secretary, filed.id, 'accept')
  await does(staff.secretary, filed.id, 'note', { text: '记一句不进登记簿的话' })
  const whole = await read(staff.overseer, { record: filed.number })
  expect(whole.status, whole.text).toBe(200)
  const { items } = whole.body as {
    items: { kind: string; number: string; post: string | null; by: string; at: string }[]
  }
  expect(items.map(({ kind }) => kind)).toEqual(['request.note', 'request.accept', 'request.file'])
  expect(items.map(({ post }) => post !== null)).toEqual([true, true, false])
  expect(items.map(({ by }) => by)).toEqual(['post', 'post', 'resident'])
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

test('whoever a matter is about reads none of its acts, and that they were complained about neither', async () => {
  const kinds = async (as: { cookie: string }, record: string) =>
    ((await read(as, { record })).body as { items?: { kind: string }[] }).items?.map(({ kind }) => kind)
  await server.superuser.query('update post set shown = true where id = $1', [staff.overseer.post])
  const about = await file({ aboutTenure: staff.overseer.tenure }, resident)
  expect(await kinds(staff.leader, about.id)).toEqual(['request.file'])
  expect(await kinds(staff.overseer, about.id)).toEqual([])
  const listed = (await read(staff.overseer, { limit: 100 })).body as { items: { record: string }[] }
  expect(listed.items.map(({ record }) => record)).not.toContain(about.id)

  await server.superuser.query("update post set duties = duties || '{ledger.read}' where id = $1", [staff.manager.post])
  const handled = await file({}, resident)
  await answered(handled)
  const { id: complaint } = await holding({ link: handled.link }, (act) =>
    complain(
      act,
      server.kernel,
      handled.id,
      { text: '没有人来过', faults: ['passive'] },
      { anonymous: false, person: null, language: 'zh-CN' },
    ),
  )
  expect(await kinds(staff.manager, complaint)).toEqual([])
  expect(await kinds(staff.manager, handled.id)).not.toContain('request.complain')
  expect(await kinds(staff.manager, handled.id)).toContain('request.answer')
  expect(await kinds(staff.leader, handled.id)).toContain('request.complain')
})

test('whoever reads the register of every place finds no position missing, and of what is kept from them the hash alone', async () => {
  const about = await file({ aboutTenure: staff.overseer.tenure }, resident)
  await server.superuser.query(
    `with body as (insert into body (id, kind, name, place, path) values (uuidv7(), 'supervision_committee', '省监督委员会', $1, $2) returning id),
       post as (insert into post (id, body, title, duties) select uuidv7(), body.id, '委员', '{ledger.read}' from body returning id)
     insert into tenure (id, post, seat, person, holder_name, during)
       select uuidv7(), post.id, 1, $3, 'x', tstzrange(now() - interval '1 day', null) from post`,
    [places.province.id, places.province.path, staff.overseer.person],
  )
  await file()
  await server.superuser.query('select ledger.sequence(5000)')
  type Page = {
    items: { record: string; position: number | null }[]
    kept: { from: number; until: number; hash: string }[]
    next: string | null
  }
  const pages: Page[] = []
  let after: string | null = ''
  while (after !== null) {
    const page: Page = (await read(staff.overseer, { limit: 7, ...(after ? { after } : {}) })).body as Page
    pages.push(page)
    after = page.next
  }
  const positions = pages.flatMap(({ items, kept }) => [
    ...items.flatMap(({ position }) => position ?? []),
    ...kept.flatMap(({ from, until }) => Array.from({ length: until - from + 1 }, (_, index) => from + index)),
  ])
  const last = (await server.one<string>('select max(place) from ledger.entry')) ?? '0'
  // Each once, and none left out.
  expect(positions.sort((a, b) => a - b)).toEqual(Array.from({ length: Number(last) }, (_, index) => index + 1))
  const { place, hash } = (
    await server.superuser.query<{ place: string; hash: string }>(
      "select e.place, encode(e.leaf, 'hex') as hash from ledger.entry e join ledger.act a on a.id = e.act where a.record = $1",
      [about.id],
    )
  ).rows[0] ?? { place: '', hash: '' }
  expect(pages.flatMap(({ kept }) => kept)).toContainEqual({ from: Number(place), until: Number(place), hash })
  expect(JSON.stringify(pages)).not.toContain(about.id)
  const file_ = await server.fetch('/api/register?limit=100', {
    headers: { Accept: 'text/csv', Cookie: staff.overseer.cookie },
  })
  expect(await file_.text()).toContain(hash)
  // Narrowed to a place, or for whoever reaches a part, a position that is not theirs is nobody's gap.
  const narrowed = (await read(staff.overseer, { place: places.community.id, limit: 100 })).body as Page
  const part = (await read(staff.leader, { limit: 100 })).body as Page
  expect([narrowed.kept, part.kept]).toEqual([[], []])
})

test('the same as a list for a spreadsheet, in words', async () => {
  const answer = await server.fetch('/api/register', {
    headers: { Accept: 'text/csv', Cookie: staff.overseer.cookie },
  })
  expect(answer.headers.get('content-type')).toContain('text/csv')
  expect(await answer.text()).toMatch(/做了什么[\s\S]*受理/)
})

test('without a post it says whether a resident did it or the system, on every page of the file, and never who', async () => {
  const filed = await file({ phone: '13911112233', anonymous: false }, resident)
  await does(staff.secretary, filed.id, 'accept')
  server.clock.advance(30 * 86_400_000)
  await server.workJobs()
  const lines: string[] = []
  let after: string | null = ''
  while (after !== null) {
    const page: Response = await server.fetch(
      `/api/register?record=${filed.id}&limit=2${after ? `&after=${after}` : ''}`,
      { headers: { Accept: 'text/csv', Cookie: staff.overseer.cookie } },
    )
    lines.push(...(await page.text()).trim().split('\r\n').slice(1))
    after = new URLSearchParams(/<\?([^>]*)>/.exec(page.headers.get('link') ?? '')?.[1]).get('after')
  }
  const told = (words: string) => lines.filter((line) => line.includes(words))
  expect(lines.length).toBeGreaterThan(3)
  expect(told('说了一件事')).toEqual([expect.stringContaining(',居民,')])
  expect(told('超时').length).toBeGreaterThan(0)
  for (const line of [...told('超时'), ...told('快到期')]) expect(line).toContain('系统（')
  expect(lines.join()).not.toContain(resident.name)
})

test('every kind of act that is written has its words', () => {
  const source = join(import.meta.dirname, '..', '..')
  const written = new Set<string>(acts.map((act) => `request.${act}`))
  for (const file of readdirSync(source, { recursive: true, encoding: 'utf8' }))
    if (/\.ts$/.test(file) && !/test\.ts$|fixture/.test(file))
      for (const [, kind] of readFileSync(join(source, file), 'utf8').matchAll(
        /'((?:place|body|post|tenure|invitation|setting|category|key)\.[a-z-]+(?:ed|began|sent|taken-in|given-up)|(?<=kind: ')request\.[a-z-]+)'/g,
      ))
        if (kind) written.add(kind)
  expect([...written].filter((kind) => !hasWords(`register.kind.${kind}`))).toEqual([])
})
