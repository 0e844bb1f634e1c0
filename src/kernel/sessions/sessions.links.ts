// An account by a link: an invitation for somebody who has none yet, and help for somebody who can no longer get in.
import { randomBytes } from 'node:crypto'
import { addressKey } from '#kernel/limits/index.ts'
import { type AuthDoors, crossing, nameless, refusing } from './sessions.auth.ts'
import { type Outcome, type PasswordCheck, refused, type SignedIn, type Visitor } from './sessions.outcome.ts'
import { normalEmail, type SessionKeys, sessionTimes } from './sessions.rules.ts'
import type { ownSecurity } from './sessions.security.ts'
import type { WaysOptions } from './sessions.ways.ts'

interface LinkOptions extends Pick<WaysOptions, 'auth' | 'pool' | 'limited' | 'freshly' | 'opened'> {
  readonly keys: SessionKeys
  readonly clock: AuthDoors['clock']
  readonly passwordProblem: PasswordCheck
  readonly changed: ReturnType<typeof ownSecurity>['changed']
}

export function accountLinks(options: LinkOptions) {
  const { auth, pool, keys, clock, limited, freshly, opened, changed } = options

  /**
   * Writes an invitation and returns the token for its link; only a hash stays here. Earlier ones for the same
   * `reference` end. With `userId` it sets that account's e-mail and password anew.
   */
  async function createInvitation(input: {
    reference: string
    userId?: string | null
    /** In seconds; a week unless said otherwise. */
    lasts?: number
  }): Promise<{ token: string; expiresAt: Date }> {
    const token = randomBytes(24).toString('base64url')
    const now = clock.now()
    const expiresAt = new Date(now.getTime() + (input.lasts ?? sessionTimes.invitation) * 1000)
    const { adapter } = await auth.$context
    await revokeInvitations(input.reference)
    await adapter.create({
      model: 'invitation',
      data: {
        tokenHash: keys.invitationDigest(token),
        reference: input.reference,
        userId: input.userId ?? null,
        expiresAt,
        createdAt: now,
      },
    })
    return { token, expiresAt }
  }

  /** Ends every open invitation for a reference. */
  async function revokeInvitations(reference: string): Promise<void> {
    await pool.query('delete from invitation where reference = $1', [reference])
  }

  /** What an invitation is for, without using it up: for the page where it is accepted. Null when it is not good. */
  async function readInvitation(token: string): Promise<{ reference: string; reset: boolean; expiresAt: Date } | null> {
    const found = await pool.query<{ reference: string; userId: string | null; expiresAt: Date }>(
      'select reference, "userId", "expiresAt" from invitation where "tokenHash" = $1 and "expiresAt" > $2',
      [keys.invitationDigest(token.slice(0, 100)), clock.now()],
    )
    const row = found.rows[0]
    return row ? { reference: row.reference, reset: row.userId !== null, expiresAt: row.expiresAt } : null
  }

  /** Sets e-mail and password and signs in. A bad password or a taken address leaves the invitation as it was. */
  async function acceptInvitation(
    token: string,
    input: { email: string; password: string } & Visitor,
  ): Promise<Outcome<SignedIn>> {
    const wait = await limited([['sign-in.address', addressKey(input.address)]])
    if (wait) return wait
    if ((await readInvitation(token)) === null) return refused('sessions.invitation-invalid')
    const email = normalEmail(input.email)
    if (email === null) return refused('sessions.email-invalid')
    const problem = await options.passwordProblem(input.password, email.split(/[@.]/))
    if (problem !== null) return { ok: false, ...problem }
    const index = keys.emailIndex(email)
    return refusing(
      async () => {
        const { headers, response } = await crossing.run({ email }, () =>
          auth.api.acceptInvitation({
            body: {
              tokenHash: keys.invitationDigest(token.slice(0, 100)),
              email: index,
              name: nameless(),
              password: input.password,
            },
            headers: freshly(input.headers),
            returnHeaders: true,
          }),
        )
        return opened(input.headers, index, response.userId, headers)
      },
      { INVITATION_INVALID: 'sessions.invitation-invalid', EMAIL_TAKEN: 'sessions.email-taken' },
    )
  }

  /** A link for setting an account up anew, in the stead of every earlier one; until it is used everything stays as it was. */
  const helpIn = (userId: string) => createInvitation({ reference: `help:${userId}`, userId, lasts: sessionTimes.help })

  /** The account that such a link sets up; null where it is none, used or too old. */
  async function readHelp(token: string): Promise<string | null> {
    const found = await readInvitation(token)
    return found?.reset && found.reference.startsWith('help:') ? found.reference.slice('help:'.length) : null
  }

  /** A password anew: every session, second factor, passkey and link of the account ends, which the person is told. */
  async function acceptHelp(
    token: string,
    input: { email: string; password: string } & Visitor,
  ): Promise<Outcome<SignedIn>> {
    if ((await readHelp(token)) === null) return refused('sessions.invitation-invalid')
    const answer = await acceptInvitation(token, input)
    if (answer.ok) await changed(answer.userId, 'reset', input.headers)
    return answer
  }

  return { createInvitation, revokeInvitations, readInvitation, acceptInvitation, helpIn, readHelp, acceptHelp }
}
