import { useMutation } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { call, ErrorNote, useSession } from '#kernel/desk/index.ts'
import { findByPhone } from '../requests.desk.api.ts'
import { BriefList } from './brief-list.tsx'

/** Whether somebody's duty lets them find requests by a telephone. */
function useMayFindByPhone(): boolean {
  return (useSession().reach['request.contact'] ?? []).length > 0
}

/** What was told from one telephone. It is asked for by a press, because each finding is written down where that person sees it. */
export default function PhoneSearch({ phone }: { phone: string }) {
  const { t } = useTranslation()
  const may = useMayFindByPhone()
  const found = useMutation({ mutationFn: (asked: string) => call(findByPhone, { body: { phone: asked } }) })
  if (!may) return <p className="hint">{t('requests.by-phone.not-yours')}</p>
  const answered = found.variables === phone ? found.data : undefined
  return (
    <section className="sheet" style={{ marginBlockStart: '0.75rem' }} aria-label={t('requests.by-phone')}>
      {answered ? null : (
        <>
          <p className="hint">{t('requests.by-phone.explain')}</p>
          <Button type="primary" loading={found.isPending} onClick={() => found.mutate(phone)}>
            {t('requests.by-phone.show')}
          </Button>
        </>
      )}
      {found.error ? <ErrorNote error={found.error} /> : null}
      {answered?.items.length === 0 ? <p>{t('requests.by-phone.none')}</p> : null}
      {answered && answered.items.length > 0 ? <BriefList items={answered.items} /> : null}
    </section>
  )
}
