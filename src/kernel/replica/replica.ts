// Reading at a streaming replica: what everybody may read is read there while it keeps up; whoever has just written reads at the
// primary until the replica has replayed it; and whatever the replica cannot answer the primary does.
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { Logger } from 'pino'
import { type Database, openDatabase } from '../database/index.ts'
import { Refusal } from '../http/refusal.ts'
import { createLag, readPosition, writePosition } from './lag.ts'
import { hasReplayed, replayedAt, writtenAt } from './replica.store.ts'

/** Why a replica is left out, as the log says it. */
const reasons = {
  unknown: 'it has not been seen to keep up yet',
  away: 'it does not answer',
  writable: 'it is no standby: it takes writes, so what it shows is not what stands at the primary',
  stranger: 'it is a standby of another database',
  behind: 'it is too far behind',
} as const
export type Reason = keyof typeof reasons

export interface Replica {
  /** Null while it is read from. */
  readonly leftOut: Reason | null
  /** Seconds, as last seen; null where it is not known. */
  readonly lagSeconds: number | null
  /** Reads so far: at the replica, at the primary instead, and at the primary after the replica had failed or found nothing. */
  readonly reads: Readonly<Record<'replica' | 'primary' | 'again', number>>
  /** What whoever has just written is given, to be shown at the next reading: a position in the log, which says nothing of anybody. */
  mark(): Promise<string>
  /**
   * Reads where that may be done.
   * @param mark shown by whoever reads, undefined where nothing is; what is no mark is read at the primary
   * @param read asked once, or a second time at the primary where the replica refused or failed; at the replica `check` comes first
   */
  read<T>(mark: string | undefined, read: (at: Database, check?: Check) => Promise<T>): Promise<T>
  stop(): Promise<void>
}

/** Throws where this connection has not replayed what the mark asks for. */
export type Check = (client: pg.ClientBase) => Promise<void>

export interface ReplicaOptions {
  readonly url: string
  readonly primary: Database
  /** Asked for positions: connections of its own, so that no page waits for it. */
  readonly aside: Database
  readonly connections: number
  /** Beyond this it is left out. */
  readonly lagSeconds: number
  readonly log: Pick<Logger, 'info' | 'warn'>
}

/** Milliseconds between two looks, and how long one may take. */
const everyMilliseconds = 500
const patience = 2_000

/** Opens a replica and begins to look after it. It is read from once it has been seen to keep up. */
export function openReplica(options: ReplicaOptions): Replica {
  const { primary, aside, log } = options
  // A page that finds a replica hanging must still come: soon given up, and asked for at the primary.
  const at = openDatabase(options.url, {
    connections: options.connections,
    statementSeconds: 3,
    silentSeconds: 4,
    name: 'linli replica',
    readOnly: true,
  })
  const looking = openDatabase(options.url, {
    connections: 1,
    statementSeconds: 2,
    silentSeconds: 2,
    name: 'linli lag',
  })
  const lag = createLag()
  const reads = { replica: 0, primary: 0, again: 0 }
  let leftOut: Reason | null = 'unknown'
  let lagMilliseconds = Number.POSITIVE_INFINITY
  let replayed = 0n
  const ending = new AbortController()
  let awake = new AbortController()

  async function ask(): Promise<Reason | null> {
    const [mine, theirs] = await Promise.all([writtenAt(aside), replayedAt(looking).catch(() => null)])
    if (!theirs) return 'away'
    if (theirs.system !== mine.system) return 'stranger'
    if (theirs.position === null) return 'writable'
    replayed = theirs.position
    lagMilliseconds = lag.look(mine.position, replayed, performance.now())
    if (lagMilliseconds === Number.POSITIVE_INFINITY) return 'unknown'
    return lagMilliseconds > options.lagSeconds * 1_000 ? 'behind' : null
  }

  async function look(): Promise<void> {
    // Where the primary does not answer, no page could be counted or checked either: nothing is changed.
    const asked = ask().catch(() => leftOut)
    const found = await Promise.race([asked, sleep(patience, 'away' as const, { ref: false })])
    if (found !== leftOut && !ending.signal.aborted) tell(found)
    leftOut = found
    await asked
  }

  function tell(found: Reason | null): void {
    // That is how each one begins, and how it comes back.
    if (found === 'unknown' && leftOut !== null) return
    if (found === null) log.info({ lagMilliseconds: Math.round(lagMilliseconds) }, 'the replica is read from')
    else log.warn({ reason: found, why: reasons[found] }, 'the replica is left out')
  }

  const watching = (async () => {
    while (!ending.signal.aborted) {
      await look()
      awake = new AbortController()
      const signal = AbortSignal.any([awake.signal, ending.signal])
      await sleep(everyMilliseconds, undefined, { ref: false, signal }).catch(() => undefined)
    }
  })()

  const checkOf =
    (wanted: bigint): Check =>
    async (client) => {
      // Asked of the very connection: behind one address several may stand, each with a lag of its own.
      if (!(await hasReplayed(client, wanted))) throw new Refusal(503, 'busy', 'http.busy')
    }

  return {
    get leftOut() {
      return leftOut
    },
    get lagSeconds() {
      return Number.isFinite(lagMilliseconds) ? lagMilliseconds / 1_000 : null
    },
    reads,
    mark: async () => writePosition((await writtenAt(aside)).position).replace('/', '-'),
    async read(mark, read) {
      const wanted = mark === undefined ? 0n : readPosition(mark)
      if (leftOut !== null || wanted === null || wanted > replayed) {
        reads.primary += 1
        return read(primary)
      }
      try {
        const answer = await read(at, wanted > 0n ? checkOf(wanted) : undefined)
        reads.replica += 1
        return answer
      } catch (error) {
        // What it does not know yet the primary may know; and what is wrong with it is looked at now.
        reads.again += 1
        if (!(error instanceof Refusal)) awake.abort()
        return read(primary)
      }
    },
    async stop() {
      ending.abort()
      await watching
      await Promise.all([at.close(), looking.close()])
    },
  }
}
