import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { EmptyNote } from '#kernel/desk/index.ts'

export function Missing() {
  const { t } = useTranslation()
  return (
    <main className="alone">
      <EmptyNote title={t('desk.missing')}>
        <Link to="/requests" search={{}}>
          {t('desk.to-requests')}
        </Link>
      </EmptyNote>
    </main>
  )
}
