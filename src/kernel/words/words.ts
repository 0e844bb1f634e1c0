import i18next, { type i18n } from 'i18next'

export const languages = ['zh-CN', 'en'] as const
export type Language = (typeof languages)[number]

/** A room's texts: flat dotted keys that begin with the room's name, the same in every language. */
export type RoomWords = { readonly [L in Language]: Readonly<Record<string, string>> }

export type Values = Readonly<Record<string, string | number | null | undefined>>

/** The sentence of a key, with `{{name}}` filled in; the key itself where there is none. */
export type Translate = (key: string, values?: Values) => string

const instance: i18n = i18next.createInstance()

// Initialised at once (there is nothing to load), so that no caller has to wait for words.
instance.init({
  lng: 'zh-CN',
  fallbackLng: 'zh-CN',
  supportedLngs: [...languages],
  initAsync: false,
  keySeparator: false,
  nsSeparator: false,
  // Pages escape what they are given; escaping here too would show &amp; to people.
  interpolation: { escapeValue: false, skipOnVariables: true },
  returnNull: false,
  resources: {},
})

/**
 * Adds a room's texts; the roof calls it once for each room.
 * Throws where a key exists with another text: two rooms must not speak under one name.
 */
export function registerWords(words: RoomWords): void {
  for (const language of languages) {
    for (const [key, text] of Object.entries(words[language])) {
      const known = instance.getResource(language, 'translation', key)
      if (known !== undefined && known !== text) throw new Error(`The words ${key} stand twice (${language}).`)
    }
    instance.addResourceBundle(language, 'translation', words[language], true, true)
  }
}

const translators = new Map<Language, Translate>()

/**
 * The translator of a language: `t('en')(key, { count: 3 })`. A value that is null or missing is shown as
 * nothing rather than as the word "undefined".
 */
export function t(language: Language): Translate {
  let translate = translators.get(language)
  if (!translate) {
    const fixed = instance.getFixedT(language)
    translate = (key, values) => {
      const shown = Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, value ?? '']))
      return String(fixed(key, shown))
    }
    translators.set(language, translate)
  }
  return translate
}

/** Whether any room has registered the key. */
export function hasWords(key: string): boolean {
  return instance.getResource('zh-CN', 'translation', key) !== undefined
}
