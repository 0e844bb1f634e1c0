import { randomBytes } from 'node:crypto'
import type { Language } from '#kernel/access/index.ts'
import { endSilent } from '#kernel/database/index.ts'
import { passwordProblem } from '#kernel/encryption/index.ts'
import { addressKey } from '#kernel/limits/index.ts'
import {
  type AuthDoors,
  cookieNames,
  createAuth,
  crossing,
  dropCode,
  openAuthPool,
  passwordUnits,
  refusing,
} from './sessions.auth.ts'
import { heldThings } from './sessions.held.ts'
import { knownBrowsers } from './sessions.known.ts'
import { accountLinks } from './sessions.links.ts'
import { oidc, type Provider } from './sessions.oidc.ts'
import {
  type Limited,
  type Outcome,
  type PasswordCheck,
  refused,
  type SignedIn,
  type Visitor,
} from './sessions.outcome.ts'
import { passkeys } from './sessions.passkeys.ts'
import {
  codePhone,
  header,
  normalCode,
  normalEmail,
  type RequestHeaders,
  type SessionLimit,
  sessionKeys,
  sessionTimes,
} from './sessions.rules.ts'
import { runningSessions } from './sessions.running.ts'
import { asksSecond, type Proved, secondFactor } from './sessions.second.ts'
import { ownSecurity, type SecurityNotice } from './sessions.security.ts'
import { furtherWays } from './sessions.ways.ts'
import type { SessionWord } from './sessions.words.ts'

export interface SessionsOptions extends Omit<AuthDoors, 'keys'> {
  /** Signs in as the role that holds the schema `auth` and nothing else. */
  authUrl: string
  /** 32 bytes; every key of this room is derived from it. */
  secret: Uint8Array
  takeLimit(name: SessionLimit, key: string): Promise<{ allowed: boolean; retryAfterSeconds: number }>
  /** Gives back what was taken and turned out not to count. */
  giveBackLimit(name: SessionLimit, key: string): Promise<void>
  /** The organisation's own sign-in, where it has one. */
  provider?: Provider | null
  /** Tells somebody that their way of signing in was changed. Called again until it has worked. */
  onSecurityChange(notice: SecurityNotice): Promise<void>
  /** The kernel's own by default. */
  passwordProblem?: PasswordCheck
  connections?: number
}

export type Sessions = ReturnType<typeof createSessions>

/**
 * Signing in and out. Knows accounts, not persons: the roof joins the two through `onUserCreated`, which must bear
 * being called again for the same account. Codes and invitations follow the given clock; sessions follow that of the
 * machine, as access.enter and PostgreSQL do.
 */
