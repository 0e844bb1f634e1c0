import { requestsActWords } from './requests.acts.desk.words.ts'
import { requestsLiteralWords } from './requests.literals.desk.words.ts'
import { requestsScreenWords } from './requests.screens.desk.words.ts'

/** All that the desk says about requests, in both languages. */
export const requestsDeskWords = {
  'zh-CN': { ...requestsLiteralWords['zh-CN'], ...requestsActWords['zh-CN'], ...requestsScreenWords['zh-CN'] },
  en: { ...requestsLiteralWords.en, ...requestsActWords.en, ...requestsScreenWords.en },
} as const
