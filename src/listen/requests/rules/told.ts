import type { Act } from '../requests.api.ts'

/** Who may hear of an act. `reporters` are the reporter, those of merged requests, and "me too". */
export type Listener = 'reporter' | 'reporters' | 'units' | 'heads' | 'above' | 'holder'

/**
 * Who hears of an act after it is committed. Acts not named here are told to nobody. `units`: whoever handles in a body that has a
 * part, or lost it by the act; `holder`: whoever accepts and dispatches where it is held, while it waits for them (what is filed
 * stands in their queue, and is warned of before it is due).
 */
export const told: Readonly<Partial<Record<Act, readonly Listener[]>>> = {
  file: ['reporter'],
  accept: ['reporter'],
  dispatch: ['units', 'reporter'],
  redispatch: ['units', 'reporter'],
  transfer: ['holder', 'reporter'],
  decline: ['holder'],
  return: ['holder'],
  assist: ['units'],
  answer: ['reporters'],
  'agree-explanation': ['reporters'],
  'disagree-explanation': ['units', 'holder'],
  extend: ['reporters', 'units'],
  merge: ['reporter'],
  split: ['reporter', 'units'],
  categorise: ['reporter'],
  'set-urgency': ['reporter', 'units'],
  supervise: ['units', 'heads'],
  add: ['units'],
  correct: ['reporter', 'units'],
  withdraw: ['reporter', 'units'],
  reopen: ['reporter', 'holder', 'units'],
  'permit-publication': ['reporter'],
  publish: ['reporter'],
  unpublish: ['reporter'],
  'arrange-visit': ['reporter', 'units'],
  'agree-visit': ['reporter', 'units'],
  'move-visit': ['reporter', 'units'],
  'cancel-visit': ['reporter', 'units'],
  'warn-due-soon': ['units', 'holder'],
  'mark-overdue': ['heads', 'above'],
  'supervise-by-itself': ['heads', 'above'],
  'close-unconfirmed': ['reporter'],
  unmerge: ['reporter', 'holder'],
}
