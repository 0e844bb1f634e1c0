// iCalendar as RFC 5545 and RFC 7986 have it, exactly: whoever reads it is a program that forgives little.
import { shownByClock, timeZone } from '../calendar/days.ts'

/** An entry of a calendar. Words, places and addresses lie in other people's clouds soon: nothing personal belongs into them. */
export interface CalendarEntry {
  /** The same as long as it is the same appointment; the name of the installation is put behind it. */
  readonly uid: string
  /** Rises with each change that others must learn of (RFC 5545, 3.8.7.4). */
  readonly sequence: number
  readonly changedAt: Date
  readonly title: string
  readonly text?: string
  readonly where?: string
  readonly url?: string
  /** What kind of entry it is, as programs sort them. */
  readonly category: string
  readonly from: Date
  /** Null: a moment, such as a deadline. It takes nobody's time. */
  readonly until: Date | null
  readonly status: 'confirmed' | 'tentative' | 'cancelled'
}

/** Who invites whom (RFC 5546): each invitation names one guest, so that nobody learns of the others. */
export interface Invited {
  readonly method: 'REQUEST' | 'CANCEL'
  /** Mail addresses. */
  readonly organizer: string
  readonly guest: string
}

export interface CalendarHead {
  readonly name: string
  /** Behind every uid: the host of the installation. */
  readonly host: string
  /** Where people read the same. */
  readonly url?: string
  /** How often programs should ask again. */
  readonly refreshHours?: number
}

/** Text as RFC 5545, 3.3.11 wants it: no control characters, with what has a meaning there escaped. */
const text = (value: string): string =>
  value
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly those that the grammar forbids
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
    .replace(/[\\;,]/g, '\\$&')
    .replaceAll('\n', '\\n')

/** A moment in UTC, as `20261124T022000Z`. */
const moment = (at: Date): string => `${at.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
/** What China's clocks show. */
const local = (at: Date): string => shownByClock(at).replace(/[-:]/g, '')

/** A line of at most 75 octets of UTF-8, none cut within a character; what is longer goes on behind a space (RFC 5545, 3.1). */
export function folded(line: string): string {
  const lines: string[] = []
  let now = ''
  let octets = 0
  for (const character of line) {
    const more = Buffer.byteLength(character)
    if (octets + more > 75) {
      lines.push(now)
      now = ' '
      octets = 1
    }
    now += character
    octets += more
  }
  return [...lines, now].join('\r\n')
}

/** China has had one zone without summer time since 1992. */
const zone = [
  'BEGIN:VTIMEZONE',
  `TZID:${timeZone}`,
  'BEGIN:STANDARD',
  'DTSTART:19920101T000000',
  'TZOFFSETFROM:+0800',
  'TZOFFSETTO:+0800',
  'TZNAME:CST',
  'END:STANDARD',
  'END:VTIMEZONE',
]

function eventLines(entry: CalendarEntry, host: string, invited: Invited | null, now: Date): string[] {
  const cancelled = invited?.method === 'CANCEL' || entry.status === 'cancelled'
  return [
    'BEGIN:VEVENT',
    `UID:${text(`${entry.uid}@${host}`)}`,
    // In a message the moment of writing it, in a calendar that of the last change (RFC 5545, 3.8.7.2).
    `DTSTAMP:${moment(invited ? now : entry.changedAt)}`,
    `LAST-MODIFIED:${moment(entry.changedAt)}`,
    `SEQUENCE:${entry.sequence}`,
    `DTSTART;TZID=${timeZone}:${local(entry.from)}`,
    ...(entry.until ? [`DTEND;TZID=${timeZone}:${local(entry.until)}`] : []),
    `SUMMARY:${text(entry.title)}`,
    ...(entry.text ? [`DESCRIPTION:${text(entry.text)}`] : []),
    ...(entry.where ? [`LOCATION:${text(entry.where)}`] : []),
    ...(entry.url ? [`URL:${entry.url}`] : []),
    `CATEGORIES:${text(entry.category)}`,
    `STATUS:${cancelled ? 'CANCELLED' : entry.status.toUpperCase()}`,
    `TRANSP:${entry.until && !cancelled ? 'OPAQUE' : 'TRANSPARENT'}`,
    ...(invited
      ? [
          `ORGANIZER:mailto:${invited.organizer}`,
          // They agreed where that was asked; nobody answers this address.
          `ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=${
            entry.status === 'confirmed' ? 'ACCEPTED' : 'NEEDS-ACTION'
          };RSVP=FALSE:mailto:${invited.guest}`,
        ]
      : []),
    'END:VEVENT',
  ]
}

/**
 * A calendar as its programs read it: lines that end in CRLF and are folded at 75 octets, times in China's zone, which it brings along.
 * @param invited makes it a message about its entries (iTIP, RFC 5546) instead of a calendar to keep
 */
export function writeCalendar(
  head: CalendarHead,
  entries: readonly CalendarEntry[],
  now: Date,
  invited: Invited | null = null,
): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Linli//Linli//ZH',
    'CALSCALE:GREGORIAN',
    ...(invited
      ? [`METHOD:${invited.method}`]
      : [
          `NAME:${text(head.name)}`,
          // What programs read that are older than RFC 7986.
          `X-WR-CALNAME:${text(head.name)}`,
          `X-WR-TIMEZONE:${timeZone}`,
          ...(head.url ? [`URL:${head.url}`] : []),
          ...(head.refreshHours
            ? [`REFRESH-INTERVAL;VALUE=DURATION:PT${head.refreshHours}H`, `X-PUBLISHED-TTL:PT${head.refreshHours}H`]
            : []),
        ]),
    ...zone,
    ...entries.flatMap((entry) => eventLines(entry, head.host, invited, now)),
    'END:VCALENDAR',
  ]
  return `${lines.map(folded).join('\r\n')}\r\n`
}
