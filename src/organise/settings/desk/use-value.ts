import { useMutation, useQueryClient } from '@tanstack/react-query'
import { CallError, call } from '#kernel/desk/index.ts'
import { giveUpValue, type ShownValue, writeValue } from '../settings.api.ts'

export interface ValueProperties {
  shown: ShownValue
  place: string | undefined
  placeName: string
  editable: boolean
}

/** Writes one value of a place, or gives it up, so that what holds above holds here again. */
export function useValue({ shown, place }: ValueProperties) {
  const queries = useQueryClient()
  const reread = () => queries.invalidateQueries({ queryKey: ['settings', 'values'] })
  const saving = useMutation({
    mutationFn: ({ value, version }: { value: unknown; version?: number }) =>
      call(writeValue, {
        params: { name: shown.name } as never,
        query: { place },
        body: { value },
        version: version ?? shown.version,
      }),
    onSuccess: reread,
  })
  const givingUp = useMutation({
    mutationFn: () =>
      call(giveUpValue, { params: { name: shown.name } as never, query: { place }, version: shown.version }),
    onSuccess: reread,
  })
  const clash = saving.error instanceof CallError && saving.error.conflict ? saving.error : null
  const theirs = clash?.current as ShownValue | undefined
  /** Whether this very place has set it. */
  const own = shown.version > 0 && shown.inheritedFrom === null && !shown.default
  return { saving, givingUp, own, clash, theirs, reread }
}
