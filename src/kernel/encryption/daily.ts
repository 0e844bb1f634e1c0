import { createHmac } from 'node:crypto'
import { type QueryExecutorProvider, sql } from 'kysely'
import { dayOf, endOfDay } from '../calendar/days.ts'

/** Hashes callers under the key of the day. After the day nobody, with whatever access, can tie a hash to a caller. */
export interface DailyHash {
  /** 16 bytes that stand for `value` today. */
  hash(value: string): Promise<Buffer>
}

const keptMilliseconds = 30_000

/**
 * The key of the day is made and dropped by the database, so that several processes agree on it, and its day is the
 * database's (Asia/Shanghai). A process keeps it half a minute and never past the end of the day.
 */
export function createDailyHash(database: QueryExecutorProvider, now: () => number = Date.now): DailyHash {
  let kept: { key: Buffer; until: number } | null = null
  let asking: Promise<Buffer> | null = null

  async function ask(): Promise<Buffer> {
    const { rows } = await sql<{ key: Buffer }>`select key from daily_key()`.execute(database)
    const key = rows[0]?.key
    if (!key) throw new Error('The database gave no key for today.')
    kept = { key, until: Math.min(now() + keptMilliseconds, endOfDay(dayOf(new Date(now()))).getTime()) }
    return key
  }

  return {
    async hash(value) {
      const left = kept ? kept.until - now() : 0
      // More than the half minute is left only where the clock was set back.
      let key = kept && left > 0 && left <= keptMilliseconds ? kept.key : null
      if (!key) {
        // One question for all who wait: at midnight a thousand requests would otherwise ask at once.
        asking ??= ask().finally(() => {
          asking = null
        })
        key = await asking
      }
      return createHmac('sha256', key).update(value, 'utf8').digest().subarray(0, 16)
    },
  }
}

/** Drops keys of past days even where nobody asked for today's. For the nightly sweep, as the role of jobs. */
export async function dropOldDailyKeys(database: QueryExecutorProvider): Promise<number> {
  const { rows } = await sql<{ dropped: number }>`select daily_key_drop_old() as dropped`.execute(database)
  return rows[0]?.dropped ?? 0
}
