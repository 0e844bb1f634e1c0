import { type Database, transaction } from '#kernel/database/index.ts'
import { isId } from '#kernel/http/shapes.api.ts'
import type { Jobs } from '#kernel/jobs/index.ts'
import { type Erasure, standing } from './erasures.store.ts'
import { eraseQueue } from './people.jobs.ts'

/** One erasure a line, as JSON. */
export function writeErasures(erasures: readonly Erasure[]): string {
  return erasures.map(({ person, at }) => `${JSON.stringify({ person, at })}\n`).join('')
}

/** Reads what `writeErasures` wrote; a list that grew night by night may name one twice. @throws RangeError with the number of the line */
export function readErasures(text: string): string[] {
  const people = new Set<string>()
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue
    let person: unknown
    try {
      person = (JSON.parse(line) as { person?: unknown } | null)?.person
    } catch {
      person = undefined
    }
    if (!isId(person)) throw new RangeError(String(index + 1))
    people.add(person)
  }
  return [...people]
}

/**
 * Queues the erasure of everybody on a list who stands here again. Whoever was erased before, or came after the backup, is passed
 * over. The server makes the erasures; being asked twice does no harm.
 */
export async function eraseAgain(
  kernel: { readonly jobsDatabase: Database; readonly jobs: Pick<Jobs, 'enqueueMany'> },
  people: readonly string[],
): Promise<{ read: number; queued: number }> {
  const found = await transaction(kernel.jobsDatabase, async (on, client) => {
    const here = await standing(on, people)
    await kernel.jobs.enqueueMany(
      { client },
      eraseQueue,
      // They asked before the backup was restored; what they asked may have gone with it.
      here.map((person) => ({ ids: { person, again: 'restored' } })),
    )
    return here
  })
  return { read: people.length, queued: found.length }
}
