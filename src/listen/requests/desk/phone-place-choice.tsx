import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CallError, call, useSession } from '#kernel/desk/index.ts'
import { type PlaceKept, placeNearGet, placeSearch } from '#organise/places/places.api.ts'
import { useServedPlaces } from './phone-kept.ts'
import { findKept, placeAt } from './phone-place.ts'
import { holdsNumber } from './phone-typed.ts'
import type { Point } from './point.ts'

const pause = 200
/** Of one's own places, as many stand in the field before a word is typed. */
const offered = 50

/** What the form shows of a place. */
export type Chosen = Pick<PlaceKept, 'id' | 'label' | 'fullName'>

/** Finds by the server, and without network among the places that this device keeps. */
function usePlaces(typed: string) {
  const { person } = useSession()
  const { places } = useServedPlaces()
  const [asked, setAsked] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setAsked(typed.trim()), pause)
    return () => clearTimeout(timer)
  }, [typed])
  const under = places.find((place) => place.own)?.path
  const found = useQuery({
    queryKey: ['search', 'places-to-file-at', person.id, asked, under, places.length],
    staleTime: 60_000,
    queryFn: async ({ signal }): Promise<{ items: readonly Chosen[]; kept: boolean }> => {
      if (holdsNumber(asked)) return { items: [], kept: false }
      if (!asked) return { items: places.slice(0, offered), kept: false }
      try {
        const answer = await call(placeSearch, { query: { q: asked, under, limit: 20 }, signal })
        return { items: answer.places, kept: false }
      } catch (error) {
        if (!(error instanceof CallError) || !error.unreachable) throw error
        return { items: findKept(asked, places), kept: true }
      }
    },
  })
  return found
}

/** Where it is: one's own places at once, every other by typing any part of its name. */
export function PlaceChoice({
  value,
  chosen,
  invalid,
  onChange,
}: {
  value: string | undefined
  /** What stands there, where it is known. */
  chosen: Chosen | null
  invalid: boolean
  onChange: (place: Chosen) => void
}) {
  const { t } = useTranslation()
  const [words, setWords] = useState('')
  const found = usePlaces(words)
  const items = [...(found.data?.items ?? [])]
  if (value && !words.trim() && !items.some((one) => one.id === value))
    items.unshift(chosen ?? { id: value, label: t('requests.phone.place-kept'), fullName: '' })
  return (
    <>
      <Select
        id="phone-place"
        className="wide"
        value={value}
        aria-invalid={invalid}
        aria-describedby="phone-place-fault phone-place-told"
        status={invalid ? 'error' : undefined}
        showSearch={{ filterOption: false, onSearch: setWords }}
        options={items.map((one) => ({ value: one.id, label: one.label, note: one.fullName }))}
        loading={found.isFetching}
        placeholder={t('requests.search.places')}
        notFoundContent={
          found.error ? t('desk.found.failed') : found.isFetching ? t('desk.loading') : t('desk.found.none')
        }
        onChange={(id: string) => {
          const taken = items.find((one) => one.id === id)
          setWords('')
          if (taken) onChange(taken)
        }}
        optionRender={(option) => (
          <span className="option">
            {option.label} {option.data.note ? <small>{option.data.note}</small> : null}
          </span>
        )}
      />
      {found.data?.kept ? <p className="hint">{t('requests.phone.place-offline')}</p> : null}
    </>
  )
}

/** Says which place a point lies in: by what this device keeps, else by the server. Null where nobody knows. */
export function usePlaceAt(): (point: Point) => Promise<Chosen | null> {
  const { places } = useServedPlaces()
  return async (point) => {
    const known = placeAt(point, places)
    if (known) return known
    const near = await call(placeNearGet, { body: point }).catch(() => null)
    return near?.place ?? null
  }
}
