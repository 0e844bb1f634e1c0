// Messages of another hotline become requests. What is already here is left alone, so that an import can be broken off and run again.
import { hash } from 'node:crypto'
import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import type { Clock } from '#kernel/clock/index.ts'
import { type Database, transaction } from '#kernel/database/index.ts'
import type { Encryption } from '#kernel/encryption/index.ts'
import type { Jobs } from '#kernel/jobs/index.ts'
import { sequence, startSequencer } from '#kernel/ledger/index.ts'
import { placeByCode } from '#organise/places/index.ts'
import { effectiveCategories } from '#organise/settings/index.ts'
import { type CategoryFinder, categoryFinder } from './categories.ts'
import { type Field, fields, type Mapping, noMapping } from './columns.ts'
import { decoded, detectEncoding, firstBytes } from './decoding.ts'
import { Header, type OnColumns } from './header.ts'
import { knownNumbers, type Ready, type Target, waitingTurns, writeBatch } from './importing.store.ts'
import { type Message, type Refused, type Row, readMessage } from './messages.ts'
import { importReceiver } from './receiver.store.ts'
import { ImportRefusal } from './refusal.ts'
import { type ReportLanguage, startReport } from './report.ts'
import { csvRows, jsonRows, keysOf } from './tables.ts'
import type { Sheet } from './workbook.sheets.ts'
import { workbookRows } from './workbook.ts'

export interface ImportDoors {
  /** With connections for two writers, for reading, for the register and for the lock: see `importConnections`. */
  readonly jobsDatabase: Database
  readonly encryption: Encryption
  readonly jobs: Pick<Jobs, 'enqueueMany'>
  readonly clock: Clock
}

export interface MessagesImport {
  readonly file: string
  /** Official code of the place to which the messages belong. */
  readonly place: string
  readonly mapping?: Mapping
  /** Reads and checks everything and writes nothing into the database. */
  readonly dryRun?: boolean
  /** Of the reasons in the report. */
  readonly language?: ReportLanguage
  /** Where rejected rows are listed; beside the file by default. */
  readonly report?: string
  /** Bytes of text or rows of a workbook. */
  readonly onProgress?: (done: number, total: number) => void
}

export interface MessagesImported {
  /** Rows with anything in them: imported + duplicates + rejected. */
  read: number
  imported: number
  /** Already here, from this file or an earlier run. */
  duplicates: number
  rejected: number
  seconds: number
  /** Of the imported: put right without loss. */
  mended: number
  /** Of the imported: with an answer, and therefore closed. */
  answered: number
  /** Heading by meaning, as it was understood. */
  columns: Partial<Record<Field, string>>
  /** Headings that were not taken. */
  ignored: string[]
  /** Of a workbook: the sheet that was read, and those that are shown and were not. */
  sheet: string | null
  otherSheets: string[]
  /** Where the rejected rows are listed, or null. */
  report: string | null
  /** False: a body is responsible for the open ones, and nobody in it accepts requests yet. */
  attended: boolean
  dryRun: boolean
}

/** Rows of a transaction, and characters at most, so that long messages do not fill memory. */
const batchRows = 1_000
const batchCharacters = 4_000_000
/** Batches written at the same time, each by a connection of its own: one alone would leave half of two cores idle. */
const writers = 2
/** Batches taken in hand and not yet written: two are being written while the words of the next ones are cut. */
const mostUnderWay = writers + 2

/** Connections an import uses at once. */
export const importConnections = writers + 3

/**
 * Takes in a file.
 * @throws ImportRefusal where the file, its columns or the place do not allow it. What was committed before stays, and a second run
 * goes on from there.
 */
