// Puts a checked archive into tables that were just made.
import { createHash } from 'node:crypto'
import { availableParallelism } from 'node:os'
import type pg from 'pg'
import { fileKeyOf, loadBare } from '../backup/index.ts'
import type { FileStore } from '../files/index.ts'
import { apart, loadArchives } from './declaring.ts'
import type { Where } from './faults.ts'
import { type CheckedArchive, linesOf, readMembers } from './reading.ts'
import { faults } from './refusing.ts'
import { placeAnew } from './register.store.ts'
import {
  analyse,
  emptyTables,
  existingSequences,
  existingTables,
  goOnFrom,
  highestOf,
  putIn,
  rebuild,
  type Table,
} from './rows.store.ts'
import { resealing } from './sealing.ts'
import type { ArchivedTable } from './shape.ts'
import { partOf } from './shape.ts'

export interface Importing {
  readonly archive: CheckedArchive
  /** The database, at the level of the archive, with nobody else in it. */
  readonly ownerUrl: string
  readonly store: FileStore
  /** The key under which the archive's values are sealed, and that of the installation: the same for a whole one. */
  readonly sealedUnder: Buffer
  readonly key: Buffer
  readonly report: (done: number, total: number) => void
  readonly reportBuilding: (done: number, total: number) => void
}

/** Tables of the queues, which hold nothing yet and keep what their library put there. */
const isOfQueues = (name: string): boolean => name.startsWith('pgboss.')

/**
 * Loads rows and files, and puts up again what holds the rows together.
 * @throws ArchiveRefusal where the tables cannot take the rows
 */
export async function importArchive(importing: Importing): Promise<{ rows: number; files: number; jobsLeft: number }> {
  const { archive, reportBuilding, ownerUrl } = importing
  const { manifest } = archive
  const rooms = await loadArchives()
  const workers = Math.max(2, Math.min(4, availableParallelism()))
  const largestFirst = Object.keys(manifest.rows).toSorted(
    (one, other) => (manifest.rows[other]?.rows ?? 0) - (manifest.rows[one]?.rows ?? 0),
  )
  try {
    return await loadBare(
      ownerUrl,
      { name: 'linli import', workers, largestFirst },
      reportBuilding,
      async ({ pool, client }) => {
        const tables = meet(await existingTables(client), manifest.tables)
        const filled = [...tables.keys()].filter((name) => !isOfQueues(name))
        await emptyTables(client, filled)
        const loaded = await load(
          importing,
          pool,
          tables,
          new Map(rooms.flatMap(({ archive: ways }) => Object.entries(ways))),
        )
        // A sequence that a later migration makes is not there yet.
        const numbered = new Set(await existingSequences(client))
        for (const room of rooms) {
          for (const [sequence, column] of Object.entries(room.sequences)) {
            if (!numbered.has(sequence)) continue
            const [table, name] = apart(column)
            const last =
              manifest.sequences[sequence] ?? (tables.has(table) ? await highestOf(client, table, name) : null)
            await goOnFrom(client, sequence, last)
          }
        }
        return { settle: () => analyse(client, filled), finish: async () => undefined, result: loaded }
      },
    )
  } catch (error) {
    throw unfitting(error)
  }
}

/** Reckons anew what was left out as derived; in a part, gives the acts their places in a register of its own. */
export async function settleImport(
  client: pg.ClientBase,
  { manifest }: CheckedArchive,
  report: (done: number, total: number) => void,
): Promise<void> {
  const acts = manifest.rows['ledger.act']?.rows ?? 0
  if (manifest.scope !== null) await placeAnew(client, (done) => report(done, acts))
  const rooms = await loadArchives()
  await rebuild(
    client,
    rooms.flatMap(({ rebuilds }) => rebuilds),
  )
}

