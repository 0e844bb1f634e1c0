import type { FastifyInstance } from 'fastify'
import { type Act, signedIn } from '#kernel/access/index.ts'
import { register } from '#kernel/http/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { dropFilter, listFilters, saveFilter } from '../requests.filters.api.ts'
import { filterKept } from './filters.rules.ts'
import { dropFilterOf, listFiltersOf, saveFilterOf } from './filters.store.ts'

/** Whoever has the desk: those who hold a post. */
function atTheDesk(act: Act): string {
  const person = signedIn(act)
  if (act.actor.tenures.length === 0) throw new Refusal(403, 'not-allowed', 'http.not-allowed')
  return person
}

/** The endpoints of the filters that somebody saved. */
export function filtersRoutes(app: FastifyInstance, kernel: Kernel): void {
  register(app, kernel, listFilters, {
    limit: 'read',
    handler: async (act) => ({ items: await listFiltersOf(act, atTheDesk(act)) }),
  })
  register(app, kernel, saveFilter, {
    limit: 'write',
    handler: async (act, { body }) => {
      const name = body.name.trim()
      return saveFilterOf(act, atTheDesk(act), name, filterKept(name, body.query))
    },
  })
  register(app, kernel, dropFilter, {
    limit: 'write',
    handler: async (act, { params, reply }) => {
      await dropFilterOf(act, atTheDesk(act), params.id)
      reply.status(204)
      return undefined as never
    },
  })
}