export async function importMessages(doors: ImportDoors, options: MessagesImport): Promise<MessagesImported> {
  const begun = performance.now()
  const { target, findCategory, attended } = await targetOf(doors, options.place)
  const result: MessagesImported = {
    read: 0,
    imported: 0,
    duplicates: 0,
    rejected: 0,
    seconds: 0,
    mended: 0,
    answered: 0,
    columns: {},
    ignored: [],
    sheet: null,
    otherSheets: [],
    report: null,
    attended,
    dryRun: options.dryRun ?? false,
  }
  const onColumns: OnColumns = (headings, columns) => {
    for (const field of fields) if (columns[field] !== undefined) result.columns[field] = headings[columns[field]] ?? ''
    const taken = new Set(Object.values(columns))
    result.ignored = headings.filter((heading, at) => heading.trim() !== '' && !taken.has(at))
  }
  const source = await openSource(options, onColumns, ({ name, others }) => {
    result.sheet = name
    result.otherSheets = [...others]
  })
  const report = startReport(options.file, options.language ?? 'zh-CN', source.headings, {
    path: options.report,
    delimiter: options.mapping?.delimiter,
  })
  const release = await lockPlace(doors.jobsDatabase, target.path)
  const run = new Run(doors, target, findCategory, result, report.add)
  // The register keeps up while batches are written, instead of everybody waiting for it at the end.
  const sequencer = result.dryRun ? null : startSequencer(doors.jobsDatabase)
  try {
    let messages: Message[] = []
    let characters = 0
    for await (const row of source.rows) {
      result.read += 1
      const message = readMessage(row, doors.clock.now(), source.sound)
      if ('reason' in message) {
        await run.refuse(message)
        continue
      }
      messages.push(message)
      characters += message.body.length + (message.answer?.length ?? 0)
      if (messages.length < batchRows && characters < batchCharacters) continue
      await run.take(messages)
      messages = []
      characters = 0
    }
    await run.take(messages)
    await run.finish()
  } finally {
    await run.settle()
    await sequencer?.stop()
    report.close()
    await release()
  }
  if (!result.dryRun) while ((await sequence(doors.jobsDatabase)) > 0);
  result.report = result.rejected > 0 ? report.path : null
  result.seconds = Math.round((performance.now() - begun) / 100) / 10
  return result
}

/** What was read under a number before, in this file. */
interface Seen {
  readonly filedAt: number
  readonly digest: string
}

/** One run: batches are looked up in order, and written two at a time. */
class Run {
  readonly #doors: ImportDoors
  readonly #target: Target
  readonly #findCategory: CategoryFinder
  readonly #result: MessagesImported
  readonly #report: (refused: Refused) => Promise<void>
  /** Numbers of batches that may not be committed yet; in a dry run, of all. */
  readonly #recent: Map<string, Seen>[] = []
  /** The last batch of each writer. */
  readonly #writing: Promise<void>[] = Array.from({ length: writers }, () => Promise.resolve())
  readonly #underWay: Promise<void>[] = []
  #next = 0
  /** The turn of the next open message; null until it is known how many wait already. */
  #turn: number | null = null

  constructor(
    doors: ImportDoors,
    target: Target,
    findCategory: CategoryFinder,
    result: MessagesImported,
    report: (refused: Refused) => Promise<void>,
  ) {
    this.#doors = doors
    this.#target = target
    this.#findCategory = findCategory
    this.#result = result
    this.#report = report
  }

  async refuse(refused: Refused): Promise<void> {
    await this.#report(refused)
    this.#result.rejected += 1
  }

