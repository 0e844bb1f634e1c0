import { useQuery, useQueryClient } from '@tanstack/react-query'
import { CallError, call, useSession } from '#kernel/desk/index.ts'
import type { Filter } from '../requests.desk.api.ts'
import { dropFilter, listFilters, saveFilter } from '../requests.filters.api.ts'
import { queryOf, readFilter, type SavedFilter, savedFilters, saveFilters } from './filter.ts'

/**
 * The filters that this person saved: kept with the person, with a copy on this device for when there is no network. What lies on
 * the device alone, from before or from a moment without network, is moved up first.
 */
export function useSavedFilters() {
  const { person } = useSession()
  const queries = useQueryClient()
  const query = useQuery({
    queryKey: ['saved-filters', person.id],
    staleTime: 60_000,
    queryFn: async ({ signal }) => {
      for (const one of savedFilters(person.id)) if (!one.id) await moveUp(one)
      const { items } = await call(listFilters, { signal })
      const filters = items.map(({ id, name, query: kept }) => ({
        id,
        name,
        filter: readFilter(Object.fromEntries(new URLSearchParams(kept))),
      }))
      saveFilters(person.id, filters)
      return filters
    },
  })
  const reread = () => queries.invalidateQueries({ queryKey: ['saved-filters', person.id] })
  return {
    saved: query.data ?? savedFilters(person.id),
    async keep(name: string, filter: Filter) {
      await call(saveFilter, { body: { name, query: queryOf(filter) } })
      await reread()
    },
    async drop(one: SavedFilter) {
      if (one.id) await call(dropFilter, { params: { id: one.id } })
      saveFilters(
        person.id,
        savedFilters(person.id).filter((other) => other.name !== one.name),
      )
      await reread()
    },
  }
}

async function moveUp({ name, filter }: SavedFilter): Promise<void> {
  try {
    await call(saveFilter, { body: { name, query: queryOf(filter) } })
  } catch (error) {
    // What may not be kept at all leaves the device too; anything else is tried again at the next load.
    if (!(error instanceof CallError && error.status === 422)) throw error
  }
}
