import { expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { compareArchives, declareArchive, leftOut, loadArchives, within } from './declaring.ts'
import { existingSequences, existingTables } from './rows.store.ts'

const database = await testDatabase()

test('every table and sequence of the database is declared by its room, and nothing that is not there', async () => {
  const client = await database.owner.pool.connect()
  const tables = new Map(
    (await existingTables(client)).map(({ name, columns }) => [name, columns.map((column) => column.name)]),
  )
  const sequences = await existingSequences(client)
  client.release()
  expect(tables.size).toBeGreaterThan(60)
  expect(compareArchives(await loadArchives(), { tables, sequences })).toEqual([])
})

test('what goes along is sealed, and no digest under the key of the whole goes with a part', async () => {
  const client = await database.owner.pool.connect()
  const tables = await existingTables(client)
  client.release()
  const ways = new Map((await loadArchives()).flatMap(({ archive }) => Object.entries(archive)))
  const closed = tables.flatMap(({ name, columns }) => {
    const way = ways.get(name)
    if (!way || way.part.kind === 'none') return []
    const declared = (way.sealed ?? []).flatMap(({ column, index }) => [column, ...(index ? [index[0]] : [])])
    return columns
      .filter((column) => column.type === 'bytea' && /_encrypted|_sealed|^sealed|_index/.test(column.name))
      .filter((column) => !declared.includes(column.name) && !way.emptied?.includes(column.name))
      .map((column) => `${name}.${column.name}`)
  })
  expect(closed).toEqual([])
})

test('whatever stays says why, in both languages', async () => {
  const ways = (await loadArchives()).flatMap(({ archive }) => Object.values(archive))
  for (const { whole, part, reason } of ways) {
    expect(reason === null).toBe(whole && part.kind !== 'none')
    if (reason) expect(reason.zh.length > 3 && reason.en.length > 5).toBe(true)
  }
})

test('what is forgotten, double or gone is told', () => {
  const one = declareArchive(
    'one',
    { t: within('path', { refers: { b: 'u' } }), gone: leftOut('理由', 'reason') },
    { sequences: { 'public.s': 't.number' } },
  )
  const two = declareArchive('two', { t: leftOut('理由', 'reason') })
  const tables = new Map([
    ['public.t', ['a', 'b']],
    ['public.u', ['a']],
  ])
  expect(compareArchives([one, two], { tables, sequences: ['public.r'] })).toEqual([
    'public.gone, declared by one, does not exist',
    'public.t is declared by one and two',
    'public.t.number does not exist',
    'public.t.path, named by one, does not exist',
    'public.u is not declared',
    'public.u.id, named by one, does not exist',
    'the sequence public.r is not declared',
    'the sequence public.s does not exist',
  ])
})
