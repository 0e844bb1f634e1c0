// Times as people type them, read as those of China.
import type { Reason } from './reasons.ts'

export type MomentReason = Extract<
  Reason,
  'time-unread' | 'time-relative' | 'time-order' | 'time-impossible' | 'time-future' | 'time-old'
>

/** A moment in milliseconds since 1970, and the first one that can no longer be meant: a day without an hour is any moment of it. */
export interface Told {
  readonly at: number
  readonly until: number
}

/** When, or why nobody can know. */
export type Moment = Told | { readonly reason: MomentReason }

const hour = 3_600_000
const day = 24 * hour
/** UTC+8 all the year: summer time was last kept in 1991, and earlier times are refused. */
const chinaOffset = 8 * hour
const earliest = Date.UTC(1992, 0, 1) - chinaOffset

const relative =
  /昨|今天|今日|前天|前日|明天|上周|上个?月|去年|今年|刚才|刚刚|日前|近日|星期|周[一二三四五六日天]|小时前|分钟前|天前|yesterday|today|ago|last\s/i

const timePart =
  /^(?<half>上午|下午|中午|晚上|凌晨|早上|傍晚|夜里)?\s*(?<hour>\d{1,2})(?:(?:\s*[:时点]\s*(?<minute>\d{1,2})?\s*分?)(?:\s*[:分]?\s*(?<second>\d{1,2})(?:[.,](?<fraction>\d{1,9}))?\s*秒?)?|(?<halfPast>点半))\s*(?<meridiem>[ap]\.?m\.?)?\s*(?<zone>z|utc|gmt|cst|北京时间|(?:utc|gmt)?\s*[+-]\d{1,2}(?::?\d{2})?)?$/i

const withYear = [
  /^(?<year>\d{4})(?:\s*[-/.]\s*(?<month>\d{1,2})\s*[-/.]\s*(?<day>\d{1,2})|年\s*(?<monthC>\d{1,2})\s*月\s*(?<dayC>\d{1,2})\s*[日号]?)(?<rest>.*)$/s,
  /^(?<year>\d{2})年\s*(?<monthC>\d{1,2})\s*月\s*(?<dayC>\d{1,2})\s*[日号]?(?<rest>.*)$/s,
  /^(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})(?<rest>[\sT].+)$/s,
]
/** The first of the month at its first hour: nothing more is told. With a dot only in two digits, since 2026.1 may have been 2026.10. */
const monthOnly = /^(?<year>\d{4})(?:年\s*(?<monthC>\d{1,2})\s*月份?|[-/](?<month>\d{1,2})|\.(?<monthD>\d{2}))$/
const threeParts = /^(?<one>\d{1,2})\s*[-/.]\s*(?<two>\d{1,2})\s*[-/.]\s*(?<three>\d{1,2})(?!\d)(?<rest>.*)$/s
const withoutYear =
  /^(?:(?<monthC>\d{1,2})\s*月\s*(?<dayC>\d{1,2})\s*[日号]?|(?<month>\d{1,2})\s*[-/]\s*(?<day>\d{1,2})(?![\d/.-]))(?<rest>.*)$/s

/**
 * Reads a time as it stands in a cell. A Date is what a spreadsheet shows, kept as if it were UTC. Without a zone it is Chinese time;
 * a day without an hour is its first moment, a month without a day its first day, and a day without a year the last such day that
 * is not in the future.
 * @param now what lies more than a day after it is refused
 */
