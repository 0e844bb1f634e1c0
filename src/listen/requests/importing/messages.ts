// A row of a file becomes a message, or is refused with a reason. Pure.
import { normalisePhone } from '#kernel/encryption/index.ts'
import { titleOf } from '../acts/file.ts'
import type { Field } from './columns.ts'
import { readMoment } from './moments.ts'
import type { Reason } from './reasons.ts'

export type Cell = string | number | boolean | Date | null

/** A row as it stands in the file, by meaning; or why it is none. */
export type Row =
  | { readonly line: number; readonly cells: Readonly<Partial<Record<Field, Cell>>> }
  | { readonly line: number; readonly reason: Reason }

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
  readonly language: 'zh-CN' | 'en'
  /** Something was put right: invisible signs taken out, a long title shortened with the whole kept in the text. */
  readonly mended: boolean
}

export interface Refused {
  readonly line: number
  readonly reason: Reason
  readonly outerNumber: string | null
  /** The short value at fault: a time, a number. Never the text of a message. */
  readonly value: string | null
}

/** Longest texts of a request, in characters; the table holds the same. */
const longest = { title: 120, body: 20_000, spot: 200, number: 60, answer: 20_000, name: 60 }

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
  const { line } = row
  if ('reason' in row) return { line, reason: row.reason, outerNumber: null, value: null }
  const { cells } = row
  let mended = false
  const text = (field: Field, needed = false): string | null => {
    const cell = cells[field]
    if (cell === null || cell === undefined) return null
    const raw = cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell)
    if (!sound && raw.includes('\ufffd')) throw new RowRefusal('undecodable')
    const clean = raw.replace(invisible, '').replace(loneHalf, '')
    if (clean.length !== raw.length) mended = true
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
    const filedAt = momentIn(cells.created_at, text('created_at'), now)
    if (filedAt === null) throw new RowRefusal('no-time')
    const answer = text('answer')
    if (answer && longerThan(answer, longest.answer)) throw new RowRefusal('answer-long')
    const answeredAt = answer ? answerMoment(cells.answered_at, text('answered_at'), now) : null
    if (answeredAt !== null && answeredAt < filedAt) {
      throw new RowRefusal('answer-before', short(text('answered_at')))
    }
    const likes = text('likes')
    if (likes !== null && !/^\d{1,9}(?:\.0+)?$/.test(likes)) throw new RowRefusal('likes', short(likes))
    const phone = text('phone')
    if (phone && !normalisePhone(phone)) throw new RowRefusal('phone')
    const name = text('name')
    return {
      line,
      outerNumber,
      title,
      body,
      spot,
      filedAt,
      answer,
      answeredAt,
      category: text('category'),
      likes: likes === null ? null : Number(likes),
      name: name && !longerThan(name, longest.name) ? name : null,
      phone,
      language: /\p{Script=Han}/u.test(body) || !/[a-z]{3}/i.test(body) ? 'zh-CN' : 'en',
      mended,
    }
  } catch (error) {
    if (error instanceof RowRefusal) return { line, reason: error.reason, outerNumber, value: error.value }
    throw error
  }
}

function short(value: string | null): string | null {
  return value === null ? null : [...value].slice(0, 40).join('')
}

function numberIn(text: string | null): string | null {
  if (text === null) return null
  if (/^\d(?:\.\d+)?e\+\d+$/i.test(text)) throw new RowRefusal('number-rounded', text)
  if (longerThan(text, longest.number)) throw new RowRefusal('number-long', short(text))
  return text.replace(/\s+/g, ' ')
}

function momentIn(cell: Cell | undefined, text: string | null, now: Date): number | null {
  if (text === null) return null
  const moment = readMoment(cell instanceof Date ? cell : text, now)
  if ('reason' in moment) throw new RowRefusal(moment.reason, short(text))
  return moment.at
}

function answerMoment(cell: Cell | undefined, text: string | null, now: Date): number | null {
  try {
    return momentIn(cell, text, now)
  } catch (error) {
    if (error instanceof RowRefusal) throw new RowRefusal('answer-time', error.value)
    throw error
  }
}
