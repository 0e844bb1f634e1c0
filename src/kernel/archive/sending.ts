// What goes into the members of an archive: rows as lines, each act beside its entry and its proof, and the files.
import { buffer } from 'node:stream/consumers'
import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { connectReader, fileKeyOf, fileName, quoted, sequencesOf } from '../backup/index.ts'
import { type FileStore, folderOf, stillKnown } from '../files/index.ts'
import type { RoomArchive } from './declaring.ts'
import type { ToldRegister } from './exporting.ts'
import type { Going } from './part.store.ts'
import { filesAfter, placesAfter, proving } from './register.store.ts'
import { copyOut, estimateOf, type Lines, orderOf, type Table } from './rows.store.ts'
import type { Scope } from './shape.ts'
import type { MemberWriter } from './writing.ts'

const entryTable = 'ledger.entry'
export const actTable = 'ledger.act'
const cameTable = 'ledger.came'
const originTable = 'ledger.origin'
/** Before the entries, so that a reader can hold the growing tree to them. */
const first = ['ledger.head', 'ledger.checkpoint', 'ledger.cosignature', originTable]
/** Acts in one part: what a reader holds of them at once. */
const batch = 5_000

interface Sending {
  readonly client: pg.Client
  readonly writer: MemberWriter
  readonly tables: readonly Table[]
  readonly register: ToldRegister
  readonly takenAt: string
  /** Null: all rows of every table go. */
  readonly going: Going | null
  /** From where the rows of a table come. */
  readonly from: (table: Table) => Pick<Lines, 'from' | 'instead'>
  readonly reseal: (table: string, line: string) => string
  readonly report: (done: number, total: number) => void
}

/** Writes every table. @returns how many acts have no place yet */
export async function writeTables(sending: Sending): Promise<number> {
  const { client, tables, report } = sending
  const total = await estimateOf(
    client,
    tables.map(({ name }) => name),
  )
  let done = 0
  const told = (rows: number): void => {
    done += rows
    report(done, Math.max(done, total))
  }
  const named = new Map(tables.map((table) => [table.name, table]))
  const own = [...first, entryTable, actTable, cameTable]
  for (const name of first) {
    const table = named.get(name)
    if (table) await writeTable(sending, table, told)
  }
  const waiting = await writeActs(sending, named, told)
  for (const table of tables) if (!own.includes(table.name)) await writeTable(sending, table, told)
  return waiting
}

async function writeTable(sending: Sending, table: Table, told: (rows: number) => void): Promise<void> {
  const { client, writer, register, going, from, reseal, takenAt } = sending
  const text = copyOut({ columns: table.columns, ...from(table), order: orderOf(table) })
  async function* lines(): AsyncGenerator<string[]> {
    for await (const some of linesOf(client, text)) {
      told(some.length)
      yield some.map((line) => reseal(table.name, line))
    }
    if (table.name === originTable && going !== null) {
      const { key, entries, checkpoint } = register
      yield [JSON.stringify({ key, size: String(entries), note: checkpoint, at: takenAt })]
    }
  }
  await writer.stream(table.name, lines())
}

/** The lines that a statement sends, as they come. */
async function* linesOf(client: pg.Client, text: string): AsyncGenerator<string[]> {
  const rows = client.query(copyTo(text, { highWaterMark: 1 << 18 } as object))
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of rows as AsyncIterable<Buffer>) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    if (lines.length > 0) yield lines
  }
}

async function allLines(client: pg.Client, text: string): Promise<string[]> {
  return (await Array.fromAsync(linesOf(client, text))).flat()
}

