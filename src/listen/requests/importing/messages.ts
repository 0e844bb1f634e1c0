// A row of a file becomes a message, or is refused with a reason. Pure.
import { unmarked } from '#kernel/csv/index.ts'
import { normalisePhone } from '#kernel/encryption/index.ts'
import { asWritten } from '#kernel/written/index.ts'
import { titleOf } from '../acts/file.ts'
import type { Field } from './columns.ts'
import { readMoment, type Told } from './moments.ts'
import type { Reason } from './reasons.ts'

export type Cell = string | number | boolean | Date | null

/** A row as the file has it: its cells in their order, or the object of a line of NDJSON. For the report of what was rejected. */
export type Original = readonly Cell[] | Readonly<Record<string, unknown>>

/** A row as it stands in the file, by meaning; or why it is none. */
export type Row =
  | {
      readonly line: number
      readonly cells: Readonly<Partial<Record<Field, Cell>>>
      /** The cells that tell one reporter from another, whether or not they are taken in. */
      readonly reporter?: readonly Cell[]
      readonly original?: Original
    }
  | { readonly line: number; readonly reason: Reason; readonly original?: Original }

export interface Message {
  readonly line: number
  /** Null where the file gives none. */
  readonly outerNumber: string | null
  readonly title: string
  readonly body: string
  readonly spot: string | null
  readonly filedAt: number
  readonly answer: string | null
  readonly answeredAt: number | null
  readonly category: string | null
  readonly likes: number | null
  readonly name: string | null
  readonly phone: string | null
  /** What tells this reporter from another, for knowing a message without a number again; never stored but as a keyed digest. */
  readonly reporter: string
  readonly language: 'zh-CN' | 'en'
  /** Something was put right: invisible signs taken out, a long title shortened with the whole kept in the text. */
  readonly mended: boolean
  readonly original: Original
}

export interface Refused {
  readonly line: number
  readonly reason: Reason
  readonly outerNumber: string | null
  /** The short value at fault: a time, a number. Never the text of a message. */
  readonly value: string | null
  readonly original: Original
}

/** Longest texts of a request, in characters; the table holds the same. */
const longest = { title: 120, body: 20_000, spot: 200, number: 60, answer: 20_000, name: 60, phones: 100 }

// biome-ignore lint/suspicious/noControlCharactersInRegex: taking them out is the purpose
const invisible = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufeff]/g
const loneHalf = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g
/** What people and programs write where there is nothing. */
const nothing = /^(?:[-—–/\\.]+|null|none|nil|nan|undefined|n\/a|#n\/a|无|暂无|空)$/i

const lengthOf = (text: string): number => {
  let length = 0
  for (const _character of text) length += 1
  return length
}
const longerThan = (text: string, limit: number): boolean => text.length > limit && lengthOf(text) > limit

class RowRefusal {
  readonly reason: Reason
  readonly value: string | null
  constructor(reason: Reason, value: string | null = null) {
    this.reason = reason
    this.value = value
  }
}

/**
 * Reads a row.
 * @param sound false where the file is not wholly text in its encoding: rows with signs of damage are then refused
 */
export function readMessage(row: Row, now: Date, sound = true): Message | Refused {
  const { line, original = [] } = row
  if ('reason' in row) return { line, reason: row.reason, outerNumber: null, value: null, original }
  const { cells } = row
  let mended = false
  const text = (field: Field, needed = false): string | null => {
    const cell = cells[field]
    if (cell === null || cell === undefined) return null
    const raw = cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell)
    if (!sound && raw.includes('\ufffd')) throw new RowRefusal('undecodable')
    // An apostrophe marks text in spreadsheets, and in the report of rejected rows.
    const typed = unmarked(raw)
    const clean = asWritten(typed.replace(invisible, '').replace(loneHalf, ''), languageOf(typed))
    if (clean.length !== typed.length) mended = true
    const trimmed = clean.replaceAll('\r\n', '\n').replaceAll('\r', '\n').trim()
    return trimmed === '' || (!needed && nothing.test(trimmed)) ? null : trimmed
  }
  let outerNumber: string | null = null
  try {
    outerNumber = numberIn(text('id'))
    const subject = text('subject', true)?.replace(/\s+/g, ' ') ?? null
    let body = text('body', true) ?? subject
    if (body === null) throw new RowRefusal('empty')
    let title = subject ?? titleOf(body)
    if (longerThan(title, longest.title)) {
      mended = true
      if (!body.includes(title)) body = `${title}\n\n${body}`
      title = `${[...title].slice(0, longest.title - 1).join('')}…`
    }
    let spot = text('spot')?.replace(/\s+/g, ' ') ?? null
    if (spot && longerThan(spot, longest.spot)) {
      mended = true
      body = `${body}\n\n${spot}`
      spot = null
    }
    if (longerThan(body, longest.body)) throw new RowRefusal('text-long')
    const filed = momentIn(cells.created_at, text('created_at'), now)
    if (filed === null) throw new RowRefusal('no-time')
    const answer = text('answer')
    if (answer && longerThan(answer, longest.answer)) throw new RowRefusal('answer-long')
    const answered = answer ? answerMoment(cells.answered_at, text('answered_at'), now) : null
    if (answered !== null && answered.until <= filed.at) {
      throw new RowRefusal('answer-before', short(text('answered_at')))
    }
    // A day without an hour begins before the message of its noon, and the answer of that day came after it.
    const answeredAt = answered === null ? null : Math.max(answered.at, filed.at)
    const likes = text('likes')
    if (likes !== null && !/^\d{1,9}(?:\.0+)?$/.test(likes)) throw new RowRefusal('likes', short(likes))
    const contact = contactIn(text('name'), text('phone'))
    return {
      line,
      outerNumber,
      title,
      body,
      spot,
      filedAt: filed.at,
      answer,
      answeredAt,
      category: text('category'),
      likes: likes === null ? null : Number(likes),
      ...contact,
      reporter: (row.reporter ?? []).map(plainCell).join('\u0000'),
      language: languageOf(body),
      mended,
      original,
    }
  } catch (error) {
    if (error instanceof RowRefusal) return { line, reason: error.reason, outerNumber, value: error.value, original }
    throw error
  }
}

