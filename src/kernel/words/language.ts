import { type Language, languages } from './words.ts'

export const languageCookie = 'linli_language'

/**
 * The language of an answer: what the address asks for (?lang=en), else what was chosen before (cookie), else what the
 * browser prefers, else Chinese. `given` says whether it was chosen by the reader's own act.
 */
export function chooseLanguage(asked: { query?: unknown; cookie?: unknown; acceptLanguage?: unknown }): {
  language: Language
  given: boolean
} {
  const named = languageNamed(asked.query) ?? languageNamed(asked.cookie)
  if (named) return { language: named, given: true }
  return { language: preferred(asked.acceptLanguage) ?? 'zh-CN', given: false }
}

/** zh, zh-CN, zh_Hans, zh-TW … are Chinese (there is one Chinese text); en, en-GB … are English. */
function languageNamed(name: unknown): Language | null {
  if (typeof name !== 'string' || name.length > 35) return null
  const base = name.trim().toLowerCase().split(/[-_]/)[0]
  return languages.find((language) => language.split('-')[0] === base) ?? null
}

/** RFC 9110, 12.5.4: the named language with the greatest weight; of equals, the first. */
function preferred(header: unknown): Language | null {
  if (typeof header !== 'string') return null
  let best: { language: Language; weight: number } | null = null
  for (const part of header.slice(0, 1000).split(',')) {
    const [name, ...parameters] = part.split(';')
    const quality = parameters
      .map((parameter) => /^\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*$/i.exec(parameter)?.[1])
      .find(Boolean)
    const weight = quality === undefined ? 1 : Number(quality)
    const language = languageNamed(name)
    if (language && weight > (best?.weight ?? 0)) best = { language, weight }
  }
  return best?.language ?? null
}