/** Acts in the order of their places, with their entries or with the proof that they stand in the register of the whole. */
async function writeActs(
  sending: Sending,
  named: ReadonlyMap<string, Table>,
  told: (rows: number) => void,
): Promise<number> {
  const { client, writer, register, going } = sending
  const act = named.get(actTable)
  const came = named.get(cameTable)
  if (!act || !came) throw new Error('the register has no tables')
  const entry = named.get(entryTable)
  const prove = proving(client, register.entries)
  const send = async (table: Table, from: string, order: string, more: readonly string[] = []): Promise<void> => {
    const lines = await allLines(client, copyOut({ columns: table.columns, from, order }))
    told(lines.length)
    await writer.lines(table.name, [...lines, ...more])
  }
  for (let last = 0; ; ) {
    const places = await placesAfter(client, last, batch, going?.get(actTable) ?? null)
    const least = places[0]?.place
    const most = places.at(-1)?.place
    if (least === undefined || most === undefined) break
    last = most
    const range = `e.place between ${least} and ${most}`
    const chosen = going === null ? '' : ` join ${going.get(actTable)} g on g.at = t.ctid`
    if (entry) await send(entry, `${quoted(entryTable)} t where t.place between ${least} and ${most}`, 't.place')
    await send(
      act,
      `${quoted(actTable)} t join ${quoted(entryTable)} e on e.act = t.id${chosen} where ${range}`,
      'e.place',
    )
    const proofs: string[] = []
    if (going !== null) {
      for (const { place, act: id } of places) {
        const path = (await prove(place)).map((hash) => `\\x${Buffer.from(hash).toString('hex')}`)
        proofs.push(JSON.stringify({ act: id, origin: register.key, place: String(place), path }))
      }
    }
    const earlier = `${quoted(cameTable)} t join ${quoted(entryTable)} e on e.act = t.act`
    const also =
      going === null ? '' : ` join ${quoted(actTable)} a on a.id = t.act join ${going.get(actTable)} g on g.at = a.ctid`
    await send(came, `${earlier}${also} where ${range}`, 'e.place, t.origin collate "C"', proofs)
  }
  const placed = writer.counted.get(actTable)?.rows ?? 0
  const { from } = sending.from(act)
  await writer.stream(
    actTable,
    linesOf(
      client,
      copyOut({
        columns: act.columns,
        from: `${from}${from.includes(' where ') ? ' and' : ' where'} not exists (select from ledger.entry e where e.act = t.id)`,
        order: 't.id',
      }),
    ),
  )
  return (writer.counted.get(actTable)?.rows ?? 0) - placed
}

/** The files whose rows go. One that somebody deletes meanwhile goes missing rightly; one that is gone without that is told. */
export async function writeFiles({
  client,
  writer,
  store,
  ownerUrl,
  going,
}: Pick<Sending, 'client' | 'writer' | 'going'> & { readonly store: FileStore; readonly ownerUrl: string }): Promise<{
  stored: number
  bytes: number
  missing: number
  lost: number
}> {
  let stored = 0
  let bytes = 0
  const absent: string[] = []
  for await (const id of filesAfter(client, going?.get('public.file') ?? null)) {
    const folder = folderOf(id)
    let found = 0
    for (const name of (await store.list(folder)).sort()) {
      if (fileKeyOf(fileName(`${folder}${name}`)) === null) continue
      const opened = await store.open(`${folder}${name}`)
      if (opened === null) continue
      const content = await buffer(opened.stream)
      await writer.add(fileName(`${folder}${name}`), content)
      found += 1
      bytes += content.length
    }
    if (found === 0) absent.push(id)
    stored += found
  }
  if (absent.length === 0) return { stored, bytes, missing: 0, lost: 0 }
  // The snapshot is of a moment ago: a connection of its own sees what stands now.
  const now = await connectReader(ownerUrl, 'linli export')
  try {
    return { stored, bytes, missing: absent.length, lost: (await stillKnown(now, absent)).size }
  } finally {
    await now.end()
  }
}

/** From where the sequences go on. What a part would tell by them of the whole stays. */
export async function nextNumbers(
  client: pg.Client,
  rooms: readonly RoomArchive[],
  scope: Scope | null,
): Promise<Record<string, string | null>> {
  if (scope !== null) return {}
  const declared = new Set(rooms.flatMap(({ sequences }) => Object.keys(sequences)))
  return Object.fromEntries(Object.entries(await sequencesOf(client)).filter(([name]) => declared.has(name)))
}
