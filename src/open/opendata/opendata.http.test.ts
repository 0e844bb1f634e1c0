// Open data of a place: what was released and nothing else, as files that a program reads by their description.
import { parse } from 'csv-parse/sync'
import { beforeAll, expect, test } from 'vitest'
import { unmarked } from '#kernel/csv/index.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, does, answered } = requestsOf(server, organisation)
const { staff, places, category } = organisation

interface Resource {
  name: string
  path: string
  profile?: string
  schema?: {
    fields: { name: string; type: string; title: string; constraints?: { required: true } }[]
    primaryKey?: string[]
  }
}
interface Described {
  profile: string
  name: string
  title: string
  licenses: { name: string }[]
  resources: Resource[]
}

const lamp = '=楼道灯不亮。\n坏了两天。'
const folder = `/places/${places.community.id}/data`
const month = () => server.clock.now().toISOString().slice(0, 7)
const described = async (at = folder) => (await (await server.fetch(`${at}/datapackage.json`)).json()) as Described
const cells = async (path: string): Promise<Record<string, string>[]> =>
  parse(await (await server.fetch(path)).text(), { bom: true, columns: true })

beforeAll(async () => {
  const told = (title: string, more: Parameters<typeof file>[0] = {}) =>
    file({
      title,
      text: `${title}。`,
      category,
      publicationPermitted: true,
      phone: '13900010077',
      name: '王五',
      ...more,
    })
  const first = await told('=楼道灯不亮', { text: lamp })
  await does(staff.secretary, first.id, 'publish', { title: '=楼道灯不亮', text: lamp })
  await answered(first)
  await told('没有发布的一件')
  const withdrawn = await told('后来撤下的一件')
  await does(staff.secretary, withdrawn.id, 'publish', { title: '后来撤下的一件', text: '后来撤下的一件。' })
  await does(staff.secretary, withdrawn.id, 'unpublish', { reason: '反映人不愿意了。' })
  const beside = await told('隔壁社区的一件', { place: places.besideCommunity.id })
  await does(staff.besideSecretary, beside.id, 'publish', { title: '隔壁社区的一件', text: '隔壁社区的一件。' })
})

test('the description names every file, and every file holds what it says', async () => {
  const about = await described()
  expect(about).toMatchObject({ profile: 'data-package', licenses: [{ name: 'CC-BY-4.0' }] })
  // Names as the specification has them: lower case, digits, dots, dashes, underscores; each once.
  const names = about.resources.map(({ name }) => name)
  for (const name of [about.name, ...names]) expect(name).toMatch(/^[-a-z0-9._]+$/)
  expect(new Set(names).size).toBe(names.length)
  expect(names).toContain('bodies')
  for (const resource of about.resources) {
    expect(resource.path).not.toMatch(/^\/|\.\.|:/)
    const answer = await server.fetch(`${folder}/${resource.path}`)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    if (!resource.schema) continue
    expect(resource.profile).toBe('tabular-data-resource')
    const { fields, primaryKey = [] } = resource.schema
    const text = await answer.text()
    const [head, ...rows] = parse(text, { bom: true }) as string[][]
    expect(head).toEqual(fields.map(({ name }) => name))
    expect(fields.every(({ title }) => title !== '' && !title.startsWith('opendata.'))).toBe(true)
    for (const row of rows)
      for (const [at, field] of fields.entries()) {
        const cell = row[at] ?? ''
        if (cell === '') expect(field.constraints?.required).toBeUndefined()
        else if (field.type === 'integer') expect(cell).toMatch(/^\d+$/)
        else if (field.type === 'datetime') expect(cell).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
      }
    const keys = rows.map((row) => primaryKey.map((key) => row[head?.indexOf(key) ?? -1]).join())
    if (primaryKey.length > 0) expect(new Set(keys).size).toBe(keys.length)
    // The same as JSON, to the last cell; texts there stand as they are.
    const asked = await server.fetch(`${folder}/${resource.path.replace(/csv$/, 'json')}`)
    const asJson = (await asked.json()) as Record<string, unknown>[]
    expect(asJson.map((row) => Object.values(row).map((cell) => String(cell ?? '')))).toEqual(
      rows.map((row) => row.map((cell) => unmarked(cell))),
    )
  }
})

