import { LearnedSection } from '#listen/suggestions/desk/learned-section.tsx'
import { SettingsPage } from '#organise/settings/desk/settings-page.tsx'

/** The settings, with what upper rooms show beneath a part of them. */
export function Settings() {
  return <SettingsPage beneath={{ categories: (place) => <LearnedSection place={place} /> }} />
}
