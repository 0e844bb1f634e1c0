import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'
import { betterAuth } from 'better-auth'
import { APIError, isAPIError } from 'better-auth/api'
import { phoneNumber } from 'better-auth/plugins'
import pg from 'pg'
import type { Language } from '#kernel/access/index.ts'
import { sameText } from '#kernel/encryption/index.ts'
import { factors } from './sessions.factors.ts'
import { invitations } from './sessions.invitations.ts'
import { refused } from './sessions.outcome.ts'
import { deviceOf, type SessionKeys, sessionTimes, writeDevice } from './sessions.rules.ts'
import type { SessionWord } from './sessions.words.ts'

/** What the roof learns of a new account, so that it can join it to a person. */
export interface NewUser {
  userId: string
  /** The number that has just proved itself, E.164, for residents. */
  phone?: string
  /** What the invitation was written for, for staff. */
  reference?: string
  email?: string
}

export interface AuthDoors {
  keys: SessionKeys
  publicUrl: string
  clock: { now(): Date }
  sendCode: ((message: { to: string; code: string; language: Language }) => Promise<void>) | null
  onUserCreated(user: NewUser): Promise<void>
  log?(level: string, message: string): void
}

/**
 * What belongs to the call under way but must not reach better-auth, which would store it: the number and the address
 * in clear. better-auth itself sees only their keyed hashes.
 */
interface Crossing {
  phone?: string
  /** Held by the browser that asked for a code. */
  challenge?: string
  email?: string
  language?: Language
}
export const crossing = new AsyncLocalStorage<Crossing>()

/** The names of our cookies. `__Host-` keeps a neighbour on a sibling name of the same domain from planting one. */
export function cookieNames(publicUrl: string) {
  const secure = new URL(publicUrl).protocol === 'https:'
  const prefix = secure ? '__Host-' : ''
  return {
    secure,
    session: `${prefix}linli.session`,
    brief: `${prefix}linli.brief`,
    known: `${prefix}linli.known`,
    /** The token of something that waits for the next request of this browser. */
    held: (purpose: string) => `${prefix}linli.${purpose}`,
  }
}

/** A pool whose every statement finds the schema `auth` and no other. */
export function openAuthPool(url: string, connections: number): pg.Pool {
  // better-auth counts with Date; the rest of the program may have told pg to hand out texts.
  const types = {
    getTypeParser: (type: number, format?: 'text' | 'binary') =>
      type === 1184
        ? (value: string) => new Date(value)
        : type === 1114
          ? (value: string) => new Date(`${value}Z`)
          : pg.types.getTypeParser(type, format as 'text'),
  }
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    options: '-c search_path=auth',
    connectionTimeoutMillis: 5_000,
    types: types as pg.CustomTypesConfig,
  })
  // An idle connection that breaks is replaced at the next use; without a listener it would end the process.
  pool.on('error', () => undefined)
  // Lent out and between two statements it is not listened to by the pool.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** The longest password better-auth looks at, in UTF-16 units: 128 characters may have four each after typing. */
export const passwordUnits = 512

const otpIdentifier = 'phone-number-otp-'

/**
 * A code belongs to the number and to the browser that asked for it, which holds the challenge: what a stranger asks for, or tries,
 * touches no other's code.
 */
export interface HeldCode {
  /** The keyed index of the number. */
  readonly index: string
  readonly challenge: string
}

const codeIdentifier = (keys: SessionKeys, { index, challenge }: HeldCode) =>
  otpIdentifier + keys.challengeDigest(index, challenge)

/**
 * Decides a code in one transaction that holds its row: of many who try at once each counts, and one can win.
 * Written here and not left to the plugin because the plugin compares in clear and reads the machine's clock.
 */
async function checkCode(pool: pg.Pool, keys: SessionKeys, now: Date, held: HeldCode & { code: string }) {
  const { index, challenge, code } = held
  const identifier = codeIdentifier(keys, held)
  const client = await pool.connect()
  try {
    await client.query('begin')
    const found = await client.query<{ id: string; value: string; expiresAt: Date }>(
      'select id, value, "expiresAt" from verification where identifier = $1 order by "createdAt" desc limit 1 for update',
      [identifier],
    )
    const row = found.rows[0]
    const [digest = '', tries = '0'] = row?.value.split(':') ?? []
    // The digest is made in every case, so that a number without a code answers no sooner.
    const matches = sameText(keys.codeDigest(index, challenge, code), digest)
    const alive = row !== undefined && row.expiresAt > now && Number(tries) < sessionTimes.codeAttempts
    if (alive && matches) {
      await client.query('delete from verification where identifier = $1', [identifier])
    } else if (alive) {
      await client.query('update verification set value = $2 where id = $1', [row.id, `${digest}:${Number(tries) + 1}`])
    }
    await client.query('commit')
    return alive && matches
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  } finally {
    client.release()
  }
}

