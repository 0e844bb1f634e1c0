// What others raised: found by words, by how far it has come and by what it is about; nothing that was not released is found.
import { expect, test } from 'vitest'
import { newId } from '#kernel/database/identifiers.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { judge } from '../acts/judge.ts'
import { findSimilar } from '../requests.desk.api.ts'
import { searchRequests } from '../requests.lists.api.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, does, answered, holding, sentTo } = requestsOf(server, organisation)
const { staff, places, category: lamps } = organisation

const texts = {
  open: '三号楼前的路灯坏了。',
  answered: '凉亭里的长椅断了一根木条。',
  closed: '四号楼前的路灯忽明忽暗。',
  hidden: '五号楼前的路灯也不亮。',
  beside: '兰苑的路灯整夜闪。',
}
type Name = keyof typeof texts
const benches = newId()

/** Which of the texts a list shows. */
async function shown(
  query: Readonly<Record<string, string>>,
  at = `/places/${places.community.id}/raised`,
): Promise<Name[]> {
  const answer = await server.fetch(`${at}?${new URLSearchParams(query)}`)
  expect(answer.status).toBe(200)
  const page = await answer.text()
  return (Object.keys(texts) as Name[]).filter((name) => page.includes(texts[name]))
}

test('a list is narrowed by words, by how far a matter has come and by what it is about', async () => {
  await server.superuser.query(
    `insert into category (id, path, code, level1, level2, level3, promised_days) values ($1, $2, 'benches', '城市管理', '公用设施', '座椅', 5)`,
    [benches, places.district.path],
  )
  const told = (name: Name, body: Parameters<typeof file>[0]) =>
    file({ title: texts[name], text: texts[name], publicationPermitted: true, ...body })
  const release = (id: string, name: Name, by = staff.secretary) =>
    does(by, id, 'publish', { title: texts[name], text: texts[name] })

  const open = await told('open', { category: lamps })
  await release(open.id, 'open')
  const bench = await told('answered', { category: benches })
  await release(bench.id, 'answered')
  await answered(bench)
  const closed = await told('closed', { category: lamps, phone: '13900010088' })
  await release(closed.id, 'closed')
  await answered(closed)
  const { token } = (await sentTo('13900010088')) ?? {}
  if (!token) throw new Error('no token to judge was sent')
  await holding({ judge: token }, (act) => judge(act, server.kernel, closed.id, { verdict: 'solved' }, token))
  await told('hidden', { category: lamps })
  const beside = await told('beside', { category: lamps, place: places.besideCommunity.id })
  await release(beside.id, 'beside', staff.dispatcher)

  expect(await shown({})).toEqual(['open', 'answered', 'closed'])
  expect(await shown({ q: '路灯' })).toEqual(['open', 'closed'])
  expect(await shown({ q: '路灯' }, '/raised')).toEqual(['open', 'closed', 'beside'])
  expect(await shown({ q: '长椅 木条' })).toEqual(['answered'])
  expect(await shown({ q: '长椅 路灯' })).toEqual([])
  expect(await shown({ state: 'open' })).toEqual(['open'])
  expect(await shown({ state: 'answered' })).toEqual(['answered'])
  expect(await shown({ state: 'closed' })).toEqual(['closed'])
  expect(await shown({ category: lamps })).toEqual(['open', 'closed'])
  expect(await shown({ category: benches })).toEqual(['answered'])
  // All of them together, and what is none of the choices narrows nothing.
  expect(await shown({ q: '路灯', state: 'closed', category: lamps })).toEqual(['closed'])
  expect(await shown({ q: '路灯', state: 'answered', category: lamps })).toEqual([])
  expect(await shown({ state: 'nonsense', category: 'nonsense' })).toEqual(['open', 'answered', 'closed'])
})

