import type { PersonalData } from '../privacy/index.ts'
import { dropFeed, feedSince } from './icalendar.store.ts'

/** That a person has a calendar address, and since when. The address itself is known to nobody but them. */
export function calendarData(): PersonalData {
  return {
    room: 'icalendar',
    async collect(act, person) {
      const since = await feedSince(act.sql, person)
      return [
        { heading: 'icalendar.data.feed', rows: since ? [[{ label: 'icalendar.data.since', value: since }]] : [] },
      ]
    },
    erase: (on, person) => dropFeed(on, person),
  }
}
