// How somebody signs in, as they see and change it themselves. Every change wants a session that has just proved itself, is written down
// for the person, and is told to them.
import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import type { Auth } from './sessions.auth.ts'
import { type Held, inTransaction, newRowId } from './sessions.held.ts'
import type { oidc } from './sessions.oidc.ts'
import { type Limited, type Outcome, refused } from './sessions.outcome.ts'
import { mostPasskeys, type Passkey, passkeyNameLength, type passkeys } from './sessions.passkeys.ts'
import {
  type Device,
  deviceOf,
  header,
  normalCode,
  normalRecovery,
  type RequestHeaders,
  readDevice,
  type SecurityChange,
  type SessionKeys,
  type SessionLimit,
  sessionTimes,
  writeDevice,
} from './sessions.rules.ts'
import type { runningSessions } from './sessions.running.ts'
import { asksSecond, authenticatorBound, newRecoveryCodes, takeFactor } from './sessions.second.ts'
import { base32, fittingStep } from './sessions.totp.ts'

/** What the roof tells the person of. */
export interface SecurityNotice {
  userId: string
  kind: SecurityChange
  device: Device
  at: Date
}

export interface Security {
  /** So recently proved that changes are allowed. */
  readonly fresh: boolean
  /** Whether a password can be asked for; otherwise one signs in anew. */
  readonly password: boolean
  readonly authenticator: Date | null
  readonly recoveryLeft: number
  readonly passkeys: readonly Passkey[]
  readonly linkedAt: Date | null
  /** Somebody came back from the provider and has not yet said that it is they. */
  readonly linking: string | null
  readonly events: readonly (Device & { readonly kind: SecurityChange; readonly at: Date })[]
}

export interface SecurityOptions {
  readonly auth: Auth
  readonly pool: pg.Pool
  readonly keys: SessionKeys
  readonly held: Held
  readonly passkeys: ReturnType<typeof passkeys>
  readonly oidc: ReturnType<typeof oidc>
  readonly running: ReturnType<typeof runningSessions>
  readonly clock: { now(): Date }
  readonly limited: Limited
  giveBackLimit(name: SessionLimit, key: string): Promise<void>
  onSecurityChange(notice: SecurityNotice): Promise<void>
  log?(level: string, message: string): void
}

interface Here {
  readonly id: string
  readonly userId: string
  readonly signedInAt: Date
}

/** Writes down what happened and tells the person; what could not be told is told by the nightly sweep. */
export function securityEvents({
  pool,
  clock,
  onSecurityChange,
  log,
}: Pick<SecurityOptions, 'pool' | 'clock' | 'onSecurityChange' | 'log'>) {
  async function tell(row: { id: string; userId: string; kind: SecurityChange; device: string; createdAt: Date }) {
    try {
      await onSecurityChange({ userId: row.userId, kind: row.kind, device: readDevice(row.device), at: row.createdAt })
      await pool.query('update "securityEvent" set told = true where id = $1', [row.id])
    } catch {
      log?.('error', 'a change to a sign-in could not be told yet')
    }
  }

  return {
    async changed(userId: string, kind: SecurityChange, headers: RequestHeaders): Promise<void> {
      const row = {
        id: newRowId(),
        userId,
        kind,
        device: writeDevice(deviceOf(header(headers, 'user-agent'))),
        createdAt: clock.now(),
      }
      await pool.query(
        'insert into "securityEvent" (id, "userId", kind, device, told, "createdAt") values ($1, $2, $3, $4, false, $5)',
        [row.id, row.userId, row.kind, row.device, row.createdAt],
      )
      await tell(row)
    },

    async tellWaiting(): Promise<void> {
      const { rows } = await pool.query('select * from "securityEvent" where not told order by "createdAt" limit 100')
      for (const row of rows) await tell(row)
    },
  }
}