test('the form keeps what was asked, offers what there is, and says when nothing was found', async () => {
  const ask = async (query: Readonly<Record<string, string>>) =>
    (await server.fetch(`/places/${places.community.id}/raised?${new URLSearchParams(query)}`)).text()
  const page = await ask({ q: '路灯', state: 'closed', category: lamps })
  expect(page).toMatch(/<input[^>]*name="q"[^>]*value="路灯"/)
  expect(page).toMatch(/<option value="closed" selected/)
  expect(page).toMatch(new RegExp(`<option value="${lamps}" selected`))
  expect(page).toContain(`<option value="${benches}"`)
  const none = await ask({ q: '喷泉' })
  expect(none).toContain('没有找到')
  // Words are words: neither markup nor the syntax of a search reaches further than the field.
  const odd = await ask({ q: `"><b>'&|!(<script>` })
  expect(odd).not.toContain('<b>')
  expect(odd).toContain('&quot;&gt;&lt;b&gt;')
})

test('a word is found where a dictionary cuts through it: on the desk, among what is alike, among what others raised', async () => {
  const title = '七号楼东侧路灯不亮'
  const dark = await file({ title, text: `${title}。`, publicationPermitted: true })
  await does(staff.secretary, dark.id, 'publish', { title, text: `${title}。` })
  const other = await file({ title: '东侧路灯不亮好几天', text: '东侧路灯不亮好几天。' })

  const as = staff.secretary.cookie
  const found = async (words: string) =>
    (await server.call(searchRequests, { as, body: { words } })).body.items.map(({ id }) => id)
  for (const words of ['路灯', '东侧', '侧路灯', '亮', '路灯不亮']) expect(await found(words), words).toContain(dark.id)
  expect(await found('灯路')).toEqual([])
  const alike = (await server.call(findSimilar, { as, params: { id: other.id } })).body.items
  expect(alike.map(({ id }) => id)).toContain(dark.id)
  const raised = await server.fetch(`/places/${places.community.id}/raised?${new URLSearchParams({ q: '路灯' })}`)
  expect(await raised.text()).toContain(title)
})

test('a word that stands in many is walked to the oldest of them and back to the newest, in a community and in a district', async () => {
  const many = 620
  const client = await server.superuser.connect()
  try {
    await client.query('begin')
    // Rows of the past as they would stand; their requests are not read here.
    await client.query("set local session_replication_role = 'replica'")
    await client.query(
      `insert into publication (request, number, path, title, body, category, state, filed_at, words, released_by)
         select overlay(p.request::text placing lpad(to_hex(n), 8, '0') from 1 for 8)::uuid, 5000000 + n, p.path, 'Nummer ' || n, '噪声',
           p.category, 'received', p.filed_at, to_tsvector('simple', '噪声'), p.released_by
         from generate_series(1, $1) n, lateral (select * from publication order by number limit 1) p`,
      [many],
    )
    await client.query('commit')
  } finally {
    client.release()
  }
  await server.superuser.query('analyze publication')
  const numbers = Array.from({ length: many }, (_, at) => many - at)
  for (const place of [places.community, places.district]) {
    const walk = async (way: 'after' | 'before', from: string) => {
      const pages: number[][] = []
      let address: string | undefined = from
      for (let turn = 0; address && turn <= many; turn += 1) {
        const page = await (await server.fetch(address)).text()
        pages.push([...page.matchAll(/Nummer (\d+)/g)].map(([, number]) => Number(number)))
        const next = page.match(new RegExp(`href="([^"]*[?&;]${way}=[^"]*)"`))?.[1]?.replaceAll('&amp;', '&')
        if (!next) return { pages, last: address }
        address = next
      }
      throw new Error('the walk has no end')
    }
    const there = await walk('after', `/places/${place.id}/raised?q=${encodeURIComponent('噪声')}`)
    expect(there.pages.flat()).toEqual(numbers)
    const back = await walk('before', there.last)
    expect(back.pages.toReversed().flat()).toEqual(numbers)
  }
})
