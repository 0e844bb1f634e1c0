import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { call } from '#kernel/desk/index.ts'
import { countFound, countRequests, type Filter } from '../requests.lists.api.ts'
import { countsWithout, wordless } from './filter.ts'

/**
 * How long the list is. What stands on the screen whole needs no question; the rest is counted while the list is read. What is beside it
 * says why another reader counts otherwise.
 */
export function ListCount({ filter, shown, more }: { filter: Filter; shown: number; more: boolean }) {
  const { t } = useTranslation()
  const { sort: _, after: __, limit: ___, ...narrowing } = filter
  const counted = useQuery({
    queryKey: ['requests', 'count', narrowing],
    enabled: more,
    queryFn: ({ signal }) =>
      narrowing.words
        ? call(countFound, { body: narrowing, signal })
        : call(countRequests, { query: wordless(narrowing), signal }),
  })
  const count = counted.data?.count
  // Longer than it can be counted in time, or not counted yet: what is certain is said.
  const uncertain = count === undefined || count === null || count < shown
  const said = !more
    ? t('requests.count', { count: shown })
    : t(uncertain || counted.data?.more ? 'requests.count-more' : 'requests.count', {
        count: uncertain ? shown : count,
      })
  return (
    <small>
      {said}
      {countsWithout(filter) ? ` · ${t('requests.count-without')}` : null}
    </small>
  )
}
