import pg from 'pg'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Act, Actor } from '#kernel/access/index.ts'
import { newId } from '#kernel/database/identifiers.ts'
import { sqlOn } from '#kernel/database/index.ts'
import { Refusal } from '#kernel/http/index.ts'
import { testDatabase } from '#testing/database.ts'
import { abolishPlace, createPlace, mergePlace, movePlace, renamePlace, restorePlace } from './places.acts.ts'
import { madeUpCountry, writeCountry } from './places.fixture.ts'
import { importPlaces } from './places.import.ts'
import { searchPlaces } from './places.search.ts'
import { type PlaceRow, placeByCode, placeByPath, placeHistory } from './places.store.ts'

const database = await testDatabase()
const people = { streets: ['98/01/01/'], city: ['98/01/'], nobody: [] as string[] }

beforeEach(async () => {
  await importPlaces(database.ownerUrl, { source: writeCountry(madeUpCountry) })
})

/** Works as somebody who may edit places below the paths, under the application's role and its policies. */
async function as<T>(paths: string[], work: (act: Act) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: database.superuserUrl })
  await client.connect()
  try {
    const actor = {
      person: newId(),
      session: null,
      expires: null,
      user: null,
      tenures: paths.map((path) => ({ tenure: newId(), body: newId(), duties: ['place.edit'], path }) as never),
      bodies: [],
      reach: { 'place.edit': paths },
      link: null,
      handed_by: null,
      judge: null,
    } satisfies Actor
    await client.query('begin')
    await client.query('select access.settle($1::jsonb)', [JSON.stringify(actor)])
    await client.query('set local role linli_app')
    const poolClient = client as unknown as pg.PoolClient
    const answer = await work({
      sql: sqlOn(poolClient),
      client: poolClient,
      actor,
      now: new Date(),
      language: 'zh-CN',
      along: [],
    })
    await client.query('commit')
    return answer
  } finally {
    await client.end()
  }
}

async function place(code: string): Promise<PlaceRow> {
  const found = await placeByCode(database.app.sql, code)
  if (found === null) throw new Error(`no place ${code}`)
  return found
}

const refusal = (type: string) => expect.objectContaining({ name: Refusal.name, type })

