// Loads a checked archive into tables that were just made: several tables at a time, each within one transaction.
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { Type } from 'typebox'
import type { FileStore } from '../files/index.ts'
import { loadBare } from './bare.ts'
import { type Member, readMembers, shaped, unpacked, type WholeArchive } from './reading.ts'
import { ArchiveRefusal } from './refusal.ts'
import { type ArchivedTable, fileKeyOf, partOf, rowsOf, Statistics, statisticsName } from './shape.ts'
import { restoreStatistics } from './statistics.ts'
import { jobTable, quoted } from './tables.ts'

export interface Loading {
  readonly file: string
  readonly archive: WholeArchive
  /** The database, at the level of the archive, with nobody else in it. */
  readonly ownerUrl: string
  readonly store: FileStore
  /** Bytes of the archive that were loaded. */
  readonly report: (done: number, total: number) => void
  /** Statements that put indexes and keys up again, and look at what was loaded. */
  readonly reportBuilding: (done: number, total: number) => void
}

/**
 * Loads rows, sequences and files, and puts up again what holds the rows together.
 * @returns rows loaded, and how many jobs were left since their queues are no more
 * @throws ArchiveRefusal where the tables cannot take the rows, or their number is another
 */
export async function loadArchive(loading: Loading): Promise<{ rows: number; jobsLeft: number }> {
  // At least as many as an archive mingles tables: each holds its connection until its last part has come.
  const workers = Math.max(2, Math.min(4, availableParallelism()))
  return loadBare(
    loading.ownerUrl,
    { name: 'linli restore', workers, largestFirst: loading.archive.head.tables.map(({ name }) => name) },
    loading.reportBuilding,
    async ({ pool, client, tables: here }) => {
      const { tables } = loading.archive.head
      refuseUnknown(here, tables)
      // Also tables that travel without a row: what the migrations put there is not what stood there.
      const emptied = here.map(({ name }) => name).filter((name) => name !== jobTable)
      await client.query(`truncate ${emptied.map(quoted).join(', ')}`)
      const loaded = await loadTables(pool, loading)
      for (const [name, last] of Object.entries(loading.archive.end.sequences)) {
        if (last !== null) await client.query('select setval($1::regclass, $2)', [quoted(name), last])
      }
      return {
        // Before the references are looked at: a column that is mostly empty is then looked at by its index, not by its table.
        settle: async () => {
          const unknown = await restoreStatistics(client, loaded.statistics, emptied)
          for (const name of unknown) await client.query(`analyze ${quoted(name)}`)
        },
        finish: () => becomeAnother(client),
        result: { rows: loaded.rows, jobsLeft: loaded.jobsLeft },
      }
    },
  )
}

/** What was backed up may still run: the store that bears its id is not this one's. An archive of before has no id. */
async function becomeAnother(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query(
    "select from information_schema.columns where table_schema = 'public' and table_name = 'installation' and column_name = 'id'",
  )
  if (rows.length > 0) await client.query('update public.installation set id = gen_random_uuid()')
}

/** Rows are put in by the names of their columns: one that is not there any more would be lost without a word. */
function refuseUnknown(here: readonly ArchivedTable[], tables: readonly ArchivedTable[]): void {
  const found = new Map(here.map(({ name, columns }) => [name, new Set(columns)]))
  for (const { name, columns } of tables) {
    const strange = columns.find((column) => !found.get(name)?.has(column))
    if (strange === undefined && found.has(name)) continue
    const what = strange === undefined ? name : `${name}.${strange}`
    throw new ArchiveRefusal({
      zh: `备份里有 ${what}，这一版程序按备份的级别建表却没有它。请用写备份的那一版恢复，再升级。`,
      en: `The archive holds ${what}, which this program does not make at the archive's level. Restore it with the version that wrote it, then upgrade.`,
    })
  }
}

/** One table on its way in. */
interface Inlet {
  readonly parts: number
  put(content: Buffer): Promise<void>
  /** Rows that came, and those of them that were left out rightly. */
  finish(): Promise<{ rows: number; left: number }>
  /** Lets go of the connection, if it is still held: what was put in is taken back. */
  drop(): void
}

interface Loaded {
  readonly rows: number
  readonly jobsLeft: number
  readonly statistics: readonly Statistics[]
}

/** How the rows of a table go in. */
interface Way {
  readonly before: string
  readonly copy: string
  /** Rows that are left out rightly, once they are all there. */
  after(client: pg.PoolClient): Promise<number>
}

