import { useQuery, useQueryClient } from '@tanstack/react-query'
import { call, readOrKept, useSession } from '#kernel/desk/index.ts'
import { dropFilter, listFilters, saveFilter } from '../requests.filters.api.ts'
import type { Filter } from '../requests.lists.api.ts'
import { queryOf, readFilter } from './filter.ts'
import { keptNames } from './phone-kept.ts'

/** The filters that this person saved, without words; where there is no network, as they were read last. */
export function useSavedFilters() {
  const { person } = useSession()
  const queries = useQueryClient()
  const queryKey = ['saved-filters', person.id]
  const query = useQuery({
    queryKey,
    staleTime: 60_000,
    queryFn: ({ signal }) => readOrKept(person.id, keptNames.filters, () => call(listFilters, { signal })),
  })
  const reread = () => queries.invalidateQueries({ queryKey })
  return {
    saved: (query.data?.items ?? []).map(({ id, name, query: kept }) => ({
      id,
      name,
      filter: readFilter(Object.fromEntries(new URLSearchParams(kept))) as Filter,
    })),
    async keep(name: string, filter: Filter) {
      await call(saveFilter, { body: { name, query: queryOf(filter) } })
      await reread()
    },
    async drop(id: string) {
      await call(dropFilter, { params: { id } })
      await reread()
    },
  }
}
