// Signing in otherwise than by password or code: the second step, a passkey, the organisation's own sign-in.
import type pg from 'pg'
import { addressKey } from '#kernel/limits/index.ts'
import type { Auth } from './sessions.auth.ts'
import type { Held } from './sessions.held.ts'
import type { oidc } from './sessions.oidc.ts'
import { type Limited, type Outcome, refused, type SignedIn, type Visitor } from './sessions.outcome.ts'
import type { passkeys as passkeysOf } from './sessions.passkeys.ts'
import type { RequestHeaders } from './sessions.rules.ts'
import type { runningSessions } from './sessions.running.ts'
import { asksSecond, type Proved, type secondFactor } from './sessions.second.ts'

export interface WaysOptions {
  readonly auth: Auth
  readonly pool: pg.Pool
  readonly held: Held
  readonly second: ReturnType<typeof secondFactor>
  readonly passkeys: ReturnType<typeof passkeysOf>
  readonly organisation: ReturnType<typeof oidc>
  readonly running: ReturnType<typeof runningSessions>
  readonly limited: Limited
  /** The headers of a sign-in without its old cookies. */
  freshly(headers: RequestHeaders): Headers
  /** What every way of signing in ends with. */
  opened(asked: RequestHeaders, index: string, userId: string, answered: Headers): Promise<{ ok: true } & SignedIn>
}

export function furtherWays(options: WaysOptions) {
  const { auth, pool, held, second, passkeys, organisation, running, limited, freshly, opened } = options

  /** Opens a session for whoever has proved everything that was asked. */
  async function openFor(asked: RequestHeaders, proved: Proved): Promise<Outcome<SignedIn>> {
    const { headers, response } = await auth.api.openSession({
      body: { userId: proved.userId, remember: proved.remember },
      headers: freshly(asked),
      returnHeaders: true,
    })
    if (!response.opened) return refused('sessions.sign-in-wrong')
    return opened(asked, proved.index, proved.userId, headers)
  }

  /** By what browsers know an account: the index of what its owner signs in with. */
  async function indexOf(userId: string): Promise<string> {
    const { rows } = await pool.query<{ index: string }>(
      `select case when email like '%@accounts.invalid' then email else coalesce("phoneNumber", email) end as index
       from "user" where id = $1`,
      [userId],
    )
    return rows[0]?.index ?? ''
  }

  /** Takes the second factor, of the app or one of the recovery codes. */
  async function finishSecond(input: { code: string } & Visitor): Promise<Outcome<SignedIn>> {
    const outcome = await second.prove(input)
    if (!outcome.ok) return outcome
    const answer = await openFor(input.headers, outcome.proved)
    return answer.ok ? { ...answer, cookies: [...answer.cookies, held.cleared('step')] } : answer
  }

  /** The challenge for a passkey; counted, as each is kept for some minutes. */
  async function startPasskeySignIn(input: Visitor): Promise<Outcome<{ options: object; cookies: string[] }>> {
    if (!passkeys.available) return refused('sessions.passkey-off')
    const wait = await limited([['sign-in.address', addressKey(input.address)]])
    return wait ?? { ok: true, ...(await passkeys.startSignIn()) }
  }

  async function finishPasskeySignIn(
    input: { response: unknown; remember?: boolean } & Visitor,
  ): Promise<Outcome<SignedIn>> {
    const wait = await limited([['sign-in.address', addressKey(input.address)]])
    if (wait) return wait
    const userId = await passkeys.finishSignIn(input.headers, input.response)
    if (userId === null) return refused('sessions.passkey-refused')
    const proved = { userId, index: await indexOf(userId), remember: input.remember === true }
    const answer = await openFor(input.headers, proved)
    return answer.ok ? { ...answer, cookies: [...answer.cookies, held.cleared('passkey')] } : answer
  }

  /** On the way to the organisation's sign-in. */
  async function startOidcSignIn(
    input: { to: string; remember: boolean } & Visitor,
  ): Promise<Outcome<{ address: string; cookies: string[] }>> {
    const wait = await limited([['sign-in.address', addressKey(input.address)]])
    return wait ?? organisation.start({ for: 'sign-in', to: input.to, remember: input.remember })
  }

  /**
   * Back from it. Whoever signs in is let in where their account was linked; whoever came to link it goes to the page where they say
   * that it is they: a link that somebody else made them follow must not join a stranger to their account.
   */
  async function finishOidc(
    input: { query: string } & Visitor,
  ): Promise<Outcome<{ to: string; cookies: string[]; second?: true }>> {
    const wait = await limited([['sign-in.address', addressKey(input.address)]])
    if (wait) return wait
    const back = await organisation.finish(input.headers, input.query)
    if (!back.ok) return back
    const { errand, subject, called } = back
    const gone = held.cleared('oidc')
    if (errand.for === 'link') {
      const here = await running.sessionOf(input.headers)
      if (here === null || here.id !== errand.session) return refused('sessions.oidc-refused')
      await organisation.propose(here.id, subject, called)
      return { ok: true, to: errand.to, cookies: [gone] }
    }
    const userId = await organisation.accountOf(subject)
    if (userId === null) return refused('sessions.oidc-unknown')
    const proved = { userId, index: await indexOf(userId), remember: errand.remember }
    if (await asksSecond(pool, userId)) {
      return { ok: true, to: errand.to, cookies: [gone, await second.await(proved)], second: true }
    }
    const answer = await openFor(input.headers, proved)
    return answer.ok ? { ok: true, to: errand.to, cookies: [...answer.cookies, gone] } : answer
  }

  return { finishSecond, startPasskeySignIn, finishPasskeySignIn, startOidcSignIn, finishOidc }
}
