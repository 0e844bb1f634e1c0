import { describe, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { madeUpCountry, writeCountry } from './places.fixture.ts'
import { importPlaces, PlacesImportError } from './places.import.ts'

const database = await testDatabase()

/** Every row with its place on disk: what an import wrote shows itself there. */
async function rows() {
  const { rows } = await database.owner.pool.query(
    'select code, name, path, short_name, version, abolished_at, xmin::text from place order by path',
  )
  return rows
}

async function history() {
  const { rows } = await database.owner.pool.query(
    `select p.code, h.kind, h.before, h.after, h.basis from place_history h join place p on p.id = h.place_id order by h.id`,
  )
  return rows
}

function load(country: Record<string, string>, under?: string) {
  return importPlaces(database.ownerUrl, { source: writeCountry(country), under })
}

describe('importing a list of places', () => {
  test('loads every level with paths below the parent', async () => {
    const answer = await load(madeUpCountry)
    expect(answer).toMatchObject({
      provinces: 2,
      cities: 3,
      districts: 4,
      subdistricts: 5,
      communities: 7,
      created: 21,
      renamed: 0,
      abolished: 0,
    })
    const all = await rows()
    expect(all.find((row) => row.code === '980101001001')).toMatchObject({
      path: '98/01/01/001/001/',
      short_name: '听泉',
      version: 1,
    })
    const orphans = await database.owner.pool.query(
      `select from place p left join place a on a.id = p.parent_id
       where p.kind <> 'province' and (a.id is null or not starts_with(p.path, a.path))`,
    )
    expect(orphans.rowCount).toBe(0)
    expect(await history()).toEqual([])
  })

  test('brings the same into an empty table as beside places that are there', async () => {
    const told = async () =>
      (
        await database.owner.pool.query(
          `select p.code, p.kind, p.name, p.short_name, p.grams, p.path, a.code as above, p.version, p.name_source
           from place p left join place a on a.id = p.parent_id where p.code <> '97' order by p.code`,
        )
      ).rows
    await load(madeUpCountry)
    const alone = await told()
    await database.owner.pool.query('truncate place cascade')
    await database.owner.pool.query(
      `insert into place (code, kind, name, short_name, path, name_source) values ('97', 'province', '别省', '别', '97/', 'local')`,
    )
    await load(madeUpCountry)
    expect(alone.length).toBe(21)
    expect(await told()).toEqual(alone)
  })

  test('changes nothing the second time', async () => {
    await load(madeUpCountry)
    const before = await rows()
    const again = await load(madeUpCountry)
    expect(again).toMatchObject({ created: 0, renamed: 0, restored: 0, abolished: 0, kept: 0 })
    expect(await rows()).toEqual(before)
    expect(await history()).toEqual([])
  })

  test('updates a changed name, abolishes a vanished code, restores it when it comes back', async () => {
    await load(madeUpCountry)
    const changed: Record<string, string> = { ...madeUpCountry, 980101001001: '听松居委会', 980101001009: '新芽居委会' }
    delete changed['980101002001']
    expect(await load(changed)).toMatchObject({ created: 1, renamed: 1, abolished: 1 })
    const all = await rows()
    expect(all.find((row) => row.code === '980101001001')).toMatchObject({
      name: '听松居委会',
      short_name: '听松',
      version: 2,
    })
    expect(all.find((row) => row.code === '980101002001').abolished_at).not.toBeNull()
    expect(all.length).toBe(22)
    expect((await history()).map(({ code, kind }) => `${kind} ${code}`)).toEqual([
      'renamed 980101001001',
      'abolished 980101002001',
      'created 980101001009',
    ])
    expect((await history())[0]).toMatchObject({ before: { name: '听泉居委会' }, after: { name: '听松居委会' } })
    expect(await load(madeUpCountry)).toMatchObject({ created: 0, renamed: 1, restored: 1, abolished: 1 })
  })

  test('takes a part, with the places above it, and touches nothing outside', async () => {
    expect(await load(madeUpCountry, '980101')).toMatchObject({
      provinces: 1,
      cities: 1,
      districts: 1,
      subdistricts: 2,
      communities: 3,
    })
    await load(madeUpCountry)
    const less: Record<string, string> = { ...madeUpCountry }
    delete less['980101002001']
    delete less['990101001001']
    less['99'] = '改名省'
    expect(await load({ ...less, 990101001002: '别处居委会' }, '9801')).toMatchObject({
      abolished: 1,
      renamed: 0,
      created: 0,
    })
  })

  test('leaves alone what was decided here', async () => {
    await load(madeUpCountry)
    const pool = database.owner.pool
    await pool.query(`update place set name = '听泉社区', name_source = 'local' where code = '980101001001'`)
    await pool.query(`update place set abolished_at = now(), abolished_source = 'local' where code = '980101001002'`)
    const before = await rows()
    expect(await load(madeUpCountry)).toMatchObject({ created: 0, renamed: 0, restored: 0, kept: 1 })
    expect(await rows()).toEqual(before)
  })

  test('gives a taken path a letter and hangs new places below a place where it now lies', async () => {
    const without = { ...madeUpCountry }
    delete without['980101001002']
    await load(without)
    const pool = database.owner.pool
    await pool.query(`update place set path = '98/01/01/001/002/' where code = '980101001001'`)
    await pool.query(`update place set path = '98/01/01/077/' where code = '980101002'`)
    await pool.query(`update place set path = '98/01/01/077/001/' where code = '980101002001'`)
    await load({ ...madeUpCountry, 980101002002: '新桥村委会' })
    const all = await rows()
    expect(all.find((row) => row.code === '980101001002').path).toBe('98/01/01/001/002a/')
    expect(all.find((row) => row.code === '980101002002').path).toBe('98/01/01/077/002/')
  })

  test.each([
    ['an empty level', () => Object.fromEntries(Object.entries(madeUpCountry).filter(([code]) => code.length < 12))],
    ['a place whose parent is missing', () => ({ ...madeUpCountry, 970101: '无根区' })],
    ['a name that is blank', () => ({ ...madeUpCountry, 980101001001: ' ' })],
  ])('refuses %s and changes nothing', async (_, country) => {
    await load(madeUpCountry)
    const before = await rows()
    await expect(load(country())).rejects.toThrow(PlacesImportError)
    expect(await rows()).toEqual(before)
  })

  test('refuses a part that is no code or not in the list', async () => {
    await expect(load(madeUpCountry, '321')).rejects.toThrow(PlacesImportError)
    await expect(load(madeUpCountry, '97')).rejects.toThrow(PlacesImportError)
    await expect(load(madeUpCountry, "98'; drop table place --")).rejects.toThrow(PlacesImportError)
  })
})
