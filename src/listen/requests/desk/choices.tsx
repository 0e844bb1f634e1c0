import { useQuery } from '@tanstack/react-query'
import { Cascader, Select } from 'antd'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '#kernel/desk/index.ts'
import { listReceivers } from '#organise/bodies/bodies.api.ts'
import { placeSearch } from '#organise/places/places.api.ts'
import { listCategories, listRequests, searchLaws } from '../requests.desk.api.ts'

interface Branch {
  value: string
  label: string
  children?: Branch[]
}

interface ChoiceProperties {
  id?: string
  value?: string
  onChange?: (value: string | undefined) => void
  placeholder?: string
  /** The path or the id of the place it is about, as the search wants it. */
  near?: string
  /** A name to show for a value that has not been searched for. */
  known?: { id: string; name: string } | null
  autoFocus?: boolean
  allowClear?: boolean
  onChosen?: (name: string | null) => void
  'aria-label'?: string
}

const pause = 200

function useSearch(kind: 'bodies' | 'places' | 'laws' | 'requests', words: string, near: string | undefined) {
  const [asked, setAsked] = useState(words)
  useEffect(() => {
    const timer = setTimeout(() => setAsked(words), pause)
    return () => clearTimeout(timer)
  }, [words])
  const english = useTranslation().i18n.language === 'en'
  return useQuery({
    queryKey: ['search', kind, asked, near, english],
    staleTime: 60_000,
    queryFn: async ({ signal }) => {
      if (kind === 'requests') {
        const found = await call(listRequests, { query: { queue: 'all', words: asked, limit: 20 }, signal })
        return found.items.map((row) => ({ id: row.id, name: `${row.number} ${row.title}`, note: row.placeName }))
      }
      if (kind === 'bodies') {
        const found = await call(listReceivers, { query: { path: near ?? '', search: asked || undefined }, signal })
        return found.receivers.map((body) => ({
          id: body.id,
          name: (english && body.nameEn) || body.name,
          note: body.placeName,
        }))
      }
      if (kind === 'places') {
        if (!asked.trim()) return []
        const found = await call(placeSearch, { query: { q: asked.trim(), limit: 20 }, signal })
        return found.places.map((place) => ({
          id: place.id,
          name: (english && place.nameEn) || place.name,
          note: place.fullName,
        }))
      }
      return (await call(searchLaws, { query: { words: asked, near }, signal })).items
    },
  })
}

/** A field that finds a body, place, law or request by any part of its name. */
export function SearchChoice({
  kind,
  known,
  near,
  onChange,
  onChosen,
  ...properties
}: ChoiceProperties & { kind: 'bodies' | 'places' | 'laws' | 'requests' }) {
  const { t } = useTranslation()
  const [words, setWords] = useState('')
  const found = useSearch(kind, words, near)
  const options = (found.data ?? []).map((one) => ({ value: one.id, label: one.name, note: one.note }))
  if (known && properties.value === known.id && !options.some((one) => one.value === known.id)) {
    options.unshift({ value: known.id, label: known.name, note: null })
  }
  return (
    <Select
      {...properties}
      className="wide"
      onChange={(value, option) => {
        onChange?.(value)
        onChosen?.(option && !Array.isArray(option) ? String(option.label) : null)
      }}
      showSearch={{ filterOption: false, onSearch: setWords }}
      options={options}
      loading={found.isFetching}
      placeholder={properties.placeholder ?? t(`requests.search.${kind}`)}
      notFoundContent={
        found.error ? t('requests.search.failed') : found.isFetching ? t('desk.loading') : t('requests.search.none')
      }
      optionRender={(option) => (
        <span className="option">
          {option.label} {option.data.note ? <small>{option.data.note}</small> : null}
        </span>
      )}
    />
  )
}

/** Categories in three levels, found by typing any part of their names. */
export function CategoryChoice({ value, onChange, near, id, ...rest }: ChoiceProperties) {
  const { t } = useTranslation()
  const categories = useQuery({
    queryKey: ['categories', near],
    staleTime: 600_000,
    queryFn: ({ signal }) => call(listCategories, { query: { place: near }, signal }),
  })
  const items = categories.data?.items
  const tree = useMemo(() => {
    const below = new Map<string | null, { id: string; name: string }[]>()
    for (const one of items ?? []) below.set(one.parent, [...(below.get(one.parent) ?? []), one])
    const branch = (parent: string | null): Branch[] =>
      (below.get(parent) ?? []).map((one) => ({
        value: one.id,
        label: one.name,
        ...(below.has(one.id) ? { children: branch(one.id) } : {}),
      }))
    return branch(null)
  }, [items])
  const trail = useMemo(() => {
    const parents = new Map((items ?? []).map((one) => [one.id, one.parent]))
    const path: string[] = []
    let at: string | null | undefined = value
    while (at) {
      path.unshift(at)
      at = parents.get(at)
    }
    return path
  }, [items, value])
  return (
    <Cascader
      id={id}
      aria-label={rest['aria-label']}
      className="wide"
      options={tree}
      value={trail}
      changeOnSelect
      showSearch
      loading={categories.isPending}
      placeholder={rest.placeholder ?? t('requests.search.categories')}
      onChange={(path) => onChange?.((path as string[] | undefined)?.at(-1))}
    />
  )
}
