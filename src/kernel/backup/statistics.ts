// What PostgreSQL knows of the values of a table travels with its rows: to look at them anew took as long as building every index.
import type pg from 'pg'
import { goingColumns } from '../privacy/index.ts'
import type { Statistics } from './shape.ts'

/** The parts of it, with the types under which they are put back. */
const parts = {
  null_frac: 'real',
  avg_width: 'integer',
  n_distinct: 'real',
  most_common_vals: 'text',
  most_common_freqs: 'real[]',
  histogram_bounds: 'text',
  correlation: 'real',
  most_common_elems: 'text',
  most_common_elem_freqs: 'real[]',
  elem_count_histogram: 'real[]',
  range_length_histogram: 'text',
  range_empty_frac: 'real',
  range_bounds_histogram: 'text',
} as const

/** Whose it is, and what of it holds no value of any row. */
const counted = [
  'schemaname',
  'tablename',
  'attname',
  'inherited',
  'null_frac',
  'avg_width',
  'n_distinct',
  'correlation',
]

/**
 * Of a column whose values go, with a person or by themselves, no single value travels: it would stand in the archive, and in the
 * database made of it, after its row is gone.
 */
function withoutGoing(statistics: readonly Statistics[], going: ReadonlySet<string>): Statistics[] {
  return statistics.map((row) =>
    going.has(`${row.schemaname}.${row.tablename}.${row.attname}`)
      ? Object.fromEntries(Object.entries(row).filter(([part]) => counted.includes(part)))
      : row,
  )
}

/** What is known of the columns of these tables. */
export async function statisticsOf(client: pg.ClientBase, tables: readonly string[]): Promise<Statistics[]> {
  const columns = Object.entries(parts).map(([name, type]) => `${name}::${type} as ${name}`)
  const { rows } = await client.query<Statistics>(
    `select schemaname, tablename, attname, inherited, ${columns.join(', ')} from pg_stats
     where schemaname || '.' || tablename = any ($1) order by 1, 2, 3`,
    [tables],
  )
  return withoutGoing(rows, await goingColumns())
}

/**
 * Puts back what was known; an archive of before may hold more than travels now. What PostgreSQL cannot use it leaves, and learns by
 * itself later.
 * @returns the tables of which nothing is known
 */
export async function restoreStatistics(
  client: pg.ClientBase,
  statistics: readonly Statistics[],
  tables: readonly string[],
): Promise<string[]> {
  const unknown = new Set(tables)
  for (const row of withoutGoing(statistics, await goingColumns())) {
    const name = `${row.schemaname}.${row.tablename}`
    if (!unknown.has(name) && !tables.includes(name)) continue
    const values: unknown[] = [row.schemaname, row.tablename, row.attname, row.inherited]
    const given = Object.entries(parts).flatMap(([part, type]) => {
      const value = row[part]
      if (value === null || value === undefined) return []
      values.push(value)
      return [`'${part}', $${values.length}::${type}`]
    })
    await client.query(
      `select pg_restore_attribute_stats('schemaname', $1::text, 'relname', $2::text, 'attname', $3::text, 'inherited', $4::boolean,
         ${given.join(', ')})`,
      values,
    )
    unknown.delete(name)
  }
  return [...unknown]
}
