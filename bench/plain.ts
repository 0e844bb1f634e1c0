// The limit of intake: the very rows that the server wrote, written again by plain SQL. One transaction a request, every statement
// prepared, all of a transaction's statements sent together, as owner of the tables (no policy), with no application: nothing is
// received, read, checked, encrypted or digested. As many connections as the server has. Indexes, foreign keys, checks and durable
// commits are the same.
import { randomBytes } from 'node:crypto'
import { newId } from '#kernel/database/identifiers.ts'
import { openDatabase } from '#kernel/database/index.ts'

export interface PlainOrder {
  readonly ownerUrl: string
  readonly connections: number
  readonly warmSeconds: number
  readonly seconds: number
}

/** The tables of one filed request, how its rows are found, and which columns have to be new in a copy. */
const tables = [
  { table: 'public.request', of: 'id', fresh: { id: 'record', number: 'number' } },
  { table: 'ledger.act', of: 'record', fresh: { id: 'act', record: 'record' } },
  { table: 'ledger.salt', of: null, fresh: { act: 'act' } },
  { table: 'ledger.pending', of: null, fresh: { act: 'act' } },
  { table: 'public.request_entry', of: 'request', fresh: { id: 'id', request: 'record' } },
  { table: 'public.request_contact', of: 'request', fresh: { request: 'record' } },
  { table: 'access.token', of: 'record', fresh: { hash: 'hash', record: 'record' } },
  { table: 'pgboss.job', of: null, fresh: { id: 'id', data: 'data' } },
  { table: 'public.idempotency', of: null, fresh: { key_hash: 'hash' } },
] as const

interface Statement {
  readonly name: string
  readonly text: string
  readonly columns: readonly string[]
  readonly fresh: Readonly<Record<string, string>>
  readonly rows: readonly (readonly (string | null)[])[]
}

async function run(order: PlainOrder): Promise<{ perSecond: number; rows: number }> {
  const database = openDatabase(order.ownerUrl, {
    connections: order.connections + 1,
    statementSeconds: 60,
    name: 'linli bench',
  })
  const { rows: filed } = await database.pool.query<{ id: string; act: string }>(
    `select r.id, a.id as act from request r join ledger.act a on a.record = r.id
     where r.filed_at > now() - interval '1 hour' and r.state = 'received' order by r.id desc limit 200`,
  )
  if (filed.length === 0) throw new Error('nothing was filed through the server yet')
  const ids = filed.map(({ id }) => id)
  const acts = filed.map(({ act }) => act)
  const statements: Statement[] = []
  for (const { table, of, fresh } of tables) {
    const { rows: columns } = await database.pool.query<{ name: string }>(
      `select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped
         and attgenerated = '' and attidentity = '' order by attnum`,
      [table],
    )
    const names = columns.map(({ name }) => name)
    const shown = names.map((column) => `${column}::text`).join(', ')
    // What waits for its place in the chain has none here yet: a copy has only its id.
    const found =
      table === 'ledger.pending'
        ? { rows: [{ act: acts[0] ?? null }] }
        : of
          ? await database.pool.query(`select ${shown} from ${table} where ${of} = any($1::uuid[])`, [ids])
          : table === 'ledger.salt'
            ? await database.pool.query(`select ${shown} from ${table} where act = any($1::uuid[])`, [acts])
            : table === 'pgboss.job'
              ? await database.pool.query(`select ${shown} from ${table} where data ->> 'request' = any($1::text[])`, [
                  ids,
                ])
              : await database.pool.query(`select ${shown} from ${table} order by at desc limit 200`)
    if (found.rows.length === 0) throw new Error(`the server wrote no row of ${table}`)
    statements.push({
      name: `plain-${table}`,
      text: `insert into ${table} (${names.join(', ')}) values (${names.map((_, index) => `$${index + 1}`).join(', ')})`,
      columns: names,
      fresh,
      rows: found.rows.map((row) => names.map((column) => (row as Record<string, string | null>)[column] ?? null)),
    })
  }
  let number = Date.now() * 10
  let made = 0
  const began = performance.now()
  const from = began + order.warmSeconds * 1_000
  const until = from + order.seconds * 1_000
  const connection = async () => {
    const client = await database.pool.connect()
    let turn = Math.floor(Math.random() * 200)
    while (performance.now() < until) {
      turn += 1
      number += 1
      const record = newId()
      const fresh: Record<string, () => unknown> = {
        record: () => record,
        act: () => act,
        id: () => newId(),
        number: () => number,
        hash: () => randomBytes(32),
        data: () => JSON.stringify({ request: record, kind: 'due_soon' }),
      }
      const act = newId()
      const sent: Promise<unknown>[] = [client.query('begin')]
      for (const { name, text, columns, fresh: changing, rows } of statements) {
        const row = rows[turn % rows.length] ?? []
        const values = columns.map((column, index) => fresh[changing[column] ?? '']?.() ?? row[index])
        sent.push(client.query({ name, text, values }))
      }
      sent.push(client.query('commit'))
      await Promise.all(sent)
      const now = performance.now()
      if (now >= from && now <= until) made += 1
    }
    client.release()
  }
  await Promise.all(Array.from({ length: order.connections }, connection))
  await database.close()
  return { perSecond: made / order.seconds, rows: statements.length }
}

if (process.send) {
  process.once('message', (order: PlainOrder) => {
    run(order).then(
      (outcome) => process.send?.({ outcome }, () => process.exit(0)),
      (error: Error) => process.send?.({ error: error.stack }, () => process.exit(1)),
    )
  })
}