export function createSessions(options: SessionsOptions) {
  const { clock, takeLimit } = options
  const keys = sessionKeys(options.secret)
  const names = cookieNames(options.publicUrl)
  const pool = openAuthPool(options.authUrl, options.connections ?? 4)
  endSilent(pool, 15)
  const auth = createAuth(pool, { ...options, keys })
  const known = knownBrowsers(keys, names)
  const running = runningSessions({ auth, pool, cookie: keys.cookie, names })
  const held = heldThings({ pool, keys, names, clock })
  const shared = { pool, keys, held, clock, publicUrl: options.publicUrl }
  const keysOfDevices = passkeys(shared)
  const organisation = oidc({ ...shared, provider: options.provider ?? null, log: options.log })

  /** For a sign-in: without old cookies, so that nothing planted before it lives on. */
  const freshly = (headers: RequestHeaders) =>
    new Headers({ 'user-agent': header(headers, 'user-agent').slice(0, 1000) })

  const limited: Limited = async (limits) => {
    for (const [name, key] of limits) {
      const { allowed, retryAfterSeconds } = await takeLimit(name, key)
      if (!allowed) return { ok: false, key: 'sessions.too-many', retryAfterSeconds }
    }
    return null
  }

  const security = ownSecurity({
    ...options,
    ...shared,
    auth,
    passkeys: keysOfDevices,
    oidc: organisation,
    running,
    limited,
  })
  const second = secondFactor({
    ...shared,
    known,
    limited,
    giveBackLimit: options.giveBackLimit,
    changed: security.changed,
  })

  /** What every way of signing in ends with: the browser's old session goes, and the browser is known for this account. */
  async function opened(asked: RequestHeaders, index: string, userId: string, answered: Headers) {
    await running.replaceOld(asked)
    return { ok: true as const, userId, cookies: [...answered.getSetCookie(), known.cookie(asked, index)] }
  }

  /** The same where better-auth has opened a session already: whoever owes a second factor loses it before anybody was given it. */
  async function openedUnlessOwed(
    asked: RequestHeaders,
    { index, userId, remember }: Proved,
    token: string | null,
    answered: Headers,
  ): Promise<Outcome<SignedIn>> {
    if (!(await asksSecond(pool, userId))) return opened(asked, index, userId, answered)
    if (token !== null) await (await auth.$context).internalAdapter.deleteSession(token)
    return { ok: true, userId, cookies: [await second.await({ userId, index, remember })], second: true }
  }

  const entering = { auth, pool, limited, freshly, opened }
  const ways = furtherWays({ ...entering, held, second, passkeys: keysOfDevices, organisation, running })
  const links = accountLinks({
    ...entering,
    keys,
    clock,
    passwordProblem: options.passwordProblem ?? passwordProblem,
    changed: security.changed,
  })

  const phoneSignIn: { available: boolean; reason: SessionWord | null } = options.sendCode
    ? { available: true, reason: null }
    : { available: false, reason: 'sessions.phone-off' }

  /**
   * Sends a code; it is good only together with the challenge in the answer. The answer and the work are the same
   * whether the number is known or not.
   */
  async function startPhone(
    input: { phone: string; language: Language } & Visitor,
  ): Promise<Outcome<{ challenge: string }>> {
    if (!phoneSignIn.available) return refused('sessions.phone-off')
    const phone = codePhone(input.phone)
    if (phone === null) return refused('sessions.phone-invalid')
    const index = keys.phoneIndex(phone)
    const browser = known.keyOf(input.headers, index)
    const wait = await limited([
      ['code.address', addressKey(input.address)],
      browser === null ? ['code.phone', index] : ['code.known', browser],
    ])
    if (wait) return wait
    const challenge = randomBytes(18).toString('base64url')
    try {
      await crossing.run({ phone, challenge, language: input.language }, () =>
        auth.api.sendPhoneNumberOTP({ body: { phoneNumber: index } }),
      )
    } catch (error) {
      await dropCode(pool, keys, { index, challenge })
      options.log?.('error', `code not sent: ${error instanceof Error ? error.name : 'unknown'}`)
      return refused('sessions.code-not-sent')
    }
    return { ok: true, challenge }
  }

  /**
   * Takes the code and signs in, making the account at the first time. Tries are counted with the code: whoever does not
   * hold its challenge cannot spend them, and there are no more codes than a phone may be sent.
   */
  async function finishPhone(
    input: { phone: string; code: string; challenge: string } & Visitor,
  ): Promise<Outcome<SignedIn>> {
    if (!phoneSignIn.available) return refused('sessions.phone-off')
    const phone = codePhone(input.phone)
    if (phone === null) return refused('sessions.phone-invalid')
    const code = normalCode(input.code)
    const index = keys.phoneIndex(phone)
    const wait = await limited([['sign-in.address', addressKey(input.address)]])
    if (wait) return wait
    // What cannot be a code is a slip of the finger and costs no try.
    if (code === null) return refused('sessions.code-wrong')
    return refusing(
      async () => {
        const challenge = input.challenge.slice(0, 100)
        const { headers, response } = await crossing.run({ phone, challenge }, () =>
          auth.api.verifyPhoneNumber({
            body: { phoneNumber: index, code },
            headers: freshly(input.headers),
            returnHeaders: true,
          }),
        )
        const proved = { index, userId: response.user.id, remember: true }
        return openedUnlessOwed(input.headers, proved, response.token, headers)
      },
      { INVALID_OTP: 'sessions.code-wrong', USE_PASSWORD: 'sessions.use-password' },
    )
  }

  /**
   * Signs staff in. With `remember` the session slides for 30 days, otherwise it ends with the browser or after a day.
   * An unknown address costs the same time and meets the same limits as a wrong password. Tries are counted for person and
   * network address together, and the failures of a person from everywhere up to a much higher bound; a browser in which this
   * account was opened before is counted by itself, so that strangers never shut the owner out of it.
   */
  async function signIn(
    input: { email: string; password: string; remember?: boolean } & Visitor,
  ): Promise<Outcome<SignedIn>> {
    const email = normalEmail(input.email)
    const index = keys.emailIndex(email ?? input.email.slice(0, 400))
    const address = addressKey(input.address)
    const browser = known.keyOf(input.headers, index)
    const wait = await limited([
      ['sign-in.address', address],
      ...((browser === null
        ? [
            ['sign-in.person', `${address} ${index}`],
            // Taken before the work and given back after it: of many who try at once none slips by.
            ['sign-in.failures', index],
          ]
        : [['sign-in.known', browser]]) as [SessionLimit, string][]),
    ])
    if (wait) return wait
    if (input.password.length > passwordUnits) return refused('sessions.sign-in-wrong')
    return refusing(
      async () => {
        const { headers, response } = await auth.api.signInEmail({
          body: { email: index, password: input.password, rememberMe: input.remember === true },
          headers: freshly(input.headers),
          returnHeaders: true,
        })
        if (browser === null) await options.giveBackLimit('sign-in.failures', index)
        const proved = { index, userId: response.user.id, remember: input.remember === true }
        return openedUnlessOwed(input.headers, proved, response.token, headers)
      },
      { INVALID_EMAIL_OR_PASSWORD: 'sessions.sign-in-wrong' },
    )
  }

  /** Erases an account with its sessions, password and number; the person is the roof's to erase. */
  async function removeUser(userId: string): Promise<void> {
    await (await auth.$context).internalAdapter.deleteUser(userId)
  }

  /** Removes what has run out: for a nightly job. Returns how many rows went. */
  async function prune(): Promise<{ sessions: number; codes: number; invitations: number }> {
    const sessions = await pool.query('delete from session where "expiresAt" < $1', [new Date()])
    const codes = await pool.query('delete from verification where "expiresAt" < $1', [clock.now()])
    const invited = await pool.query('delete from invitation where "expiresAt" < $1', [clock.now()])
    await security.tellWaiting()
    await pool.query('delete from "securityEvent" where "createdAt" < $1', [
      new Date(clock.now().getTime() - sessionTimes.event * 1000),
    ])
    return { sessions: sessions.rowCount ?? 0, codes: codes.rowCount ?? 0, invitations: invited.rowCount ?? 0 }
  }

  return {
    phoneSignIn,
    /** Passkeys need a name in the address; the organisation's sign-in needs to be set up. */
    ways: { passkeys: keysOfDevices.available, origin: keysOfDevices.origin, organisation: organisation.name },
    startPhone,
    finishPhone,
    signIn,
    secondWaits: second.waits,
    ...ways,
    security,
    ...links,
    sessionToken: running.sessionToken,
    renewal: running.renewal,
    signOut: running.signOut,
    signOutEverywhere: running.signOutEverywhere,
    listSessions: running.listSessions,
    endSession: running.endSession,
    endSessionsOf: running.endSessionsOf,
    removeUser,
    prune,
    close: () => pool.end(),
  }
}