test('what was released and stands is there, without whoever told it; nothing else', async () => {
  const rows = await cells(`${folder}/requests-${month()}.csv`)
  expect(rows).toHaveLength(1)
  expect(rows[0]).toMatchObject({
    title: "'=楼道灯不亮",
    // Marked, so that no spreadsheet runs it.
    text: `'${lamp}`,
    state: 'answered',
    me_too: '0',
    address: `${server.kernel.config.publicUrl}/raised/${rows[0]?.number}`,
  })
  const district = await cells(`/places/${places.district.id}/data/requests-${month()}.csv`)
  expect(district.map(({ text }) => text)).toEqual([`'${lamp}`, '隔壁社区的一件。'])
  for (const path of [folder, `/places/${places.district.id}/data`])
    for (const format of ['csv', 'json']) {
      const text = await (await server.fetch(`${path}/requests-${month()}.${format}`)).text()
      for (const secret of ['13900010077', '王五', '没有发布', '后来撤下']) expect(text).not.toContain(secret)
    }
})

test('a program that reads by the description alone gets what it says: no mark before the first column, both formats, no day', async () => {
  const about = await described()
  const csv = about.resources.filter(({ path }) => path.startsWith('requests-') && path.endsWith('.csv'))
  for (const { path } of csv) {
    const bytes = new Uint8Array(await (await server.fetch(`${folder}/${path}`)).arrayBuffer())
    expect(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes).split(',')[0]).toBe('number')
    expect(about.resources.map((one) => one.path)).toContain(path.replace(/csv$/, 'json'))
  }
  expect(csv.length).toBeGreaterThan(0)
  expect(about).not.toHaveProperty('created')
  expect((about as Described & { description: string }).description).toMatch(/现写|when it is asked for/)
  // For people the page leads to the same with the mark, which their spreadsheets want.
  const page = await (await server.fetch(folder)).text()
  const [, marked = ''] = /href="([^"]+\.csv\?spreadsheet)"/.exec(page) ?? []
  expect(new Uint8Array(await (await server.fetch(marked)).arrayBuffer()).slice(0, 3)).toEqual(
    new Uint8Array([0xef, 0xbb, 0xbf]),
  )
  // A place is called as every page calls it.
  const rows = await cells(`${folder}/requests-${month()}.csv`)
  expect(rows.map(({ place }) => place)).toEqual(['五里社区'])
})

test('a month is read to its end, however many there are', async () => {
  const client = await server.superuser.connect()
  try {
    await client.query('begin')
    await client.query("set local session_replication_role = 'replica'")
    await client.query(
      `insert into publication (request, number, path, title, body, category, state, filed_at, released_by)
         select overlay(p.request::text placing lpad(to_hex(n), 8, '0') from 1 for 8)::uuid, 7000000 + n, p.path, 'N' || n, '多', p.category, 'received',
           -- Many at one moment, so that a part ends among them.
           timestamptz '2024-02-15 08:00+08' + (n / 900) * interval '1 minute', p.released_by
         from generate_series(1, 4500) n, lateral (select * from publication where path = $1 order by number limit 1) p`,
      [places.besideCommunity.path],
    )
    await client.query('commit')
  } finally {
    client.release()
  }
  const rows = await cells(`/places/${places.besideCommunity.id}/data/requests-2024-02.csv`)
  expect(new Set(rows.map(({ number }) => number)).size).toBe(4500)
  const json = await (await server.fetch(`/places/${places.district.id}/data/requests-2024-02.json`)).json()
  expect(json).toHaveLength(4500)
  expect(await cells(`${folder}/requests-2024-02.csv`)).toEqual([])
})

test('figures are of months that are over, of subdistricts, without small groups', async () => {
  await server.superuser.query(
    `insert into request_figure (path, month, kind, told, received, accepted, dispatched, acknowledged, answered, closed, explained, unconfirmed,
        withdrawn, merged, answered_elsewhere, said, in_time, late)
       select $1, month, kind, told, 0, 0, 0, 0, 0, closed, 0, 0, 0, 0, 0, closed, closed, 0
       from (values (date '2024-03-01', '城市管理', 40, 30), (date '2024-03-01', '环境', 3, 3), (date '2024-03-01', '交通', 9, 8),
         (date_trunc('month', $2::timestamptz)::date, '城市管理', 50, 40)) f (month, kind, told, closed)
       on conflict do nothing`,
    [places.subdistrict.path, server.clock.now()],
  )
  await server.superuser.query(
    `insert into request_figure select p.path, f.month, f.kind, f.told, f.received, f.accepted, f.dispatched, f.acknowledged, f.answered, f.closed, f.explained,
        f.unconfirmed, f.withdrawn, f.merged, f.answered_elsewhere, f.said, f.in_time, f.late
       from request_figure f, place p where f.path = $1 and f.month = date '2024-03-01' and p.kind = 'province' and $1 like p.path || '%' on conflict do nothing`,
    [places.subdistrict.path],
  )
  const rows = await cells(`/places/${places.subdistrict.id}/data/figures-2024-03.csv`)
  expect(rows.map(({ category_level1, told, closed }) => [category_level1, told, closed]).toSorted()).toEqual([
    ['交通', '', ''],
    ['城市管理', '40', '30'],
    ['环境', '', ''],
  ])
  // The month under way is not told, nor is anything of a place whose parts would come out.
  expect((await server.fetch(`/places/${places.subdistrict.id}/data/figures-${month()}.csv`)).status).toBe(404)
  expect((await server.fetch(`${folder}/figures-2024-03.csv`)).status).toBe(404)
  expect((await described()).resources.some(({ name }) => name.startsWith('figures'))).toBe(false)
  expect((await described(`/places/${places.subdistrict.id}/data`)).resources.map(({ name }) => name)).toContain(
    'figures-2024-03',
  )
})

