import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { dayOf } from '#kernel/calendar/days.ts'
import { CallError } from '#kernel/desk/index.ts'
import type { Filter } from '../requests.lists.api.ts'
import { fetchTable, mostRows } from './table-file.ts'

/** The list as a file for a spreadsheet, as it is narrowed and ordered. */
export function ListDownload({ filter }: { filter: Filter }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [fetched, setFetched] = useState<number | null>(null)
  const download = async () => {
    setFetched(0)
    try {
      const table = await fetchTable(filter, setFetched)
      const link = document.createElement('a')
      link.href = URL.createObjectURL(new Blob([table.text], { type: 'text/csv;charset=utf-8' }))
      link.download = `${t('requests.download.name')}-${dayOf(new Date())}.csv`
      link.click()
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
      if (table.cut) void message.warning(t('requests.download.cut', { count: mostRows }), 10)
      else void message.success(t('requests.download.done', { count: table.rows }))
    } catch (error) {
      void message.error(error instanceof CallError && error.message ? error.message : t('desk.error.unexpected'), 10)
    } finally {
      setFetched(null)
    }
  }
  return (
    <Button loading={fetched !== null} onClick={() => void download()}>
      {fetched ? t('requests.download.running', { count: fetched }) : t('requests.download')}
    </Button>
  )
}
