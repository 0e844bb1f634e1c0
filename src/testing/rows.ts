// Rows taken out of one database of a run of tests and put into another, as they are: no trigger runs, no policy is asked.
import type pg from 'pg'

/** The tables into which anything was ever written. Queues belong to the server that serves them and are left out. */
export async function filledTables(superuser: pg.Pool): Promise<string[]> {
  const { rows } = await superuser.query<{ name: string }>(`
    select format('%I.%I', n.nspname, c.relname) as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'pgboss')
      and pg_relation_size(c.oid) > 0`)
  return rows.map((row) => row.name)
}

/** All rows of the tables, as text by the name of the table. */
export async function takeRows(superuser: pg.Pool, tables: readonly string[]): Promise<Map<string, string>> {
  const taken = new Map<string, string>()
  for (const table of tables) {
    const { rows } = await superuser.query<{ all: string }>(`select json_agg(t)::text as all from ${table} t`)
    taken.set(table, rows[0]?.all ?? '[]')
  }
  return taken
}

/** Puts rows that were taken into the tables of another database. */
export async function putRows(superuser: pg.Pool, taken: ReadonlyMap<string, string>): Promise<void> {
  const client = await superuser.connect()
  try {
    await client.query('begin; set local session_replication_role = replica')
    for (const [table, text] of taken) {
      const { rows } = await client.query<{ columns: string }>(
        `select string_agg(format('%I', attname), ', ') as columns from pg_attribute
         where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
        [table],
      )
      const columns = rows[0]?.columns
      await client.query(
        `insert into ${table} (${columns}) overriding system value
         select ${columns} from json_populate_recordset(null::${table}, $1::json)`,
        [text],
      )
    }
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}
