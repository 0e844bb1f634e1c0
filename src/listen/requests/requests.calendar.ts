// What this room puts into calendars: agreed visits, and deadlines. Number, place and link; no name and no word of a resident.
import { atClock } from '#kernel/calendar/index.ts'
import type { CalendarEntry, CalendarSource } from '#kernel/icalendar/index.ts'
import { type Language, t } from '#kernel/words/index.ts'
import { formatNumber } from './number.ts'
import { type Appointment, appointmentsOfPerson, type Due, duesOfPerson } from './reading/calendar.store.ts'

/** What is over stays in a calendar for so many days. */
const keptDays = 60

/**
 * A visit as an entry.
 * @param url the page on which whoever reads the calendar finds it; never a secret link, since calendars lie with other people's clouds
 */
export function visitEntry(visit: Appointment, language: Language, url: string): CalendarEntry {
  const say = t(language)
  const number = formatNumber(visit.number)
  return {
    uid: `visit-${visit.chain}`,
    sequence: visit.sequence,
    changedAt: new Date(visit.changed_at),
    title: say('requests.calendar.visit', { number }),
    text: say(`requests.calendar.visit-${visit.state === 'done' ? 'agreed' : visit.state}`, { link: url }),
    where: (language === 'en' && visit.place_en) || visit.place,
    url,
    category: say('requests.calendar.visits'),
    from: atClock(visit.day, visit.from),
    until: atClock(visit.day, visit.to),
    status: visit.state === 'cancelled' ? 'cancelled' : visit.state === 'proposed' ? 'tentative' : 'confirmed',
  }
}

function dueEntry(due: Due, language: Language, publicUrl: string): CalendarEntry {
  const say = t(language)
  const url = `${publicUrl}/${due.kind === 'promised' ? 'my' : 'desk'}/requests/${due.request}`
  return {
    uid: `${due.kind === 'promised' ? 'promised' : 'due'}-${due.request}`,
    sequence: due.version,
    changedAt: new Date(due.changed_at),
    title: say(`requests.calendar.due-${due.kind}`, { number: formatNumber(due.number) }),
    text: say('requests.calendar.see', { link: url }),
    where: (language === 'en' && due.place_en) || due.place,
    url,
    category: say('requests.calendar.dues'),
    from: new Date(due.at),
    until: null,
    status: 'confirmed',
  }
}

/** Fills the port of calendars. */
export const requestsCalendar: CalendarSource = {
  room: 'requests',
  async entriesOf(on, { person, language, now, publicUrl }) {
    const since = new Date(now.getTime() - keptDays * 86_400_000)
    const [visits, dues] = [await appointmentsOfPerson(on, person, now, since), await duesOfPerson(on, person, now)]
    const page = (visit: { comes: boolean; request: string }) =>
      `${publicUrl}/${visit.comes ? 'desk' : 'my'}/requests/${visit.request}`
    return [
      ...visits
        // A matter that was answered takes its visit with it, also one that took place.
        .filter((visit) => visit.state !== 'cancelled' || atClock(visit.day, visit.to) > now)
        .map((visit) => visitEntry(visit, language, page(visit))),
      ...dues.map((due) => dueEntry(due, language, publicUrl)),
    ]
  },
}
