// Signing in and out over JSON, for the desk and for the script of passkeys. Residents' pages have forms of their own.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { signedIn } from '#kernel/access/index.ts'
import { bodyLimit, credentialsOf, type Endpoint, inAct, takeLimit } from '#kernel/http/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'
import type { Outcome } from '#kernel/sessions/index.ts'
import { myself } from '#organise/people/index.ts'
import { addPasskey, askNewPasskey, askPasskey, signIn, signInWithPasskey, signOut } from './desk.api.ts'

/** @throws Refusal with the sentence of the room of sessions */
function taken<T>(outcome: Outcome<T>, status = 401): { ok: true } & T {
  if (outcome.ok) return outcome
  const seconds = outcome.retryAfterSeconds
  throw new Refusal(seconds ? 429 : status, seconds ? 'too-many' : 'sign-in-refused', outcome.key, {
    values: { ...outcome.values, ...(seconds ? { seconds } : {}) },
  })
}

const visitor = (request: FastifyRequest) => ({ address: request.ip, headers: request.headers })

export function signInRoutes(app: FastifyInstance, kernel: Kernel): void {
  const { sessions } = kernel
  const common = (endpoint: Endpoint) => ({
    bodyLimit: Math.min(bodyLimit, 16_384),
    config: { endpoint },
    onRequest: async (request: FastifyRequest) => takeLimit(kernel, request, 'write'),
  })
  app.route({
    ...signIn,
    ...common(signIn),
    handler: async (request, reply) => {
      const { email, password } = request.body as { email: string; password: string }
      const entered = taken(await sessions.signIn({ email, password, ...visitor(request) }))
      for (const cookie of entered.cookies) reply.header('Set-Cookie', cookie)
      const second = entered.second === true
      return reply.header('Cache-Control', 'no-store').send({ person: second ? null : entered.userId, second })
    },
  })
  app.route({
    ...askPasskey,
    ...common(askPasskey),
    handler: async (request, reply) => {
      const { options, cookies } = taken(await sessions.startPasskeySignIn(visitor(request)), 409)
      for (const cookie of cookies) reply.header('Set-Cookie', cookie)
      return reply.header('Cache-Control', 'no-store').send({ options })
    },
  })
  app.route({
    ...signInWithPasskey,
    ...common(signInWithPasskey),
    handler: async (request, reply) => {
      const { response, remember } = request.body as { response: unknown; remember?: boolean }
      const entered = taken(await sessions.finishPasskeySignIn({ response, remember, ...visitor(request) }))
      for (const cookie of entered.cookies) reply.header('Set-Cookie', cookie)
      return reply.status(204).send()
    },
  })
  app.route({
    ...askNewPasskey,
    ...common(askNewPasskey),
    handler: async (request, reply) => {
      const me = await inAct(kernel, request, credentialsOf(kernel, request), async (act) => {
        signedIn(act)
        return myself(act, kernel.encryption)
      })
      const account = me.mail ?? me.name ?? me.phone ?? ''
      const { options } = taken(await sessions.security.startPasskey(request.headers, account), 403)
      return reply.header('Cache-Control', 'no-store').send({ options })
    },
  })
  app.route({
    ...addPasskey,
    ...common(addPasskey),
    handler: async (request, reply) => {
      const given = request.body as { name: string; response: unknown }
      await inAct(kernel, request, credentialsOf(kernel, request), async (act) => signedIn(act))
      taken(await sessions.security.addPasskey(request.headers, given), 403)
      return reply.status(204).send()
    },
  })
  app.route({
    ...signOut,
    ...common(signOut),
    handler: async (request, reply) => {
      const { everywhere } = request.body as { everywhere?: boolean }
      if (everywhere) await sessions.signOutEverywhere(request.headers)
      for (const cookie of await sessions.signOut(request.headers)) reply.header('Set-Cookie', cookie)
      return reply.status(204).send()
    },
  })
}
