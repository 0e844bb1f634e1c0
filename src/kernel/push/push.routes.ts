import type { FastifyInstance } from 'fastify'
import { register } from '../http/index.ts'
import type { Kernel } from '../kernel.ts'
import { dropPush, keepPush } from './push.api.ts'

/** For the script of a page: this device wants to be told, or no more. The secret link travels in its own header, never in an address. */
export function pushRoutes(app: FastifyInstance, kernel: Kernel): void {
  register(app, kernel, keepPush, {
    limit: 'write',
    handler: async (act, { body: { purpose, ...device } }) => {
      await kernel.push.keep(act, purpose, device)
      return undefined as never
    },
  })
  register(app, kernel, dropPush, {
    limit: 'write',
    handler: async (act, { body: { purpose, endpoint } }) => {
      await kernel.push.drop(act, purpose, endpoint)
      return undefined as never
    },
  })
}
