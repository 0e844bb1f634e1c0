import { expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { importPlaces } from './places.import.ts'
import { searchPlaces } from './places.search.ts'

// The whole national list, once: counts, repeatability, and that search finds what people say in it.
const database = await testDatabase({ keep: true })

test('the whole country is imported, and a second time nothing is written', { timeout: 400_000 }, async () => {
  const country = { provinces: 31, cities: 342, districts: 2978, subdistricts: 41_352, communities: 620_573 }
  // Some of it is there already, as the demonstration's places are.
  await importPlaces(database.ownerUrl, { under: '3210' })
  const part = await database.owner.pool.query('select count(*)::int as count from place')
  const definitions = `select indexdef from pg_indexes where tablename = 'place'
    union all select pg_get_constraintdef(oid) from pg_constraint where conrelid = 'place'::regclass order by 1`
  const before = await database.owner.pool.query(definitions)
  const first = await importPlaces(database.ownerUrl)
  expect(first).toMatchObject({ ...country, created: 665_276 - part.rows[0].count, abolished: 0, renamed: 0 })
  // Indexes and references that were set aside are there again, as they were.
  expect((await database.owner.pool.query(definitions)).rows).toEqual(before.rows)
  const written = `select count(*)::int as places, max(version) as version, count(distinct xmin::text)::int as writers,
    max(updated_at) as latest from place`
  const state = await database.owner.pool.query(written)
  expect(state.rows[0]).toMatchObject({ places: 665_276, version: 1 })
  const second = await importPlaces(database.ownerUrl)
  expect(second).toMatchObject({ ...country, created: 0, abolished: 0, renamed: 0, restored: 0 })
  expect((await database.owner.pool.query(written)).rows).toEqual(state.rows)
  const broken = await database.owner.pool.query(
    `select count(*)::int as count from place p left join place a on a.id = p.parent_id
     where p.path <> coalesce(a.path, '') || substr(p.path, length(coalesce(a.path, '')) + 1)
       or p.kind <> 'province' and not starts_with(p.code, a.code)`,
  )
  expect(broken.rows[0].count).toBe(0)
})

test.each([
  ['邗江 五里', '321003001'],
  ['扬州邗江五里社区', '321003001'],
  ['扬州市邗江区邗上街道五里社区', '321003001'],
  ['翠岗花园', '321003001'],
  ['邗上', '321003001'],
  ['东莞莞城', '441900'],
  ['济源沁园', '419001'],
  ['北京朝阳', '110105'],
  ['吉林长春朝阳', '220104'],
  ['浦东', '310115'],
  ['五 里社区', ''],
  ['新', ''],
  ['村', ''],
])('%s is found', async (text, code) => {
  const [found] = await searchPlaces(database.app.sql, text)
  expect(found?.code).toMatch(new RegExp(`^${code}`))
})
