import type pg from 'pg'
import { describe, expect, test } from 'vitest'
import { emptyRegister } from './ledger.harness.ts'

const { app, jobs, order, write } = await emptyRegister()

describe('the application’s role', () => {
  const refused = async (text: string, values: unknown[] = []) => {
    const error = await app.pool.query(text, values).catch((reason: { code?: string }) => reason)
    return (error as { code?: string }).code ?? `done: ${(error as pg.QueryResult).rowCount}`
  }

  test.each(['act', 'salt', 'pending', 'entry', 'head', 'tile'])(
    'cannot change, remove or empty ledger.%s',
    async (table) => {
      await write(2)
      await order()
      await write(1)
      const column = { act: 'kind', salt: 'salt', pending: 'act', entry: 'leaf', head: 'root', tile: 'hashes' }[table]
      expect(await refused(`update ledger.${table} set ${column} = ${column}`)).toBe('42501')
      expect(await refused(`delete from ledger.${table}`)).toBe('42501')
      expect(await refused(`truncate ledger.${table} cascade`)).toBe('42501')
      expect(await refused(`alter table ledger.${table} disable row level security`)).toBe('42501')
      expect(await refused(`drop table ledger.${table} cascade`)).toBe('42501')
    },
  )

  test('cannot place acts itself, nor erase salts, nor set the head or an entry', async () => {
    expect(await refused('select ledger.sequence()')).toBe('42501')
    expect(await refused('select ledger.erase_salts(uuidv7())')).toBe('42501')
    expect(await refused("select ledger.append('[]')")).toBe('42501')
    expect(await refused(`insert into ledger.entry (place, act, leaf) values (1, uuidv7(), sha256('a'))`)).toBe('42501')
    expect(await refused(`insert into ledger.head (only_one) values (true)`)).toBe('42501')
    expect(await refused('select * from ledger.salt')).toBe('42501')
    expect(await refused('select * from ledger.pending')).toBe('42501')
  })

  test('cannot write an act in the name of a person or a tenure that did not enter', async () => {
    const insert = (actor: string, tenure: string) =>
      refused(
        `insert into ledger.act (id, kind, record, at, actor, tenure, leaf) values (uuidv7(), 'k', uuidv7(), now(), ${actor}, ${tenure}, sha256('a'))`,
      )
    expect(await insert('uuidv7()', 'null')).toBe('42501')
    expect(await insert('null', 'uuidv7()')).toBe('42501')
    expect(await insert('null', 'null')).toBe('done: 1')
  })

  test('reads no acts without the duty to read them, and never of whom they were or what came of them', async () => {
    await write(2)
    expect((await app.pool.query('select from ledger.act')).rowCount).toBe(0)
    for (const column of ['actor', 'result', 'facts', 'times', 'category', 'personal_digest', 'leaf'])
      expect(await refused(`select ${column} from ledger.act`), column).toBe('42501')
  })
})

describe('the role of jobs', () => {
  test('cannot change or remove what was done', async () => {
    await write(1)
    await order()
    for (const text of [
      'update ledger.act set kind = kind',
      'delete from ledger.act',
      'delete from ledger.entry',
      'update ledger.entry set leaf = leaf',
      'update ledger.tile set hashes = hashes',
      'delete from ledger.tile',
      'update ledger.head set place = 0',
      'truncate ledger.entry',
    ])
      await expect(jobs.pool.query(text), text).rejects.toMatchObject({ code: '42501' })
  })
})