function wayOf({ name, columns }: ArchivedTable, rows: 'text' | 'binary'): Way {
  const list = columns.map((column) => quoted(column)).join(', ')
  if (name !== jobTable) {
    return {
      // Emptied within the transaction that fills it: PostgreSQL then need not write the rows into its log as well, and writes them
      // as they are to stay.
      before: `begin; truncate ${quoted(name)}`,
      copy: `copy ${quoted(name)} (${list}) from stdin with (freeze, format ${rows})`,
      after: async () => 0,
    }
  }
  // Jobs that wait go into the queues of this program; those of a queue that is no more have nobody who would do them.
  return {
    before: `begin; create temporary table waiting_job on commit drop as select ${list} from ${quoted(name)} limit 0`,
    copy: `copy waiting_job (${list}) from stdin with (format ${rows})`,
    async after(client) {
      const { rowCount } = await client.query(
        'delete from waiting_job where name not in (select name from pgboss.queue)',
      )
      await client.query(`insert into ${quoted(name)} (${list}) select ${list} from waiting_job`)
      return rowCount ?? 0
    },
  }
}

async function openInlet(pool: pg.Pool, way: Way, parts: number): Promise<Inlet> {
  const client = await pool.connect()
  await client.query(way.before)
  const copy = client.query(copyFrom(way.copy))
  const ended = new Promise<void>((done, failed) => {
    copy.once('finish', done)
    // More than once, where the connection is cut after a refusal.
    copy.on('error', failed)
  })
  ended.catch(() => undefined)
  let held = true
  const release = (broken: boolean): void => {
    if (held) client.release(broken)
    held = false
  }
  return {
    parts,
    async put(content) {
      if (!copy.write(content)) await Promise.race([once(copy, 'drain'), ended])
    },
    async finish() {
      copy.end()
      await ended
      const left = await way.after(client)
      await client.query('commit')
      release(false)
      return { rows: copy.rowCount, left }
    },
    drop: () => release(true),
  }
}

/**
 * Reads the archive once more and hands each part to its table. Parts of several tables alternate, as they were read over several
 * connections; a part is unpacked while the one before it is written.
 */
async function loadTables(pool: pg.Pool, loading: Loading): Promise<Loaded> {
  const { archive, file, store, report } = loading
  const ways = new Map(archive.head.tables.map((table) => [table.name, wayOf(table, rowsOf(archive.head.format))]))
  const inlets = new Map<string, Inlet>()
  /** The part of each table that is on its way in. */
  const lines = new Map<string, Promise<void>>()
  let rows = 0
  let jobsLeft = 0
  let statistics: readonly Statistics[] = []
  let done = 0
  let failed: { error: unknown } | null = null
  const take = async (table: string, part: number, member: Member, before: Promise<void>): Promise<void> => {
    const rowsOfPart = unpacked(file, member)
    rowsOfPart.catch(() => undefined)
    await before
    const inlet = inlets.get(table) as Inlet
    await inlet.put(await rowsOfPart)
    if (part < inlet.parts) return
    const counted = await inlet.finish()
    const wanted = archive.end.tables[table]?.rows ?? 0
    if (counted.rows !== wanted) throw otherNumber(table, counted.rows, wanted)
    rows += counted.rows - counted.left
    jobsLeft += counted.left
  }
  try {
    for await (const member of readMembers(file, archive)) {
      const { name, content } = member
      const key = fileKeyOf(name)
      if (key !== null) {
        await store.put(key, content).catch((error: Error) => {
          throw unstored(key, error)
        })
      }
      if (name === statisticsName)
        statistics = shaped(file, name, Type.Array(Statistics), await unpacked(file, member), true)
      const found = partOf(name)
      const way = found && ways.get(found.table)
      if (found && way) {
        const { table, part } = found
        if (!inlets.has(table)) {
          inlets.set(table, await openInlet(pool, way, archive.end.tables[table]?.parts ?? 0))
        }
        const before = lines.get(table) ?? Promise.resolve()
        const line = take(table, part, member, before)
        line.catch((error: unknown) => {
          failed ??= { error }
        })
        lines.set(table, line)
        // One part goes in while the next is read and unpacked.
        await before.catch(() => undefined)
      }
      if (failed) throw (failed as { error: unknown }).error
      done += content.length
      report(done, archive.bytes)
    }
    await Promise.all(lines.values())
  } finally {
    for (const inlet of inlets.values()) inlet.drop()
  }
  return { rows, jobsLeft, statistics }
}

function unstored(key: string, error: Error): ArchiveRefusal {
  return new ArchiveRefusal(
    {
      zh: `文件 ${key} 存不进去（${error.message}）。只恢复了一半：排除之后再执行一次，它会从头来过。`,
      en: `The file ${key} could not be stored (${error.message}). This is half restored: mend that and run it again; it begins anew.`,
    },
    'installation',
  )
}

function otherNumber(table: string, found: number, wanted: number): ArchiveRefusal {
  return new ArchiveRefusal({
    zh: `表 ${table} 恢复出 ${found} 行，备份记着 ${wanted} 行。`,
    en: `${found} rows of the table ${table} were restored; the archive counts ${wanted}.`,
  })
}