  /** Takes a batch in hand; returns as soon as the next one may be read. */
  async take(messages: readonly Message[]): Promise<void> {
    if (messages.length === 0) return
    const fresh = await this.#fresh(messages)
    if (this.#result.dryRun) {
      this.#count(fresh, fresh.length)
      return
    }
    if (fresh.length === 0) return
    const writer = this.#next
    this.#next = (writer + 1) % writers
    const before = this.#writing[writer] as Promise<void>
    const written = before.then(() => this.#write(fresh))
    // Its failure is met where it is awaited, in order.
    written.catch(() => undefined)
    this.#writing[writer] = written
    this.#underWay.push(written)
    if (this.#underWay.length > mostUnderWay) await this.#underWay.shift()
  }

  async #write(batch: readonly Ready[]): Promise<void> {
    const now = this.#doors.clock.now()
    const written = await transaction(this.#doors.jobsDatabase, (sql, client) =>
      writeBatch({ sql, client, now }, this.#doors, this.#target, batch),
    )
    this.#count(batch, written)
    this.#result.duplicates += batch.length - written
  }

  /** What is neither here nor in this file before. */
  async #fresh(messages: readonly Message[]): Promise<Ready[]> {
    const keyed = messages.map((message) => ({ message, key: message.outerNumber ?? this.#keyOf(message) }))
    const here = await knownNumbers(
      this.#doors.jobsDatabase.sql,
      this.#target.path,
      keyed.map(({ key }) => key),
    )
    const own = new Map<string, Seen>()
    const fresh: Ready[] = []
    for (const { message, key } of keyed) {
      const before = own.get(key) ?? this.#recent.find((batch) => batch.has(key))?.get(key)
      const at = here.get(key) ?? before?.filedAt
      const digest = hash('sha256', contentOf(message), 'base64url')
      if (at === undefined) {
        own.set(key, { filedAt: message.filedAt, digest })
        const turn = message.answer === null ? await this.#nextTurn() : 0
        fresh.push({ message, key, category: this.#findCategory(message.category), turn })
      } else if (at === message.filedAt && (before === undefined || before.digest === digest)) {
        this.#result.duplicates += 1
      } else {
        // Within one file a number that comes twice names one message only if the words and the reporter are the same too.
        const { line, outerNumber, original } = message
        await this.refuse({ line, reason: 'number-taken', outerNumber, value: outerNumber, original })
      }
    }
    this.#recent.push(own)
    // More than can be under way: older ones are committed, and the database knows them.
    if (!this.#result.dryRun && this.#recent.length > mostUnderWay + 2) this.#recent.shift()
    return fresh
  }

  async #nextTurn(): Promise<number> {
    const turn = this.#turn ?? (await waitingTurns(this.#doors.jobsDatabase.sql, this.#target.path))
    this.#turn = turn + 1
    return turn
  }

  /**
   * Knows a message without a number again: by time, words and reporter, since two people may tell the same in the same words on the same
   * day. Keyed, so that it betrays nothing of the content.
   */
  #keyOf(message: Message): string {
    const index = this.#doors.encryption.blindIndex('imported message', contentOf(message))
    return `~${index.toString('base64url').slice(0, 32)}`
  }

  #count(batch: readonly { readonly message: Message }[], written: number): void {
    this.#result.imported += written
    this.#result.mended += batch.filter(({ message }) => message.mended).length
    this.#result.answered += batch.filter(({ message }) => message.answer !== null).length
  }

  /** Waits for everything to be written. @throws what stopped it */
  async finish(): Promise<void> {
    await Promise.all(this.#writing)
  }

  /** Waits until nothing is under way, whatever came of it. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.#writing)
  }
}

/** What tells one message from another. */
function contentOf({ filedAt, title, body, reporter }: Message): string {
  return JSON.stringify([filedAt, title, body, reporter])
}

async function targetOf(
  doors: ImportDoors,
  code: string,
): Promise<{ target: Target; findCategory: CategoryFinder; attended: boolean }> {
  const { sql } = doors.jobsDatabase
  const place = await placeByCode(sql, code)
  if (!place) {
    throw new ImportRefusal({
      zh: `没有代码为 ${code} 的地方。先用 import places 装入区划，或核对代码。`,
      en: `There is no place with the code ${code}. Load the places with import places first, or check the code.`,
    })
  }
  if (place.abolished_at) {
    throw new ImportRefusal({
      zh: `${place.name}已撤销，留言请归到接替它的地方。`,
      en: `${place.name} was abolished: import into the place that took over.`,
    })
  }
  const receiver = await importReceiver(sql, place.path)
  if (!receiver) {
    throw new ImportRefusal({
      zh: `${place.name}和它的上级还没有受理诉求的组织：先用 account first 设立，否则导入的诉求没有人负责。`,
      en: `There is no body yet at ${place.name} or above that could be responsible: make the first with account first.`,
    })
  }
  const findCategory = categoryFinder(await effectiveCategories(sql, place.path))
  return { target: { place: place.id, path: place.path }, findCategory, attended: receiver.attended }
}

/** One import at a time at a place: two would each take the other's rows for their own. */
async function lockPlace(database: Database, path: string): Promise<() => Promise<void>> {
  const client = await database.pool.connect()
  const key = [`linli.import.${path}`]
  const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock(hashtext($1)) as taken', key)
  if (!rows[0]?.taken) {
    client.release()
    throw new ImportRefusal({
      zh: '这个地方正在导入，请等它完成。',
      en: 'An import into this place is running: wait until it is done.',
    })
  }
  return async () => {
    let broken: Error | undefined
    await client.query('select pg_advisory_unlock(hashtext($1))', key).catch((error: Error) => {
      broken = error
    })
    client.release(broken)
  }
}

/** Opens a file of messages, whatever kind it is. @throws ImportRefusal where it is none, or cannot be read */
export async function openSource(
  options: Pick<MessagesImport, 'file' | 'mapping' | 'onProgress'>,
  onColumns: OnColumns,
  onSheet: (sheet: Sheet) => void,
): Promise<{ rows: AsyncIterable<Row>; sound: boolean; headings: () => Promise<readonly string[]> }> {
  const { file } = options
  const mapping = options.mapping ?? noMapping
  const size = await readable(file)
  const start = await firstBytes(file)
  const report = options.onProgress ?? (() => undefined)
  if (start.subarray(0, 4).equals(Buffer.from('PK\u0003\u0004', 'latin1'))) {
    const header = new Header(mapping, onColumns)
    const rows = workbookRows(file, mapping, header, report, onSheet)
    return { rows, sound: true, headings: async () => header.headings }
  }
  if (start.subarray(0, 4).equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0]))) {
    throw new ImportRefusal({
      zh: '这是老式的 XLS 或加了密码的文件。请另存为不带密码的 XLSX 或 CSV。',
      en: 'This is an old XLS, or locked by a password. Save it as XLSX or CSV without one.',
    })
  }
  const encoding = await detectEncoding(file, mapping.encoding)
  const textOf = () => decoded(file, encoding.name, (bytes) => report(bytes, size))
  const first = new TextDecoder(encoding.name).decode(start, { stream: true }).trimStart()[0]
  if (first === '[') {
    throw new ImportRefusal({
      zh: '这是一个 JSON 数组。请改成每行一个对象的 NDJSON。',
      en: 'This is a JSON array. Write one object a line (NDJSON).',
    })
  }
  if (first === '{') {
    return { rows: jsonRows(textOf, mapping, onColumns), sound: encoding.sound, headings: () => keysOf(textOf) }
  }
  const header = new Header(mapping, onColumns)
  return { rows: csvRows(textOf, mapping, header), sound: encoding.sound, headings: async () => header.headings }
}

/**
 * How many bytes a file has that can be read.
 * @throws ImportRefusal where it is none, cannot be read, or is empty
 */
export async function readable(file: string): Promise<number> {
  const facts = await stat(file).catch(() => null)
  const mayRead = await access(file, constants.R_OK).then(
    () => true,
    () => false,
  )
  if (!facts?.isFile() || !mayRead) {
    throw new ImportRefusal({ zh: `读不了文件 ${file}。`, en: `The file ${file} cannot be read.` })
  }
  if (facts.size === 0) throw new ImportRefusal({ zh: `文件 ${file} 是空的。`, en: `The file ${file} is empty.` })
  return facts.size
}
