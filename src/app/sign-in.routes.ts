// Signing in and out over JSON, for the desk. Residents' pages have forms of their own.
import type { FastifyInstance } from 'fastify'
import { bodyLimit, takeLimit } from '#kernel/http/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { signIn, signOut } from './desk.api.ts'

export function signInRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.route({
    ...signIn,
    bodyLimit: Math.min(bodyLimit, 8_192),
    config: { endpoint: signIn },
    onRequest: async (request) => takeLimit(kernel, request, 'write'),
    handler: async (request, reply) => {
      const { email, password } = request.body as { email: string; password: string }
      const outcome = await kernel.sessions.signIn({ email, password, address: request.ip, headers: request.headers })
      if (!outcome.ok) {
        const seconds = outcome.retryAfterSeconds
        throw new Refusal(seconds ? 429 : 401, seconds ? 'too-many' : 'sign-in-refused', outcome.key, {
          values: { ...(seconds ? { seconds } : {}) },
        })
      }
      for (const cookie of outcome.cookies) reply.header('Set-Cookie', cookie)
      return reply.header('Cache-Control', 'no-store').send({ person: outcome.userId })
    },
  })
  app.route({
    ...signOut,
    config: { endpoint: signOut },
    onRequest: async (request) => takeLimit(kernel, request, 'write'),
    handler: async (request, reply) => {
      const { everywhere } = request.body as { everywhere?: boolean }
      if (everywhere) await kernel.sessions.signOutEverywhere(request.headers)
      for (const cookie of await kernel.sessions.signOut(request.headers)) reply.header('Set-Cookie', cookie)
      return reply.status(204).send()
    },
  })
}
