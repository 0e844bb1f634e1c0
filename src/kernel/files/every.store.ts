import type { ClientBase } from 'pg'

/** A file as the database knows it: which, and how to tell that its bytes are whole. */
export interface KnownFile {
  id: string
  mediaType: string
  /** Of the original. */
  sha256: Buffer
  bytes: number
  thumbnail: boolean
}

/** Every file that the transaction on this connection knows, in the order in which they came. */
export async function* everyFile(client: ClientBase): AsyncGenerator<KnownFile> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const { rows } = await client.query<KnownFile>(
      `select id, media_type as "mediaType", sha256, bytes::float8 as bytes, thumbnail from public.file
       where id > $1 order by id limit 1000`,
      [after],
    )
    yield* rows
    const last = rows.at(-1)
    if (last === undefined) return
    after = last.id
  }
}

/** Which installation this database is; null where it has not begun, or stands at the level of an earlier version. */
export async function installationOf(client: ClientBase): Promise<string | null> {
  const { rows } = await client.query<{ id: string | null }>(
    "select to_jsonb(i) ->> 'id' as id from public.installation i",
  )
  return rows[0]?.id ?? null
}

export async function countFiles(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ count: number }>('select count(*)::float8 as count from public.file')
  return rows[0]?.count ?? 0
}

/** Which of these files are still known to the database as it stands. */
export async function stillKnown(client: ClientBase, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await client.query<{ id: string }>('select id from public.file where id = any ($1)', [ids])
  return new Set(rows.map(({ id }) => id))
}
