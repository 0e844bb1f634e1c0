// The organisation's own sign-in (OpenID Connect, code flow with PKCE). It says who somebody is and never makes an account or a right:
// only an account whose owner has linked it is opened by it.
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  calculatePKCECodeChallenge,
  clockTolerance,
  discovery,
  enableNonRepudiationChecks,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client'
import type pg from 'pg'
import { type Held, inTransaction, newRowId } from './sessions.held.ts'
import { type Outcome, refused } from './sessions.outcome.ts'
import type { RequestHeaders, SessionKeys } from './sessions.rules.ts'
import { sessionTimes } from './sessions.rules.ts'

/** Where the organisation signs its people in. */
export interface Provider {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** What people call it, on the button. */
  readonly name: string
}

/** What somebody was sent to the provider for. */
export interface Errand {
  readonly for: 'sign-in' | 'link'
  /** Where to go afterwards, within this installation. */
  readonly to: string
  readonly remember: boolean
  /** The session that asked to be linked. */
  readonly session?: string
}

interface Sent extends Errand {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

export interface OidcOptions {
  readonly pool: pg.Pool
  readonly keys: SessionKeys
  readonly held: Held
  readonly publicUrl: string
  readonly provider: Provider | null
  readonly clock: { now(): Date }
  log?(level: string, message: string): void
}

export const callbackPath = '/staff/sign-in/oidc/back'
const providerId = 'oidc'
/** What the provider publishes about itself is asked for anew after so many milliseconds. */
const discoveryKept = 600_000
const patienceSeconds = 8

export function oidc({ pool, keys, held, publicUrl, provider, clock, log }: OidcOptions) {
  const redirect = new URL(callbackPath, publicUrl).href
  let found: { configuration: Configuration; at: number } | null = null
  const pending = (session: string) => keys.heldDigest('linking', session)

  async function configuration(at: Provider): Promise<Configuration> {
    if (found && performance.now() - found.at < discoveryKept) return found.configuration
    const issuer = new URL(at.issuer)
    const basic = ClientSecretBasic(at.clientSecret)
    const post = ClientSecretPost(at.clientSecret)
    // What the specification supposes where the provider says nothing.
    const secretAs: ClientAuth = (server, ...rest) =>
      (server.token_endpoint_auth_methods_supported?.includes('client_secret_basic') ?? true)
        ? basic(server, ...rest)
        : post(server, ...rest)
    const made = await discovery(issuer, at.clientId, { [clockTolerance]: 60 }, secretAs, {
      timeout: patienceSeconds,
      // Over TLS the signature could be left unchecked; here it never is. Only a provider on this machine may do without TLS.
      execute: [enableNonRepudiationChecks, ...(issuer.protocol === 'http:' ? [allowInsecureRequests] : [])],
    })
    found = { configuration: made, at: performance.now() }
    return made
  }

  /** The provider's address for one errand and the `Set-Cookie` line that binds it to this browser; refused where it is away. */
  async function start(errand: Errand): Promise<Outcome<{ address: string; cookies: string[] }>> {
    if (!provider) return refused('sessions.oidc-off')
    let client: Configuration
    try {
      client = await configuration(provider)
    } catch (error) {
      log?.('error', `the provider does not answer: ${error instanceof Error ? error.message : ''}`)
      return refused('sessions.oidc-away')
    }
    const sent: Sent = { ...errand, state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() }
    const address = buildAuthorizationUrl(client, {
      redirect_uri: redirect,
      scope: 'openid profile email',
      state: sent.state,
      nonce: sent.nonce,
      code_challenge: await calculatePKCECodeChallenge(sent.verifier),
      code_challenge_method: 'S256',
    })
    return { ok: true, address: address.href, cookies: [await held.hold('oidc', sent)] }
  }

  /**
   * Who came back: their keyed digest, and what to call them on the page where they confirm. State, nonce, PKCE, issuer, audience, times and
   * signature are checked; whoever holds no token of an errand, or comes twice, is refused.
   */
  async function finish(
    headers: RequestHeaders,
    query: string,
  ): Promise<Outcome<{ errand: Errand; subject: string; called: string }>> {
    if (!provider) return refused('sessions.oidc-off')
    const sent = await held.take<Sent>('oidc', headers)
    if (sent === null) return refused('sessions.oidc-refused')
    try {
      const client = await configuration(provider)
      const answer = await authorizationCodeGrant(client, new URL(`${redirect}${query}`), {
        expectedState: sent.state,
        expectedNonce: sent.nonce,
        pkceCodeVerifier: sent.verifier,
        idTokenExpected: true,
      })
      const claims = answer.claims()
      if (!claims?.sub) return refused('sessions.oidc-refused')
      const called = [claims.email, claims.preferred_username, claims.name, claims.sub].find(
        (one): one is string => typeof one === 'string' && one !== '',
      )
      const { state: _state, nonce: _nonce, verifier: _verifier, ...errand } = sent
      return {
        ok: true,
        errand,
        subject: keys.subjectDigest(claims.iss, claims.sub),
        called: (called ?? '').slice(0, 100),
      }
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : ''
      log?.('error', `the provider's answer was refused: ${code}`)
      return refused(/TIMEOUT|FETCH|ECONN/.test(code) ? 'sessions.oidc-away' : 'sessions.oidc-refused')
    }
  }

  /** The account that was linked to a subject; null for everybody else. */
  async function accountOf(subject: string): Promise<string | null> {
    const { rows } = await pool.query<{ userId: string }>(
      'select "userId" from account where "providerId" = $1 and "accountId" = $2',
      [providerId, subject],
    )
    return rows[0]?.userId ?? null
  }

  /** Keeps who came back until whoever has the session says that it is they. */
  const propose = (session: string, subject: string, called: string) =>
    held.keep(pending(session), { subject, called }, sessionTimes.step)

  const proposed = (session: string) => held.look<{ subject: string; called: string }>(pending(session))

  /** Links what was proposed. One subject opens one account, and one account is opened by one subject. */
  async function link(session: { id: string; userId: string }): Promise<Outcome<object>> {
    const taken = await held.takeAt<{ subject: string }>(pending(session.id))
    if (taken === null) return refused('sessions.oidc-refused')
    return inTransaction(pool, async (client) => {
      // Two who link at once, whichever process they reach, come one after the other.
      await client.query("select pg_advisory_xact_lock(hashtextextended('linli oidc', 0))")
      const { rowCount } = await client.query(
        'select from account where "providerId" = $1 and ("accountId" = $2 or "userId" = $3)',
        [providerId, taken.subject, session.userId],
      )
      if (rowCount !== 0) return refused('sessions.oidc-taken')
      await client.query(
        'insert into account (id, "accountId", "providerId", "userId", "createdAt", "updatedAt") values ($1, $2, $3, $4, $5, $5)',
        [newRowId(), taken.subject, providerId, session.userId, clock.now()],
      )
      return { ok: true }
    })
  }

  async function linkedAt(userId: string): Promise<Date | null> {
    const { rows } = await pool.query<{ createdAt: Date }>(
      'select "createdAt" from account where "providerId" = $1 and "userId" = $2',
      [providerId, userId],
    )
    return rows[0]?.createdAt ?? null
  }

  async function unlink(userId: string): Promise<boolean> {
    const { rowCount } = await pool.query('delete from account where "providerId" = $1 and "userId" = $2', [
      providerId,
      userId,
    ])
    return rowCount !== 0
  }

  return { name: provider?.name ?? null, start, finish, accountOf, propose, proposed, link, linkedAt, unlink }
}
