import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Fragment, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { call, FoundChoice, PageTitle, useSession } from '#kernel/desk/index.ts'
import { placeSearch } from '../../places/places.api.ts'
import { PlaceForm, TimesForm } from './hours-form.tsx'
import { ItemList } from './item-list.tsx'
import { sections } from './sections.ts'

const names = [...sections.map((one) => one.name), 'hours', 'place'] as const

interface SettingsPageProperties {
  /** What upper rooms show beneath a part, by its name; given the place that was chosen. */
  beneath?: Partial<Record<(typeof names)[number], (place: string | undefined) => ReactNode>>
}

/** What a place sets for itself: categories and promised times, templates, laws and policies, working hours, how it is reached. */
export function SettingsPage({ beneath = {} }: SettingsPageProperties) {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const { section = 'categories', place } = useSearch({ from: '/shell/settings' })
  const open = sections.find((one) => one.name === section)
  const near = useSession().posts[0]?.path
  const find = async (words: string, signal: AbortSignal) => {
    if (!words) return []
    const { places } = await call(placeSearch, { query: { q: words, near, limit: 20 }, signal })
    return places.map((one) => ({ id: one.id, name: one.label, note: one.fullName }))
  }
  return (
    <main className="page">
      <PageTitle>{t('desk.rail.settings')}</PageTitle>
      <p className="lead">{t('settings.explain')}</p>
      <div className="settings-place">
        <FoundChoice
          kind={['places', i18n.language]}
          find={find}
          allowClear
          value={place}
          known={place ? { id: place, name: t('settings.place.chosen') } : null}
          placeholder={t('settings.place.other')}
          aria-label={t('settings.place.other')}
          onChange={(next) => void navigate({ to: '/settings', search: { section, place: next } })}
        />
      </div>
      <nav className="tabs" aria-label={t('desk.rail.settings')}>
        {names.map((name) => (
          <Link
            key={name}
            to="/settings"
            search={{ section: name, place }}
            aria-current={name === section ? 'page' : undefined}
          >
            {name === 'place' ? t('settings.place') : name === 'hours' ? t('settings.hours') : t(`settings.${name}`)}
          </Link>
        ))}
      </nav>
      {open ? <ItemList key={`${open.name}-${place}`} section={open} place={place} /> : null}
      {section === 'hours' ? <TimesForm place={place} /> : null}
      {section === 'place' ? <PlaceForm place={place} /> : null}
      {names.map((name) => (name === section ? <Fragment key={name}>{beneath[name]?.(place)}</Fragment> : null))}
    </main>
  )
}
