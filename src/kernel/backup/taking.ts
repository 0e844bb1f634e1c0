// Takes a backup while the installation runs: one snapshot for every table, read over two connections, then the files that it knows.
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { constants, zstdCompress } from 'node:zlib'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { everyFile, type FileStore, folderOf, stillKnown } from '../files/index.ts'
import { fingerprint } from './keys.ts'
import { checkArchive } from './reading.ts'
import { ArchiveRefusal } from './refusal.ts'
import {
  type End,
  endName,
  fileKeyOf,
  fileName,
  format,
  type Head,
  headName,
  partName,
  rowsOf,
  sealOf,
  statisticsName,
} from './shape.ts'
import { statisticsOf } from './statistics.ts'
import { copySession, type FoundTable, migrationsOf, quoted, sequencesOf, travellingTables } from './tables.ts'
import { type ArchiveWriter, writeArchive } from './writing.ts'

const compress = promisify(zstdCompress)
/** Bytes of rows in one part, before they are packed: what a backup and a restore hold in memory, some times over. */
const partBytes = 4 << 20
/** Packed in one piece: in pieces of the usual 16 KB each part would go to the threads and back a hundred times. */
const packing = { chunkSize: partBytes, params: { [constants.ZSTD_c_compressionLevel]: 1 } }
const connections = 2

export interface Taken {
  readonly bytes: number
  readonly rows: number
  readonly files: number
  /** Files that the database knows and that were not there, although nobody has deleted them meanwhile. */
  readonly lost: number
  /** The register as it stands in the archive, to be noted outside. */
  readonly entries: number
  readonly hash: string
  /** Of the archive itself. */
  readonly digest: string
}

export interface Taking {
  readonly file: string
  readonly ownerUrl: string
  readonly key: Buffer
  readonly program: string
  /** Where pictures and videos lie. */
  readonly store: FileStore
  /** So many bytes of about so many were read from the database and the files. */
  readonly report: (done: number, total: number) => void
  /** The archive is read back. */
  readonly reportCheck: (done: number, total: number) => void
}

/**
 * Writes the whole installation into `file`, reads it back, and gives it its name only then.
 * @throws ArchiveRefusal where it cannot be written, or the database is none of Linli
 */
export async function takeBackup(taking: Taking): Promise<Taken> {
  const readers = await Promise.all(
    Array.from({ length: connections }, () => connectReader(taking.ownerUrl, 'linli backup')),
  )
  const [first] = readers as [pg.Client]
  let archive: ArchiveWriter | null = null
  try {
    const snapshot = await shareSnapshot(readers)
    const { tables } = snapshot
    const head = await headOf(first, taking, tables)
    archive = writeArchive(taking.file, new Date(head.takenAt), taking.key)
    await archive.add(headName, json(head))
    const counted = await copyTables(readers, tables, archive, taking.report)
    // Drawn outside of transactions, so they may be ahead of the snapshot; never behind it.
    const sequences = await sequencesOf(first)
    const files = await copyFiles(first, taking, archive)
    const statistics = await statisticsOf(
      first,
      tables.map(({ name }) => name),
    )
    await archive.add(statisticsName, await compress(Buffer.from(JSON.stringify(statistics))))
    const end: End = {
      tables: Object.fromEntries([...counted].sort()),
      sequences,
      files: { stored: files.stored, bytes: files.bytes, missing: files.missing },
      register: snapshot.register,
    }
    await archive.add(endName, json(end))
    const written = await archive.close()
    const read = await checkArchive(archive.draft, head.migrations, taking.reportCheck)
    if (
      read.hash !== written.hash ||
      read.seal !== sealOf(taking.key, written.hash) ||
      json(read.end).compare(json(end)) !== 0
    )
      throw misread(taking.file)
    await archive.publish()
    const rows = [...counted.values()].reduce((sum, { rows }) => sum + rows, 0)
    const { entries, hash } = end.register
    return { bytes: written.bytes, rows, files: files.stored, lost: files.lost, entries, hash, digest: written.hash }
  } catch (error) {
    archive?.discard()
    throw error
  } finally {
    await Promise.all(readers.map((client) => client.end().catch(() => undefined)))
  }
}

/** A connection that reads values as every PostgreSQL writes them alike. */
export async function connectReader(url: string, name: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: name })
  client.on('error', () => undefined)
  await client.connect()
  await client.query(copySession)
  return client
}

interface Snapshot {
  readonly register: End['register']
  readonly tables: readonly FoundTable[]
}

/**
 * Every connection looks at the same moment, and holds the tables: what alters or empties one meanwhile (a migration) is not seen by a
 * snapshot, and waits until all is read.
 */
export async function shareSnapshot(readers: readonly pg.Client[]): Promise<Snapshot> {
  const [first, ...others] = readers as [pg.Client, ...pg.Client[]]
  if ((await migrationsOf(first)) === null) {
    throw new ArchiveRefusal(
      {
        zh: '这个数据库不是邻里的，没有什么可备份。',
        en: 'This is no database of Linli; there is nothing to back up.',
      },
      'installation',
    )
  }
  for (let round = 1; ; round += 1) {
    try {
      const snapshot = await heldSnapshot(first, others)
      if (snapshot !== null) return snapshot
    } catch (error) {
      // Somebody took a table away, or is waiting to alter one: the others would wait for each other in a circle.
      if (!['42P01', '55P03'].includes((error as pg.DatabaseError).code ?? '') || round === rounds) throw error
    }
    for (const reader of readers) await reader.query('rollback')
    await sleep(pauseMilliseconds)
  }
}

