import type { BetterAuthPlugin } from 'better-auth'
import { createAuthEndpoint } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'

const user = { model: 'user', field: 'id', onDelete: 'cascade' } as const

/**
 * What an account has beside its password, as a plugin of better-auth, so that its migrations make the tables and its sessions and
 * cookies are used. Its own plugins for this are not: they keep recovery codes readable, take a one-time code twice within its
 * window, ask for it after some ways of signing in alone, and make accounts for whoever an OpenID provider vouches for. No endpoint has
 * a path: they can be called by the server and by nothing else.
 */
export const factors = () =>
  ({
    id: 'linli-factors',
    schema: {
      /** An app that shows one-time codes; at most one for an account. */
      authenticator: {
        fields: {
          userId: { type: 'string', required: true, unique: true, references: user },
          /** Encrypted under the key of the installation, bound to the account. */
          secret: { type: 'string', required: true },
          /** The half minute of the last code that was taken: none is taken twice. */
          lastStep: { type: 'number', required: true },
          createdAt: { type: 'date', required: true },
        },
      },
      /** Digests alone; a code that was used is gone. */
      recoveryCode: {
        fields: {
          userId: { type: 'string', required: true, index: true, references: user },
          digest: { type: 'string', required: true, unique: true },
          createdAt: { type: 'date', required: true },
        },
      },
      passkey: {
        fields: {
          userId: { type: 'string', required: true, index: true, references: user },
          name: { type: 'string', required: true },
          credentialId: { type: 'string', required: true, unique: true },
          publicKey: { type: 'string', required: true },
          counter: { type: 'number', required: true, bigint: true },
          transports: { type: 'string', required: true },
          createdAt: { type: 'date', required: true },
          lastUsedAt: { type: 'date', required: false },
        },
      },
      /** What was changed about how somebody signs in, for that person to see. */
      securityEvent: {
        fields: {
          userId: { type: 'string', required: true, index: true, references: user },
          kind: { type: 'string', required: true },
          device: { type: 'string', required: true },
          /** Whether the person has been written to. */
          told: { type: 'boolean', required: true },
          createdAt: { type: 'date', required: true, index: true },
        },
      },
    },
    endpoints: {
      /** Opens a session for an account that has proved itself. */
      openSession: createAuthEndpoint(
        { method: 'POST', metadata: { $Infer: { body: {} as { userId: string; remember: boolean } } } },
        async (context) => {
          const { userId, remember } = context.body
          const { internalAdapter } = context.context
          const account = await internalAdapter.findUserById(userId)
          if (!account) return context.json({ opened: false })
          const session = await internalAdapter.createSession(userId, !remember)
          await setSessionCookie(context, { session, user: account }, !remember)
          return context.json({ opened: true })
        },
      ),
      /** Whether this is the password of an account; null where it has none. */
      checkPassword: createAuthEndpoint(
        { method: 'POST', metadata: { $Infer: { body: {} as { userId: string; password: string } } } },
        async (context) => {
          const account = await context.context.internalAdapter.findCredentialAccount(context.body.userId)
          if (!account?.password) return context.json({ right: null })
          const { password } = context.context
          return context.json({
            right: await password.verify({ hash: account.password, password: context.body.password }),
          })
        },
      ),
    },
  }) satisfies BetterAuthPlugin
