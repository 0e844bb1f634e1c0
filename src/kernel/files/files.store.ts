import { type QueryExecutorProvider, sql } from 'kysely'

/** A file as the rooms see it. */
export interface FileRow {
  id: string
  kind: 'picture' | 'video'
  mediaType: string
  bytes: number
  width: number | null
  height: number | null
  thumbnail: boolean
  purpose: string
  position: number
}

const columns = sql.raw('id, kind, media_type as "mediaType", bytes, width, height, thumbnail, purpose, position')

export async function insertFile(
  database: QueryExecutorProvider,
  file: Omit<FileRow, 'kind'> & { kind: string; sha256: Buffer; owner: Buffer; expiresAt: Date; now: Date },
): Promise<void> {
  await sql`
    insert into file (id, sha256, kind, media_type, bytes, width, height, thumbnail, purpose, position, owner_token_hash,
      expires_at, created_at)
    values (${file.id}, ${file.sha256}, ${file.kind}, ${file.mediaType}, ${file.bytes}, ${file.width}, ${file.height},
      ${file.thumbnail}, ${file.purpose}, ${file.position}, ${file.owner}, ${file.expiresAt}, ${file.now})`.execute(
    database,
  )
}

/** What a form holds. The function asks for the hash of its token: no policy lets the application list held files. */
export async function heldFiles(database: QueryExecutorProvider, owner: Buffer, now: Date): Promise<FileRow[]> {
  const { rows } = await sql<FileRow>`select ${columns} from file_held(${owner}, ${now}) order by position, id`.execute(
    database,
  )
  return rows
}

/** How many of the ids were held by the owner and belong to the record now. */
export async function attachFiles(
  database: QueryExecutorProvider,
  ids: readonly string[],
  owner: Buffer,
  now: Date,
  record: string,
): Promise<number> {
  const { rows } = await sql<{ attached: number }>`
    select file_attach(${[...ids]}::uuid[], ${owner}, ${now}, ${record}::uuid) as attached`.execute(database)
  return rows[0]?.attached ?? 0
}

export async function letGoFile(
  database: QueryExecutorProvider,
  id: string,
  owner: Buffer,
  now: Date,
): Promise<boolean> {
  const { rows } = await sql<{ gone: boolean }>`select file_let_go(${id}::uuid, ${owner}, ${now}) as gone`.execute(
    database,
  )
  return rows[0]?.gone ?? false
}

/** Files of a record, beneath the policy of the room that owns the record. */
export async function filesOf(database: QueryExecutorProvider, record: string): Promise<FileRow[]> {
  const { rows } = await sql<FileRow>`
    select ${columns} from file where record = ${record}::uuid order by position, id`.execute(database)
  return rows
}

/** Held files whose time has passed. */
export async function expiredFiles(
  database: QueryExecutorProvider,
  now: Date,
): Promise<Pick<FileRow, 'id' | 'mediaType'>[]> {
  const { rows } = await sql<Pick<FileRow, 'id' | 'mediaType'>>`
    select id, media_type as "mediaType" from file where record is null and expires_at <= ${now} limit 1000`.execute(
    database,
  )
  return rows
}

export async function deleteFiles(database: QueryExecutorProvider, ids: readonly string[]): Promise<void> {
  await sql`delete from file where id = any (${[...ids]}::uuid[])`.execute(database)
}

/** Which installation this database is, null where it has not begun; and the newest file that it knows. */
export async function whoseFiles(
  database: QueryExecutorProvider,
): Promise<{ installation: string | null; newest: string | null }> {
  const { rows } = await sql<{ installation: string | null; newest: string | null }>`
    select (select id from installation) as installation, (select id from file order by id desc limit 1) as newest`.execute(
    database,
  )
  return rows[0] ?? { installation: null, newest: null }
}

/** Which of the ids have a row. */
export async function knownFiles(database: QueryExecutorProvider, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`select id from file where id = any (${[...ids]}::uuid[])`.execute(database)
  return new Set(rows.map((row) => row.id))
}
