import { Link } from '@tanstack/react-router'
import { Checkbox } from 'antd'
import { useTranslation } from 'react-i18next'
import { When } from '#kernel/desk/index.ts'
import type { Filter, Row } from '../requests.lists.api.ts'
import { ComplaintMark, DueMark, ResultMark, SupervisionNote } from './marks.tsx'

interface Properties {
  rows: readonly Row[]
  open: string | null
  focused: string | null
  selected: readonly string[]
  search: Filter
  onSelect: (selected: readonly string[]) => void
}

/** The narrow list: beside an open request, and on a phone. */
export function Cards({ rows, open, focused, selected, search, onSelect }: Properties) {
  const { t } = useTranslation()
  return (
    <ul className="cards">
      {rows.map((row) => (
        <li
          key={row.id}
          data-request={row.id}
          className={`${row.id === open ? 'on' : ''} ${row.id === focused ? 'focused' : ''}`}
        >
          <Checkbox
            aria-label={t('requests.select', { title: row.title })}
            checked={selected.includes(row.id)}
            onChange={(event) =>
              onSelect(event.target.checked ? [...selected, row.id] : selected.filter((one) => one !== row.id))
            }
          />
          <Link
            to="/requests/$id"
            params={{ id: row.id }}
            search={search}
            aria-current={row.id === open ? 'true' : undefined}
          >
            <b className="clipped" title={row.title}>
              {row.complaint ? <ComplaintMark /> : null}
              {row.title}
            </b>
            <DueMark deadline={row.deadline} urgency={row.urgency} />
            <ResultMark result={row.result} />
            <small>
              {[
                row.placeName,
                row.channel ? t(`requests.channel.${row.channel}`) : null,
                row.meToo > 0 ? t('requests.me-too-count', { count: row.meToo }) : null,
                row.returns > 0 ? t('requests.returned-count', { count: row.returns }) : null,
              ]
                .filter(Boolean)
                .join(' · ')}
              {row.filedAt ? ' · ' : null}
              <When at={row.filedAt} />
            </small>
            {row.supervision ? (
              <small>
                <SupervisionNote supervision={row.supervision} />
              </small>
            ) : null}
          </Link>
        </li>
      ))}
    </ul>
  )
}
