import { Link, useNavigate } from '@tanstack/react-router'
import { Checkbox } from 'antd'
import type { MouseEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { When } from '#kernel/desk/index.ts'
import type { Filter, Row } from '../requests.lists.api.ts'
import type { Column } from './columns.tsx'
import { ComplaintMark, DueMark, ResultMark, StateMark, SupervisionNote } from './marks.tsx'
import { opensRow } from './row-click.ts'

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
  const navigate = useNavigate()
  const clicked = (row: Row, event: MouseEvent) => {
    if (!opensRow(event)) return
    // The row's own link knows the address; a new tab is the browser's to open.
    const link = event.currentTarget.querySelector('a')
    if (event.button === 1 || event.ctrlKey || event.metaKey) window.open(link?.href, '_blank', 'noopener')
    else void navigate({ to: '/requests/$id', params: { id: row.id }, search })
  }
  const cell: Record<Column, (row: Row) => ReactNode> = {
    number: (row) => <span className="code">{row.number}</span>,
    title: (row) => (
      <>
        <Link to="/requests/$id" params={{ id: row.id }} search={search} className="clipped" title={row.title}>
          {row.complaint ? <ComplaintMark /> : null}
          {row.title}
          {row.supervised ? <small> · {t('requests.supervised')}</small> : null}
          {row.returns > 0 ? <small> · {t('requests.returned-count', { count: row.returns })}</small> : null}
          {row.meToo > 0 ? <small> · {t('requests.me-too-count', { count: row.meToo })}</small> : null}
        </Link>
        {row.supervision ? (
          <div className="hint">
            <SupervisionNote supervision={row.supervision} />
          </div>
        ) : null}
      </>
    ),
    state: (row) => (
      <>
        <StateMark state={row.state} /> <ResultMark result={row.result} />
      </>
    ),
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
            // By keyboard a row is opened by its link, or by Enter once it is walked to.
            <tr
              key={row.id}
              data-request={row.id}
              className={row.id === focused ? 'focused' : ''}
              onClick={(event) => clicked(row, event)}
              onAuxClick={(event) => clicked(row, event)}
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