export function readMoment(cell: string | number | Date, now: Date): Moment {
  if (cell instanceof Date) return within(cell.getTime() - chinaOffset, now)
  const text = String(cell)
    .slice(0, 80)
    .normalize('NFKC')
    .replace(/[‐-―−]/g, '-')
    .trim()
  const month = monthOnly.exec(text)?.groups
  if (month) return wholeMonth(Number(month.year), Number(month.month ?? month.monthC ?? month.monthD), now)
  if (/^\d{1,6}(\.\d+)?$/.test(text)) return fromSerial(Number(text), now)
  if (/^\d+$/.test(text)) return fromDigits(text, now)
  for (const pattern of withYear) {
    const { groups } = pattern.exec(text) ?? {}
    if (!groups) continue
    const year = Number(groups.year?.length === 2 ? `20${groups.year}` : groups.year)
    return onDay({ year, ...monthAndDay(groups) }, groups.rest ?? '', now)
  }
  const short = threeParts.exec(text)?.groups
  if (short) {
    const date = shortYear(Number(short.one), Number(short.two), Number(short.three), now)
    return date ? onDay(date, short.rest ?? '', now) : { reason: 'time-order' }
  }
  const yearless = withoutYear.exec(text)?.groups
  if (yearless) {
    const parts = monthAndDay(yearless)
    const date = lastSuch(parts, now)
    if (date) return onDay(date, yearless.rest ?? '', now)
    // 30-4 tells which is the day, and is nothing that is written here: it may be a range, or half a number.
    return { reason: yearless.month !== undefined && parts.month > 12 ? 'time-order' : 'time-impossible' }
  }
  if (relative.test(text)) return { reason: 'time-relative' }
  return { reason: /^\d{1,2}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{2,4}\b/.test(text) ? 'time-order' : 'time-unread' }
}

function monthAndDay(groups: Record<string, string | undefined>): { month: number; day: number } {
  return { month: Number(groups.month ?? groups.monthC), day: Number(groups.day ?? groups.dayC) }
}

/** A day with what stands behind it: nothing, or an hour. */
function onDay(date: Day, behind: string, now: Date): Moment {
  const rest = behind.replace(/^\s*(?:[([]?(?:星期|周)[一二三四五六日天][)\]]?|T|,)?\s*/i, '').trim()
  if (rest === '') {
    const start = assemble(date, { hour: 0, minute: 0, second: 0, millisecond: 0 }, chinaOffset, now)
    return 'at' in start ? { at: start.at, until: start.at + day } : start
  }
  const time = timePart.exec(rest)
  if (!time?.groups) {
    const packed = /^(\d{2})(\d{2})(\d{2})?$/.exec(rest)
    if (!packed) return { reason: relative.test(behind) ? 'time-relative' : 'time-unread' }
    return assemble(date, clock(packed[1], packed[2], packed[3]), chinaOffset, now)
  }
  return withTime(date, time.groups, now)
}

function wholeMonth(year: number, month: number, now: Date): Moment {
  const start = assemble({ year, month, day: 1 }, { hour: 0, minute: 0, second: 0, millisecond: 0 }, chinaOffset, now)
  return 'at' in start ? { at: start.at, until: Date.UTC(year, month, 1) - chinaOffset } : start
}

/** How far back a year of two digits is taken to reach. */
const shortYears = 5

/**
 * A date of three short numbers, such as 26-11-17: year, month, day, as it is written here. Abroad the same numbers are another day; so it
 * is read only where no other order gives a day of the last years too. Null where that cannot be told.
 */
function shortYear(one: number, two: number, three: number, now: Date): Day | null {
  const plausible = (year: number, month: number, dayOfMonth: number): Day | null => {
    const date = { year: 2000 + year, month, day: dayOfMonth }
    const at = Date.UTC(date.year, month - 1, dayOfMonth)
    const days = (now.getTime() + chinaOffset - at) / day
    return exists(date) && days > 0 && days < shortYears * 366 ? date : null
  }
  const chinese = plausible(one, two, three)
  return chinese && !plausible(three, two, one) && !plausible(three, one, two) ? chinese : null
}

/** The last day of this month and number that is not in the future; null where there is none in any year. */
function lastSuch({ month, day: dayOfMonth }: { month: number; day: number }, now: Date): Day | null {
  const today = new Date(now.getTime() + chinaOffset)
  for (let year = today.getUTCFullYear(); year > today.getUTCFullYear() - 9; year -= 1) {
    const date = { year, month, day: dayOfMonth }
    if (exists(date) && Date.UTC(year, month - 1, dayOfMonth) <= today.getTime()) return date
  }
  return null
}

