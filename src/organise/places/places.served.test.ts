import { beforeEach, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { madeUpCountry, writeCountry } from './places.fixture.ts'
import { importPlaces } from './places.import.ts'
import { placesServed } from './places.served.ts'

const database = await testDatabase()
beforeEach(async () => {
  await importPlaces(database.ownerUrl, { source: writeCountry(madeUpCountry) })
  for (const [name, segment] of [
    ['第一网格', 'g01'],
    ['三号楼', 'b03'],
  ])
    await database.owner.pool.query(
      `insert into place (id, kind, name, short_name, path, parent_id, name_source)
       select uuidv7(), $1, $2, $2, path || $3, id, 'local' from place where code = '980101001002'`,
      [segment?.startsWith('g') ? 'grid' : 'building', name, `${segment}/`],
    )
})

const named = async (paths: string[], most?: number) =>
  (await placesServed(database.app.sql, paths, most)).map(({ place, own }) => `${place.name}${own ? '*' : ''}`)
const path = async (code: string) =>
  (await database.owner.pool.query('select path from place where code = $1', [code])).rows[0].path as string

test('a community’s own place comes first, then what lies in it; each says where it is', async () => {
  const community = await path('980101001002')
  expect(await named([community])).toEqual(['望云社区居委会*', '三号楼', '第一网格'])
  const [, building] = await placesServed(database.app.sql, [community])
  expect(building?.chain.map((place) => place.name).join('')).toBe('云州省溪城市北溪区松风街道望云社区居委会三号楼')
})

test('two posts, one within the other: each place once, both marked; where the device is full the higher ones stay', async () => {
  const community = await path('980101001002')
  expect(await named([`${community}g01/`, community])).toEqual(['望云社区居委会*', '三号楼', '第一网格*'])
  expect(await named([community], 1)).toEqual(['望云社区居委会*'])
  expect(await named([])).toEqual([])
})

test('what is abolished is served by nobody; a district serves no list of all its doors', async () => {
  const community = await path('980101001002')
  await database.owner.pool.query(
    "update place set abolished_at = now(), abolished_source = 'local' where name = '三号楼'",
  )
  expect(await named([community])).toEqual(['望云社区居委会*', '第一网格'])
  expect(await named([await path('980101')])).toHaveLength(1)
  expect((await named([await path('980101001')])).length).toBeGreaterThan(3)
})
