import { channels, states, urgencies, verdictClosings } from '../requests.api.ts'
import { answerings, endings, type Filter, movings, queues, sorts } from '../requests.lists.api.ts'

const texts = ['place', 'category', 'kind', 'body'] as const
/** Days, as a date field writes them. */
const days = ['filedFrom', 'filedUntil', 'dueFrom', 'dueUntil'] as const

/** What stands in the address of a list: no words, but the key by which this tab keeps them. */
export type ListSearch = Omit<Filter, 'words'> & { found?: string }

/** Reads a filter from the address bar; what it does not know it leaves out, so that an old link still opens. */
export function readFilter(search: Record<string, unknown>): ListSearch {
  const filter: ListSearch = {}
  const queue = queues.find((name) => name === search.queue)
  if (queue) filter.queue = queue
  for (const name of texts) {
    const value = search[name]
    if (typeof value === 'string' && value !== '') filter[name] = value.slice(0, 100)
    else if (typeof value === 'number') filter[name] = String(value)
  }
  const state = states.find((name) => name === search.state)
  if (state) filter.state = state
  const channel = channels.find((name) => name === search.channel)
  if (channel) filter.channel = channel
  const urgency = urgencies.find((name) => name === search.urgency)
  if (urgency) filter.urgency = urgency
  for (const name of days) {
    const value = search[name]
    if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)) filter[name] = value
  }
  const result = endings.find((name) => name === search.result)
  if (result) filter.result = result
  const answered = answerings.find((name) => name === search.answered)
  if (answered) filter.answered = answered
  const moved = movings.find((name) => name === search.moved)
  if (moved) filter.moved = moved
  if (search.within === 'itself') filter.within = 'itself'
  // A key of digits alone was read as a number.
  const found = String(search.found ?? '')
  if (/^[0-9a-f]{8}$/.test(found)) filter.found = found
  const sort = sorts.find((name) => name === search.sort)
  if (sort) filter.sort = sort
  return filter
}

const narrowings = [
  'state',
  'result',
  'answered',
  'moved',
  'channel',
  'urgency',
  'place',
  'category',
  'kind',
  'body',
  ...days,
] as const

/** A filter for an address. */
export function wordless<F extends { words?: string }>(filter: F): Omit<F, 'words'> {
  const { words: _, ...rest } = filter
  return rest
}

/** Whether a list is narrowed beyond its queue and its words. */
export const narrowed = (filter: Filter): boolean => narrowings.some((name) => filter[name])

/** The queue that opens first: what waits for this person, by what their post may do. */
export function firstQueue(counts: Readonly<Record<string, number>>): Filter['queue'] {
  return queues.find((name) => (counts[name] ?? 0) > 0) ?? 'all'
}

/** A filter as the query it is saved by: without words. */
export const queryOf = (filter: Filter): string =>
  new URLSearchParams(
    Object.entries(readFilter({ ...filter, found: undefined })).flatMap(([name, value]) =>
      value ? [[name, String(value)]] : [],
    ),
  ).toString()

/** Whether it is a list of what residents said, which holds nothing that its reader's own body handled. */
export const countsWithout = ({ result }: Pick<Filter, 'result'>): boolean =>
  verdictClosings.some((closing) => closing === result)

/** Where the figures of a list stand: of its place, and of the months in which it was filed. */
export const figuresOf = ({
  place,
  filedFrom,
  filedUntil,
}: Filter): { place?: string; from?: string; until?: string } => ({
  place,
  ...(filedFrom && filedUntil ? { from: filedFrom.slice(0, 7), until: filedUntil.slice(0, 7) } : {}),
})
