import { useQuery } from '@tanstack/react-query'
import { Cascader, Select } from 'antd'
import { type KeyboardEvent, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call, useSession } from '#kernel/desk/index.ts'
import { listReceivers } from '#organise/bodies/bodies.api.ts'
import { laws } from '#organise/laws/laws.api.ts'
import { placeSearch } from '#organise/places/places.api.ts'
import { searchRequests } from '../requests.desk.api.ts'
import { readCategories } from './phone-kept.ts'
import { holdsNumber } from './phone-typed.ts'

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
        const found = await call(searchRequests, { body: { queue: 'all', words: asked, limit: 20 }, signal })
        return found.items.map((row) => ({ id: row.id, name: `${row.number} ${row.title}`, note: row.placeName }))
      }
      if (kind === 'bodies') {
        const found = await call(listReceivers, { query: { path: near ?? '', search: asked || undefined }, signal })
        return found.receivers.map((body) => ({
          id: body.id,
          name: (english && body.nameEn) || body.name,
          note: (english && body.placeNameEn) || body.placeName,
        }))
      }
      if (kind === 'places') {
        if (!asked.trim() || holdsNumber(asked)) return []
        const found = await call(placeSearch, { query: { q: asked.trim(), limit: 20 }, signal })
        return found.places.map((place) => ({
          id: place.id,
          name: (english && place.nameEn) || place.name,
          note: place.fullName,
        }))
      }
      const found = await call(laws.list, {
        query: { place: near, search: asked || undefined } as { place?: string },
        signal,
      })
      return found.items.map((law) => ({ id: law.id, name: (english && law.nameEn) || law.name, note: law.article }))
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
  const { person } = useSession()
  const [words, setWords] = useState('')
  const [open, setOpen] = useState(false)
  const categories = useQuery({
    queryKey: ['categories', near],
    staleTime: 600_000,
    queryFn: ({ signal }) => readCategories(person.id, near, signal),
  })
  const items = categories.data?.items
  const english = useTranslation().i18n.language === 'en'
  const tree = useMemo(() => {
    const first: Branch[] = []
    // Two levels are only names; the third is the category itself.
    const below = (branches: Branch[], value: string, label: string): Branch => {
      const found = branches.find((one) => one.value === value)
      if (found) return found
      const made = { value, label, children: [] }
      branches.push(made)
      return made
    }
    for (const one of items ?? []) {
      const upper = below(first, `1:${one.level1}`, (english && one.level1En) || one.level1)
      const middle = below(upper.children ?? [], `2:${one.level2}`, (english && one.level2En) || one.level2)
      middle.children?.push({ value: one.id, label: (english && one.level3En) || one.level3 })
    }
    return first
  }, [items, english])
  const trail = useMemo(() => {
    const chosen = items?.find((one) => one.id === value)
    return chosen ? [`1:${chosen.level1}`, `2:${chosen.level2}`, chosen.id] : []
  }, [items, value])
  // Typing and Enter takes the first that fits; the part itself takes only what was walked to with the arrows.
  const takeFirst = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing || !words.trim()) return
    if (
      document.querySelector('.ant-cascader-dropdown:not(.ant-select-dropdown-hidden) .ant-cascader-menu-item-active')
    )
      return
    const first = tree
      .flatMap((upper) =>
        (upper.children ?? []).flatMap((middle) => (middle.children ?? []).map((one) => [upper, middle, one])),
      )
      .find((branch) => branch.some((one) => one.label.toLowerCase().includes(words.trim().toLowerCase())))
    if (!first) return
    event.preventDefault()
    event.stopPropagation()
    onChange?.(first.at(-1)?.value)
    setWords('')
    setOpen(false)
  }
  return (
    <div className="wide" onKeyDownCapture={takeFirst}>
      <Cascader
        id={id}
        aria-label={rest['aria-label']}
        className="wide"
        options={tree}
        value={trail}
        open={open}
        onOpenChange={setOpen}
        showSearch={{ searchValue: words, onSearch: setWords }}
        loading={categories.isPending}
        placeholder={rest.placeholder ?? t('requests.search.categories')}
        onChange={(path) => {
          setWords('')
          onChange?.((path as string[] | undefined)?.at(-1))
        }}
      />
    </div>
  )
}
