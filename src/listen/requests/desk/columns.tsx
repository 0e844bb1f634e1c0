import { Checkbox } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Disclosure } from '#kernel/desk/index.ts'

export const columns = ['number', 'title', 'state', 'due', 'place', 'category', 'holder', 'channel', 'filed'] as const
export type Column = (typeof columns)[number]
const fixed: readonly Column[] = ['number', 'title']
const kept = 'linli-desk-columns'

function shownAtFirst(): readonly Column[] {
  try {
    const read: unknown = JSON.parse(localStorage.getItem(kept) ?? 'null')
    if (Array.isArray(read)) return columns.filter((column) => fixed.includes(column) || read.includes(column))
  } catch {
    // A broken note about columns is no reason not to show the list.
  }
  // On a small window what is left out is a tick away; a table that runs out of sight is not.
  const left: readonly Column[] = matchMedia('(max-width: 1180px)').matches
    ? ['channel', 'category', 'filed']
    : ['channel']
  return columns.filter((column) => !left.includes(column))
}

/** The columns that this person wants to see, remembered on this device. */
export function useColumns() {
  const [shown, setShown] = useState(shownAtFirst)
  const toggle = (column: Column) => {
    const next = columns.filter((one) => (one === column ? !shown.includes(one) : shown.includes(one)))
    setShown(next)
    localStorage.setItem(kept, JSON.stringify(next))
  }
  return { shown, toggle }
}

export function ColumnChoice({ shown, toggle }: ReturnType<typeof useColumns>) {
  const { t } = useTranslation()
  return (
    <Disclosure label={t('requests.columns')}>
      {columns
        .filter((column) => !fixed.includes(column))
        .map((column) => (
          <Checkbox key={column} checked={shown.includes(column)} onChange={() => toggle(column)}>
            {t(`requests.column.${column}`)}
          </Checkbox>
        ))}
    </Disclosure>
  )
}