export function ownSecurity(options: SecurityOptions) {
  const { auth, pool, keys, held, passkeys, oidc, running, clock } = options
  const { changed, tellWaiting } = securityEvents(options)
  const waitingSecret = (session: string) => keys.heldDigest('authenticator', session)
  const confirmedPlace = (session: string) => keys.heldDigest('confirmed', session)

  const fresh = async (here: Here) => {
    // Sessions follow the clock of the machine. What lies ahead of it was written before the clock was set back, nobody knows how long ago.
    const age = Date.now() - here.signedInAt.getTime()
    return (age >= 0 && age < sessionTimes.fresh * 1000) || (await held.look(confirmedPlace(here.id))) !== null
  }

  /** Work for whoever asks, whose session has just proved itself. */
  async function freshly<T>(headers: RequestHeaders, work: (here: Here) => Promise<Outcome<T>>): Promise<Outcome<T>> {
    const here = await running.sessionOf(headers)
    if (here === null) return refused('sessions.not-signed-in')
    if (!(await fresh(here))) return refused('sessions.confirm-first')
    return work(here)
  }

  /** The same for a change, which is written down and told. */
  const changing = <T extends object>(
    headers: RequestHeaders,
    kind: SecurityChange,
    work: (here: Here) => Promise<Outcome<T>>,
  ) =>
    freshly(headers, async (here) => {
      const outcome = await work(here)
      if (outcome.ok) await changed(here.userId, kind, headers)
      return outcome
    })

  const hasPassword = async (userId: string) =>
    (
      await pool.query(
        `select from account where "userId" = $1 and "providerId" = 'credential' and password is not null`,
        [userId],
      )
    ).rowCount !== 0

  async function overview(headers: RequestHeaders): Promise<Outcome<{ security: Security }>> {
    const here = await running.sessionOf(headers)
    if (here === null) return refused('sessions.not-signed-in')
    const { userId } = here
    const app = await pool.query<{ createdAt: Date }>('select "createdAt" from authenticator where "userId" = $1', [
      userId,
    ])
    const left = await pool.query<{ count: number }>(
      'select count(*)::int as count from "recoveryCode" where "userId" = $1',
      [userId],
    )
    const events = await pool.query<{ kind: SecurityChange; device: string; createdAt: Date }>(
      'select kind, device, "createdAt" from "securityEvent" where "userId" = $1 order by "createdAt" desc, id limit 20',
      [userId],
    )
    return {
      ok: true,
      security: {
        fresh: await fresh(here),
        password: await hasPassword(userId),
        authenticator: app.rows[0]?.createdAt ?? null,
        recoveryLeft: left.rows[0]?.count ?? 0,
        passkeys: await passkeys.list(userId),
        linkedAt: await oidc.linkedAt(userId),
        linking: (await oidc.proposed(here.id))?.called ?? null,
        events: events.rows.map((row) => ({ ...readDevice(row.device), kind: row.kind, at: row.createdAt })),
      },
    }
  }

  /** Takes a code; `heard` where it was the fifth wrong one of this person in a day, of which they shall hear. */
  async function tryFactor(client: pg.PoolClient, userId: string, code: string) {
    // One after the other: of many that come at once each is counted.
    await client.query('select from authenticator where "userId" = $1 for update', [userId])
    const place = keys.heldDigest('wrong', userId)
    const way = await takeFactor(client, keys, userId, code, clock.now())
    const wrong = way === null ? ((await held.look<number>(place, client)) ?? 0) + 1 : 0
    const heard = wrong >= sessionTimes.codeAttempts
    await (wrong === 0 || heard ? held.drop(place, client) : held.keep(place, wrong, 86_400, client))
    return { way, heard }
  }

  /**
   * The password again, and the second factor where there is one: whoever finds a desk unlocked changes nothing. Where there is
   * no password, the second factor alone; where there is neither, one signs in anew.
   */
  async function confirm(headers: RequestHeaders, given: { password: string; code: string }): Promise<Outcome<object>> {
    const here = await running.sessionOf(headers)
    if (here === null) return refused('sessions.not-signed-in')
    const { userId } = here
    const wait = await options.limited([['confirm.person', userId]])
    if (wait) return wait
    const { right } = await auth.api.checkPassword({ body: { userId, password: given.password.slice(0, 512) } })
    if (right === false) return refused('sessions.confirm-wrong')
    const second = await asksSecond(pool, userId)
    if (right === null && !second) return refused('sessions.confirm-anew')
    if (second) {
      // What cannot be a code costs no try.
      if (normalCode(given.code) === null && normalRecovery(given.code) === null)
        return refused('sessions.confirm-wrong')
      // Counted with those of the second step, of a known browser too: whoever found a desk unlocked sits at one.
      const over = await options.limited([['second.failures', userId]])
      if (over) return over
      const { way, heard } = await inTransaction(pool, (client) => tryFactor(client, userId, given.code))
      if (heard) await changed(userId, 'second-failed', headers)
      if (way === null) return refused('sessions.confirm-wrong')
      await options.giveBackLimit('second.failures', userId)
      if (way === 'recovery') await changed(userId, 'recovery-used', headers)
    }
    await options.giveBackLimit('confirm.person', userId)
    await held.keep(confirmedPlace(here.id), true, sessionTimes.fresh)
    return { ok: true }
  }

  /** A new secret for an app, or the one of this session that still waits for its first code. Nobody else has seen it. */
  const startAuthenticator = (headers: RequestHeaders) =>
    freshly<{ secret: string }>(headers, async ({ id, userId }) => {
      if (await asksSecond(pool, userId)) return refused('sessions.authenticator-on')
      const waiting = await held.look<string>(waitingSecret(id))
      if (waiting !== null) return { ok: true, secret: base32(Buffer.from(waiting, 'base64')) }
      const secret = randomBytes(20)
      await held.keep(waitingSecret(id), secret.toString('base64'), sessionTimes.step)
      return { ok: true, secret: base32(secret) }
    })

  /** Turns it on with its first code; gives ten recovery codes. Every other session of the account ends: none of them showed it. */
  const confirmAuthenticator = (headers: RequestHeaders, typed: string) =>
    changing<{ codes: string[] }>(headers, 'authenticator-on', async ({ id, userId }) => {
      const wait = await options.limited([['confirm.person', userId]])
      if (wait) return wait
      const code = normalCode(typed)
      const now = clock.now()
      return inTransaction(pool, async (client) => {
        const waiting = await held.look<string>(waitingSecret(id), client)
        if (waiting === null) return refused('sessions.authenticator-again')
        const step = code === null ? null : fittingStep(Buffer.from(waiting, 'base64'), code, now, 0)
        if (step === null) return refused('sessions.authenticator-wrong')
        const { rowCount } = await client.query(
          `insert into authenticator (id, "userId", secret, "lastStep", "createdAt") values ($1, $2, $3, $4, $5)
           on conflict ("userId") do nothing`,
          [newRowId(), userId, keys.seal(waiting, authenticatorBound(userId)), step, now],
        )
        if (rowCount === 0) return refused('sessions.authenticator-on')
        await held.drop(waitingSecret(id), client)
        await client.query('delete from session where "userId" = $1 and id <> $2', [userId, id])
        return { ok: true, codes: await newRecoveryCodes(client, keys, userId, now) }
      })
    })

  const renewRecoveryCodes = (headers: RequestHeaders) =>
    changing<{ codes: string[] }>(headers, 'recovery-new', ({ userId }) =>
      inTransaction(pool, async (client) => {
        if (!(await asksSecond(client, userId))) return refused('sessions.authenticator-off')
        return { ok: true, codes: await newRecoveryCodes(client, keys, userId, clock.now()) }
      }),
    )

  const removeAuthenticator = (headers: RequestHeaders) =>
    changing<object>(headers, 'authenticator-off', ({ userId }) =>
      inTransaction(pool, async (client) => {
        const { rowCount } = await client.query('delete from authenticator where "userId" = $1', [userId])
        await client.query('delete from "recoveryCode" where "userId" = $1', [userId])
        return rowCount === 0 ? refused('sessions.authenticator-off') : { ok: true }
      }),
    )

  const named = (name: string) => {
    const text = name.normalize('NFC').trim()
    return text !== '' && text.length <= passkeyNameLength ? text : null
  }

  const startPasskey = (headers: RequestHeaders, account: string) =>
    freshly<{ options: Awaited<ReturnType<typeof passkeys.startAdding>> }>(headers, async (here) => {
      if (!passkeys.available) return refused('sessions.passkey-off')
      if ((await passkeys.list(here.userId)).length >= mostPasskeys) return refused('sessions.passkey-many')
      return { ok: true, options: await passkeys.startAdding(here, account) }
    })

  const addPasskey = (headers: RequestHeaders, given: { name: string; response: unknown }) =>
    changing<object>(headers, 'passkey-added', async (here) => {
      const name = named(given.name)
      if (name === null) return refused('sessions.passkey-name')
      return passkeys.finishAdding(here, { name, response: given.response })
    })

  const renamePasskey = (headers: RequestHeaders, id: string, typed: string) =>
    changing<object>(headers, 'passkey-renamed', async ({ userId }) => {
      const name = named(typed)
      if (name === null) return refused('sessions.passkey-name')
      return (await passkeys.rename(userId, id, name)) ? { ok: true } : refused('sessions.passkey-gone')
    })

  const removePasskey = (headers: RequestHeaders, id: string) =>
    changing<object>(headers, 'passkey-removed', async ({ userId }) =>
      (await passkeys.remove(userId, id)) ? { ok: true } : refused('sessions.passkey-gone'),
    )

  const startLinking = (headers: RequestHeaders) =>
    freshly(headers, (here) => oidc.start({ for: 'link', to: '/my/security', remember: false, session: here.id }))

  const confirmLinking = (headers: RequestHeaders) => changing<object>(headers, 'oidc-linked', oidc.link)

  const unlink = (headers: RequestHeaders) =>
    changing<object>(headers, 'oidc-unlinked', async ({ userId }) =>
      (await oidc.unlink(userId)) ? { ok: true } : refused('sessions.not-linked'),
    )

  return {
    changed,
    tellWaiting,
    overview,
    confirm,
    startAuthenticator,
    confirmAuthenticator,
    renewRecoveryCodes,
    removeAuthenticator,
    startPasskey,
    addPasskey,
    renamePasskey,
    removePasskey,
    startLinking,
    confirmLinking,
    unlink,
  }
}
