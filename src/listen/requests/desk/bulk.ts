import type { Row } from '../requests.lists.api.ts'

/** What can be done to several requests at once, in the order of the work. */
export const bulkActs = ['accept', 'dispatch', 'categorise'] as const
export type BulkAct = (typeof bulkActs)[number]

const from: Readonly<Record<BulkAct, readonly string[]>> = {
  accept: ['received'],
  dispatch: ['accepted'],
  categorise: ['received', 'accepted', 'dispatched', 'acknowledged'],
}

/** Why an act cannot be done to a row: it stands elsewhere, it came back twice and goes up, or it is another post's to do. */
export function whyNot(act: BulkAct, row: Pick<Row, 'state' | 'returns'>): 'state' | 'returns' | 'duty' {
  if (!from[act].includes(row.state)) return 'state'
  return act === 'dispatch' && row.returns >= 2 ? 'returns' : 'duty'
}

/** Those of the chosen rows that an act can be done to; the others wait for another act and are not touched. */
export const rowsFor = (act: BulkAct, chosen: readonly Row[]): Row[] => chosen.filter((row) => row.can.includes(act))
