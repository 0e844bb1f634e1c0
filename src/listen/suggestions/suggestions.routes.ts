import type { FastifyInstance } from 'fastify'
import { register } from '#kernel/http/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { settingsPlace } from '#organise/settings/index.ts'
import { readLearned, suggestFor } from './suggestions.api.ts'
import { nightsAt, suggestCategories } from './suggestions.store.ts'

/** How suggestions are learned, for those who see the settings of a place, and the suggestions themselves, for whoever works there. */
export function suggestionsRoutes(app: FastifyInstance, kernel: Kernel): void {
  register(app, kernel, readLearned, {
    limit: 'read',
    handler: async (act, { query }) => nightsAt(act, await settingsPlace(act, query.place)),
  })
  register(app, kernel, suggestFor, {
    limit: 'read',
    handler: async (act, { body: { place, title = '', text } }) => {
      const { path } = await settingsPlace(act, place)
      const items = await suggestCategories(act, { path, title, body: text })
      return { items: items.map((one) => ({ ...one, names: [...one.names], because: [...one.because] })) }
    },
  })
}
