import { randomUUID } from 'node:crypto'
import { type QueryExecutorProvider, sql } from 'kysely'

/** Knows how much the whole installation takes in, over all its processes. */
export interface Load {
  /** Says that one was taken in (or tried). Costs nothing: written out once a second. */
  count(): void
  /** Taken in over the last minute by all processes; up to two seconds old. */
  perMinute(): Promise<number>
  /** Writes out what is still held and stops. */
  stop(): Promise<void>
}

const bucketSeconds = 10
/** What one process may have taken in within one bucket: far above any real load, and a bound for the sum. */
const most = 1_000_000

/**
 * Each process writes its own rows, so that no two wait for each other: one shared counter would serialise all intake.
 * The count of the last second may be lost with a process, which changes nothing that matters.
 */
export function createLoad(database: QueryExecutorProvider, options: { everyMilliseconds?: number } = {}): Load {
  const process = randomUUID()
  const every = options.everyMilliseconds ?? 1000
  let held = 0
  let known = { value: 0, at: 0 }
  let asking: Promise<void> | null = null
  let writing: Promise<void> = Promise.resolve()

  async function write(): Promise<void> {
    const count = held
    if (count === 0) return
    held = 0
    try {
      await sql`
        insert into flood_load as l (process, bucket, taken)
        values (${process}, date_bin(${`${bucketSeconds} seconds`}::interval, clock_timestamp(), timestamptz 'epoch'), least(${count}::bigint, ${most}))
        on conflict (process, bucket) do update set taken = least(l.taken + excluded.taken, ${most})`.execute(database)
    } catch {
      // The database being away is told elsewhere; here the count is merely kept for the next second.
      held += count
    }
  }

  async function read(): Promise<void> {
    const { rows } = await sql<{ taken: number }>`
      select coalesce(sum(taken), 0) as taken from flood_load
      where bucket between clock_timestamp() - interval '60 seconds' and clock_timestamp()`.execute(database)
    known = { value: Number(rows[0]?.taken ?? 0), at: performance.now() }
  }
  const timer = setInterval(() => {
    writing = writing.then(write)
  }, every)
  timer.unref()

  return {
    count() {
      held++
    },
    async perMinute() {
      if (performance.now() - known.at > every || known.at === 0) {
        // One question for all who come in the meantime.
        asking ??= read().finally(() => {
          asking = null
        })
        await asking
      }
      return known.value + held
    },
    async stop() {
      clearInterval(timer)
      writing = writing.then(write)
      await writing
    },
  }
}

/** Forgets buckets and used proofs that have run out, or lie ahead because the clock was set back. For the sweep, as the role of jobs. */
export async function sweepFloods(database: QueryExecutorProvider): Promise<void> {
  await sql`delete from flood_load where bucket not between clock_timestamp() - interval '5 minutes' and clock_timestamp()`.execute(
    database,
  )
  await sql`delete from flood_pass where expires_at < clock_timestamp()`.execute(database)
}
