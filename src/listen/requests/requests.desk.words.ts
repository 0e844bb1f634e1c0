import { channels, serviceFaults, states, urgencies, verdicts } from './requests.api.ts'
import { movings } from './requests.lists.api.ts'
import { requestsActWords } from './words/acts.desk.words.ts'
import { requestsLiteralWords } from './words/literals.desk.words.ts'
import { requestsPhoneWords } from './words/phone.desk.words.ts'
import { requestsScreenWords } from './words/screens.desk.words.ts'
import { requestsSimilarWords } from './words/similar.desk.words.ts'

/** All that the desk says about requests, in both languages. */
export const requestsDeskWords = {
  'zh-CN': {
    ...requestsLiteralWords['zh-CN'],
    ...requestsActWords['zh-CN'],
    ...requestsPhoneWords['zh-CN'],
    ...requestsScreenWords['zh-CN'],
    ...requestsSimilarWords['zh-CN'],
  },
  en: {
    ...requestsLiteralWords.en,
    ...requestsActWords.en,
    ...requestsPhoneWords.en,
    ...requestsScreenWords.en,
    ...requestsSimilarWords.en,
  },
} as const

/** Keys that the screens put together from literals of the rules. */
export const requestsDeskFamilies = [
  'requests.act.',
  'requests.bulk.',
  'requests.act-hint.',
  'requests.answered.',
  'requests.channel.',
  'requests.closing.',
  'requests.column.',
  'requests.empty.',
  'requests.entry.',
  'requests.explanation.',
  'requests.field.',
  'requests.link.',
  'requests.nearness.',
  'requests.similar.named.',
  'requests.part-role.',
  'requests.phone.files-big-',
  'requests.phone.missing-',
  'requests.phone.pin-',
  'requests.part-state.',
  'requests.queue.',
  'requests.read-by.',
  'requests.redaction.',
  'requests.satisfaction.',
  'requests.search.',
  'requests.sort.',
  'requests.state.',
  'requests.step.',
  'requests.urgency-told.',
  'requests.usual-within.',
  'requests.visit-by.',
] as const

/** The choices of a field, whose words the field names. */
export const requestsChoiceFamilies = {
  'requests.verdict.': verdicts,
  'requests.service-fault.': serviceFaults,
} as const

/** The choices of the filter bar, by the name of the filter. */
export const requestsFilterFamilies = {
  'requests.': [
    ...states.map((state) => `state.${state}`),
    ...channels.map((channel) => `channel.${channel}`),
    ...urgencies.map((urgency) => `urgency.${urgency}`),
    ...movings.map((moved) => `moved.${moved}`),
  ],
} as const
