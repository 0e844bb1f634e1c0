import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { dayOf } from '#kernel/calendar/days.ts'
import { CallError } from '../client/index.ts'
import { mostRows, type readPages } from './table.ts'

/** A list as a file for a spreadsheet, with how many rows it holds, and that it was cut where the list is longer than a file. */
export function TableDownload({
  name,
  fetch,
}: {
  /** The file's name, before the day. */
  name: string
  fetch: (onRows: (count: number) => void) => ReturnType<typeof readPages>
}) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [fetched, setFetched] = useState<number | null>(null)
  const download = async () => {
    setFetched(0)
    try {
      const table = await fetch(setFetched)
      const link = document.createElement('a')
      link.href = URL.createObjectURL(new Blob([table.text], { type: 'text/csv;charset=utf-8' }))
      link.download = `${name}-${dayOf(new Date())}.csv`
      link.click()
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
      if (table.cut) void message.warning(t('desk.table.cut', { count: mostRows }), 10)
      else void message.success(t('desk.table.done', { count: table.rows }))
    } catch (error) {
      void message.error(error instanceof CallError && error.message ? error.message : t('desk.error.unexpected'), 10)
    } finally {
      setFetched(null)
    }
  }
  return (
    <Button loading={fetched !== null} onClick={() => void download()}>
      {fetched ? t('desk.table.running', { count: fetched }) : t('desk.table.download')}
    </Button>
  )
}
