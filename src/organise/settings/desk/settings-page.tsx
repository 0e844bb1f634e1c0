import { useNavigate, useSearch } from '@tanstack/react-router'
import { Tabs } from 'antd'
import { useTranslation } from 'react-i18next'
import { PageTitle } from '#kernel/desk/index.ts'
import { HoursForm } from './hours-form.tsx'
import { ItemList } from './item-list.tsx'
import { sections } from './sections.ts'

/** What a place sets for itself: categories and promised times, templates, laws and policies, working hours. */
export function SettingsPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { section = 'categories', place } = useSearch({ from: '/shell/settings' })
  return (
    <main className="page">
      <PageTitle>{t('desk.rail.settings')}</PageTitle>
      <p className="lead">{t('settings.explain')}</p>
      <Tabs
        activeKey={section}
        onChange={(next) => void navigate({ to: '/settings', search: { section: next, place } })}
        destroyOnHidden
        items={[
          ...sections.map((one) => ({
            key: one.name,
            label: t(`settings.${one.name}`),
            children: <ItemList section={one} place={place} />,
          })),
          { key: 'hours', label: t('settings.hours'), children: <HoursForm place={place} /> },
        ]}
      />
    </main>
  )
}