/** The tables of the archive as they stand here: a column that is not there would be lost without a word. */
function meet(here: readonly Table[], archived: readonly ArchivedTable[]): Map<string, Table> {
  const known = new Map(here.map((table) => [table.name, table]))
  return new Map(
    archived.map(({ name, columns }) => {
      const table = known.get(name)
      if (!table) throw faults.unknown(name)
      const chosen = columns.map((column) => {
        const found = table.columns.find((each) => each.name === column.name)
        if (!found || found.type !== column.type || found.boxed !== column.boxed)
          throw faults.unknown(`${name}.${column.name} ${column.type}`)
        return found
      })
      return [name, { ...table, columns: chosen }]
    }),
  )
}

async function load(
  { archive, store, sealedUnder, key, report }: Importing,
  pool: pg.Pool,
  tables: ReadonlyMap<string, Table>,
  ways: ReadonlyMap<string, Parameters<ReturnType<typeof resealing>>[1]>,
): Promise<{ rows: number; files: number; jobsLeft: number }> {
  const { file, bytes, digest } = archive
  const reseal = sealedUnder.equals(key) ? null : resealing(sealedUnder, key)
  const all = createHash('sha256')
  const done = { rows: 0, files: 0, jobsLeft: 0 }
  const running = new Set<Promise<void>>()
  let failed: { error: unknown } | null = null
  const takeIn = async (table: Table, lines: readonly string[], member: string): Promise<void> => {
    const client = await pool.connect()
    try {
      const way = ways.get(table.name)
      const sealed = reseal && way?.sealed?.length ? lines.map((line) => reseal(table.name, way, line)) : lines
      const rows = await putIn(client, table, sealed).catch((error: unknown) =>
        named(client, table, sealed, member, error),
      )
      done.rows += rows
      if (isOfQueues(table.name)) done.jobsLeft += lines.length - rows
    } finally {
      client.release()
    }
  }
  try {
    for await (const { name, content } of readMembers({ file, all, onBytes: (read) => report(read, bytes) })) {
      const found = partOf(name)
      const table = found && tables.get(found.table)
      const stored = fileKeyOf(name)
      if (table) {
        const lines = await linesOf(file, { name, content })
        // Some parts are put in while the next is read and unpacked.
        while (running.size >= 2) await Promise.race(running)
        const one: Promise<void> = takeIn(table, lines, name)
          .catch((error: unknown) => {
            failed ??= { error }
          })
          .finally(() => running.delete(one))
        running.add(one)
      } else if (stored !== null) {
        await store.put(stored, content)
        done.files += 1
      }
      if (failed) throw (failed as { error: unknown }).error
    }
    await Promise.all(running)
    if (failed) throw (failed as { error: unknown }).error
    if (all.digest('hex') !== digest) throw faults.between(file, 'manifest.note')
    return done
  } catch (error) {
    await Promise.allSettled(running)
    if (done.files > 0) await takeBackFiles(file, store).catch(() => undefined)
    throw error
  }
}

/** Removes the files that the archive holds: the store was empty before. */
async function takeBackFiles(file: string, store: FileStore): Promise<void> {
  for await (const { name } of readMembers({ file, all: createHash('sha256') })) {
    const stored = fileKeyOf(name)
    if (stored !== null) await store.remove(stored.slice(0, stored.lastIndexOf('/') + 1))
  }
}

/** Which line it is that the table does not take: found by putting in one after the other what then goes anyway. */
async function named(
  client: pg.PoolClient,
  table: Table,
  lines: readonly string[],
  member: string,
  error: unknown,
): Promise<never> {
  if (!isOfRow(error)) throw error
  for (const [at, line] of lines.entries()) {
    const where: Where = { member, line: at + 1 }
    await putIn(client, table, [line]).catch((own: unknown) => {
      throw isOfRow(own) ? faults.row(where, (own as Error).message) : own
    })
  }
  throw error
}

/** A value that is none of its type, or breaks a rule of its table (SQLSTATE classes 22 and 23). */
const isOfRow = (error: unknown): boolean => /^2[23]/.test((error as pg.DatabaseError)?.code ?? '')

/** What PostgreSQL says of rows that do not fit together, once keys and references are put up again. */
function unfitting(error: unknown): unknown {
  return isOfRow(error) ? faults.references((error as pg.DatabaseError).detail ?? (error as Error).message) : error
}