/** Forgets a code that could not be sent. */
export async function dropCode(pool: pg.Pool, keys: SessionKeys, held: HeldCode): Promise<void> {
  await pool.query('delete from verification where identifier = $1', [codeIdentifier(keys, held)])
}

/** Turns better-auth's refusals into ours; anything else is a fault and goes up. */
export async function refusing<T>(
  work: () => Promise<T>,
  known: Record<string, SessionWord>,
): Promise<T | { ok: false; key: SessionWord }> {
  try {
    return await work()
  } catch (error) {
    const code = isAPIError(error) ? (error.body as { code?: string } | undefined)?.code : undefined
    const key = code === undefined ? undefined : known[code]
    if (key === undefined) throw error
    return refused(key)
  }
}

/** A name that says nothing: better-auth would take the number. */
export const nameless = () => `u${randomBytes(9).toString('hex')}`

/** Sets better-auth up on a pool. The migration and the server share it, so that tables and code cannot part. */
export function createAuth(pool: pg.Pool, doors: AuthDoors) {
  const { keys, clock } = doors
  const names = cookieNames(doors.publicUrl)
  const cookie = { secure: names.secure, httpOnly: true, sameSite: 'lax' as const, path: '/' }
  return betterAuth({
    appName: 'Linli',
    baseURL: doors.publicUrl,
    secret: keys.cookie,
    database: pool,
    telemetry: { enabled: false },
    // Only messages: the arguments better-auth adds may hold what was typed.
    logger: { level: 'error', log: (level, message) => doors.log?.(level, message) },
    // Limits are taken at this room's door, for calls of the server too; better-auth counts only those of its router.
    rateLimit: { enabled: false },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: passwordUnits },
    session: {
      expiresIn: sessionTimes.session,
      updateAge: sessionTimes.renewal,
      freshAge: 0,
      cookieCache: { enabled: false },
    },
    user: { additionalFields: { attached: { type: 'boolean', required: true, defaultValue: false, input: false } } },
    verification: { disableCleanup: true },
    advanced: {
      ipAddress: { disableIpTracking: true },
      useSecureCookies: false,
      cookies: {
        session_token: { name: names.session, attributes: cookie },
        dont_remember: { name: names.brief, attributes: cookie },
      },
    },
    databaseHooks: {
      session: {
        create: {
          before: async (session) => ({
            data: { ...session, userAgent: writeDevice(deviceOf(session.userAgent ?? '')) },
          }),
        },
      },
      verification: {
        create: {
          before: async (row) => {
            if (!row.identifier.startsWith(otpIdentifier)) return
            const index = row.identifier.slice(otpIdentifier.length)
            const challenge = crossing.getStore()?.challenge
            if (challenge === undefined) throw new Error('a code without a challenge')
            const code = row.value.split(':')[0] ?? ''
            const identifier = codeIdentifier(keys, { index, challenge })
            const expiresAt = new Date(clock.now().getTime() + sessionTimes.code * 1000)
            return { data: { ...row, identifier, value: `${keys.codeDigest(index, challenge, code)}:0`, expiresAt } }
          },
        },
      },
    },
    plugins: [
      phoneNumber({
        otpLength: 6,
        expiresIn: sessionTimes.code,
        allowedAttempts: sessionTimes.codeAttempts,
        sendOTP: async ({ code }) => {
          const call = crossing.getStore()
          if (!doors.sendCode || !call?.phone) throw new Error('no way to send a code')
          await doors.sendCode({ to: call.phone, code, language: call.language ?? 'zh-CN' })
        },
        verifyOTP: ({ phoneNumber: index, code }) =>
          checkCode(pool, keys, clock.now(), { index, code, challenge: crossing.getStore()?.challenge ?? '' }),
        signUpOnVerification: {
          getTempEmail: () => `${nameless()}@residents.invalid`,
          getTempName: nameless,
        },
        callbackOnVerification: async ({ user }, context) => {
          if (!context) throw new Error('no context')
          // A message can be read by whoever holds the SIM card: it must not open what a password guards.
          if (await context.context.internalAdapter.findCredentialAccount(user.id)) {
            throw new APIError('FORBIDDEN', { code: 'USE_PASSWORD', message: 'account has a password' })
          }
          // Asked on every sign-in until it has worked: the process may die between account and person.
          if ((user as { attached?: boolean }).attached === true) return
          await doors.onUserCreated({ userId: user.id, phone: crossing.getStore()?.phone })
          await context.context.internalAdapter.updateUser(user.id, { attached: true })
        },
      }),
      invitations({
        now: () => clock.now(),
        onAccepted: (userId, reference) =>
          doors.onUserCreated({ userId, reference, email: crossing.getStore()?.email }),
      }),
      factors(),
    ],
  })
}

export type Auth = ReturnType<typeof createAuth>
