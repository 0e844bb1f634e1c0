import { Link } from '@tanstack/react-router'
import { Checkbox } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { When } from '#kernel/desk/index.ts'
import type { Filter, Row } from '../requests.desk.api.ts'
import type { Column } from './columns.tsx'
import { DueMark, StateMark } from './marks.tsx'

interface Properties {
  rows: readonly Row[]
  shown: readonly Column[]
  focused: string | null
  selected: readonly string[]
  search: Filter
  onSelect: (selected: readonly string[]) => void
}

/** The list over the whole width, with the columns that are wanted. A plain table: fast, and read well by a screen reader. */
export function WideTable({ rows, shown, focused, selected, search, onSelect }: Properties) {
  const { t } = useTranslation()
  const cell: Record<Column, (row: Row) => ReactNode> = {
    number: (row) => <span className="code">{row.number}</span>,
    title: (row) => (
      <Link to="/requests/$id" params={{ id: row.id }} search={search}>
        {row.title}
        {row.supervised ? <small> · {t('requests.supervised')}</small> : null}
        {row.returns > 0 ? <small> · {t('requests.returned-count', { count: row.returns })}</small> : null}
        {row.meToo > 0 ? <small> · {t('requests.me-too-count', { count: row.meToo })}</small> : null}
      </Link>
    ),
    state: (row) => <StateMark state={row.state} />,
    due: (row) => <DueMark deadline={row.deadline} urgency={row.urgency} />,
    place: (row) => row.placeName,
    category: (row) => row.categoryName ?? <span className="hint">{t('requests.no-category')}</span>,
    holder: (row) => row.holderName ?? <span className="hint">{t('requests.no-holder')}</span>,
    channel: (row) => t(`requests.channel.${row.channel}`),
    filed: (row) => <When at={row.filedAt} />,
  }
  const all = rows.length > 0 && rows.every((row) => selected.includes(row.id))
  return (
    <div className="table-frame">
      <table className="wide-table">
        <thead>
          <tr>
            <th scope="col">
              <Checkbox
                aria-label={t('requests.select-all')}
                checked={all}
                indeterminate={!all && selected.length > 0}
                onChange={() => onSelect(all ? [] : rows.map((row) => row.id))}
              />
            </th>
            {shown.map((column) => (
              <th key={column} scope="col" className={`column-${column}`}>
                {t(`requests.column.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={row.id}
              data-request={row.id}
              className={row.id === focused ? 'focused' : ''}
              aria-selected={selected.includes(row.id)}
            >
              <td>
                <Checkbox
                  aria-label={t('requests.select', { title: row.title })}
                  checked={selected.includes(row.id)}
                  onChange={(event) =>
                    onSelect(event.target.checked ? [...selected, row.id] : selected.filter((one) => one !== row.id))
                  }
                />
              </td>
              {shown.map((column) => (
                <td key={column} className={`column-${column}`}>
                  {cell[column](row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
