import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import {
  CallError,
  call,
  dropSeen,
  type KeptValue,
  keepSeen,
  readOrKept,
  type Session,
  seenOf,
  useSession,
} from '#kernel/desk/index.ts'
import { type PlaceKept, placeServedGet } from '#organise/places/places.api.ts'
import { categories, templates } from '#organise/settings/settings.api.ts'
import { type RequestView, readRequest } from '../requests.desk.api.ts'
import { type Filter, listRequests, type Row } from '../requests.lists.api.ts'
import { ownPlace } from './phone-place.ts'
import { keptRowsFor, type OwnRows, ownQueues, tellable } from './phone-rows.ts'

/** Under which names this device keeps what a field worker reads. */
export const keptNames = {
  request: (id: string) => `request/${id}`,
  list: (query: Filter) => JSON.stringify(query),
  rows: 'rows',
  filters: 'filters',
  places: 'places',
  categories: (place: string | undefined) => `categories/${place ?? ''}`,
  templates: (place: string) => `templates/${place}`,
} as const

const most = 200
const pageSize = 50
const minutes = 5
const day = 86_400_000

/** A telephone or a tablet. A desk in an office has its network, and keeps no copies of what others told. */
const handheld = () => matchMedia('(max-width: 900px), (pointer: coarse)').matches

/** What a row says of itself; by anything else a list can only be narrowed where the records are. */
const told: readonly (keyof Filter)[] = ['queue', 'words', 'state', 'channel', 'urgency', 'sort', 'limit']

/** A list out of the rows that this device took along; null for a list that they say nothing about. */
export async function listFromRows(person: string, filter: Filter) {
  const asked = (Object.keys(filter) as (keyof Filter)[]).filter((name) => filter[name] !== undefined)
  if (!asked.every((name) => told.includes(name)) || !tellable.includes(filter.queue ?? 'all')) return null
  const kept = await seenOf<OwnRows>(person, keptNames.rows)
  if (!kept) return null
  const items = keptRowsFor(filter, kept.value, Date.now())
  return { at: kept.at, value: { items, next: null, estimate: items.length } }
}

/** Reads the categories of a place; without network those of one's own place, whose settings it mostly shares. */
export function readCategories(person: string, near: string | undefined, signal?: AbortSignal) {
  return readOrKept(
    person,
    keptNames.categories(near),
    () => call(categories.list, { query: { place: near }, signal }),
    () => seenOf(person, keptNames.categories(undefined)),
  )
}

type Templates = Awaited<ReturnType<typeof call<typeof templates.list>>>

/** Reads the answer templates of a place; without network any that were taken along. */
export function readTemplates(person: string, place: string, signal?: AbortSignal): Promise<Templates> {
  return readOrKept(
    person,
    keptNames.templates(place),
    () => call(templates.list, { query: { place }, signal }),
    async (): Promise<KeptValue<Templates> | null> => seenOf(person, keptNames.templates('own')),
  )
}

/** The places that somebody serves, as the server or this device knows them. */
export function useServedPlaces(): { places: readonly PlaceKept[]; own: PlaceKept | null } {
  const session = useSession()
  const served = useQuery({
    queryKey: ['served-places', session.person.id],
    staleTime: 600_000,
    queryFn: ({ signal }) => readServed(session.person.id, signal),
  })
  const places = served.data?.places ?? []
  return { places, own: ownPlace(places, session.reach['request.enter'] ?? []) }
}

const readServed = (person: string, signal?: AbortSignal) =>
  readOrKept(person, keptNames.places, () => call(placeServedGet, { signal }))

/**
 * Takes along what a field worker needs where there is no network: the places they serve with categories and templates and, on a
 * telephone, their own lists with every request on them. Asks only for what has changed, and forgets what is theirs no longer.
 */
async function takeAlong(session: Session): Promise<void> {
  const person = session.person.id
  const { places } = await readServed(person)
  const own = places.find((place) => place.own)
  await keepSeen(person, keptNames.categories(undefined), await readCategories(person, own?.id))
  if (own) await keepSeen(person, keptNames.templates('own'), await readTemplates(person, own.id))
  if (!handheld()) return
  const rows: Record<(typeof ownQueues)[number], Row[]> = { mine: [], unit: [] }
  for (const queue of ownQueues) {
    if (session.queues[queue] === undefined) continue
    let after: string | undefined
    do {
      const query = { queue, after, limit: pageSize }
      const page = await call(listRequests, { query })
      await keepSeen(person, keptNames.list(query), page)
      rows[queue].push(...page.items)
      after = page.next ?? undefined
    } while (after && rows[queue].length < most)
  }
  await keepSeen(person, keptNames.rows, rows satisfies OwnRows)
  const wanted = new Map([...rows.mine, ...rows.unit].map((row) => [row.id, row]).slice(0, most) as [string, Row][])
  const templatesAt = new Set<string>()
  for (const row of wanted.values()) {
    const name = keptNames.request(row.id)
    let view = (await seenOf<RequestView>(person, name))?.value
    if (view?.version !== row.version) {
      view = await call(readRequest, { params: { id: row.id } }).catch((refusal: unknown) => {
        // It has gone out of sight since the list was read.
        if (refusal instanceof CallError && !refusal.unreachable && !refusal.signedOut) return undefined
        throw refusal
      })
      if (view) await keepSeen(person, name, view)
    }
    if (view && templatesAt.size < 20) templatesAt.add(view.place.id)
  }
  for (const place of templatesAt) await readTemplates(person, place)
  const longAgo = (days: number) => new Date(Date.now() - days * day).toISOString()
  await dropSeen(person, (name, at) =>
    name.startsWith('request/') ? !wanted.has(name.slice(8)) && at < longAgo(3) : at < longAgo(14),
  )
}

/** Keeps this device ready to go down into a cellar: at once, when the network comes back, and every few minutes. */
export function useTakingAlong(session: Session): void {
  const queries = useQueryClient()
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is taken along is the person's, however often their counts change
  useEffect(() => {
    let running = false
    const take = () => {
      if (running || document.hidden) return
      running = true
      // Without network there is nothing to take; whatever else is wrong is told by the screen that needs it.
      takeAlong(session)
        .then(
          () => queries.invalidateQueries({ queryKey: ['served-places'], refetchType: 'none' }),
          () => {},
        )
        .finally(() => {
          running = false
        })
    }
    const first = setTimeout(take, 1_500)
    const every = setInterval(take, minutes * 60_000)
    addEventListener('online', take)
    document.addEventListener('visibilitychange', take)
    return () => {
      clearTimeout(first)
      clearInterval(every)
      removeEventListener('online', take)
      document.removeEventListener('visibilitychange', take)
    }
  }, [session.person.id, queries])
}
