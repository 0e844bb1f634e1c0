import { type QueryExecutorProvider, sql } from 'kysely'
import { damageOf, isUnwritable } from '../database/index.ts'
import type { DailyHash } from '../encryption/index.ts'
import { createMemory, type Taken } from './memory.ts'

/** So many in so many seconds: all of them may come at once, after which they come back one by one. */
export interface Limit {
  count: number
  seconds: number
  /** Not widened by the setting: it is no matter of how busy an installation is. */
  fixed?: true
}

/**
 * Limits by name. `.address` is counted for each network address, `.person` for each person, `.phone` for each phone.
 * They stop machines, not people: a community station with one address serves a queue of residents.
 */
export const limits = {
  read: { count: 600, seconds: 60 },
  // Parts of the register, 256 entries each: a witness that looks for the first time reads all of them.
  'tiles.address': { count: 3_000, seconds: 60 },
  write: { count: 60, seconds: 60 },
  search: { count: 120, seconds: 60 },
  upload: { count: 60, seconds: 600 },
  intake: { count: 30, seconds: 600 },
  'code.phone': { count: 5, seconds: 3600 },
  // The same for a browser in which the number signed in before.
  'code.known': { count: 5, seconds: 3600 },
  'code.address': { count: 30, seconds: 3600 },
  // Lost links, apart from codes: whoever tries numbers must not shut anybody out of signing in. Of a phone only what is sent to it.
  'again.address': { count: 30, seconds: 3600 },
  'again.phone': { count: 5, seconds: 3600 },
  'sign-in.address': { count: 60, seconds: 600 },
  // Person and address together: no stranger's tries count for someone who signs in from elsewhere.
  'sign-in.person': { count: 10, seconds: 600 },
  // A browser in which the account was opened before, and which strangers' tries never count for.
  'sign-in.known': { count: 10, seconds: 600 },
  // Of one person from all addresses: only what failed.
  'sign-in.failures': { count: 100, seconds: 3600 },
  // Wrong second factors of one account from browsers that are not known, after a right password: three in a million fit.
  'second.failures': { count: 30, seconds: 86_400 },
  'second.known': { count: 30, seconds: 86_400 },
  // The password again, by whoever is signed in.
  'confirm.person': { count: 10, seconds: 600 },
  'link.address': { count: 120, seconds: 600 },
  // For one matter each: the number of those who have it too is shown to everybody.
  'me-too.address': { count: 30, seconds: 86_400 },
  // Devices that are to be told and were not known before: each has an address that this server asks.
  'push.address': { count: 30, seconds: 86_400 },
  'challenge.address': { count: 60, seconds: 600 },
  // Links to set a sign-in up anew, sent to one holder, whoever asks for them.
  'help.person': { count: 3, seconds: 86_400, fixed: true },
  // Letters about their work to one person: what comes beyond them in one go (a week in which nothing ran) is told by one.
  'letters.person': { count: 30, seconds: 3600, fixed: true },
  // Mails from one address that become something here, and those by which a machine of ours answers it.
  'mail.sender': { count: 20, seconds: 3600, fixed: true },
  'mail.answers': { count: 1, seconds: 3600, fixed: true },
  // Of one key of other people's software; each key has a count of its own.
  'calls.key': { count: 60, seconds: 60, fixed: true },
} as const satisfies Record<string, Limit>

export type LimitName = keyof typeof limits

export interface Limits {
  /**
   * Takes one from a caller's allowance. `key` is what is counted (`addressKey(ip)`, a person's id, a phone): only its
   * hash under the key of the day is stored. Counts at once and apart from any transaction, so that a refused or
   * failed request has been counted too; processes share it through the database.
   * @param count how many of this one there may be, where each has a number of its own
   */
  take(name: LimitName, key: string, count?: number): Promise<Taken>
  /** Gives back one that was taken and turned out not to count: where only failures do. */
  giveBack(name: LimitName, key: string): Promise<void>
}

/** `factor` multiplies every count (a setting: more for a busy installation, fewer in none). Throws RangeError below 0. */
export function createLimits(
  database: QueryExecutorProvider,
  daily: DailyHash,
  factor: number,
  table: Readonly<Record<LimitName, Limit>> = limits,
): Limits {
  if (!(factor > 0)) throw new RangeError('The factor of rate limits must be above 0.')
  const meanwhile = createMemory()
  const burstOf = (name: LimitName) => {
    const { count, fixed }: Limit = table[name]
    return fixed ? count : Math.max(1, Math.round(count * factor))
  }
  return {
    async take(name, key, count) {
      const { seconds } = table[name]
      const burst = count ?? burstOf(name)
      try {
        return await takeOne(database, name, await daily.hash(`${name} ${key}`), burst, seconds)
      } catch (error) {
        // Counting writes, and whoever only reads must not be turned away because nothing can be written.
        if (isUnwritable(error) || damageOf(error) !== null) return meanwhile.take(`${name} ${key}`, burst, seconds)
        throw error
      }
    },
    async giveBack(name, key) {
      const step = table[name].seconds / burstOf(name)
      try {
        await sql`update rate set full_at = full_at - make_interval(secs => ${step}::float8)
          where name = ${name} and key = ${await daily.hash(`${name} ${key}`)}`.execute(database)
      } catch (error) {
        // What this process alone counted while nothing could be written runs out with it.
        if (!isUnwritable(error) && damageOf(error) === null) throw error
      }
    },
  }
}

/**
 * One statement (generic cell rate algorithm): the row holds when the allowance is full again. Taking one moves that
 * moment by seconds/burst, unless it would then lie more than `seconds` ahead. A row that lies further ahead already was written
 * before the clock was set back: it counts for nothing, or its caller would wait until the clock is there again. Two callers at once
 * wait for each other's row, never for anything longer, since the statement is its own transaction.
 */
async function takeOne(
  database: QueryExecutorProvider,
  name: string,
  key: Buffer,
  burst: number,
  seconds: number,
): Promise<Taken> {
  const step = seconds / burst
  const latest = sql`clock_timestamp() + make_interval(secs => ${seconds}::float8)`
  const known = sql`case when r.full_at > ${latest} + interval '1 second' then clock_timestamp() else r.full_at end`
  const next = sql`greatest(${known}, clock_timestamp()) + make_interval(secs => ${step}::float8)`
  const { rows } = await sql<{ allowed: boolean; wait: number }>`
    insert into rate as r (name, key, full_at)
    values (${name}, ${key}, clock_timestamp() + make_interval(secs => ${step}::float8))
    on conflict (name, key) do update set full_at =
      case when ${next} <= ${latest} + interval '1 millisecond' then ${next} else r.full_at end
    returning old.full_at is distinct from new.full_at as allowed,
      extract(epoch from new.full_at - clock_timestamp())::float8 + ${step}::float8 - ${seconds}::float8 as wait`.execute(
    database,
  )
  const row = rows[0]
  if (!row) throw new Error('The rate limit gave no answer.')
  return { allowed: row.allowed, retryAfterSeconds: row.allowed ? 0 : Math.max(1, Math.ceil(row.wait)) }
}

/** Forgets callers whose allowance is full: the same as never having come. For the sweep, as the role of jobs. */
export async function sweepLimits(database: QueryExecutorProvider): Promise<number> {
  const { numAffectedRows } = await sql`delete from rate where full_at < clock_timestamp()`.execute(database)
  return Number(numAffectedRows ?? 0)
}
