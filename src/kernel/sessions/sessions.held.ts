// What waits between two requests of one browser: a second factor that is owed, a challenge for a passkey, a way to the organisation's
// sign-in and back. It stands encrypted in the table of verifications; the browser holds its token in a cookie.
import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import type { cookieNames } from './sessions.auth.ts'
import { cookieValue, header, type RequestHeaders, type SessionKeys, sessionTimes } from './sessions.rules.ts'

/** Where something may be held: a pool, or one connection with its transaction. */
export type Queries = Pick<pg.Pool | pg.PoolClient, 'query'>

export type Held = ReturnType<typeof heldThings>
/** Each has a cookie of its own name. */
export type HeldPurpose = 'step' | 'passkey' | 'oidc'

export interface HeldOptions {
  readonly pool: pg.Pool
  readonly keys: SessionKeys
  readonly names: ReturnType<typeof cookieNames>
  readonly clock: { now(): Date }
}

/** Work in one transaction of the schema `auth`. */
export async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const answer = await work(client)
    await client.query('commit')
    return answer
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  } finally {
    client.release()
  }
}

export const newRowId = () => randomBytes(16).toString('hex')

export function heldThings({ pool, keys, names, clock }: HeldOptions) {
  const cookie = (purpose: HeldPurpose, value: string, seconds: number) =>
    `${names.held(purpose)}=${value}; Max-Age=${seconds}; Path=/; HttpOnly${names.secure ? '; Secure' : ''}; SameSite=Lax`

  /** Where the thing stands that this browser holds the token of; null where it holds none. */
  function placeOf(purpose: HeldPurpose, headers: RequestHeaders): string | null {
    const token = cookieValue(header(headers, 'cookie'), names.held(purpose))
    return token !== null && /^[\w-]{32}$/.test(token) ? keys.heldDigest(purpose, token) : null
  }

  /** Keeps a thing at a place, in the stead of what was there. */
  async function keep(place: string, value: unknown, seconds: number, on: Queries = pool): Promise<void> {
    const now = clock.now()
    await on.query('delete from verification where identifier = $1', [place])
    await on.query(
      'insert into verification (id, identifier, value, "expiresAt", "createdAt", "updatedAt") values ($1, $2, $3, $4, $5, $5)',
      [newRowId(), place, keys.seal(JSON.stringify(value), place), new Date(now.getTime() + seconds * 1000), now],
    )
  }

  function opened<T>(place: string, rows: { value: string }[]): T | null {
    const row = rows[0]
    return row ? (JSON.parse(keys.unseal(row.value, place)) as T) : null
  }

  /** Takes a thing away; of many who come with one token, one is given it. */
  async function takeAt<T>(place: string | null): Promise<T | null> {
    if (place === null) return null
    const { rows } = await pool.query('delete from verification where identifier = $1 returning value, "expiresAt"', [
      place,
    ])
    return opened<T>(
      place,
      rows.filter((row) => row.expiresAt > clock.now()),
    )
  }

  return {
    placeOf,
    keep,
    takeAt,

    /** Keeps a thing for this browser and returns its `Set-Cookie` line. */
    async hold(purpose: HeldPurpose, value: unknown): Promise<string> {
      const token = randomBytes(24).toString('base64url')
      await keep(keys.heldDigest(purpose, token), value, sessionTimes.step)
      return cookie(purpose, token, sessionTimes.step)
    },

    take: <T>(purpose: HeldPurpose, headers: RequestHeaders) => takeAt<T>(placeOf(purpose, headers)),

    /** Looks without taking; on a connection with a transaction the row is held until its end. */
    async look<T>(place: string | null, on: Queries = pool): Promise<T | null> {
      if (place === null) return null
      const { rows } = await on.query(
        `select value from verification where identifier = $1 and "expiresAt" > $2 ${on === pool ? '' : 'for update'}`,
        [place, clock.now()],
      )
      return opened<T>(place, rows)
    },

    /** Writes a thing anew without giving it longer. */
    async rewrite(place: string, value: unknown, on: Queries): Promise<void> {
      await on.query('update verification set value = $2 where identifier = $1', [
        place,
        keys.seal(JSON.stringify(value), place),
      ])
    },

    async drop(place: string, on: Queries = pool): Promise<void> {
      await on.query('delete from verification where identifier = $1', [place])
    },

    /** The `Set-Cookie` line that takes the token away. */
    cleared: (purpose: HeldPurpose) => cookie(purpose, '', 0),
  }
}
