import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { speak } from '#kernel/desk/index.ts'
import { figuresDeskWords } from '#listen/figures/figures.desk.words.ts'
import { judgementsDeskWords } from '#listen/judgements/judgements.desk.words.ts'
import { registerDeskWords } from '#listen/register/register.desk.words.ts'
import { registerWords } from '#listen/register/register.words.ts'
import { requestsDeskWords } from '#listen/requests/requests.desk.words.ts'
import { suggestionsDeskWords } from '#listen/suggestions/suggestions.desk.words.ts'
import { bodiesDeskWords } from '#organise/bodies/bodies.desk.words.ts'
import { settingsDeskWords } from '#organise/settings/settings.desk.words.ts'
import { deskWords } from '../desk.words.ts'

export type Language = 'zh-CN' | 'en'
const remembered = 'linli-desk-language'

function first(): Language {
  const kept = localStorage.getItem(remembered)
  return kept === 'en' || kept === 'zh-CN' ? kept : 'zh-CN'
}

const resources = Object.fromEntries(
  (['zh-CN', 'en'] as const).map((language) => [
    language,
    {
      translation: {
        ...deskWords[language],
        ...figuresDeskWords[language],
        ...judgementsDeskWords[language],
        ...registerWords[language],
        ...registerDeskWords[language],
        ...requestsDeskWords[language],
        ...suggestionsDeskWords[language],
        ...bodiesDeskWords[language],
        ...settingsDeskWords[language],
      },
    },
  ]),
)

function apply(language: string): void {
  document.documentElement.lang = language
  speak(language, { network: i18next.t('desk.error.network'), unreadable: i18next.t('desk.error.unreadable') })
}

/** Chinese first; another choice is remembered on this device. */
export async function startLanguage(): Promise<void> {
  await i18next.use(initReactI18next).init({
    resources,
    lng: first(),
    fallbackLng: 'zh-CN',
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
    showSupportNotice: false,
  } as Parameters<typeof i18next.init>[0])
  apply(i18next.language)
}

export async function changeLanguage(language: Language): Promise<void> {
  localStorage.setItem(remembered, language)
  await i18next.changeLanguage(language)
  apply(language)
}
