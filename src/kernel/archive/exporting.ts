// Writes an installation, or one part of it, into an archive while it runs: everything from one snapshot.
import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { connectReader, fingerprint, migrationsOf, shareSnapshot } from '../backup/index.ts'
import { createEncryption } from '../encryption/index.ts'
import type { FileStore } from '../files/index.ts'
import { nameOf } from '../ledger/index.ts'
import { registerSigner, type Signer, sha256, writeCheckpoint, writeKey, writeNote } from '../tree/index.ts'
import { loadArchives, type RoomArchive, type TableArchive } from './declaring.ts'
import { choose, linesOfPart, prepareChoice } from './part.store.ts'
import { readme } from './readme.ts'
import { momentOf, placeWaiting, readHead } from './register.store.ts'
import { existingTables, rowsOf, type Table } from './rows.store.ts'
import { resealing } from './sealing.ts'
import { actTable, nextNumbers, writeFiles, writeTables } from './sending.ts'
import { formatName, formatVersion, type Head, headName, type Manifest, readmeName, type Scope } from './shape.ts'
import { type MemberWriter, writeMembers } from './writing.ts'

export interface Exporting {
  readonly file: string
  readonly ownerUrl: string
  readonly key: Buffer
  readonly program: string
  readonly store: FileStore
  /** Null: the whole installation. */
  readonly scope: Scope | null
  /** So many rows of so many, by an estimate. */
  readonly report: (done: number, total: number) => void
  /** Reads back what was written, and holds it to its register. */
  readonly check: (draft: string) => Promise<unknown>
}

export interface Exported {
  readonly bytes: number
  readonly rows: number
  readonly files: number
  /** Files that the database knows and that are not there. */
  readonly lost: number
  readonly entries: number
  readonly root: string
  /** Acts in the archive. */
  readonly acts: number
  /** The key of the register, to be compared with what is known of it. */
  readonly key: string
  /** The key of what is sealed in the archive of a part; null for a whole one, which is under the installation's own. */
  readonly sealedUnder: Buffer | null
}

/**
 * Writes the archive, has it read back, and gives it its name only then.
 * @throws ArchiveRefusal where it cannot be written, or does not hold when it is read back
 */
export async function exportArchive(exporting: Exporting): Promise<Exported> {
  const { scope, ownerUrl, key, store } = exporting
  const rooms = await loadArchives()
  const ways = new Map(rooms.flatMap(({ archive }) => Object.entries(archive)))
  const client = await connectReader(ownerUrl, 'linli export')
  let writer: MemberWriter | null = null
  try {
    await placeWaiting(client)
    const tables = travelling(await existingTables(client), ways, scope)
    const choice = scope && {
      ways,
      tables,
      scope,
      going: await prepareChoice(
        client,
        tables.map(({ name }) => name),
      ),
    }
    await shareSnapshot([client])
    const references = choice ? await choose(client, choice) : []
    const sealedUnder = scope === null ? null : randomBytes(32)
    const head = await headOf(client, exporting, tables, sealedUnder ?? key)
    const register = await registerOf(client, key)
    writer = writeMembers(exporting.file, new Date(head.takenAt))
    await writer.add(headName, json(head))
    await writer.add(readmeName, Buffer.from(readme))
    const reseal = sealedUnder === null ? null : resealing(key, sealedUnder)
    const waiting = await writeTables({
      client,
      writer,
      tables,
      register,
      takenAt: head.takenAt,
      going: choice?.going ?? null,
      from: (table) => (choice ? linesOfPart(table, rowsOf(table), choice, references) : rowsOf(table)),
      reseal: (table, line) => (reseal ? reseal(table, ways.get(table), line) : line),
      report: exporting.report,
    })
    const files = await writeFiles({ client, writer, store, ownerUrl, going: choice?.going ?? null })
    const sequences = await nextNumbers(client, rooms, scope)
    const { counted } = writer
    const { signer, ...told } = register
    const bytes = await writer.close(
      (checksums): Manifest => ({
        ...head,
        rows: Object.fromEntries(tables.map(({ name }) => [name, counted.get(name) ?? { rows: 0, parts: 0 }])),
        sequences,
        files: { stored: files.stored, bytes: files.bytes, missing: files.missing },
        register: { ...told, waiting },
        checksums,
        leftOut: leftOutOf(rooms, scope),
      }),
      signer,
    )
    await exporting.check(writer.draft)
    await writer.publish()
    const rows = [...counted.values()].reduce((sum, each) => sum + each.rows, 0)
    const acts = counted.get(actTable)?.rows ?? 0
    const { entries, root } = told
    return { bytes, rows, files: files.stored, lost: files.lost, entries, root, acts, key: told.key, sealedUnder }
  } catch (error) {
    writer?.discard()
    throw error
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** The tables that go, with the columns that go. A table that nobody declared would be forgotten without a word. */
function travelling(existing: readonly Table[], ways: ReadonlyMap<string, TableArchive>, scope: Scope | null): Table[] {
  return existing.flatMap((table) => {
    const way = ways.get(table.name)
    if (!way) throw new Error(`no room says how ${table.name} goes into an archive`)
    if (!(scope === null ? way.whole : way.part.kind !== 'none')) return []
    const columns = table.columns.filter(({ name }) => !way.without?.includes(name))
    return [{ ...table, columns }]
  })
}

/** What stays, and why, as it stands in the archive. */
function leftOutOf(rooms: readonly RoomArchive[], scope: Scope | null): Manifest['leftOut'] {
  const stays = rooms.flatMap(({ archive }) =>
    Object.entries(archive).flatMap(([table, { whole, part, reason }]) =>
      reason !== null && (scope === null ? !whole : part.kind === 'none') ? [[table, reason] as const] : [],
    ),
  )
  return Object.fromEntries(stays.sort(([one], [other]) => (one < other ? -1 : 1)))
}

async function headOf(
  client: pg.Client,
  { program, scope }: Exporting,
  tables: readonly Table[],
  key: Buffer,
): Promise<Head> {
  const { at, postgres } = await momentOf(client)
  return {
    format: formatName,
    version: formatVersion,
    program,
    takenAt: at,
    postgres,
    scope,
    migrations: (await migrationsOf(client)) ?? [],
    sealedUnder: fingerprint(key),
    tables: tables.map(({ name, columns }) => ({
      name,
      columns: columns.map((column) => ({
        name: column.name,
        type: column.type,
        ...(column.boxed ? { boxed: true } : {}),
      })),
    })),
  }
}

export interface ToldRegister {
  readonly key: string
  readonly entries: number
  readonly root: string
  readonly checkpoint: string
  readonly signer: Signer
}

/** The register as the snapshot sees it, with a checkpoint of that state. */
async function registerOf(client: pg.Client, key: Buffer): Promise<ToldRegister> {
  const { entries, root, origin } = await readHead(client)
  const signer = registerSigner(createEncryption(key), nameOf(origin))
  const text = writeCheckpoint({ origin: signer.key.name, size: entries, root })
  const checkpoint = writeNote({ text, signatures: [signer.sign(text)] })
  return { key: writeKey(sha256, signer.key), entries, root: root.toString('hex'), checkpoint, signer }
}

const json = (value: Head): Buffer => Buffer.from(`${JSON.stringify(value, null, 1)}\n`)
