import { useQuery } from '@tanstack/react-query'
import { Button, Checkbox, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { call, FoundChoice, Labelled, useSession } from '#kernel/desk/index.ts'
import { getBody, listBodies } from '#organise/bodies/bodies.api.ts'
import { placeGet } from '#organise/places/places.api.ts'
import { channels, states, urgencies, verdictClosings } from '../requests.api.ts'
import { answerings, endings, type Filter, movings, noKind } from '../requests.lists.api.ts'
import { CategoryChoice, SearchChoice } from './choices.tsx'
import { narrowed } from './filter.ts'
import { readCategories } from './phone-kept.ts'

interface Properties {
  filter: Filter
  onChange: (filter: Filter) => void
}

/** What a list can be narrowed by. Loaded when it is asked for: most lists never are. */
export default function FilterMore({ filter, onChange }: Properties) {
  const { t } = useTranslation()
  const { duties } = useSession()
  // What residents said is asked for by those who may read it; to all others it reads as closed.
  const results = duties.includes('judgement.read')
    ? endings
    : endings.filter((ending) => ending === filter.result || !verdictClosings.some((one) => one === ending))
  const choice = (
    name: 'state' | 'result' | 'answered' | 'moved' | 'channel' | 'urgency',
    values: readonly string[],
    words: string = name,
  ) => (
    <Select
      aria-label={t(`requests.column.${name}`)}
      placeholder={t(`requests.column.${name}`)}
      allowClear
      value={filter[name]}
      onChange={(value) => onChange({ ...filter, [name]: value })}
      options={values.map((value) => ({ value, label: t(`requests.${words}.${value}`) }))}
      className="filter-choice"
    />
  )
  const day = (name: 'filedFrom' | 'filedUntil' | 'dueFrom' | 'dueUntil', label: string) => (
    <Labelled className="filter-day">
      {label}
      <Input
        type="date"
        // Typed digit by digit a year begins as 0002: only a whole one narrows the list.
        defaultValue={filter[name]}
        key={filter[name] ?? ''}
        onChange={({ target: { value } }) => {
          if (value === '' || value >= '1949') onChange({ ...filter, [name]: value || undefined })
        }}
      />
    </Labelled>
  )
  return (
    <div className="filter-more">
      {choice('state', states)}
      {choice('result', results, 'closing')}
      {choice('answered', answerings)}
      {choice('moved', movings)}
      {choice('channel', channels)}
      {choice('urgency', urgencies)}
      <div className="filter-choice">
        <PlaceChoice filter={filter} onChange={onChange} />
        {filter.place ? (
          <Checkbox
            checked={filter.within === 'itself'}
            onChange={({ target: { checked } }) => onChange({ ...filter, within: checked ? 'itself' : undefined })}
          >
            {t('requests.within.itself')}
          </Checkbox>
        ) : null}
      </div>
      <div className="filter-choice">
        <KindChoice filter={filter} onChange={onChange} />
      </div>
      <div className="filter-choice">
        <CategoryChoice
          value={filter.category}
          onChange={(category) => onChange({ ...filter, category })}
          aria-label={t('requests.column.category')}
          placeholder={t('requests.column.category')}
        />
      </div>
      <div className="filter-choice">
        <UnitChoice filter={filter} onChange={onChange} />
      </div>
      {day('filedFrom', t('requests.filed-from'))}
      {day('filedUntil', t('requests.filed-until'))}
      {day('dueFrom', t('requests.due-from'))}
      {day('dueUntil', t('requests.due-until'))}
      {narrowed(filter) ? (
        <Button type="link" onClick={() => onChange({ queue: filter.queue, sort: filter.sort, words: filter.words })}>
          {t('requests.narrow.clear')}
        </Button>
      ) : null}
    </div>
  )
}

/** The address holds ids: whoever opens a list that was sent to them reads names. */
function PlaceChoice({ filter, onChange }: Properties) {
  const { t, i18n } = useTranslation()
  const place = useQuery({
    queryKey: ['place', filter.place],
    enabled: filter.place !== undefined,
    staleTime: 600_000,
    queryFn: ({ signal }) => call(placeGet, { params: { id: filter.place ?? '' }, signal }),
  })
  const english = i18n.language === 'en'
  const known = place.data ? { id: place.data.id, name: (english && place.data.nameEn) || place.data.name } : null
  return (
    <SearchChoice
      kind="places"
      allowClear
      known={known}
      value={filter.place}
      onChange={(chosen) => onChange({ ...filter, place: chosen, within: chosen ? filter.within : undefined })}
      aria-label={t('requests.column.place')}
      placeholder={t('requests.column.place')}
    />
  )
}

/** Whole kinds: the first level of the categories. */
function KindChoice({ filter, onChange }: Properties) {
  const { t, i18n } = useTranslation()
  const { person } = useSession()
  const english = i18n.language === 'en'
  const categories = useQuery({
    queryKey: ['categories', undefined],
    staleTime: 600_000,
    queryFn: ({ signal }) => readCategories(person.id, undefined, signal),
  })
  const kinds = new Map(
    (categories.data?.items ?? []).map((one) => [one.level1, (english && one.level1En) || one.level1]),
  )
  return (
    <Select
      aria-label={t('requests.column.kind')}
      placeholder={t('requests.column.kind')}
      allowClear
      value={filter.kind}
      onChange={(kind) => onChange({ ...filter, kind })}
      options={[
        ...Array.from(kinds, ([value, label]) => ({ value, label })),
        { value: noKind, label: t('requests.kind.none') },
      ]}
      className="filter-choice"
    />
  )
}

function UnitChoice({ filter, onChange }: Properties) {
  const { t, i18n } = useTranslation()
  const english = i18n.language === 'en'
  const body = useQuery({
    queryKey: ['body-name', filter.body],
    enabled: filter.body !== undefined,
    staleTime: 600_000,
    queryFn: ({ signal }) => call(getBody, { params: { id: filter.body ?? '' }, signal }),
  })
  return (
    <FoundChoice
      kind={['units', english]}
      find={async (words, signal) => {
        const found = await call(listBodies, { query: { search: words || undefined, limit: 20 }, signal })
        return found.bodies.map((one) => ({
          id: one.id,
          name: (english && one.nameEn) || one.name,
          note: (english && one.placeNameEn) || one.placeName,
        }))
      }}
      known={body.data ? { id: body.data.id, name: (english && body.data.nameEn) || body.data.name } : null}
      value={filter.body}
      allowClear
      onChange={(chosen) => onChange({ ...filter, body: chosen })}
      placeholder={t('requests.column.body')}
      aria-label={t('requests.column.body')}
    />
  )
}
