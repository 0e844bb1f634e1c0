// The second factor: asked for after a password, a code by phone or the organisation's sign-in, before there is a session.
import { randomInt } from 'node:crypto'
import type pg from 'pg'
import { addressKey } from '#kernel/limits/index.ts'
import type { Held, Queries } from './sessions.held.ts'
import { inTransaction, newRowId } from './sessions.held.ts'
import type { knownBrowsers } from './sessions.known.ts'
import { type Limited, type Outcome, refused } from './sessions.outcome.ts'
import {
  normalCode,
  normalRecovery,
  type RequestHeaders,
  type SecurityChange,
  type SessionKeys,
  type SessionLimit,
  sessionTimes,
} from './sessions.rules.ts'
import { fittingStep } from './sessions.totp.ts'

/** Somebody who has shown that they are, and how the session is to be that they get. */
export interface Proved {
  readonly userId: string
  /** The keyed index by which browsers know the account. */
  readonly index: string
  readonly remember: boolean
}

interface Waiting extends Proved {
  readonly tries: number
}

export interface SecondOptions {
  readonly pool: pg.Pool
  readonly keys: SessionKeys
  readonly held: Held
  readonly known: ReturnType<typeof knownBrowsers>
  readonly clock: { now(): Date }
  readonly limited: Limited
  giveBackLimit(name: SessionLimit, key: string): Promise<void>
  /** Writes down for the person what happened, and tells them. */
  changed(userId: string, kind: SecurityChange, headers: RequestHeaders): Promise<void>
}

/** Ten codes of 60 bits, without letters that are mistaken for others; only digests are kept. */
export const recoveryCount = 10
const recoveryAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Makes ten codes in the stead of all earlier ones. They are returned here and never again. */
export async function newRecoveryCodes(on: Queries, keys: SessionKeys, userId: string, now: Date): Promise<string[]> {
  const codes = Array.from({ length: recoveryCount }, () =>
    Array.from({ length: 12 }, () => recoveryAlphabet[randomInt(32)]).join(''),
  )
  await on.query('delete from "recoveryCode" where "userId" = $1', [userId])
  for (const code of codes) {
    await on.query('insert into "recoveryCode" (id, "userId", digest, "createdAt") values ($1, $2, $3, $4)', [
      newRowId(),
      userId,
      keys.recoveryDigest(userId, code),
      now,
    ])
  }
  return codes.map((code) => code.match(/.{4}/g)?.join('-') ?? code)
}

/** Whether an account asks for a second factor. */
export async function asksSecond(on: Queries, userId: string): Promise<boolean> {
  const { rowCount } = await on.query('select from authenticator where "userId" = $1', [userId])
  return rowCount !== 0
}

export const authenticatorBound = (userId: string) => `authenticator ${userId}`

/**
 * Takes a code of the app or a recovery code, once. The row is held until the transaction ends: of two who bring the same code at the
 * same time one is let in.
 */
export async function takeFactor(
  client: pg.PoolClient,
  keys: SessionKeys,
  userId: string,
  typed: string,
  now: Date,
): Promise<'app' | 'recovery' | null> {
  const recovery = normalRecovery(typed)
  if (recovery !== null) {
    const { rowCount } = await client.query('delete from "recoveryCode" where "userId" = $1 and digest = $2', [
      userId,
      keys.recoveryDigest(userId, recovery),
    ])
    return rowCount === 0 ? null : 'recovery'
  }
  const code = normalCode(typed)
  if (code === null) return null
  const { rows } = await client.query<{ id: string; secret: string; lastStep: number }>(
    'select id, secret, "lastStep" from authenticator where "userId" = $1 for update',
    [userId],
  )
  const row = rows[0]
  if (!row) return null
  const secret = Buffer.from(keys.unseal(row.secret, authenticatorBound(userId)), 'base64')
  const step = fittingStep(secret, code, now, Number(row.lastStep))
  if (step === null) return null
  await client.query('update authenticator set "lastStep" = $2 where id = $1', [row.id, step])
  return 'app'
}

export function secondFactor(options: SecondOptions) {
  const { pool, keys, held, known, clock } = options

  /** Tries one code against what waits at a place. */
  const attempt = (place: string, code: string) =>
    inTransaction(pool, async (client) => {
      const waiting = await held.look<Waiting>(place, client)
      if (waiting === null) return { waiting: null, way: null, over: true }
      const way = await takeFactor(client, keys, waiting.userId, code, clock.now())
      const tries = waiting.tries + 1
      const over = way !== null || tries >= sessionTimes.codeAttempts
      await (over ? held.drop(place, client) : held.rewrite(place, { ...waiting, tries }, client))
      return { waiting, way, over }
    })

  return {
    /** Lets somebody who has proved one thing wait for the other; the `Set-Cookie` line of their place. */
    await: (proved: Proved) => held.hold('step', { ...proved, tries: 0 } satisfies Waiting),

    /** Whether this browser has a second factor to show. */
    waits: async (headers: RequestHeaders) => (await held.look<Waiting>(held.placeOf('step', headers))) !== null,

    /** Takes the code; gives whoever has proved both. */
    async prove(input: {
      code: string
      address: string
      headers: RequestHeaders
    }): Promise<Outcome<{ proved: Proved }>> {
      const place = held.placeOf('step', input.headers)
      const waiting = await held.look<Waiting>(place)
      if (place === null || waiting === null) return refused('sessions.step-over')
      const browser = known.keyOf(input.headers, waiting.index)
      const counted: [SessionLimit, string] =
        browser === null ? ['second.failures', waiting.userId] : ['second.known', browser]
      const wait = await options.limited([['sign-in.address', addressKey(input.address)], counted])
      if (wait) return wait
      // What cannot be a code is a slip of the finger and costs no try.
      if (normalCode(input.code) === null && normalRecovery(input.code) === null) {
        await options.giveBackLimit(...counted)
        return refused('sessions.step-wrong')
      }
      const tried = await attempt(place, input.code)
      if (tried.way === null) {
        // Somebody knows the password and has tried five times: the owner shall hear of it.
        if (tried.over && tried.waiting) await options.changed(tried.waiting.userId, 'second-failed', input.headers)
        return refused(tried.over ? 'sessions.step-over' : 'sessions.step-wrong')
      }
      await options.giveBackLimit(...counted)
      if (tried.way === 'recovery') await options.changed(tried.waiting.userId, 'recovery-used', input.headers)
      return { ok: true, proved: tried.waiting }
    },
  }
}
