// Passkeys (WebAuthn): a key that a device keeps and opens by finger, face or PIN. It is proof of two things at once, so no second factor
// is asked for after it.

import { isIP } from 'node:net'
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import type pg from 'pg'
import { sameText } from '#kernel/encryption/index.ts'
import { type Held, inTransaction, newRowId } from './sessions.held.ts'
import { type Outcome, refused } from './sessions.outcome.ts'
import type { RequestHeaders, SessionKeys } from './sessions.rules.ts'
import { sessionTimes } from './sessions.rules.ts'

export interface Passkey {
  id: string
  name: string
  createdAt: Date
  lastUsedAt: Date | null
}

export interface PasskeyOptions {
  readonly pool: pg.Pool
  readonly keys: SessionKeys
  readonly held: Held
  readonly publicUrl: string
  readonly clock: { now(): Date }
}

/** So many one account may have. */
export const mostPasskeys = 10
export const passkeyNameLength = 60

/** Ed25519, P-256 and RSA: what devices have; asking for more would make Node warn of what it has on trial. */
const algorithms = [-8, -7, -257]

/** As the browser sends it, before anything of it is believed. */
const isResponse = (given: unknown): given is { id: string; response: Record<string, unknown> } =>
  typeof given === 'object' &&
  given !== null &&
  'id' in given &&
  typeof given.id === 'string' &&
  'response' in given &&
  typeof given.response === 'object' &&
  given.response !== null

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'))

export function passkeys({ pool, keys, held, publicUrl, clock }: PasskeyOptions) {
  const { origin, hostname } = new URL(publicUrl)
  /** A passkey belongs to a name; an address in numbers has none. */
  const available = isIP(hostname.replace(/^\[|\]$/g, '')) === 0
  /** Where the challenge of whoever adds a passkey waits: with their session. */
  const adding = (session: string) => keys.heldDigest('adding', session)

  const list = async (userId: string): Promise<Passkey[]> =>
    (
      await pool.query<Passkey>(
        'select id, name, "createdAt", "lastUsedAt" from passkey where "userId" = $1 order by "createdAt", id',
        [userId],
      )
    ).rows

  /** What the browser is asked for when somebody adds a passkey. */
  async function startAdding(
    session: { id: string; userId: string },
    name: string,
  ): Promise<PublicKeyCredentialCreationOptionsJSON> {
    const { rows } = await pool.query<{ credentialId: string }>(
      'select "credentialId" from passkey where "userId" = $1',
      [session.userId],
    )
    const options = await generateRegistrationOptions({
      rpName: 'Linli 邻里',
      rpID: hostname,
      userName: name,
      userID: keys.handle(session.userId),
      attestationType: 'none',
      supportedAlgorithmIDs: algorithms,
      excludeCredentials: rows.map((row) => ({ id: row.credentialId })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    })
    await held.keep(adding(session.id), { challenge: options.challenge }, sessionTimes.step)
    return options
  }

  /** Checks what the device answered and keeps the key. A challenge is good once. */
  async function finishAdding(
    session: { id: string; userId: string },
    given: { name: string; response: unknown },
  ): Promise<Outcome<object>> {
    const asked = await held.takeAt<{ challenge: string }>(adding(session.id))
    if (asked === null || !isResponse(given.response)) return refused('sessions.passkey-refused')
    const made = await verifyRegistrationResponse({
      response: given.response as unknown as RegistrationResponseJSON,
      expectedChallenge: asked.challenge,
      expectedOrigin: origin,
      expectedRPID: hostname,
      requireUserVerification: true,
      supportedAlgorithmIDs: algorithms,
    }).catch(() => null)
    if (!made?.verified) return refused('sessions.passkey-refused')
    const { credential } = made.registrationInfo
    return inTransaction(pool, async (client) => {
      // Whoever adds two at once is counted one after the other.
      await client.query('select from "user" where id = $1 for update', [session.userId])
      const { rows } = await client.query<{ count: number }>(
        'select count(*)::int as count from passkey where "userId" = $1',
        [session.userId],
      )
      if ((rows[0]?.count ?? 0) >= mostPasskeys) return refused('sessions.passkey-many')
      const { rowCount } = await client.query(
        `insert into passkey (id, "userId", name, "credentialId", "publicKey", counter, transports, "createdAt")
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
        [
          newRowId(),
          session.userId,
          given.name,
          credential.id,
          Buffer.from(credential.publicKey).toString('base64url'),
          credential.counter,
          (credential.transports ?? []).join(' '),
          clock.now(),
        ],
      )
      return rowCount === 0 ? refused('sessions.passkey-refused') : { ok: true }
    })
  }

  /** What the browser is asked for at the door: any passkey of this site. The `Set-Cookie` line binds the challenge to it. */
  async function startSignIn(): Promise<{ options: PublicKeyCredentialRequestOptionsJSON; cookies: string[] }> {
    const options = await generateAuthenticationOptions({ rpID: hostname, userVerification: 'required' })
    return { options, cookies: [await held.hold('passkey', { challenge: options.challenge })] }
  }

  /** Whose passkey answered, or null. The counter of a key never goes back: a copy would be found out by it. */
  async function finishSignIn(headers: RequestHeaders, response: unknown): Promise<string | null> {
    const asked = await held.take<{ challenge: string }>('passkey', headers)
    if (asked === null || !isResponse(response)) return null
    return inTransaction(pool, async (client) => {
      const { rows } = await client.query<{ id: string; userId: string; publicKey: string; counter: string }>(
        'select id, "userId", "publicKey", counter from passkey where "credentialId" = $1 for update',
        [response.id],
      )
      const row = rows[0]
      if (!row) return null
      const { userHandle } = response.response
      const handle = Buffer.from(keys.handle(row.userId)).toString('base64url')
      if (typeof userHandle !== 'string' || !sameText(userHandle, handle)) return null
      const proof = await verifyAuthenticationResponse({
        response: response as unknown as AuthenticationResponseJSON,
        expectedChallenge: asked.challenge,
        expectedOrigin: origin,
        expectedRPID: hostname,
        requireUserVerification: true,
        credential: { id: response.id, publicKey: bytes(row.publicKey), counter: Number(row.counter) },
      }).catch(() => null)
      if (!proof?.verified) return null
      await client.query('update passkey set counter = $2, "lastUsedAt" = $3 where id = $1', [
        row.id,
        proof.authenticationInfo.newCounter,
        clock.now(),
      ])
      return row.userId
    })
  }

  /** One's own alone. Returns whether there was one. */
  async function rename(userId: string, id: string, name: string): Promise<boolean> {
    const { rowCount } = await pool.query('update passkey set name = $3 where id = $1 and "userId" = $2', [
      id,
      userId,
      name,
    ])
    return rowCount !== 0
  }

  async function remove(userId: string, id: string): Promise<boolean> {
    const { rowCount } = await pool.query('delete from passkey where id = $1 and "userId" = $2', [id, userId])
    return rowCount !== 0
  }

  return { available, origin, list, startAdding, finishAdding, startSignIn, finishSignIn, rename, remove }
}
