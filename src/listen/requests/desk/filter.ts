import { closings } from '../requests.api.ts'
import { type Filter, queues, sorts } from '../requests.desk.api.ts'
import { forgetWords } from './list-words.ts'

const texts = ['state', 'channel', 'urgency', 'place', 'category', 'body'] as const
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
  for (const name of days) {
    const value = search[name]
    if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)) filter[name] = value
  }
  const result = closings.find((name) => name === search.result)
  if (result) filter.result = result
  // A key of digits alone was read as a number.
  const found = String(search.found ?? '')
  if (/^[0-9a-f]{8}$/.test(found)) filter.found = found
  const sort = sorts.find((name) => name === search.sort)
  if (sort) filter.sort = sort
  return filter
}

const narrowings = ['state', 'result', 'channel', 'urgency', 'place', 'category', 'body', ...days] as const

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

export interface SavedFilter {
  /** Absent for one that lies on this device alone. */
  id?: string
  name: string
  filter: Filter
}

const prefix = 'linli-desk-filters-'
const key = (person: string) => `${prefix}${person}`

/** This device's copy of the filters that a person named. They hold no words. */
export function savedFilters(person: string): SavedFilter[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key(person)) ?? '[]')
    if (!Array.isArray(kept)) return []
    return kept.flatMap((one: { id?: unknown; name?: unknown; filter?: unknown }) =>
      typeof one?.name === 'string' && typeof one.filter === 'object' && one.filter !== null
        ? [
            {
              ...(typeof one.id === 'string' ? { id: one.id } : {}),
              name: one.name,
              filter: readFilter(one.filter as Record<string, unknown>),
            },
          ]
        : [],
    )
  } catch {
    return []
  }
}

export function saveFilters(person: string, filters: readonly SavedFilter[]): void {
  localStorage.setItem(key(person), JSON.stringify(filters))
}

/** Takes every person's filters and what was searched for off this device. Called at sign-out. */
export function forgetFilters(): void {
  for (const name of Object.keys(localStorage)) if (name.startsWith(prefix)) localStorage.removeItem(name)
  forgetWords()
}
