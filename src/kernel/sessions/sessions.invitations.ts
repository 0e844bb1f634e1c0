import type { BetterAuthPlugin, DBTransactionAdapter } from 'better-auth'
import { APIError, createAuthEndpoint } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'

/** A row of auth.invitation; the token itself is in the letter alone. */
export interface InvitationRow {
  id: string
  tokenHash: string
  /** What the inviting room knows the invited by, for instance the id of a person. */
  reference: string
  /** The account whose password is set anew; null for someone who has none yet. */
  userId: string | null
  expiresAt: Date
  createdAt: Date
}

/** What stands behind the plugin: the time, and whom to tell before the new account is committed. */
export interface InvitationDoors {
  now(): Date
  onAccepted(userId: string, reference: string): Promise<void>
}

const isDuplicate = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  (('code' in error && error.code === '23505') || ('cause' in error && isDuplicate(error.cause)))

async function create(transaction: DBTransactionAdapter, name: string, email: string, now: Date): Promise<string> {
  const created = await transaction.create<Record<string, unknown>, { id: string }>({
    model: 'user',
    data: { email, name, emailVerified: false, attached: true, createdAt: now, updatedAt: now },
  })
  return created.id
}

async function renew(transaction: DBTransactionAdapter, user: string, email: string, now: Date): Promise<string> {
  await transaction.update({ model: 'user', where: [{ field: 'id', value: user }], update: { email, updatedAt: now } })
  // A reset may follow a loss: nobody stays signed in, and no device that was lost opens the account.
  for (const model of ['session', 'authenticator', 'recoveryCode', 'passkey']) {
    await transaction.deleteMany({ model, where: [{ field: 'userId', value: user }] })
  }
  const linked = { field: 'providerId', value: 'credential', operator: 'ne' as const }
  await transaction.deleteMany({ model: 'account', where: [{ field: 'userId', value: user }, linked] })
  return user
}

/**
 * Invitations as a plugin of better-auth, so that its migrations make the table and its password and cookies are used.
 * The only endpoint has no path: it can be called by the server and by nothing else.
 */
export const invitations = (doors: InvitationDoors) =>
  ({
    id: 'linli-invitations',
    schema: {
      invitation: {
        fields: {
          tokenHash: { type: 'string', required: true, unique: true },
          reference: { type: 'string', required: true, index: true },
          userId: { type: 'string', required: false, references: { model: 'user', field: 'id', onDelete: 'cascade' } },
          expiresAt: { type: 'date', required: true, index: true },
          createdAt: { type: 'date', required: true },
        },
      },
    },
    endpoints: {
      acceptInvitation: createAuthEndpoint(
        {
          method: 'POST',
          metadata: { $Infer: { body: {} as { tokenHash: string; email: string; name: string; password: string } } },
        },
        async (context) => {
          const { tokenHash, email, name, password } = context.body
          const { adapter, internalAdapter } = context.context
          const valid = [
            { field: 'tokenHash', value: tokenHash },
            { field: 'expiresAt', value: doors.now(), operator: 'gt' as const },
          ]
          const invalid = new APIError('BAD_REQUEST', {
            code: 'INVITATION_INVALID',
            message: 'invitation is not valid',
          })
          // Looked at before the password is hashed, so that guessing tokens costs the server nothing.
          if (!(await adapter.findOne({ model: 'invitation', where: valid }))) throw invalid
          const hash = await context.context.password.hash(password)
          const userId = await adapter.transaction(async (transaction) => {
            // Of two who come with one token, the second finds the row gone.
            const invitation = await transaction.consumeOne<InvitationRow>({ model: 'invitation', where: valid })
            if (!invitation) throw invalid
            const now = new Date()
            const account = { password: hash, updatedAt: now }
            const user = await (invitation.userId
              ? renew(transaction, invitation.userId, email, now)
              : create(transaction, name, email, now)
            ).catch((error: unknown) => {
              if (!isDuplicate(error)) throw error
              throw new APIError('CONFLICT', { code: 'EMAIL_TAKEN', message: 'e-mail is taken' })
            })
            const changed = await transaction.updateMany({
              model: 'account',
              where: [
                { field: 'userId', value: user },
                { field: 'providerId', value: 'credential' },
              ],
              update: account,
            })
            if (changed === 0) {
              await transaction.create({
                model: 'account',
                data: { ...account, userId: user, providerId: 'credential', accountId: user, createdAt: now },
              })
            }
            await doors.onAccepted(user, invitation.reference)
            return user
          })
          const user = await internalAdapter.findUserById(userId)
          const session = await internalAdapter.createSession(userId, true)
          if (!user || !session) throw new APIError('INTERNAL_SERVER_ERROR', { message: 'no session' })
          await setSessionCookie(context, { session, user }, true)
          return context.json({ userId })
        },
      ),
    },
  }) satisfies BetterAuthPlugin
