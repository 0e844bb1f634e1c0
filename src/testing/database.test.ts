import { describe, expect, test } from 'vitest'
import { testDatabase } from './database.ts'

const database = await testDatabase()

describe('the database of a test file', () => {
  test('takes rows', async () => {
    await database.owner.pool.query(
      "insert into access.token (hash, kind, record) values (sha256('a'), 'follow', uuidv7())",
    )
    const { rowCount } = await database.owner.pool.query('select from access.token')
    expect(rowCount).toBe(1)
  })

  test('begins each test empty, with what the migrations put there', async () => {
    const { rowCount } = await database.owner.pool.query('select from access.token')
    expect(rowCount).toBe(0)
    const { rows } = await database.owner.pool.query('select count(*) as days from calendar_day')
    expect(rows[0].days).toBeGreaterThan(365)
  })

  test('serves through roles that cannot pass by a policy and own nothing', async () => {
    const { rows } = await database.owner.pool.query(`
      select rolname, rolsuper or rolbypassrls or rolcreaterole or rolcreatedb as powerful,
        exists (select from pg_class where relowner = r.oid) as owns
      from pg_roles r where rolname in ('linli_app', 'linli_jobs', 'linli_auth') order by 1`)
    expect(rows).toEqual(
      ['linli_app', 'linli_auth', 'linli_jobs'].map((rolname) => ({ rolname, powerful: false, owns: false })),
    )
  })

  test('is compared by the builtin C.UTF-8 rules, in UTF-8, with checksums', async () => {
    const { rows } = await database.owner.pool.query(`
      select pg_encoding_to_char(encoding) as encoding, datlocprovider as provider, datlocale as locale,
        current_setting('data_checksums') as checksums
      from pg_database where datname = current_database()`)
    expect(rows).toEqual([{ encoding: 'UTF8', provider: 'b', locale: 'C.UTF-8', checksums: 'on' }])
  })
})
