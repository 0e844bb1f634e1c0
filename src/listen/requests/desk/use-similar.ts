import { useQuery } from '@tanstack/react-query'
import { call } from '#kernel/desk/index.ts'
import { findSimilar } from '../requests.desk.api.ts'

/** What may be about the same as a request; asked anew when it changes, since what is merged or linked is similar no more. */
export function useSimilar({ id, version }: { readonly id: string; readonly version: number }) {
  return useQuery({
    queryKey: ['requests', 'similar', id, version],
    staleTime: 60_000,
    queryFn: ({ signal }) => call(findSimilar, { params: { id }, signal }),
  })
}
