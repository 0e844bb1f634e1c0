import { Button, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { channels, states, urgencies } from '../requests.api.ts'
import type { Filter } from '../requests.desk.api.ts'
import { CategoryChoice, SearchChoice } from './choices.tsx'
import { narrowed } from './filter.ts'

/** What a list can be narrowed by. Loaded when it is asked for: most lists never are. */
export default function FilterMore({ filter, onChange }: { filter: Filter; onChange: (filter: Filter) => void }) {
  const { t } = useTranslation()
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
      {narrowed(filter) ? (
        <Button type="link" onClick={() => onChange({ queue: filter.queue, sort: filter.sort, words: filter.words })}>
          {t('requests.narrow.clear')}
        </Button>
      ) : null}
    </div>
  )
}