test('bodies and posts are Popolo, with those alone whom residents see', async () => {
  const popolo = (await (await server.fetch(`/places/${places.district.id}/data/bodies.json`)).json()) as {
    organizations: { id: string; area_id: string }[]
    posts: { id: string; organization_id: string }[]
    persons: { id: string; name: string }[]
    memberships: { id: string; post_id: string; person_id: string; organization_id: string }[]
    areas: { id: string; name: string }[]
  }
  const ids = (list: { id: string }[]) => new Set(list.map(({ id }) => id))
  const [organizations, posts, persons, areas] = [popolo.organizations, popolo.posts, popolo.persons, popolo.areas].map(
    ids,
  )
  expect(organizations?.size).toBeGreaterThan(0)
  for (const post of popolo.posts) expect(organizations).toContain(post.organization_id)
  for (const one of popolo.organizations) expect(areas).toContain(one.area_id)
  expect(popolo.areas.map(({ name }) => name)).toContain('五里社区')
  for (const one of popolo.memberships) {
    expect(one.id).not.toBe(one.person_id)
    expect(posts).toContain(one.post_id)
    expect(persons).toContain(one.person_id)
    expect(organizations).toContain(one.organization_id)
  }
  const shown = await server.superuser.query<{ name: string }>(
    'select t.holder_name as name from tenure t join post p on p.id = t.post where p.shown and t.during @> now()',
  )
  expect(popolo.persons.map(({ name }) => name).toSorted()).toEqual(shown.rows.map(({ name }) => name).toSorted())
  const hidden = await server.superuser.query<{ id: string }>('select id from post where not shown')
  for (const { id } of hidden.rows) expect(posts).not.toContain(id)
})

test('the page leads to every file, in both languages, and a file that is not there is said in words', async () => {
  for (const language of ['zh-CN', 'en']) {
    const page = await (await server.fetch(folder, { headers: { 'Accept-Language': language } })).text()
    expect(page).toMatch(/href="\/places\/\w+\/data\/datapackage\.json"/)
    expect(page).toContain(`requests-${month()}.csv`)
    expect(page).not.toMatch(/opendata\.[a-z-]+/)
  }
  for (const file of [
    'requests-2024-13.csv',
    'requests-1999-01.csv',
    'requests-9999-01.csv',
    'persons-2024-01.csv',
    'requests-2026-01.xml',
    '..%2f..',
    'x',
  ])
    expect((await server.fetch(`${folder}/${file}`)).status).toBe(404)
  expect((await server.fetch('/places/000000/data/datapackage.json')).status).toBe(404)
})

test.each(['datapackage.json', 'csv', 'json', 'bodies.json'])(
  'a copy of %s elsewhere is asked about each time: 304 while it stands, and another once something is withdrawn',
  async (name) => {
    const { resources } = await described()
    const path = name.includes('.')
      ? `${folder}/${name}`
      : `${folder}/${resources
          .find((each) => each.path.endsWith(`.${name}`))
          ?.path.split('/')
          .at(-1)}`
    const first = await server.fetch(path)
    const tag = first.headers.get('etag') ?? ''
    expect([first.status, first.headers.get('cache-control'), tag]).toEqual([
      200,
      'public, no-cache',
      expect.stringMatching(/^"[\w-]{22}"$/),
    ])
    const again = await server.fetch(path, { headers: { 'If-None-Match': tag } })
    expect([again.status, await again.text()]).toEqual([304, ''])
    expect((await server.fetch(path, { headers: { 'If-None-Match': '"x"' } })).status).toBe(200)
    if (name !== 'csv') return
    const more = await file({ title: '又一件', text: '又一件。', category, publicationPermitted: true })
    await does(staff.secretary, more.id, 'publish', { title: '又一件', text: '又一件。' })
    const shown = (await server.fetch(path)).headers.get('etag') ?? ''
    await does(staff.secretary, more.id, 'unpublish', { reason: '反映人不愿意了。' })
    expect((await server.fetch(path, { headers: { 'If-None-Match': shown } })).status).toBe(200)
    expect((await server.fetch(path, { headers: { 'If-None-Match': tag } })).status).toBe(304)
  },
)
