export { doing as actsAsked } from './acts/asked.ts'
export { type Filed, type Filing, file } from './acts/file.ts'
export { judge, judgeToken } from './acts/judge.ts'
export { reachedBy, sendLink } from './acts/link.ts'
export { complain, meToo } from './acts/resident.ts'
export {
  fireTimersAt,
  insertCallBack,
  judgeTokenOf,
  nextTimerAt,
  performSystemAct,
  settleQueues,
  systemWriter,
} from './acts/system.ts'
export { routeOf } from './acts/told.ts'
export { type PublicCounts, publicCounts } from './counts.store.ts'
export { type Mapping, readMapping } from './importing/columns.ts'
export {
  type ImportDoors,
  importConnections,
  importMessages,
  type MessagesImport,
  type MessagesImported,
  readable,
} from './importing/import-messages.ts'
export { ImportRefusal } from './importing/refusal.ts'
export { readTexts, type TextsRead } from './importing/texts.ts'
export { formatNumber, parseNumber } from './number.ts'
export { outermost, under } from './reading/concerns.ts'
export { countQueues } from './reading/list.ts'
export { knowWidths, shareOf } from './reading/width.store.ts'
export type { ActBody, AskedAct } from './requests.acts.api.ts'
export { requestsCalendar } from './requests.calendar.ts'
export { requestsHolding } from './requests.holding.ts'
export { isBySystem } from './requests.rules.ts'
export { mayHear, readWatched } from './watching.store.ts'
