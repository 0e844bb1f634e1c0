import type { ClientBase } from 'pg'

/** Where the parts of a file lie in the store: by month and day of its id, which begins with its time. */
export function folderOf(id: string): string {
  const day = new Date(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toISOString().slice(0, 10)
  return `${day.slice(0, 7)}/${day.slice(8)}/${id}/`
}

/** The id of every file that the transaction on this connection knows, in the order in which they came. */
export async function* everyFile(client: ClientBase): AsyncGenerator<string> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const { rows } = await client.query<{ id: string }>(
      'select id from public.file where id > $1 order by id limit 1000',
      [after],
    )
    yield* rows.map(({ id }) => id)
    const last = rows.at(-1)
    if (last === undefined) return
    after = last.id
  }
}

/** How many of these files are still known to the database as it stands. */
export async function stillKnown(client: ClientBase, ids: readonly string[]): Promise<number> {
  const { rowCount } = await client.query('select from public.file where id = any ($1)', [ids])
  return rowCount ?? 0
}