const rounds = 120
const pauseMilliseconds = 500

/** @returns null where a table was made before they could all be held */
async function heldSnapshot(first: pg.Client, others: readonly pg.Client[]): Promise<Snapshot | null> {
  const found = await travellingTables(first)
  const hold = `lock table ${found.map(({ name }) => quoted(name)).join(', ')} in access share mode`
  await first.query('begin isolation level repeatable read read only')
  // Before the first look, which is the snapshot.
  await first.query(hold)
  const { rows } = await first.query<{ id: string; entries: string; hash: string }>(
    // A backup is taken before an upgrade too: the register of an earlier level has a hash and no root.
    `select pg_export_snapshot() as id, place::text as entries,
       substr(coalesce(to_jsonb(h) ->> 'root', to_jsonb(h) ->> 'hash'), 3) as hash from ledger.head h`,
  )
  const { id = '', entries = '0', hash = '' } = rows[0] ?? {}
  for (const other of others) {
    await other.query('begin isolation level repeatable read read only')
    await other.query(`set transaction snapshot '${id}'`)
    await other.query(`${hold} nowait`)
  }
  const tables = await travellingTables(first)
  if (tables.some(({ name }) => !found.some((each) => each.name === name))) return null
  return { tables, register: { entries: Number(entries), hash } }
}

async function headOf(client: pg.Client, taking: Taking, tables: readonly FoundTable[]): Promise<Head> {
  const { rows } = await client.query<{ postgres: string }>("select current_setting('server_version') as postgres")
  return {
    format,
    program: taking.program,
    takenAt: new Date().toISOString(),
    postgres: rows[0]?.postgres ?? '',
    migrations: (await migrationsOf(client)) ?? [],
    key: fingerprint(taking.key),
    tables: tables.map(({ name, columns }) => ({ name, columns })),
  }
}

async function copyTables(
  readers: readonly pg.Client[],
  tables: readonly FoundTable[],
  archive: ArchiveWriter,
  report: (done: number, total: number) => void,
): Promise<Map<string, { rows: number; parts: number }>> {
  const total = tables.reduce((sum, { bytes }) => sum + bytes, 0)
  const waiting = [...tables]
  const counted = new Map<string, { rows: number; parts: number }>()
  let done = 0
  await Promise.all(
    readers.map(async (client) => {
      for (let table = waiting.shift(); table !== undefined; table = waiting.shift()) {
        counted.set(
          table.name,
          await copyTable(client, table, archive, (bytes) => {
            done += bytes
            report(done, total)
          }),
        )
      }
    }),
  )
  return counted
}

async function copyTable(
  client: pg.Client,
  { name, source }: FoundTable,
  archive: ArchiveWriter,
  report: (bytes: number) => void,
): Promise<{ rows: number; parts: number }> {
  const rows = client.query(
    copyTo(`copy ${source} to stdout (format ${rowsOf(format)})`, { highWaterMark: 1 << 18 } as object),
  )
  let gathered: Buffer[] = []
  let bytes = 0
  let parts = 0
  // While one part is packed and written, the next is read.
  let writing: Promise<void> = Promise.resolve()
  const put = async (): Promise<void> => {
    const content = Buffer.concat(gathered)
    gathered = []
    bytes = 0
    await writing
    const part = ++parts
    writing = compress(content, packing).then((packed) => archive.add(partName(name, part), packed))
    writing.catch(() => undefined)
  }
  for await (const chunk of rows as AsyncIterable<Buffer>) {
    gathered.push(chunk)
    bytes += chunk.length
    report(chunk.length)
    if (bytes >= partBytes) await put()
  }
  if (bytes > 0) await put()
  await writing
  return { rows: rows.rowCount, parts }
}

/** The files that the snapshot knows. One that somebody deletes meanwhile goes missing rightly; one that is gone without that is told. */
async function copyFiles(
  client: pg.Client,
  { store, ownerUrl }: Taking,
  archive: ArchiveWriter,
): Promise<{ stored: number; bytes: number; missing: number; lost: number }> {
  let stored = 0
  let bytes = 0
  const absent: string[] = []
  for await (const { id } of everyFile(client)) {
    const folder = folderOf(id)
    let found = 0
    for (const name of await store.list(folder)) {
      // What else may lie there is no file of ours, and would be refused when the archive is read.
      if (fileKeyOf(fileName(`${folder}${name}`)) === null) continue
      const opened = await store.open(`${folder}${name}`)
      if (opened === null) continue
      const content = await buffer(opened.stream)
      await archive.add(fileName(`${folder}${name}`), content)
      found += 1
      bytes += content.length
    }
    if (found === 0) absent.push(id)
    stored += found
  }
  if (absent.length === 0) return { stored, bytes, missing: 0, lost: 0 }
  // The snapshot is of a moment ago: a connection of its own sees what stands now.
  const now = await connectReader(ownerUrl, 'linli backup')
  try {
    return { stored, bytes, missing: absent.length, lost: (await stillKnown(now, absent)).size }
  } finally {
    await now.end()
  }
}

function json(value: Head | End): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 1)}\n`)
}

function misread(file: string): ArchiveRefusal {
  return new ArchiveRefusal({
    zh: `${file} 写好后读回来不一样：磁盘靠不住。已删去，请换一个地方再备份。`,
    en: `${file} reads back otherwise than it was written: its disk is not to be trusted. It has been removed; back up to another place.`,
  })
}
