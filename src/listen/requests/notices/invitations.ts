// An agreed visit goes into the calendars of both sides by mail: as an invitation, as its change, as its cancellation (RFC 5546, 6047).
import { atClock } from '#kernel/calendar/index.ts'
import type { Sql } from '#kernel/database/index.ts'
import { type Invited, writeCalendar } from '#kernel/icalendar/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { exactTime, type Language } from '#kernel/words/index.ts'
import { formatNumber } from '../number.ts'
import { type Appointment, appointmentsOf, holdVisits, noteTold } from '../reading/calendar.store.ts'
import { visitEntry } from '../requests.calendar.ts'
import { readComing } from './invitations.store.ts'
import type { Concerned } from './notices.store.ts'

type Doors = Pick<Kernel, 'outbox' | 'encryption' | 'config'>
type On = { readonly sql: Sql; readonly now: Date }

/** What there is to say of an appointment since it was last told of; null where nothing is. */
export function wordsOf(
  visit: Pick<Appointment, 'state' | 'sequence' | 'told' | 'day' | 'to'>,
  now: Date,
): 'agreed' | 'moved' | 'cancelled' | null {
  // What is over is not called off, even where its matter ends.
  if (atClock(visit.day, visit.to) <= now || (visit.told !== null && visit.told >= visit.sequence)) return null
  if (visit.state === 'agreed') return 'agreed'
  // Of what was only proposed nobody has an invitation.
  if (visit.told === null || visit.state === 'done') return null
  return visit.state === 'proposed' ? 'moved' : 'cancelled'
}

/**
 * Sends what has changed of the visits of a request since the last time, whichever act changed it: an answer ends a visit as well as a
 * cancellation does. To the reporter, where they left an address, and to whoever comes. Returns whether the reporter was written to.
 */
export async function sendInvitations(kernel: Doors, on: On, request: string, found: Concerned): Promise<boolean> {
  if (!kernel.outbox.channels.mail || !(await holdVisits(on.sql, request))) return false
  let toReporter = false
  for (const visit of await appointmentsOf(on.sql, request)) {
    const words = wordsOf(visit, on.now)
    if (words === null) continue
    if (found.mail) {
      const to = kernel.encryption.decrypt('contact', found.mail, `${request}.mail`)
      const url = `${kernel.config.publicUrl}/follow`
      await invite(kernel, on, visit, words, { to, language: found.language, url, whom: 'reporter' })
      toReporter = true
    }
    const comes = visit.tenure && (await readComing(on.sql, request, visit.tenure))
    if (comes) {
      const to = kernel.encryption.decrypt('person.mail', comes.mail, comes.id)
      const url = `${kernel.config.publicUrl}/desk/requests/${request}`
      await invite(kernel, on, visit, words, { to, language: comes.language, url, whom: comes.id })
    }
    await noteTold(on.sql, visit)
  }
  return toReporter
}

async function invite(
  kernel: Doors,
  on: On,
  visit: Appointment,
  words: 'agreed' | 'moved' | 'cancelled',
  guest: { readonly to: string; readonly language: Language; readonly url: string; readonly whom: string },
): Promise<void> {
  const { to, language, url } = guest
  const host = new URL(kernel.config.publicUrl).hostname
  const invited: Invited = {
    method: words === 'cancelled' ? 'CANCEL' : 'REQUEST',
    // Who sends the letter invites: programs take a change from nobody else.
    organizer: /[^\s<>]+@[^\s<>]+/.exec(kernel.config.smtp?.from ?? '')?.[0] ?? `linli@${host}`,
    guest: to,
  }
  const calendar = writeCalendar({ name: '', host }, [visitEntry(visit, language, url)], on.now, invited)
  await kernel.outbox.queueMessage(on, {
    channel: 'mail',
    to,
    template: `requests.invitation.${words}`,
    values: {
      number: formatNumber(visit.number),
      place: (language === 'en' && visit.place_en) || visit.place,
      from: exactTime(atClock(visit.day, visit.from).toISOString(), language),
      until: visit.to,
      link: url,
    },
    language,
    record: visit.request,
    calendar: { method: invited.method, text: calendar },
    // An invitation to what is over helps nobody.
    goodUntil: atClock(visit.day, visit.to),
    once: [visit.chain, String(visit.sequence), guest.whom],
  })
}
