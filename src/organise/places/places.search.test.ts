import { beforeEach, describe, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { madeUpCountry, writeCountry } from './places.fixture.ts'
import { importPlaces } from './places.import.ts'
import { type PlaceSearch, searchPlaces } from './places.search.ts'

const database = await testDatabase()
beforeEach(async () => {
  await importPlaces(database.ownerUrl, { source: writeCountry(madeUpCountry) })
})

/** As the application's role, beneath the policies, with nobody signed in. */
async function codes(text: string, options?: PlaceSearch) {
  return (await searchPlaces(database.app.sql, text, options)).map((place) => place.code)
}

describe('finding places', () => {
  test.each([
    ['望云', ['980101001002']],
    ['望云社区', ['980101001002']],
    ['望云居委会', ['980101001002']],
    ['望云居', ['980101001002']],
    ['云', ['98', '980101001002']],
    ['影', ['980101002']],
    ['松风街道', ['980101001']],
    ['  松 风 ', ['980101001']],
    ['９８０１０１００１', ['980101001', '980101001001', '980101001002']],
    ['北溪 听泉', ['980101001001']],
    ['听泉 北溪', ['980101001001']],
    ['溪城北溪听泉社区', ['980101001001']],
    ['云州省溪城市北溪区松风街道望云社区居委会', ['980101001002']],
    ['独山 半坡', ['989001001001']],
    ['北 听泉', ['980101001001']],
    ['北 南 听泉', []],
    ['东港听泉', ['990101001001']],
    ['听泉居', ['980101001001', '980102001001']],
    // By code: what is wider comes first.
    [
      '980',
      [
        '9801',
        '980101',
        '980102',
        '980101001',
        '980101002',
        '980102001',
        '980101001001',
        '980101001002',
        '980101002001',
        '980102001001',
      ],
    ],
    ['没有的', []],
    ['。？', []],
    ['', []],
    ["'; drop table place --", []],
    ['%', []],
  ])('%s', async (text, expected) => {
    expect(await codes(text)).toEqual(expected)
  })

  test('puts what is meant exactly first, then the very name, then its beginning', async () => {
    expect((await codes('听泉社区')).slice(0, 2)).toEqual(['980101001001', '980102001001'])
    expect(await codes('听泉村')).toEqual(['980102001002', '980101001001', '980102001001', '990101001001'])
    expect((await codes('听泉')).at(-1)).toBe('990101001001')
    expect((await codes('独山'))[0]).toBe('989001')
  })

  test('puts nearer places first, or looks only there', async () => {
    expect((await codes('听泉', { near: '98/01/02/' }))[0]).toBe('980102001001')
    expect((await codes('听', { near: '98/01/02/' }))[0]).toBe('980102001001')
    expect((await codes('听泉', { near: '99/01/' })).length).toBe(4)
    expect(await codes('9801', { kinds: ['district'] })).toEqual(['980101', '980102'])
    expect(await codes('9801', { under: '98/01/02/', limit: 2 })).toEqual(['980102', '980102001'])
    expect(await codes('听泉', { under: '99/' })).toEqual(['990101001001'])
    expect(await codes('听泉', { kinds: ['district'] })).toEqual([])
    // A higher name that holds where is looked narrows nothing more; one that lies beside it leaves nothing.
    expect(await codes('溪城听泉', { under: '98/01/01/' })).toEqual(['980101001001'])
    expect(await codes('溪城 听泉', { under: '98/01/02/' })).toContain('980102001001')
    expect(await codes('北溪听泉', { under: '98/01/02/' })).toEqual([])
    expect((await codes('听泉', { limit: 2 })).length).toBe(2)
  })

  test('near comes first by any part of the name, however many are called so elsewhere, and elsewhere stays in the list', async () => {
    const namesakes = Array.from({ length: 20 }, (_, at) => [`9901010020${10 + at}`, '西苑社区居委会'])
    const country = {
      ...madeUpCountry,
      ...Object.fromEntries(namesakes),
      990101002: '长街街道',
      980101001003: '示例西苑居委会',
      980102001003: '西苑新村居委会',
    }
    await importPlaces(database.ownerUrl, { source: writeCountry(country) })
    const own = '980101001003'
    expect((await codes('西苑', { near: '98/01/01/001/' })).slice(0, 2)).toEqual([own, '980102001003'])
    expect((await codes('西苑', { near: '98/01/02/001/001/' })).slice(0, 2)).toEqual(['980102001003', own])
    const listed = await codes('西苑', { near: '98/01/01/001/', limit: 8 })
    expect([listed.length, listed.filter((code) => code?.startsWith('9901')).length]).toEqual([8, 6])
    // A place that is full of them leaves room for the very name elsewhere.
    expect(await codes('西苑', { near: '99/01/01/', limit: 4 })).toHaveLength(4)
    // Alone beneath a place, and nowhere else.
    expect(await codes('西苑', { under: '98/01/01/001/' })).toEqual([own])
    expect(await codes('西苑', { under: '98/' })).toEqual(['980102001003', own])
    expect(await codes('西苑', { under: '98/01/01/', near: '99/01/01/' })).toEqual([own])
    expect(await codes('西苑', { under: '98/01/01/', near: '98/01/01/001/' })).toEqual([own])
    // The very name, then what begins so, then what holds it.
    const all = await codes('西苑', { limit: 50 })
    expect([all.length, ...all.slice(-2)]).toEqual([22, '980102001003', own])
  })

  test('finds no abolished place, and finds by English name', async () => {
    const pool = database.owner.pool
    await pool.query(`update place set abolished_at = now(), abolished_source = 'local' where code = '980101001002'`)
    await pool.query(`update place set name_en = 'Pine Wind Subdistrict' where code = '980101001'`)
    await pool.query(`update place set name_en = 'Pine Hill' where code = '980101001002'`)
    expect(await codes('望云')).toEqual([])
    expect(await codes('980101001002')).toEqual([])
    expect(await codes('pine')).toEqual(['980101001'])
    expect(await codes('pine w')).toEqual(['980101001'])
  })

  test('puts higher places first among names that begin so, and finds no pieces from different corners of a name', async () => {
    const pool = database.owner.pool
    await pool.query(`update place set name = '东桥居委会', short_name = '东桥' where code = '980101001001'`)
    expect(await codes('东')).toEqual(['990101', '980101001001'])
    await pool.query(
      `update place set name = '大泉听泉村', short_name = '大泉听泉', grams = '{大,泉,听,大泉,泉听,听泉}' where code = '980101002001'`,
    )
    expect(await codes('泉听泉')).toEqual(['980101002001'])
    expect(await codes('听泉听')).toEqual([])
  })

  test('answers with what lies above', async () => {
    const [found] = await searchPlaces(database.app.sql, '望云')
    expect(found?.ancestors.map((place) => place.name)).toEqual(['云州省', '溪城市', '北溪区', '松风街道'])
  })
})
