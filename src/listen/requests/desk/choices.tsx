import { useQuery } from '@tanstack/react-query'
import { Cascader } from 'antd'
import { type ComponentProps, type KeyboardEvent, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call, type Found, FoundChoice, useSession } from '#kernel/desk/index.ts'
import { listReceivers } from '#organise/bodies/bodies.api.ts'
import { laws } from '#organise/laws/laws.api.ts'
import { placeSearch } from '#organise/places/places.api.ts'
import { searchRequests } from '../requests.lists.api.ts'
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
  autoFocus?: boolean
  allowClear?: boolean
  'aria-label'?: string
}

/** What a field of a kind finds by any part of its name. */
type Find = (
  words: string,
  near: string | undefined,
  english: boolean,
  signal: AbortSignal,
) => Promise<readonly Found[]>

const finders: Record<'bodies' | 'places' | 'laws' | 'requests', Find> = {
  async bodies(words, near, english, signal) {
    const { receivers } = await call(listReceivers, { query: { path: near ?? '', search: words || undefined }, signal })
    return receivers.map((body) => ({
      id: body.id,
      name: (english && body.nameEn) || body.name,
      note: (english && body.placeNameEn) || body.placeName,
    }))
  },
  async places(words, near, english, signal) {
    if (!words || holdsNumber(words)) return []
    const { places } = await call(placeSearch, { query: { q: words, near, limit: 20 }, signal })
    return places.map((place) => ({
      id: place.id,
      name: (english && place.nameEn) || place.name,
      note: place.fullName,
    }))
  },
  async laws(words, near, english, signal) {
    const { items } = await call(laws.list, {
      query: { place: near, search: words || undefined } as { place?: string },
      signal,
    })
    return items.map((law) => ({ id: law.id, name: (english && law.nameEn) || law.name, note: law.article }))
  },
  // What is typed may be what somebody told: it stands in no address.
  async requests(words, _near, _english, signal) {
    const { items } = await call(searchRequests, { body: { queue: 'all', words, limit: 20 }, signal })
    return items.map((row) => ({ id: row.id, name: `${row.number} ${row.title}`, note: row.placeName }))
  },
}

/** A field that finds a body, place, law or request by any part of its name. */
export function SearchChoice({
  kind,
  near,
  placeholder,
  offered,
  ...properties
}: ChoiceProperties &
  Pick<ComponentProps<typeof FoundChoice>, 'known' | 'onChosen'> & {
    kind: keyof typeof finders
    /** What stands to be chosen before anything is typed. */
    offered?: readonly Found[]
  }) {
  const { t, i18n } = useTranslation()
  const english = i18n.language === 'en'
  // Of places that are called alike, those round one's own post come first.
  const own = useSession().posts[0]?.path
  const from = kind === 'places' ? own : near
  return (
    <FoundChoice
      {...properties}
      kind={[kind, from, english, offered]}
      find={async (words, signal) => (!words && offered) || finders[kind](words, from, english, signal)}
      placeholder={placeholder ?? t(`requests.search.${kind}`)}
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
