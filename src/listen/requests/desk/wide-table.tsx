import { Link } from '@tanstack/react-router'
import { Button, Checkbox, Dropdown } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { When } from '#kernel/desk/index.ts'
import type { Filter, Row } from '../requests.desk.api.ts'
import { DueMark, StateMark } from './marks.tsx'

const columns = ['number', 'title', 'state', 'due', 'place', 'category', 'holder', 'channel', 'filed'] as const
type Column = (typeof columns)[number]
const fixed: readonly Column[] = ['number', 'title']
const kept = 'linli-desk-columns'

function shownAtFirst(): readonly Column[] {
  try {
    const read: unknown = JSON.parse(localStorage.getItem(kept) ?? 'null')
    if (Array.isArray(read)) return columns.filter((column) => fixed.includes(column) || read.includes(column))
  } catch {
    // A broken note about columns is no reason not to show the list.
  }
  return columns.filter((column) => column !== 'channel')
}

interface Properties {
  rows: readonly Row[]
  /** Where this list has columns of its own, which ones. */
  only?: readonly Column[]
  focused: string | null
  selected: readonly string[]
  search: Filter
  onSelect: (selected: readonly string[]) => void
}

/** The list over the whole width, with the columns that this person wants. A plain table: fast, and read well by a screen reader. */
export function WideTable({ rows, only, focused, selected, search, onSelect }: Properties) {
  const { t } = useTranslation()
  const [wished, setShown] = useState(shownAtFirst)
  const shown = only ?? wished
  const toggle = (column: Column) => {
    const next = shown.includes(column)
      ? shown.filter((one) => one !== column)
      : columns.filter((one) => shown.includes(one) || one === column)
    setShown(next)
    localStorage.setItem(kept, JSON.stringify(next))
  }
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
            <th scope="col" className="column-choice">
              {only ? null : (
                <Dropdown
                  trigger={['click']}
                  menu={{
                    selectable: true,
                    multiple: true,
                    selectedKeys: [...shown],
                    items: columns
                      .filter((column) => !fixed.includes(column))
                      .map((column) => ({ key: column, label: t(`requests.column.${column}`) })),
                    onClick: ({ key }) => toggle(key as Column),
                  }}
                >
                  <Button size="small" type="text">
                    {t('requests.columns')}
                  </Button>
                </Dropdown>
              )}
            </th>
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
              <td />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
