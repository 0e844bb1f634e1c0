import { Link, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { PageTitle } from '#kernel/desk/index.ts'
import { HoursForm } from './hours-form.tsx'
import { ItemList } from './item-list.tsx'
import { sections } from './sections.ts'

/** What a place sets for itself: categories and promised times, templates, laws and policies, working hours. */
export function SettingsPage() {
  const { t } = useTranslation()
  const { section = 'categories', place } = useSearch({ from: '/shell/settings' })
  const open = section === 'hours' ? null : (sections.find((one) => one.name === section) ?? sections[0])
  return (
    <main className="page">
      <PageTitle>{t('desk.rail.settings')}</PageTitle>
      <p className="lead">{t('settings.explain')}</p>
      <nav className="tabs" aria-label={t('desk.rail.settings')}>
        {[...sections.map((one) => one.name), 'hours'].map((name) => (
          <Link
            key={name}
            to="/settings"
            search={{ section: name, place }}
            aria-current={name === section ? 'page' : undefined}
          >
            {t(`settings.${name}`)}
          </Link>
        ))}
      </nav>
      {open ? <ItemList key={open.name} section={open} place={place} /> : <HoursForm place={place} />}
    </main>
  )
}
