/** How the lines of the register stand among each other. Pure; the page and its table for a spreadsheet go by the same. */
import type { KeptPositions, RegisterRow } from './register.api.ts'

/** Acts, and between them what is kept from the reader, by their positions, the highest first. Acts that have none yet stand first. */
export function inOrder(
  items: readonly RegisterRow[],
  kept: readonly KeptPositions[],
): (RegisterRow | KeptPositions)[] {
  const all: (RegisterRow | KeptPositions)[] = []
  const waiting = [...kept]
  for (const row of items) {
    while (row.position !== null && waiting[0] && waiting[0].until > row.position) all.push(...waiting.splice(0, 1))
    all.push(row)
  }
  return [...all, ...waiting]
}
