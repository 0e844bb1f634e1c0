export type { Category, SettingName, SettingValue, Template } from './settings.api.ts'
export { builtInDeadlines, itemsOf } from './settings.api.ts'
export {
  effectiveCategories,
  effectiveTemplates,
  writeCategories,
} from './settings.items.ts'
export { categoriesWithin, type Listed } from './settings.listed.store.ts'
export {
  type CategoryRow,
  codeOf,
  defaultSettings,
  readCategories,
} from './settings.rules.ts'
export {
  type Effective,
  editable,
  effectiveSettings,
  forgetSettings,
  itemWritten,
  nameSaid,
  noticeAt,
  pathOfItem,
  retireItem,
  type SettingsAt,
  settingsPlace,
  versionConflict,
} from './settings.store.ts'
