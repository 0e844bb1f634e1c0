// What is held about a person, said as people say it: days in words, a number of a telephone as it is dialled.
import type { HeldFact } from '#kernel/privacy/index.ts'
import { type Language, spokenTime, t } from '#kernel/words/index.ts'

const moment = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}(:?\d{2})?)$/

/** A fact in the reader's words; a dash where nothing is held. */
export function spokenFact(fact: HeldFact, language: Language, now: Date): string {
  const { value } = fact
  if (fact.spoken !== undefined) return fact.spoken
  if (value === null) return '—'
  if (typeof value === 'boolean') return t(language)(value ? 'people.mine.yes' : 'people.mine.no')
  if (typeof value !== 'string') return String(value)
  if (moment.test(value)) return spokenTime(value, now, language, { clock: true }).text
  return spokenPhone(value)
}

/** 138 0000 1234 and 0514 8765 4321, without the prefix of the country that nobody at home dials; other texts as they are. */
export function spokenPhone(text: string): string {
  const mobile = /^\+86(1[3-9]\d)(\d{4})(\d{4})$/.exec(text)
  if (mobile) return mobile.slice(1).join(' ')
  const fixed = /^\+86(10|2\d|[3-9]\d{2})(\d{3,4})(\d{4})$/.exec(text)
  return fixed ? `0${fixed[1]} ${fixed[2]} ${fixed[3]}` : text
}
