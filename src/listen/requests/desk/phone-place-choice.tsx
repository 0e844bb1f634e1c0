import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { type KeyboardEvent, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CallError, call, useSession } from '#kernel/desk/index.ts'
import { type PlaceKept, placeGet, placeNearGet, placeSearch } from '#organise/places/places.api.ts'
import { useServedPlaces } from './phone-kept.ts'
import { findKept, liesIn, placeAt } from './phone-place.ts'
import { holdsNumber } from './phone-typed.ts'
import type { Point } from './point.ts'

const pause = 200
/** Of one's own places, as many stand in the field before a word is typed. */
const offered = 50

/** What the form shows of a place. */
export type Chosen = Pick<PlaceKept, 'id' | 'label' | 'fullName'> & Partial<Pick<PlaceKept, 'path'>>

/** Finds by the server, and without network among the places that this device keeps. */
function usePlaces(typed: string) {
  const { person } = useSession()
  const { places } = useServedPlaces()
  const [asked, setAsked] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setAsked(typed.trim()), pause)
    return () => clearTimeout(timer)
  }, [typed])
  const near = places.find((place) => place.own)?.path
  const found = useQuery({
    queryKey: ['search', 'places-to-file-at', person.id, asked, near, places.length],
    staleTime: 60_000,
    queryFn: async ({ signal }): Promise<{ items: readonly Chosen[]; kept: boolean }> => {
      if (holdsNumber(asked)) return { items: [], kept: false }
      if (!asked) return { items: places.slice(0, offered), kept: false }
      try {
        const answer = await call(placeSearch, { query: { q: asked, near, limit: 20 }, signal })
        return { items: answer.places, kept: false }
      } catch (error) {
        if (!(error instanceof CallError) || !error.unreachable) throw error
        return { items: findKept(asked, places), kept: true }
      }
    },
  })
  return found
}

const listed = '.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option'

/** Where none of those found is stepped onto, Enter takes none, and leaves the words and the list as they are. */
function stay(event: KeyboardEvent): void {
  if (event.key !== 'Enter' || event.ctrlKey || event.metaKey || event.nativeEvent.isComposing) return
  if (!document.querySelector(listed) || document.querySelector(`${listed}-active`)) return
  event.preventDefault()
  event.stopPropagation()
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
  const { reach } = useSession()
  const items = [...(found.data?.items ?? [])]
  if (value && !words.trim() && !items.some((one) => one.id === value))
    items.unshift(chosen ?? { id: value, label: t('requests.phone.place-kept'), fullName: '' })
  return (
    <div className="wide" onKeyDownCapture={stay}>
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
        // Enter takes what stands first. One from elsewhere, which only bears the name, is walked to.
        defaultActiveFirstOption={items[0] !== undefined && liesIn(items[0], reach['request.enter'] ?? [])}
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
    </div>
  )
}

/** What is known of the place in the form: as it was chosen, as this device keeps it, else, in a draft that was reloaded, by asking. */
export function usePlaceShown(place: string | undefined, chosen: Chosen | null): Chosen | null {
  const { places } = useServedPlaces()
  const known = (chosen?.id === place ? chosen : null) ?? places.find((one) => one.id === place) ?? null
  const asked = useQuery({
    queryKey: ['place', place],
    enabled: place !== undefined && known === null,
    staleTime: 600_000,
    queryFn: ({ signal }) => call(placeGet, { params: { id: place ?? '' }, signal }),
  })
  return known ?? asked.data ?? null
}

/** The place in the form with all that lies above it, and how it came there; what lies elsewhere is said to. */
export function PlaceTold({
  place,
  standing,
  own,
}: {
  place: Chosen | null
  /** Where the device stands, if it was asked. */
  standing: Chosen | null
  /** It stands there by the post of whoever writes. */
  own: boolean
}) {
  const { t } = useTranslation()
  const entering = useSession().reach['request.enter'] ?? []
  if (standing) {
    const key = liesIn(standing, entering) ? 'requests.phone.place-here' : 'requests.phone.place-here-elsewhere'
    return t(key, { name: standing.fullName })
  }
  if (!place?.fullName) return null
  if (own) return t('requests.phone.place-own', { name: place.fullName })
  return place.path !== undefined && !liesIn(place, entering)
    ? t('requests.phone.place-elsewhere', { name: place.fullName })
    : place.fullName
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
