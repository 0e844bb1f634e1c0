import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest'
import { asSuperuser, testAddress, testAddresses } from '#testing/postgres.ts'
import { migrate, preparedAlone, provision } from './migrate.ts'

const postgres = inject('postgres')
const name = `migrate_${process.pid}`
const addresses = testAddresses(postgres, name)
const superuser = testAddress(postgres, 'postgres', 'postgres')
let directory = ''

function file(stamp: string, text: string): void {
  writeFileSync(join(directory, `${stamp}_test.sql`), text)
}

async function ask(text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: addresses.ownerUrl })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'linli-migrations-'))
  await provision(addresses, superuser)
})
afterEach(async () => {
  rmSync(directory, { recursive: true })
  await asSuperuser(postgres, 'postgres', (client) => client.query(`drop database if exists ${name} with (force)`))
})

describe('migrations', () => {
  test('run once, in the order of their stamps', async () => {
    file('20260101000000', 'create table one (id int)')
    file('20260102000000', 'alter table one add column second int')
    expect(await migrate(addresses.ownerUrl, directory)).toEqual(['20260101000000_test', '20260102000000_test'])
    expect(await migrate(addresses.ownerUrl, directory)).toEqual([])
    file('20260103000000', 'alter table one add column third int')
    expect(await migrate(addresses.ownerUrl, directory)).toEqual(['20260103000000_test'])
  })

  test('that fail leave nothing of themselves, and the ones before stand', async () => {
    file('20260101000000', 'create table good (id int)')
    file('20260102000000', 'create table half (id int); insert into good values (1); select 1 / 0')
    const failed = migrate(addresses.ownerUrl, directory)
    await expect(failed).rejects.toThrow(
      /Migration 20260102000000_test failed and was rolled back whole: division by zero/,
    )
    expect(await ask("select to_regclass('good') is not null as good, to_regclass('half') is null as half")).toEqual([
      { good: true, half: true },
    ])
    expect(await ask('select id from good')).toEqual([])
    file('20260102000000', 'create table half (id int)')
    expect(await migrate(addresses.ownerUrl, directory)).toEqual(['20260102000000_test'])
  })

  test('of two processes at once run once', async () => {
    file('20260101000000', 'create table one (id int); select pg_sleep(0.3)')
    file('20260102000000', 'create table two (id int)')
    const ran = await Promise.all([migrate(addresses.ownerUrl, directory), migrate(addresses.ownerUrl, directory)])
    expect(ran.flat().sort()).toEqual(['20260101000000_test', '20260102000000_test'])
  })

  test('of a newer program are left alone', async () => {
    file('20260101000000', 'create table one (id int)')
    file('20260102000000', 'create table two (id int)')
    await migrate(addresses.ownerUrl, directory)
    rmSync(join(directory, '20260102000000_test.sql'))
    await expect(migrate(addresses.ownerUrl, directory)).rejects.toThrow(
      /newer than the program: it has 20260102000000_test/,
    )
  })
})

describe('a database that several processes prepare', () => {
  test('is prepared by one after the other, before it is there too', async () => {
    await asSuperuser(postgres, 'postgres', (client) => client.query(`drop database ${name} with (force)`))
    let inside = 0
    let most = 0
    const work = async () => {
      inside += 1
      most = Math.max(most, inside)
      await provision(addresses, superuser)
      inside -= 1
    }
    await Promise.all([1, 2, 3].map(() => preparedAlone(addresses, superuser, work)))
    expect(most).toBe(1)
  })

  test('is let go of where the work fails, and who waits in vain is told who holds it', async () => {
    await expect(preparedAlone(addresses, null, () => Promise.reject(new Error('of the work')))).rejects.toThrow(
      'of the work',
    )
    let waited = 0
    const options = { milliseconds: 0, onWaiting: () => (waited += 1) }
    await preparedAlone(addresses, null, async () => {
      await expect(preparedAlone(addresses, null, async () => undefined, options)).rejects.toThrow(
        /held by the connection \d+ \(linli migrate\)/,
      )
    })
    expect(waited).toBe(1)
    expect(await preparedAlone(addresses, null, async () => 'again')).toBe('again')
  })
})

describe('roles', () => {
  test('are kept apart: only those of this database may enter it', async () => {
    const [row] = (await ask(
      `select has_database_privilege('linli_app', current_database(), 'connect') as app,
        has_database_privilege('linli_app', current_database(), 'create') as makes,
        (select datdba::regrole::text from pg_database where datname = current_database()) as owner`,
    )) as Record<string, unknown>[]
    expect(row).toEqual({ app: true, makes: false, owner: 'linli_owner' })
  })

  test('that cannot be made are told with the statements to run', async () => {
    const other = new URL(addresses.jobsUrl)
    other.username = 'linli_missing'
    other.password = 'never-shown'
    const refused = provision({ ...addresses, jobsUrl: other.href }, null)
    await expect(refused).rejects.toThrow(/create role "linli_missing"/)
    await expect(provision({ ...addresses, jobsUrl: other.href }, null)).rejects.not.toThrow(/never-shown/)
  })

  test('that pass by every policy are refused', async () => {
    await asSuperuser(postgres, 'postgres', (client) => client.query('create role linli_mighty login bypassrls'))
    const other = new URL(addresses.databaseUrl)
    other.username = 'linli_mighty'
    await expect(provision({ ...addresses, databaseUrl: other.href }, null)).rejects.toThrow(/row-level security/)
  })

  test('a database that is away is named without its password', async () => {
    const away = 'postgres://linli_owner:never-shown@127.0.0.1:9/linli'
    const told = await migrate(away, directory).catch((error: Error) => error.message)
    expect(told).toMatch(/The database 127.0.0.1:9\/linli cannot be reached as linli_owner/)
    expect(told).not.toContain('never-shown')
  })
})
