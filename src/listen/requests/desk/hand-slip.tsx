import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'

/** A slip of paper to judge by: a page of its own, which shows the code once and is printed from there. */
export function HandSlip({ id }: { id: string }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  // The timeline has a line more when its reader comes back from printing.
  const printed = () =>
    addEventListener('focus', () => void queries.invalidateQueries({ queryKey: ['request', id] }), { once: true })
  return (
    <form method="post" action={`/slips/${id}`} target="_blank" rel="noopener" onSubmit={printed}>
      <Button htmlType="submit">{t('requests.act.hand-slip')}</Button>
    </form>
  )
}
