export { chooseLanguage, languageCookie } from './language.ts'
export { loadWords } from './scan.ts'
export { exactTime, type SpokenTime, spokenDay, spokenMonth, spokenTime } from './time.ts'
export {
  hasWords,
  type Language,
  languages,
  type RoomWords,
  registerWords,
  type Translate,
  t,
  type Values,
} from './words.ts'
