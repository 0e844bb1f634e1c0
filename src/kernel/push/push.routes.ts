import type { FastifyInstance } from 'fastify'
import { credentialsOf, register, takeLimit } from '../http/index.ts'
import type { Kernel } from '../kernel.ts'
import { dropPush, keepPush } from './push.api.ts'

/** For the script of a page: this device wants to be told, or no more. The secret link travels in its own header, never in an address. */
export function pushRoutes(app: FastifyInstance, kernel: Kernel): void {
  register(app, kernel, keepPush, {
    limit: 'write',
    handler: async (act, { body: { purpose, again = false, ...device }, request }) => ({
      told: await kernel.push.keep(act, purpose, device, {
        link: credentialsOf(kernel, request).link ?? null,
        onlyAgain: again,
        asNew: () => takeLimit(kernel, request, 'push.address'),
      }),
    }),
  })
  register(app, kernel, dropPush, {
    limit: 'write',
    handler: async (act, { body: { purpose, endpoint } }) => {
      await kernel.push.drop(act, purpose, endpoint)
      return undefined as never
    },
  })
}
