import { useMutation } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Disclosure, ErrorNote } from '#kernel/desk/index.ts'
import { type Filter, sortOf, sorts } from '../requests.lists.api.ts'
import { narrowed } from './filter.ts'
import { isPhoneTyped } from './phone-typed.ts'
import { useSavedFilters } from './saved-filters.ts'

const FilterMore = lazy(() => import('./filter-more.tsx'))
const PhoneSearch = lazy(() => import('./phone-search.tsx'))

/** Words, narrowing and order of a list. Everything stands in the address, so that a list can be sent to a colleague. */
export function FilterBar({
  filter,
  onChange,
  compact,
  onReturn,
  children,
}: {
  filter: Filter
  onChange: (filter: Filter) => void
  compact: boolean
  /** Enter or Escape in the field of words: the keys are the list's again, once it shows what is sought; null where it shows it already. */
  onReturn: (sought: string | null) => void
  /** What else stands in the row: the choice of columns, where there are columns. */
  children?: ReactNode
}) {
  const { t } = useTranslation()
  const [words, setWords] = useState(filter.words ?? '')
  const { saved, keep, drop } = useSavedFilters()
  const [naming, setNaming] = useState<string | null>(null)
  /** A telephone that was searched for: kept here alone, never in the address. */
  const [phone, setPhone] = useState<string | null>(null)
  const [more, setMore] = useState(() => narrowed(filter))
  useEffect(() => setWords(filter.words ?? ''), [filter.words])
  const keeping = useMutation({
    mutationFn: (name: string) => keep(name, filter),
    onSuccess: () => setNaming(null),
  })
  const dropping = useMutation({ mutationFn: drop })
  return (
    <search className="filters">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          const typed = words.trim()
          setPhone(isPhoneTyped(typed) ? typed : null)
          if (isPhoneTyped(typed)) return
          onChange({ ...filter, words: typed || undefined })
          onReturn(typed)
        }}
      >
        <Input
          type="search"
          value={words}
          onChange={(event) => setWords(event.target.value)}
          placeholder={t('requests.search')}
          aria-label={t('requests.search')}
          suffix={<kbd>/</kbd>}
          allowClear
          onKeyDown={(event) => {
            if (event.key !== 'Escape' || event.nativeEvent.isComposing) return
            // The words that the list stands for, instead of what was only typed.
            event.preventDefault()
            setWords(filter.words ?? '')
            onReturn(null)
          }}
          onClear={() => {
            setPhone(null)
            if (filter.words) onChange({ ...filter, words: undefined })
          }}
        />
        <Button htmlType="submit">{t('requests.search.go')}</Button>
        {compact ? null : (
          <>
            <Button aria-expanded={more} onClick={() => setMore(!more)}>
              {t('requests.narrow')}
            </Button>
            <select
              className="plain-select"
              aria-label={t('requests.sort')}
              value={sortOf(filter)}
              onChange={(event) => onChange({ ...filter, sort: event.target.value as Filter['sort'] })}
            >
              {sorts.map((value) => (
                <option key={value} value={value}>
                  {t(`requests.sort.${value}`)}
                </option>
              ))}
            </select>
            <Disclosure label={t('requests.saved')} once>
              {saved.map((one) => (
                <div key={one.id} className="saved-filter">
                  <Button type="text" onClick={() => onChange(one.filter)}>
                    {one.name}
                  </Button>
                  <Button
                    type="text"
                    aria-label={t('requests.saved.drop', { name: one.name })}
                    disabled={dropping.isPending}
                    onClick={() => dropping.mutate(one.id)}
                  >
                    ×
                  </Button>
                </div>
              ))}
              <Button
                type="text"
                onClick={() => {
                  keeping.reset()
                  setNaming('')
                }}
              >
                {t('requests.saved.keep')}
              </Button>
            </Disclosure>
            {children}
          </>
        )}
      </form>
      {dropping.error ? <ErrorNote error={dropping.error} /> : null}
      {phone === null ? null : (
        <Suspense fallback={<p className="hint">{t('desk.loading')}</p>}>
          <PhoneSearch phone={phone} />
        </Suspense>
      )}
      {naming === null ? null : (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            if (naming.trim()) keeping.mutate(naming.trim())
            else setNaming(null)
          }}
        >
          <Input
            autoFocus
            value={naming}
            maxLength={40}
            placeholder={t('requests.saved.name')}
            aria-label={t('requests.saved.name')}
            onChange={(event) => setNaming(event.target.value)}
          />
          <Button htmlType="submit" type="primary" loading={keeping.isPending}>
            {t('requests.saved.keep')}
          </Button>
          {keeping.error ? <ErrorNote error={keeping.error} /> : null}
        </form>
      )}
      {more && !compact ? (
        <Suspense fallback={<p className="hint">{t('desk.loading')}</p>}>
          <FilterMore filter={filter} onChange={onChange} />
        </Suspense>
      ) : null}
    </search>
  )
}
