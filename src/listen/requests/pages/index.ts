// The public pages of requests, for the roof.
import type { FastifyInstance } from 'fastify'
import type { Kernel } from '#kernel/kernel.ts'
import { followRoutes } from './follow.routes.ts'
import { judgeRoutes } from './judge.routes.ts'
import { tellRoutes } from './tell.routes.ts'

export function requestPages(app: FastifyInstance, kernel: Kernel): void {
  tellRoutes(app, kernel)
  followRoutes(app, kernel)
  judgeRoutes(app, kernel)
}
