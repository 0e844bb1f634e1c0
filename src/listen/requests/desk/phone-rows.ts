import { dayOf, endOfDay } from '#kernel/calendar/days.ts'
import type { Filter, Row } from '../requests.lists.api.ts'

/** The queues that are a field worker's own. */
export const ownQueues = ['mine', 'unit'] as const
export type OwnRows = Readonly<Record<(typeof ownQueues)[number], readonly Row[]>>

/** What of one's own rows fits a filter: for a list that was never opened while there was network. */
export function keptRowsFor(filter: Filter, own: OwnRows, now: number): Row[] {
  const queue = filter.queue ?? 'all'
  const rows =
    queue === 'mine' || queue === 'unit'
      ? own[queue]
      : [...own.mine, ...own.unit.filter((row) => !own.mine.some((other) => other.id === row.id))]
  const tonight = endOfDay(dayOf(new Date(now))).getTime()
  const words = (filter.words ?? '').toLowerCase().split(/\s+/u).filter(Boolean)
  return rows.filter((row) => {
    const due = row.deadline ? Date.parse(row.deadline.at) : null
    if (queue === 'overdue' && !(due !== null && due < now)) return false
    if (queue === 'due-today' && !(due !== null && due >= now && due < tonight)) return false
    if (queue === 'supervised' && !row.supervised) return false
    if (filter.state && row.state !== filter.state) return false
    if (filter.channel && row.channel !== filter.channel) return false
    if (filter.urgency && row.urgency !== filter.urgency) return false
    const said = `${row.number} ${row.number.replaceAll(/\D/gu, '')} ${row.title} ${row.placeName}`.toLowerCase()
    return words.every((word) => said.includes(word))
  })
}

/** Queues that can be told from one's own rows. */
export const tellable = ['mine', 'unit', 'due-today', 'overdue', 'supervised', 'all']
