import { Button, Dropdown, Input, Select } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '#kernel/desk/index.ts'
import { channels, states, urgencies } from '../requests.api.ts'
import type { Filter } from '../requests.desk.api.ts'
import { CategoryChoice, SearchChoice } from './choices.tsx'
import { type SavedFilter, savedFilters, saveFilters } from './filter.ts'

/** Words, narrowing and order of a list. Everything stands in the address, so that a list can be sent to a colleague. */
export function FilterBar({
  filter,
  onChange,
  compact,
}: {
  filter: Filter
  onChange: (filter: Filter) => void
  compact: boolean
}) {
  const { t } = useTranslation()
  const { person } = useSession()
  const [words, setWords] = useState(filter.words ?? '')
  const [saved, setSaved] = useState<readonly SavedFilter[]>(() => savedFilters(person.id))
  const [naming, setNaming] = useState<string | null>(null)
  const narrowed = Boolean(filter.state || filter.channel || filter.urgency || filter.place || filter.category)
  const [more, setMore] = useState(narrowed)
  useEffect(() => setWords(filter.words ?? ''), [filter.words])
  const keep = (next: readonly SavedFilter[]) => {
    setSaved(next)
    saveFilters(person.id, next)
  }
  const choice = (name: 'state' | 'channel' | 'urgency', values: readonly string[]) => (
    <Select
      aria-label={t(`requests.column.${name}`)}
      placeholder={t(`requests.column.${name}`)}
      allowClear
      value={filter[name]}
      onChange={(value) => onChange({ ...filter, [name]: value })}
      options={values.map((value) => ({ value, label: t(`requests.${name}.${value}`) }))}
      className="filter-choice"
    />
  )
  return (
    <search className="filters">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          onChange({ ...filter, words: words.trim() || undefined })
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
          onClear={() => onChange({ ...filter, words: undefined })}
        />
        <Button htmlType="submit">{t('requests.search.go')}</Button>
        {compact ? null : (
          <>
            <Button aria-expanded={more} onClick={() => setMore(!more)}>
              {t('requests.narrow')}
            </Button>
            <Select
              aria-label={t('requests.sort')}
              value={filter.sort ?? 'due'}
              onChange={(sort) => onChange({ ...filter, sort })}
              options={(['due', 'newest', 'oldest'] as const).map((value) => ({
                value,
                label: t(`requests.sort.${value}`),
              }))}
            />
            <Dropdown
              trigger={['click']}
              menu={{
                items: [
                  ...saved.map((one, index) => ({ key: `open-${index}`, label: one.name })),
                  ...(saved.length > 0 ? [{ type: 'divider' as const }] : []),
                  { key: 'keep', label: t('requests.saved.keep') },
                  ...saved.map((one, index) => ({
                    key: `drop-${index}`,
                    label: t('requests.saved.drop', { name: one.name }),
                  })),
                ],
                onClick: ({ key }) => {
                  const index = Number(key.split('-')[1])
                  if (key === 'keep') setNaming('')
                  else if (key.startsWith('open')) onChange(saved[index]?.filter ?? filter)
                  else keep(saved.filter((_, at) => at !== index))
                },
              }}
            >
              <Button>{t('requests.saved')}</Button>
            </Dropdown>
          </>
        )}
      </form>
      {naming === null ? null : (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            if (naming.trim())
              keep([...saved.filter((one) => one.name !== naming.trim()), { name: naming.trim(), filter }])
            setNaming(null)
          }}
        >
          <Input
            autoFocus
            value={naming}
            maxLength={30}
            placeholder={t('requests.saved.name')}
            aria-label={t('requests.saved.name')}
            onChange={(event) => setNaming(event.target.value)}
          />
          <Button htmlType="submit" type="primary">
            {t('requests.saved.keep')}
          </Button>
        </form>
      )}
      {more && !compact ? (
        <div className="filter-more">
          {choice('state', states)}
          {choice('channel', channels)}
          {choice('urgency', urgencies)}
          <div className="filter-choice">
            <SearchChoice
              kind="places"
              allowClear
              value={filter.place}
              onChange={(place) => onChange({ ...filter, place })}
              aria-label={t('requests.column.place')}
            />
          </div>
          <div className="filter-choice">
            <CategoryChoice
              value={filter.category}
              onChange={(category) => onChange({ ...filter, category })}
              aria-label={t('requests.column.category')}
            />
          </div>
          {narrowed ? (
            <Button
              type="link"
              onClick={() => onChange({ queue: filter.queue, sort: filter.sort, words: filter.words })}
            >
              {t('requests.narrow.clear')}
            </Button>
          ) : null}
        </div>
      ) : null}
    </search>
  )
}
