// Every kind of column that the database uses, out as lines and in again: whatever stands in it.
import fc from 'fast-check'
import { to as copyTo } from 'pg-copy-streams'
import { expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { connectReader } from '../backup/index.ts'
import { copyOut, existingTables, orderOf, putIn, type Table } from './rows.store.ts'

const database = await testDatabase()

const text = fc
  .string({ unit: 'binary', maxLength: 40 })
  .filter((value) => !value.includes('\0') && value.isWellFormed())
const odd = fc.oneof(
  text,
  fc.constantFrom(
    '',
    '\n',
    '\r\n',
    '\\',
    '\\.',
    '"',
    "'",
    '\u0001',
    '\u0002',
    '\t',
    '\u2028',
    '\u2029',
    '\ufeff',
    '𠮷',
    '{}',
    'null',
    '\\x00',
    'e\u0301',
  ),
)
const bytes = fc.uint8Array({ maxLength: 40 }).map((value) => `\\x${Buffer.from(value).toString('hex')}`)
const integer = (bits: number) => fc.bigInt(-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n).map(String)
const float = fc.oneof(fc.double().map(String), fc.constantFrom('NaN', 'Infinity', '-Infinity', '-0'))
const moment = fc.oneof(
  fc
    .tuple(
      fc.date({ min: new Date('0001-01-02T00:00:00Z'), max: new Date('9999-12-30T00:00:00Z'), noInvalidDate: true }),
      fc.integer({ min: 0, max: 999 }),
    )
    .map(([date, micros]) => date.toISOString().replace('Z', `${String(micros).padStart(3, '0')}+08`)),
  fc.constantFrom('infinity', '-infinity'),
)
const json = fc.jsonValue({ noUnicodeString: false }).map((value) => JSON.stringify(value).replaceAll('\\u0000', ''))
const list = (values: fc.Arbitrary<string | null>) =>
  fc
    .array(values, { maxLength: 4 })
    .map(
      (all) => `{${all.map((value) => (value === null ? 'NULL' : `"${value.replace(/["\\]/g, '\\$&')}"`)).join(',')}}`,
    )
const pair = fc.tuple(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
)

/** A column of each type, with what may stand in it. */
const kinds: Record<string, fc.Arbitrary<string>> = {
  boolean: fc.constantFrom('true', 'false'),
  smallint: integer(16),
  integer: integer(32),
  bigint: integer(64),
  'numeric(14,2)': fc
    .bigInt(-(10n ** 13n), 10n ** 13n)
    .map((value) => `${value / 100n}.${String(value < 0n ? -value % 100n : value % 100n).padStart(2, '0')}`),
  numeric: fc.tuple(fc.bigInt(), fc.nat()).map(([whole, part]) => `${whole}.${part}`),
  real: fc.float().map(String),
  'double precision': float,
  text: odd,
  'character varying(255)': odd,
  bytea: bytes,
  uuid: fc.uuid(),
  date: fc.constantFrom('2026-11-24', '0001-01-01', '9999-12-31', 'infinity'),
  'time without time zone': fc.constantFrom('00:00', '23:59:59.999999', '09:30'),
  'timestamp with time zone': moment,
  'timestamp without time zone': moment.map((value) => value.replace('+08', '')),
  jsonb: json,
  tstzrange: fc.constantFrom(
    'empty',
    '(,)',
    '[2026-11-24 00:00:00.123456+08,)',
    '[2026-01-01,2026-02-01)',
    '(,2026-01-01]',
  ),
  polygon: fc
    .array(pair, { minLength: 1, maxLength: 6 })
    .map((points) => `(${points.map(([x, y]) => `(${x},${y})`).join(',')})`),
  tsvector: fc.constantFrom('', "'路灯':1A,3 'it''s':2", "'a\\\\b' '\n'"),
  'text[]': list(fc.option(odd)),
  'uuid[]': list(fc.uuid()),
  'bytea[]': list(fc.option(bytes)),
  'bigint[]': list(integer(64)),
}

test('whatever stands in a column of any kind is the same on the other side', async () => {
  const client = await connectReader(database.superuserUrl, 'test')
  const types = Object.keys(kinds)
  await client.query(
    `create table public.odd (id integer primary key, ${types.flatMap((type, at) => [`a${at} ${type}`, `b${at} ${type}`]).join(', ')})`,
  )
  const found = (await existingTables(client)).find(({ name }) => name === 'public.odd') as Table
  const value = (type: string) => fc.option(kinds[type] as fc.Arbitrary<string>, { freq: 8 })
  const row = fc.tuple(...types.flatMap((type) => [value(type), value(type)]))
  const copy = async () => {
    const sent = client.query(copyTo(copyOut({ columns: found.columns, from: 'public.odd t', order: orderOf(found) })))
    return Buffer.concat((await Array.fromAsync(sent)) as Buffer[])
      .toString()
      .trimEnd()
      .split('\n')
  }
  await client.query('create table public.odd_before (like public.odd)')
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 30 }), async (rows) => {
      await client.query('truncate public.odd, public.odd_before')
      for (const [id, values] of rows.entries())
        await client.query(
          `insert into public.odd values ($1, ${values.map((_, at) => `$${at + 2}::text::${types[Math.floor(at / 2)]}`).join(', ')})`,
          [id, ...values],
        )
      // A JSON null is a value, and no value is none.
      await client.query(`insert into public.odd (id, a${types.indexOf('jsonb')}) values (1000, 'null')`)
      const before = await copy()
      expect(before).toHaveLength(rows.length + 1)
      for (const line of before) expect(Object.keys(JSON.parse(line))).toEqual(found.columns.map(({ name }) => name))
      await client.query('insert into public.odd_before select * from public.odd')
      await client.query('truncate public.odd')
      expect(await putIn(client, found, before)).toBe(rows.length + 1)
      const { rows: differing } = await client.query(
        'select id from public.odd a full join public.odd_before b using (id) where a::text is distinct from b::text',
      )
      expect(differing).toEqual([])
      expect(await copy()).toEqual(before)
    }),
    { numRuns: 20 },
  )
  await client.query('drop table public.odd, public.odd_before')
  await client.end()
})

test('every kind of column that the database has is tried', async () => {
  const client = await database.owner.pool.connect()
  const types = (await existingTables(client)).flatMap(({ columns }) => columns.map(({ type }) => type))
  client.release()
  expect([...new Set(types)].filter((type) => !(type in kinds) && type !== 'pgboss.job_state')).toEqual([])
})