describe('changing places', () => {
  test('adds grids and buildings with segments that count on', async () => {
    const community = await place('980101001001')
    const paths = await as(people.streets, async (act) => {
      const first = await createPlace(act, { parent: community.id, kind: 'grid', name: '第一网格', name_en: 'Grid 1' })
      const second = await createPlace(act, { parent: community.id, kind: 'grid', name: '第二网格' })
      const house = await createPlace(act, {
        parent: first.id,
        kind: 'building',
        name: '3号楼',
        longitude: 119,
        latitude: 32,
      })
      return [first.path, second.path, house.path]
    })
    expect(paths).toEqual([`${community.path}g01/`, `${community.path}g02/`, `${community.path}g01/b01/`])
    const [found] = await searchPlaces(database.app.sql, '听泉 第一网格')
    expect(found?.path).toBe(paths[0])
    const grid = await placeByPath(database.app.sql, paths[0] as string)
    expect(await placeHistory(database.app.sql, grid?.id as string)).toMatchObject([
      { kind: 'created', after: { name: '第一网格' } },
    ])
  })

  test('renames with history, and an import leaves the name alone', async () => {
    const community = await place('980101001001')
    const renamed = await as(people.streets, (act) =>
      renamePlace(act, community.id, '听泉新居社区', undefined, community.version, '区政府文件'),
    )
    expect(renamed).toMatchObject({ name: '听泉新居社区', version: 2 })
    expect((await searchPlaces(database.app.sql, '泉新居'))[0]?.id).toBe(community.id)
    expect(await placeHistory(database.app.sql, community.id)).toMatchObject([
      { kind: 'renamed', before: { name: '听泉居委会' }, after: { name: '听泉新居社区' }, basis: '区政府文件' },
    ])
    expect(await importPlaces(database.ownerUrl, { source: writeCountry(madeUpCountry) })).toMatchObject({
      kept: 1,
      renamed: 0,
    })
    await expect(as(people.streets, (act) => renamePlace(act, community.id, '又一名', null, 1, null))).rejects.toEqual(
      refusal('version-conflict'),
    )
  })

  test('moves a subtree with every registered path column, and back to its bare segment', async () => {
    const owner = database.owner.pool
    await owner.query('create table if not exists moved_record (path text collate "C", filed text)')
    await owner.query(`insert into place_path_column values ('moved_record', 'path') on conflict do nothing`)
    await owner.query(`delete from moved_record`)
    await owner.query(
      `insert into moved_record values ('98/01/01/001/001/', '98/01/01/001/001/'), ('98/01/01/002/001/', '-')`,
    )
    const street = await place('980101001')
    const target = await place('980102')
    const moved = await as(people.city, (act) => movePlace(act, street.id, target.id, street.version, '区划调整'))
    // 98/01/02/001/ is taken by another street.
    expect(moved.path).toBe('98/01/02/001a/')
    expect((await place('980101001002')).path).toBe('98/01/02/001a/002/')
    const { rows } = await owner.query('select * from moved_record order by path')
    expect(rows).toEqual([
      { path: '98/01/01/002/001/', filed: '-' },
      { path: '98/01/02/001a/001/', filed: '98/01/01/001/001/' },
    ])
    expect(await placeHistory(database.app.sql, street.id)).toMatchObject([
      { kind: 'moved', before: { path: '98/01/01/001/' }, after: { path: '98/01/02/001a/' }, basis: '区划调整' },
    ])
    const home = await place('980101')
    const back = await as(people.city, (act) => movePlace(act, street.id, home.id, moved.version, null))
    expect(back.path).toBe('98/01/01/001/')
    await owner.query(`delete from place_path_column where table_name = 'moved_record'`)
    await owner.query('drop table moved_record')
  })

  test('merges a community into another: its grids move over, it names its successor', async () => {
    const one = await place('980101001001')
    const other = await place('980101001002')
    await as(people.streets, async (act) => {
      await createPlace(act, { parent: one.id, kind: 'grid', name: '第一网格' })
      await createPlace(act, { parent: other.id, kind: 'grid', name: '第一网格' })
      await mergePlace(act, one.id, other.id, one.version, '合并')
    })
    expect(await place('980101001001')).toMatchObject({ successor_id: other.id })
    expect((await place('980101001001')).abolished_at).not.toBeNull()
    expect(await placeByPath(database.app.sql, `${other.path}g01a/`)).not.toBeNull()
    expect((await placeHistory(database.app.sql, other.id))[0]).toMatchObject({
      kind: 'merged',
      after: { name: '听泉居委会' },
    })
  })

  test('abolishes and restores', async () => {
    const community = await place('980101001001')
    const gone = await as(people.streets, (act) => abolishPlace(act, community.id, 1, null))
    expect(gone.abolished_at).not.toBeNull()
    expect(await importPlaces(database.ownerUrl, { source: writeCountry(madeUpCountry) })).toMatchObject({
      restored: 0,
    })
    const back = await as(people.streets, (act) => restorePlace(act, community.id, gone.version, null))
    expect(back.abolished_at).toBeNull()
    expect((await placeHistory(database.app.sql, community.id)).map(({ kind }) => kind)).toEqual([
      'restored',
      'abolished',
    ])
  })

  test('refuses whoever does not reach the place, or one of both ends', async () => {
    const community = await place('980102001001')
    const street = await place('980101001')
    const own = await place('980101001001')
    const far = await place('980102001')
    await expect(as(people.streets, (act) => renamePlace(act, community.id, '甲', null, 1, null))).rejects.toEqual(
      refusal('not-allowed'),
    )
    await expect(as(people.nobody, (act) => abolishPlace(act, own.id, 1, null))).rejects.toEqual(refusal('not-allowed'))
    await expect(as(people.streets, (act) => movePlace(act, own.id, far.id, 1, null))).rejects.toEqual(
      refusal('not-allowed'),
    )
    await expect(as(people.streets, (act) => movePlace(act, community.id, street.id, 1, null))).rejects.toEqual(
      refusal('not-allowed'),
    )
    await expect(as(people.streets, (act) => movePlace(act, street.id, own.id, 1, null))).rejects.toEqual(
      refusal('place-under-itself'),
    )
  })

  test('direct SQL of the application changes nothing out of reach, nor the tree itself', async () => {
    const own = await place('980101001001')
    const far = await place('980102001')
    const direct = (sql: string, values: unknown[]) =>
      as(people.streets, async (act) => (await act.client.query(sql, values)).rowCount)
    expect(await direct('update place set name = $1 where id = $2', ['甲', far.id])).toBe(0)
    await expect(direct('update place set path = $1 where id = $2', ['98/01/02/009/', own.id])).rejects.toThrow(
      /permission denied/,
    )
    await expect(direct('delete from place where id = $1', [own.id])).rejects.toThrow(/permission denied/)
    await expect(direct('delete from place_history where place_id = $1', [own.id])).rejects.toThrow(/permission denied/)
    await expect(direct('select * from place_path_column', [])).rejects.toThrow(/permission denied/)
    await expect(direct('select place_move($1, $2, null)', [own.id, far.id])).rejects.toThrow(/out of reach/)
    await expect(direct('select place_merge($1, $2, null)', [far.id, own.id])).rejects.toThrow(/out of reach/)
    await expect(direct(`select place_rewrite_columns('98/', '99/', true)`, [])).rejects.toThrow(/permission denied/)
    await expect(
      direct(`insert into place (kind, name, short_name, path) values ('grid', 'x', 'x', '98/01/02/g01/')`, []),
    ).rejects.toThrow(/row-level security/)
    await expect(direct(`insert into place_history (place_id, kind) values ($1, 'renamed')`, [far.id])).rejects.toThrow(
      /row-level security/,
    )
    expect((await database.app.pool.query('update place set name_en = $1', ['x'])).rowCount).toBe(0)
  })

  test('who writes a path meanwhile waits for a move and gets the new path', async () => {
    const own = await place('980101001001')
    const target = await place('980101002')
    let waiting: Promise<string | null | undefined> | undefined
    await as(people.streets, async (act) => {
      await movePlace(act, own.id, target.id, own.version, null)
      waiting = database.app.pool.query('select place_hold($1) as path', [own.id]).then(({ rows }) => rows[0]?.path)
      await new Promise((resolve) => setTimeout(resolve, 100))
    })
    expect(await waiting).toBe('98/01/01/002/001a/')
  })
})