const languageOf = (text: string): 'zh-CN' | 'en' =>
  /\p{Script=Han}/u.test(text) || !/[a-z]{3}/i.test(text) ? 'zh-CN' : 'en'

function short(value: string | null): string | null {
  return value === null ? null : [...value].slice(0, 40).join('')
}

function numberIn(text: string | null): string | null {
  if (text === null) return null
  if (/^\d(?:\.\d+)?e\+\d+$/i.test(text)) throw new RowRefusal('number-rounded', text)
  if (longerThan(text, longest.number)) throw new RowRefusal('number-long', short(text))
  return text.replace(/\s+/g, ' ')
}

function momentIn(cell: Cell | undefined, text: string | null, now: Date): Told | null {
  if (text === null) return null
  const moment = readMoment(cell instanceof Date ? cell : text, now)
  if ('reason' in moment) throw new RowRefusal(moment.reason, short(text))
  return moment
}

function answerMoment(cell: Cell | undefined, text: string | null, now: Date): Told | null {
  try {
    return momentIn(cell, text, now)
  } catch (error) {
    if (error instanceof RowRefusal) throw new RowRefusal('answer-time', error.value)
    throw error
  }
}

function plainCell(cell: Cell): string {
  return cell === null ? '' : unmarked(String(cell)).normalize('NFKC').trim()
}

/**
 * Name and phone. Of several numbers in one cell the first that can be called is the contact; what stood there is kept whole beside the
 * name, sealed with it, so that the others and their remarks (女儿, after six) are read by whoever may read the contact, and by nobody else.
 */
function contactIn(name: string | null, cell: string | null): { name: string | null; phone: string | null } {
  const short = name && !longerThan(name, longest.name) ? name : null
  if (cell === null || normalisePhone(cell)) return { name: short, phone: cell }
  if (longerThan(cell, longest.phones)) throw new RowRefusal('phone')
  const parts = cell.split(/[/／\\、，,；;|\n]|\s{2,}|或者?|\band\b|\bor\b/i)
  // Then by spaces alone, and at last whatever digits stand among other words.
  const tries = [...parts, ...cell.split(/\s+/), ...(cell.match(/\+?\d[\d-]{5,18}\d/g) ?? [])]
  const phone = tries.map((part) => part.trim()).find((part) => part.length > 6 && normalisePhone(part))
  if (phone === undefined) throw new RowRefusal('phone')
  const all = `电话栏：${cell.replace(/\s+/g, ' ')}`
  return { name: short === null ? all : `${short}（${all}）`, phone }
}
