// The public pages of requests, for the roof.
import type { FastifyInstance } from 'fastify'
import type { Kernel } from '#kernel/kernel.ts'
import { cardRoutes } from './card.routes.ts'
import { followRoutes } from './follow.routes.ts'
import { judgeRoutes } from './judge.routes.ts'
import { mineRoutes } from './mine.routes.ts'
import { raisedRoutes } from './raised.routes.ts'
import { slipRoutes } from './slip.routes.ts'
import { tellRoutes } from './tell.routes.ts'

export { type Raised, readRaised } from '../raised.store.ts'
export { raisedEntry } from './raised.routes.ts'
export { belongingTo, type PlaceShown, placeOfPage, placeShown } from './shown.ts'

export function requestPages(app: FastifyInstance, kernel: Kernel): void {
  tellRoutes(app, kernel)
  followRoutes(app, kernel)
  judgeRoutes(app, kernel)
  raisedRoutes(app, kernel)
  cardRoutes(app, kernel)
  slipRoutes(app, kernel)
  mineRoutes(app, kernel)
}
