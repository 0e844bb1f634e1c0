import { useTranslation } from 'react-i18next'
import { TableDownload } from '#kernel/desk/index.ts'
import type { Filter } from '../requests.lists.api.ts'
import { fetchTable } from './table-file.ts'

/** The list as a file for a spreadsheet, as it is narrowed and ordered. */
export function ListDownload({ filter }: { filter: Filter }) {
  const { t } = useTranslation()
  return <TableDownload name={t('requests.download.name')} fetch={(onRows) => fetchTable(filter, onRows)} />
}
