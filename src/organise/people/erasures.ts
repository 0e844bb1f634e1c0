import { type Database, transaction } from '#kernel/database/index.ts'
import { isId } from '#kernel/http/shapes.api.ts'
import type { Jobs } from '#kernel/jobs/index.ts'
import { type Erasure, standing } from './erasures.store.ts'
import { eraseQueue } from './people.jobs.ts'

/** One erasure a line, as JSON, and how many they are in a last one: a list that was cut off is told by it. */
export function writeErasures(erasures: readonly Erasure[]): string {
  const lines = erasures.map(({ person, at }) => `${JSON.stringify({ person, at })}\n`).join('')
  return `${lines}${JSON.stringify({ erasures: erasures.length })}\n`
}

/**
 * Reads what `writeErasures` wrote; a list that grew night by night may name one twice, and hold several counts. One of before has no
 * count: it is taken as long as its last line is whole.
 * @throws RangeError with the number of the line that is no erasure, or that counts others than stand before it
 */
export function readErasures(text: string): string[] {
  const people = new Set<string>()
  let counted = 0
  let open = 0
  const lines = text.split(/\r?\n/)
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue
    const { person, erasures } = objectOf(line)
    if (isId(person)) {
      people.add(person)
      open += 1
    } else if (erasures === open) {
      counted += 1
      open = 0
    } else throw new RangeError(String(index + 1))
  }
  // Where there are counts, the last one was cut off with what it counts.
  if (counted > 0 && open > 0) throw new RangeError(String(lines.length))
  return [...people]
}

function objectOf(line: string): { person?: unknown; erasures?: unknown } {
  try {
    return (JSON.parse(line) as object | null) ?? {}
  } catch {
    return {}
  }
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