function exists(date: Day): boolean {
  const there = new Date(Date.UTC(date.year, date.month - 1, date.day))
  return there.getUTCMonth() === date.month - 1 && there.getUTCDate() === date.day
}

interface Day {
  readonly year: number
  readonly month: number
  readonly day: number
}
interface Clock {
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly millisecond: number
}

function clock(hours: string | undefined, minutes: string | undefined, seconds: string | undefined): Clock {
  return { hour: Number(hours ?? 0), minute: Number(minutes ?? 0), second: Number(seconds ?? 0), millisecond: 0 }
}

function withTime(date: Day, groups: Record<string, string | undefined>, now: Date): Moment {
  let { hour: hours, minute, second } = clock(groups.hour, groups.minute, groups.second)
  if (groups.halfPast) minute = 30
  const half = groups.half ?? ''
  const meridiem = (groups.meridiem ?? '').toLowerCase().replaceAll('.', '')
  if (meridiem && (hours < 1 || hours > 12)) return { reason: 'time-impossible' }
  if (/下午|晚上|傍晚|夜里/.test(half) || meridiem === 'pm') hours = hours < 12 ? hours + 12 : hours
  else if (half === '中午' && hours < 3) hours += 12
  else if ((meridiem === 'am' || half === '凌晨' || half === '上午') && hours === 12) hours = half === '上午' ? 12 : 0
  const millisecond = Math.floor(Number(`0.${groups.fraction ?? 0}`) * 1_000)
  const offset = zoneOffset(groups.zone)
  if (offset === null) return { reason: 'time-impossible' }
  return assemble(date, { hour: hours, minute, second, millisecond }, offset, now)
}

/** Milliseconds ahead of UTC. CST is read as China's, where these files come from. */
function zoneOffset(zone: string | undefined): number | null {
  const text = zone?.trim().toLowerCase() ?? ''
  if (text === '' || text === 'cst' || text === '北京时间') return chinaOffset
  if (text === 'z' || text === 'utc' || text === 'gmt') return 0
  const parts = /([+-])(\d{1,2}):?(\d{2})?$/.exec(text)
  if (!parts) return null
  const [, sign, hours, minutes = '0'] = parts
  if (Number(hours) > 14 || Number(minutes) > 59) return null
  return (sign === '-' ? -1 : 1) * (Number(hours) * hour + Number(minutes) * 60_000)
}

function assemble(date: Day, time: Clock, offset: number, now: Date): Moment {
  const midnight = Date.UTC(date.year, date.month - 1, date.day)
  const endOfDay = time.hour === 24 && time.minute === 0 && time.second === 0
  if (!exists(date) || (time.hour > 23 && !endOfDay) || time.minute > 59 || time.second > 59) {
    return { reason: 'time-impossible' }
  }
  return within(
    midnight + time.hour * hour + time.minute * 60_000 + time.second * 1_000 + time.millisecond - offset,
    now,
  )
}

/** Days since 1899-12-30, as spreadsheets count; only numbers that can be a day of these decades. */
function fromSerial(serial: number, now: Date): Moment {
  if (serial < 30_000 || serial > 80_000) return { reason: 'time-unread' }
  // To the second: a fraction of a day is seldom exact.
  const at = Math.round((serial * day) / 1_000) * 1_000
  return within(Date.UTC(1899, 11, 30) + at - chinaOffset, now)
}

function fromDigits(text: string, now: Date): Moment {
  if (/^1\d{9}$/.test(text)) return within(Number(text) * 1_000, now)
  if (/^1\d{12}$/.test(text)) return within(Number(text), now)
  const packed = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?$/.exec(text)
  if (!packed) return { reason: 'time-unread' }
  const date = { year: Number(packed[1]), month: Number(packed[2]), day: Number(packed[3]) }
  return assemble(date, clock(packed[4], packed[5], packed[6]), chinaOffset, now)
}

function within(at: number, now: Date): Moment {
  if (!Number.isFinite(at)) return { reason: 'time-impossible' }
  if (at < earliest) return { reason: 'time-old' }
  if (at > now.getTime() + day) return { reason: 'time-future' }
  return { at, until: at + 1 }
}
