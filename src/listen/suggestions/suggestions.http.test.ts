import { beforeAll, expect, test } from 'vitest'
import { codeOf } from '#organise/settings/index.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { unpackModel } from './model.bytes.ts'
import { readLearned, suggestFor } from './suggestions.api.ts'
import { categories, madeUp } from './suggestions.fixture.ts'
import { learnAll } from './suggestions.jobs.ts'
import { suggestCategories } from './suggestions.store.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, holding } = requestsOf(server, organisation)
const { kernel, superuser } = server
const district = organisation.places.district.path

const idOf = new Map<string, string>()
const staffTenure = () => server.one<string>('select id from tenure order by id limit 1')

/** Closed matters with these texts, as if they had been told and worked: copies of one that was. */
async function closed(
  rows: readonly { title: string; body: string; key: string | null }[],
  how: { readonly by?: 'staff' | 'reporter'; readonly told?: 'each by another' | 'by nobody known' } = {},
): Promise<void> {
  const { id } = await file()
  const client = await superuser.connect()
  try {
    await client.query('begin; set local session_replication_role = replica')
    await client.query(
      `insert into request select (jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid(), 'number', nextval('request_number'),
          'title', m.title, 'body', m.body, 'category', m.category, 'state', 'closed', 'result', 'solved', 'due_at', null, 'due_kind', null,
          'closed_at', r.filed_at, 'entered_by', $3::uuid, 'anonymous', $4::boolean, 'reporter', case when not $4::boolean then gen_random_uuid() end))).*
       from request r, json_to_recordset($2) as m(title text, body text, category uuid) where r.id = $1`,
      [
        id,
        JSON.stringify(rows.map(({ title, body, key }) => ({ title, body, category: key && idOf.get(key) }))),
        how.by === 'reporter' ? null : await staffTenure(),
        how.told === 'by nobody known',
      ],
    )
    await client.query('commit')
  } finally {
    client.release()
  }
}

const rows = madeUp(12)
const models = async () =>
  (
    await superuser.query<{
      model: Buffer | null
      rows: number
      texts: number
      level_first: number
      path: string
      made_at: Date
    }>('select model, rows, texts, level_first, path, made_at from category_model order by made_at')
  ).rows
const wordsOf = (model: Buffer | null | undefined) => unpackModel(model ?? Buffer.alloc(0))?.pieces
const suggested = (title: string, body: string) =>
  holding({}, (act) => suggestCategories(act, { path: organisation.places.community.path, title, body }))
/** The next night. */
const night = () => {
  server.clock.advance(24 * 3_600_000)
  return learnAll(kernel)
}

beforeAll(async () => {
  for (const { key, level1, level2, level3 } of categories) {
    idOf.set(
      key,
      await server.one<string>(
        `insert into category (id, path, code, level1, level2, level3, level3_en)
         values (gen_random_uuid(), $1, $2, $3, $4, $5, $6) returning id`,
        [
          district,
          codeOf({ level1, level2, level3 }),
          level1,
          level2,
          level3,
          level3 === '路灯照明' ? 'Street lamps' : null,
        ],
      ),
    )
  }
})

test('until something was learned the names alone decide, of three first levels', async () => {
  expect(await night()).toBe(0)
  expect(await models()).toEqual([])
  const found = await suggested('路灯照明', '路灯不亮')
  expect(found[0]).toMatchObject({
    category: idOf.get('城乡建设/市政管理/路灯照明'),
    names: ['城乡建设', '市政管理', '路灯照明'],
  })
  expect(found[0]?.because).toContain('路灯')
  expect(new Set(found.map(({ names }) => names[0])).size).toBe(3)
  const none = await suggested('整条街漆黑', '老人摸黑摔跤')
  expect(none[0]?.because).toEqual([])
})

test('at night the closed matters to which staff gave a category are learned from, and nothing else is', async () => {
  await closed(rows)
  // What its reporter chose and nobody said otherwise teaches no category; its words are counted.
  await closed(
    rows.slice(0, 10).map((row) => ({ ...row, key: '民政/社会救助/农村低保' })),
    { by: 'reporter' },
  )
  expect(await night()).toBe(1)
  const [made] = await models()
  expect(made).toMatchObject({ rows: rows.length, path: district })
  expect(made?.texts).toBeGreaterThanOrEqual(rows.length + 10)
  expect(made?.level_first).toBeGreaterThan(0.9)
  const [first] = await suggested('整条街漆黑', '老人摸黑摔跤，求修。')
  expect(first?.category).toBe(idOf.get('城乡建设/市政管理/路灯照明'))
  expect(first?.because).toContain('漆黑')
})

test('a second process, or a second try of the same night, learns nothing twice', async () => {
  server.clock.advance(3_600_000)
  expect(await learnAll(kernel)).toBe(0)
  expect(await models()).toHaveLength(1)
})

test('those who see the settings of a place read how well it goes; nobody else does', async () => {
  const { staff, places } = organisation
  const seen = await server.call(readLearned, { as: staff.secretary.cookie, query: { place: places.community.id } })
  expect(seen.status, seen.text).toBe(200)
  expect(seen.body).toMatchObject({ standing: true, nights: [{ rows: rows.length }] })
  expect(seen.body.from).toBe(await server.one<string>('select name from place where path = $1', [district]))
  const own = await server.call(readLearned, { as: staff.secretary.cookie, query: { place: places.district.id } })
  expect(own.body.from).toBeNull()
  expect((await server.call(readLearned, { query: { place: places.community.id } })).status).toBe(401)
})

