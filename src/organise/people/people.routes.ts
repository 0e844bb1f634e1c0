import type { FastifyInstance } from 'fastify'
import { signedIn } from '#kernel/access/index.ts'
import { Refusal, register } from '#kernel/http/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import * as api from './people.api.ts'
import * as data from './people.data.ts'

/** The endpoints of a person's own data. */
export function peopleRoutes(app: FastifyInstance, kernel: Kernel): void {
  register(app, kernel, api.readMe, {
    limit: 'read',
    handler: async (act) => data.myself(act, kernel.encryption),
  })
  register(app, kernel, api.correctMe, {
    limit: 'write',
    needsVersion: true,
    handler: async (act, { body, ifMatch }) => data.correctMyself(act, kernel.encryption, ifMatch ?? 0, body),
  })
  register(app, kernel, api.readMyData, {
    limit: 'read',
    handler: async (act) => {
      const { sections, ...rest } = await data.heldAboutMe(act)
      return { ...rest, sections: sections.map((one) => ({ ...one, rows: one.rows.map((row) => [...row]) })) }
    },
  })
  register(app, kernel, api.readLooked, {
    limit: 'read',
    handler: async (act, { query }) => data.whoLooked(act, query.after ?? null, query.limit),
  })
  register(app, kernel, api.listMySessions, {
    limit: 'read',
    handler: async (act, { request }) => {
      signedIn(act)
      const listed = await kernel.sessions.listSessions(request.headers)
      if (!listed.ok) throw new Refusal(401, 'sign-in-needed', listed.key)
      return {
        sessions: listed.sessions.map((session) => ({
          ...session,
          signedInAt: session.signedInAt.toISOString(),
          lastSeenAt: session.lastSeenAt.toISOString(),
          expiresAt: session.expiresAt.toISOString(),
        })),
      }
    },
  })
  register(app, kernel, api.deleteMe, {
    limit: 'write',
    status: 202,
    handler: async (act) => data.deleteMyself(act, kernel),
  })
}
