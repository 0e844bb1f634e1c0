import { explanationKinds, urgencies, verdicts } from '../requests.api.ts'
import type { DeskAct } from '../requests.desk.api.ts'

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
  /** Values of a choice, and the words key they are said with. */
  values?: readonly string[]
  words?: string
}

const reason: Field = { name: 'reason', kind: 'long' }

export const actFields: Partial<Record<DeskAct, readonly Field[]>> = {
  dispatch: [
    { name: 'body', kind: 'bodies' },
    { name: 'task', kind: 'long', optional: true },
  ],
  redispatch: [{ name: 'body', kind: 'bodies' }, reason],
  // Declining asks nothing, only whether it is meant: no reason is wanted and none is kept.
  decline: [],
  return: [reason, { name: 'belongsTo', kind: 'bodies', optional: true }],
  assist: [
    { name: 'body', kind: 'bodies' },
    { name: 'task', kind: 'long' },
  ],
  'answer-part': [{ name: 'text', kind: 'long' }],
  explain: [
    { name: 'kind', kind: 'choice', values: explanationKinds, words: 'requests.explanation' },
    { name: 'repeats', kind: 'requests', when: { field: 'kind', value: 'repeat' } },
    { name: 'basis', kind: 'laws' },
    { name: 'text', kind: 'long' },
    { name: 'remedy', kind: 'long' },
  ],
  'disagree-explanation': [reason],
  extend: [{ name: 'workingDays', kind: 'days' }, reason],
  merge: [{ name: 'into', kind: 'requests' }],
  transfer: [{ name: 'place', kind: 'places' }, reason],
  categorise: [{ name: 'category', kind: 'category' }],
  'set-urgency': [
    { name: 'urgency', kind: 'choice', values: urgencies, words: 'requests.urgency' },
    { ...reason, optional: true },
  ],
  supervise: [reason],
  note: [{ name: 'text', kind: 'long' }],
  'call-back': [
    { name: 'verdict', kind: 'choice', values: verdicts, words: 'requests.verdict' },
    { name: 'satisfaction', kind: 'stars', optional: true },
    { name: 'words', kind: 'long', optional: true },
  ],
  'miss-call-back': [{ name: 'note', kind: 'line', optional: true }],
  unpublish: [{ ...reason, optional: true }],
  'arrange-visit': [
    { name: 'from', kind: 'moment' },
    { name: 'until', kind: 'moment' },
    { name: 'note', kind: 'line', optional: true },
  ],
  'move-visit': [
    { name: 'from', kind: 'moment' },
    { name: 'until', kind: 'moment' },
    { name: 'note', kind: 'line', optional: true },
  ],
  'cancel-visit': [{ ...reason, kind: 'line', optional: true }],
}

/** Moments are entered as the local time of the country and sent with its offset. */
export function momentOf(typed: string): string {
  return `${typed.length === 16 ? `${typed}:00` : typed}+08:00`
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
