/** The desk's ground floor: what every room's screens share. It knows calls, keys, drafts and dates, and no word of the field. */

export { CallError, type Endpoint } from '../client/index.ts'
export { AsOf } from './as-of.tsx'
export { address, call, send, sendFile, speak, whenSignedOut } from './call.ts'
export { Disclosure } from './disclosure.tsx'
export { useDraft } from './draft.ts'
export { type Found, FoundChoice } from './found-choice.tsx'
export { newIdentifier } from './identifier.ts'
export { commandOf, keys, sendingButton, sends, whereOf } from './keyboard.ts'
export { dropAtOnce, keepAtOnce, keptAtOnce } from './offline/at-once.ts'
export { type KeptValue, readOrKept, useAsOf } from './offline/kept.ts'
export { heldBehind, type KeptFile, sendable, type WaitingAct } from './offline/queue.ts'
export { dropSeen, fileStore, filesOfForm, keepSeen, seenOf } from './offline/store.ts'
export { Conflict, EmptyNote, ErrorNote, Labelled, Mark, type MarkKind, PageTitle, Read, When } from './parts.tsx'
export { type Session, SessionProvider, useSession } from './session.tsx'
export {
  actNowOrLater,
  forget,
  forgetDevice,
  forgetRead,
  settleIn,
  sync,
  tryAgain,
  useWaiting,
} from './sync.ts'
export { readPages, readTable } from './table.ts'
export { TableDownload } from './table-download.tsx'
export { useMedia } from './use-media.ts'
export { WaitingActNote } from './waiting-act.tsx'
export { exactly, said, spanOf, stretch } from './when.ts'
