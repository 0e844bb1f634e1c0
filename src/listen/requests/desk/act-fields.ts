import { shownByClock, withOffset } from '#kernel/calendar/days.ts'
import { explanationKinds, linkKinds, urgencies, verdicts } from '../requests.api.ts'
import type { DeskAct, RequestView } from '../requests.desk.api.ts'

/** The fields that an act asks for, in the order in which one thinks of them. */
export interface Field {
  name: string
  kind:
    | 'line'
    | 'long'
    | 'bodies'
    | 'places'
    | 'laws'
    | 'requests'
    | 'category'
    | 'choice'
    | 'days'
    | 'moment'
    | 'stars'
  optional?: boolean
  /** Asked for only while another field of the form holds this value. */
  when?: { field: string; value: string }
  /** Who will read what is written here: said beside the field. */
  readBy?: Readers
  /** Values of a choice, and the words key they are said with. */
  values?: readonly string[]
  words?: string
}

/** `reporter`: whoever told of it; `agreed`: they too, once a second person agrees; `colleagues`: staff alone. */
export type Readers = 'reporter' | 'agreed' | 'colleagues' | 'supervisors'

const reason: Field = { name: 'reason', kind: 'long', readBy: 'reporter' }
const task: Field = { name: 'task', kind: 'long', readBy: 'reporter' }

export const actFields: Partial<Record<DeskAct, readonly Field[]>> = {
  dispatch: [
    { name: 'body', kind: 'bodies' },
    { ...task, optional: true },
  ],
  redispatch: [{ name: 'body', kind: 'bodies' }, reason],
  // Declining asks nothing, only whether it is meant: no reason is wanted and none is kept.
  decline: [],
  return: [reason, { name: 'belongsTo', kind: 'bodies', optional: true }],
  assist: [{ name: 'body', kind: 'bodies' }, task],
  'answer-part': [{ name: 'text', kind: 'long', readBy: 'reporter' }],
  explain: [
    { name: 'kind', kind: 'choice', values: explanationKinds, words: 'requests.explanation' },
    { name: 'repeats', kind: 'requests', when: { field: 'kind', value: 'repeat' } },
    { name: 'basis', kind: 'laws' },
    { name: 'text', kind: 'long', readBy: 'agreed' },
    { name: 'remedy', kind: 'long', readBy: 'agreed' },
  ],
  'disagree-explanation': [{ ...reason, readBy: 'colleagues' }],
  extend: [{ name: 'workingDays', kind: 'days' }, reason],
  merge: [{ name: 'into', kind: 'requests' }, reason],
  link: [
    { name: 'to', kind: 'requests' },
    { name: 'kind', kind: 'choice', values: linkKinds, words: 'requests.link' },
  ],
  transfer: [{ name: 'place', kind: 'places' }, reason],
  categorise: [
    { name: 'category', kind: 'category' },
    { ...reason, optional: true },
  ],
  'set-urgency': [
    { name: 'urgency', kind: 'choice', values: urgencies, words: 'requests.urgency' },
    { ...reason, optional: true },
  ],
  supervise: [reason],
  note: [{ name: 'text', kind: 'long', readBy: 'colleagues' }],
  add: [{ name: 'text', kind: 'long', readBy: 'reporter' }],
  correct: [
    { name: 'title', kind: 'line' },
    { name: 'text', kind: 'long', readBy: 'reporter' },
    { name: 'spot', kind: 'line', optional: true },
    reason,
  ],
  withdraw: [reason],
  reopen: [{ ...reason, optional: true }],
  'call-back': [
    { name: 'verdict', kind: 'choice', values: verdicts, words: 'requests.verdict' },
    { name: 'satisfaction', kind: 'stars', optional: true },
    { name: 'words', kind: 'long', optional: true, readBy: 'supervisors' },
  ],
  'miss-call-back': [{ name: 'note', kind: 'line', optional: true, readBy: 'colleagues' }],
  unpublish: [reason],
  'arrange-visit': [
    { name: 'from', kind: 'moment' },
    { name: 'until', kind: 'moment' },
    { name: 'note', kind: 'line', optional: true, readBy: 'reporter' },
  ],
  'move-visit': [
    { name: 'from', kind: 'moment' },
    { name: 'until', kind: 'moment' },
    { name: 'note', kind: 'line', optional: true, readBy: 'reporter' },
  ],
  'cancel-visit': [{ ...reason, kind: 'line', optional: true }],
}

/** The local time of the country, as a field for moments shows it. */
export const localOf = (at: string): string => shownByClock(new Date(at)).slice(0, 16)

/** What stands in the fields when the dialog opens: of a visit that is moved, what was agreed; of what is corrected, what was told. */
export function standing(
  act: DeskAct,
  { visit, title, text, spot }: Pick<RequestView, 'visit' | 'title' | 'text' | 'spot'>,
): Record<string, unknown> {
  if (act === 'correct') return { title, text, spot: spot ?? undefined }
  if (act !== 'move-visit' || !visit) return {}
  return { from: localOf(visit.from), until: localOf(visit.until), note: visit.note ?? undefined }
}

/** Moments are entered as the local time of the country and sent with its offset. */
export function momentOf(typed: string): string {
  return withOffset(typed.length === 16 ? `${typed}:00` : typed)
}

/** What the form holds, as the endpoint wants it: no empty text, numbers as numbers, moments with an offset. */
export function bodyOf(fields: readonly Field[], typed: Record<string, unknown>): Record<string, unknown> {
  const body: Record<string, unknown> = {}
  for (const field of fields) {
    if (field.when && typed[field.when.field] !== field.when.value) continue
    const value = typed[field.name]
    if (value === undefined || value === null || value === '') continue
    if (field.kind === 'days' || field.kind === 'stars') body[field.name] = Number(value)
    else if (field.kind === 'moment') body[field.name] = momentOf(String(value))
    else body[field.name] = typeof value === 'string' ? value.trim() : value
  }
  return body
}
