import type { Row } from '../requests.desk.api.ts'

/** What can be done to several requests at once, in the order of the work. */
export const bulkActs = ['accept', 'dispatch', 'categorise'] as const
export type BulkAct = (typeof bulkActs)[number]

/** Those of the chosen rows that an act can be done to; the others wait for another act and are not touched. */
export const rowsFor = (act: BulkAct, chosen: readonly Row[]): Row[] => chosen.filter((row) => row.can.includes(act))
