// Which acts a reporter hears of by message, for whoever sends them and for the words of each.
import type { Act } from '../requests.api.ts'

/** Acts of which the reporter is told by message; others stand on the page they follow. An answer is told by the question how it was. */
export const messaged: readonly Act[] = [
  'correct',
  'extend',
  'merge',
  'transfer',
  'categorise',
  'set-urgency',
  'arrange-visit',
  'agree-visit',
  'move-visit',
  'cancel-visit',
  'close-unconfirmed',
  'unmerge',
]

/** Of these a reporter may be told together with others, once a day or a week, or not at all. Nothing is asked by them, and nothing ends. */
export const news: readonly string[] = [
  'correct',
  'extend',
  'merge',
  'merge-known',
  'transfer',
  'categorise',
  'set-urgency',
]

/** The same of those who work on a matter: nothing that is asked of them, by a date or from above. */
export const newsOfWork: readonly string[] = ['news', 'sent-on-answered']

/**
 * What is decided in the reporter's name. Of these they hear by everything they left: whoever did it by a link that was not theirs
 * alone is found out.
 */
export const inTheirName: readonly Act[] = ['withdraw', 'permit-publication', 'reopen']