test('where there is nothing to choose from nothing is suggested; of one first level its categories are weighed', async () => {
  const { path } = organisation.places.otherCommunity
  const at = (body: string) => holding({}, (act) => suggestCategories(act, { path, title: '', body }))
  const add = (level3: string) =>
    superuser.query(
      `insert into category (id, path, code, level1, level2, level3) values (gen_random_uuid(), $1, $2, '市政', '道路', $3)`,
      [path, codeOf({ level1: '市政', level2: '道路', level3 }), level3],
    )
  await add('井盖')
  // Whatever was told, it would be certain.
  expect(await at('井盖松了')).toEqual([])
  await add('路面')
  expect((await at('井盖松了')).map(({ names }) => names[2])).toEqual(['井盖', '路面'])
  for (const { score } of await at('整夜有人唱歌')) expect(score).toBeLessThan(1)
})

test('whoever works there is told three categories with their words; asking does nothing and keeps nothing', async () => {
  const { staff, places } = organisation
  const counts = () =>
    server.one<string>(
      "select concat_ws(' ', (select count(*) from ledger.act), (select count(*) from request), (select count(*) from request_entry))",
    )
  const before = await counts()
  const asked = { place: places.community.id, title: '整条街漆黑', text: '老人摸黑摔跤，求修。' }
  const told = await server.call(suggestFor, { as: staff.secretary.cookie, body: asked })
  expect(told.status, told.text).toBe(200)
  expect(told.body.items).toHaveLength(3)
  expect(told.body.items[0]).toMatchObject({
    category: idOf.get('城乡建设/市政管理/路灯照明'),
    names: ['城乡建设', '市政管理', '路灯照明'],
    because: expect.arrayContaining(['漆黑']),
  })
  expect(await counts()).toBe(before)
  expect((await server.call(suggestFor, { body: asked })).status).toBe(401)
  expect((await server.call(suggestFor, { as: staff.secretary.cookie, body: { ...asked, text: ' ' } })).status).toBe(
    400,
  )
})

test('each name is said in the reader’s language', async () => {
  const [first] = await holding({}, (act) =>
    suggestCategories({ sql: act.sql, language: 'en' }, { path: district, title: '漆黑', body: '摸黑' }),
  )
  expect(first?.names).toEqual(['城乡建设', '市政管理', 'Street lamps'])
})

test('words of people who erased themselves are not in the next model, and no old model is kept', async () => {
  const odd = rows.slice(0, 8).map((row) => ({ ...row, body: `${row.body}我是欧阳翠花。` }))
  await closed(odd)
  await night()
  expect(wordsOf((await models()).at(-1)?.model)?.has('翠花')).toBe(true)
  await superuser.query(
    "insert into request_contact (request, may_call) select id, false from request where body like '%翠花%' on conflict do nothing",
  )
  await night()
  const all = await models()
  expect(wordsOf(all.at(-1)?.model)?.has('翠花')).toBe(false)
  expect(wordsOf(all.at(-1)?.model)?.has('漆黑')).toBe(true)
  expect(all.slice(0, -1).map(({ model }) => model)).toEqual(all.slice(0, -1).map(() => null))
  expect(all).toHaveLength(3)
})

test('words of one person are not learned, whether told by account, by telephone or without a name', async () => {
  const saying = (words: string, count: number) =>
    rows.slice(0, count).map((row) => ({ ...row, body: `${row.body}${words}` }))
  await closed(saying('我是司徒翠竹。', 8), { told: 'by nobody known' })
  await closed(saying('我是端木翠兰。', 8))
  await superuser.query(
    `with said as (select id, row_number() over (order by id) as at from request where body like '%翠兰%'),
       -- Four people, each twice: by their account, which has a number, and from that number without it.
       told as (update request r set reporter = case when at <= 4 then r.reporter end from said where said.id = r.id returning r.id)
     insert into request_contact (request, may_call, phone_encrypted, phone_index)
     select id, true, decode('00', 'hex'), decode(lpad((at % 4)::text, 4, '0'), 'hex') from said`,
  )
  expect(await night()).toBe(1)
  const words = wordsOf((await models()).at(-1)?.model)
  expect(words?.has('翠竹')).toBe(false)
  expect(words?.has('翠兰')).toBe(false)
  expect(words?.has('漆黑')).toBe(true)
})

test('a model from a time to come, made while the clock was wrong, keeps no night from learning anew', async () => {
  await superuser.query("update category_model set made_at = made_at + interval '800 days' where model is not null")
  const [before] = (await models()).filter(({ model }) => model !== null)
  expect(await night()).toBe(1)
  const standing = (await models()).filter(({ model }) => model !== null)
  expect(standing).toHaveLength(1)
  expect(standing[0]?.made_at).not.toEqual(before?.made_at)
  // The one that was made so stays known by its accuracy alone.
  await superuser.query(
    'delete from category_model where made_at > (select made_at from category_model where model is not null)',
  )
})

test('where too little stands to learn from, the last model goes as well', async () => {
  await superuser.query(
    'insert into request_contact (request, may_call) select id, false from request on conflict (request) do update set person = null, name_encrypted = null, phone_encrypted = null, mail_encrypted = null',
  )
  expect(await night()).toBe(0)
  expect((await models()).every(({ model }) => model === null)).toBe(true)
  const [first] = await suggested('整条街漆黑', '老人摸黑摔跤')
  expect(first?.because).toEqual([])
})

test('the place that lost its categories keeps no model', async () => {
  await superuser.query('delete from request_contact')
  await night()
  expect((await models()).at(-1)?.model).not.toBeNull()
  await superuser.query('update category set retired_at = now()')
  await night()
  expect((await models()).every(({ model }) => model === null)).toBe(true)
})
