import fc from 'fast-check'
import ICAL from 'ical.js'
import { expect, test } from 'vitest'
import { type CalendarEntry, folded, type Invited, writeCalendar } from './writing.ts'

const entry: CalendarEntry = {
  uid: 'visit-1',
  sequence: 3,
  changedAt: new Date('2026-11-24T02:20:00Z'),
  title: '上门：诉求 100 014',
  text: '第一行\n第二行; 逗号, 反斜杠 \\',
  where: '五里',
  url: 'https://linli.example/follow',
  category: '上门',
  from: new Date('2026-11-27T01:00:00Z'),
  until: new Date('2026-11-27T03:00:00Z'),
  status: 'confirmed',
}
const head = { name: '邻里', host: 'linli.example', url: 'https://linli.example', refreshHours: 1 }
const now = new Date('2026-11-24T03:00:00Z')
const invited: Invited = { method: 'REQUEST', organizer: 'linli@example.org', guest: 'guest@example.org' }

/** What a parser that we did not write makes of it. */
function read(calendar: string) {
  const component = new ICAL.Component(ICAL.parse(calendar))
  const events = component.getAllSubcomponents('vevent').map((each) => new ICAL.Event(each))
  return { component, events, event: events[0] as ICAL.Event }
}

test('a calendar is read back by a parser as it was meant, at the time that China’s clocks show', () => {
  const { component, event } = read(writeCalendar(head, [entry], now))
  expect(component.getFirstPropertyValue('method')).toBeNull()
  expect(component.getFirstPropertyValue('name')).toBe('邻里')
  expect(String(component.getFirstPropertyValue('refresh-interval'))).toBe('PT1H')
  expect(event).toMatchObject({ uid: 'visit-1@linli.example', sequence: 3, summary: entry.title, location: '五里' })
  expect(event.description).toBe(entry.text)
  expect(event.startDate.toString()).toBe('2026-11-27T09:00:00')
  const zone = new ICAL.Timezone(component.getFirstSubcomponent('vtimezone') as ICAL.Component)
  expect(zone.tzid).toBe('Asia/Shanghai')
  event.startDate.zone = zone
  event.endDate.zone = zone
  expect(event.startDate.toJSDate()).toEqual(entry.from)
  expect(event.endDate.toJSDate()).toEqual(entry.until)
  const { component: vevent } = event
  expect(vevent.getFirstPropertyValue('status')).toBe('CONFIRMED')
  expect(String(vevent.getFirstPropertyValue('dtstamp'))).toBe('2026-11-24T02:20:00Z')
  expect(String(vevent.getFirstPropertyValue('last-modified'))).toBe('2026-11-24T02:20:00Z')
  expect(vevent.getFirstPropertyValue('categories')).toBe('上门')
  // A calendar that is kept invites nobody.
  expect(vevent.getFirstProperty('attendee')).toBeNull()
})

test('an invitation names its method, who invites and one guest; a cancellation is one', () => {
  const { component, event } = read(writeCalendar(head, [entry], now, invited))
  expect(component.getFirstPropertyValue('method')).toBe('REQUEST')
  expect(event.organizer).toBe('mailto:linli@example.org')
  expect(event.attendees.map((each) => [each.getFirstValue(), each.getParameter('partstat')])).toEqual([
    ['mailto:guest@example.org', 'ACCEPTED'],
  ])
  expect(String(event.component.getFirstPropertyValue('dtstamp'))).toBe('2026-11-24T03:00:00Z')
  const off = read(writeCalendar(head, [entry], now, { ...invited, method: 'CANCEL' }))
  expect(off.component.getFirstPropertyValue('method')).toBe('CANCEL')
  expect(off.event.component.getFirstPropertyValue('status')).toBe('CANCELLED')
})

test('a moment has no end and takes nobody’s time', () => {
  const { event } = read(writeCalendar(head, [{ ...entry, until: null }], now))
  expect(event.component.getFirstProperty('dtend')).toBeNull()
  expect(event.component.getFirstPropertyValue('transp')).toBe('TRANSPARENT')
})

test('no line is longer than 75 octets, none is cut within a character, and unfolding gives it back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (line) => {
      const one = line.toWellFormed().replace(/[\r\n]/g, '')
      const lines = folded(one).split('\r\n')
      for (const each of lines) {
        expect(Buffer.byteLength(each)).toBeLessThanOrEqual(75)
        expect(each.isWellFormed()).toBe(true)
      }
      expect(folded(one).replaceAll('\r\n ', '')).toBe(one)
    }),
  )
})

test('whatever is said comes out as it went in, and says nothing to the program that reads it', () => {
  const said = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    fc.constantFrom(
      'a\r\nEND:VEVENT\r\nBEGIN:VEVENT',
      'x\nATTENDEE:mailto:a@b.cd',
      '\u0000\u0007;,\\n\\',
      '\ud800',
      '',
    ),
  )
  fc.assert(
    fc.property(said, said, (title, text) => {
      const written = writeCalendar(head, [{ ...entry, title, text }], now)
      expect(written.split('\r\n').every((line) => !/[\r\n]/.test(line))).toBe(true)
      const { events, event } = read(written)
      expect(events).toHaveLength(1)
      expect(event.attendees).toHaveLength(0)
      const plain = (value: string) =>
        value
          .toWellFormed()
          .replace(/\r\n?/g, '\n')
          // biome-ignore lint/suspicious/noControlCharactersInRegex: what the grammar forbids is left out
          .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
      expect(event.summary).toBe(plain(title))
      expect(event.description ?? '').toBe(plain(text))
    }),
  )
})
