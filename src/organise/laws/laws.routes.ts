import type { FastifyInstance } from 'fastify'
import { allow } from '#kernel/access/index.ts'
import { Refusal, register } from '#kernel/http/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { editable, pathOfItem, retireItem, settingsPlace } from '#organise/settings/index.ts'
import { getLaw, laws } from './laws.api.ts'
import * as store from './laws.store.ts'

/** The endpoints of the library of policies and laws. */
export function lawsRoutes(app: FastifyInstance, kernel: Kernel): void {
  register(app, kernel, laws.list, {
    limit: 'read',
    handler: async (act, { query }) => {
      const asked = query as { place?: string; search?: string }
      const place = await settingsPlace(act, asked.place)
      return { items: await store.listLaws(act, place.path, asked.search), editable: editable(act, place), place }
    },
  })
  register(app, kernel, getLaw, {
    limit: 'read',
    handler: async (act, { params }) => {
      const law = await store.readLaw(act.sql, params.id)
      if (!law) throw new Refusal(404, 'not-found', 'http.not-found')
      return law
    },
  })
  register(app, kernel, laws.add, {
    limit: 'write',
    status: 201,
    handler: async (act, { query, body }) => {
      const place = await settingsPlace(act, query.place)
      return store.addLaw(act, allow(act, 'place.settings', place.path), body)
    },
  })
  register(app, kernel, laws.edit, {
    limit: 'write',
    needsVersion: true,
    handler: async (act, { params, body, ifMatch }) => {
      const allowed = allow(act, 'place.settings', await pathOfItem(act, 'law', params.id))
      return store.editLaw(act, allowed, params.id, ifMatch ?? 0, body)
    },
  })
  register(app, kernel, laws.end, {
    limit: 'write',
    needsVersion: true,
    handler: async (act, { params, ifMatch }) => {
      const allowed = allow(act, 'place.settings', await pathOfItem(act, 'law', params.id))
      return retireItem(act, allowed, 'law', params.id, ifMatch ?? 0)
    },
  })
}
