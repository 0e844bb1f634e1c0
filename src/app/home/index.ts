// The first pages: of the installation, of a place, of an invitation; and, in the demonstration, the messages it sent.
import type { FastifyInstance } from 'fastify'
import type { Kernel } from '#kernel/kernel.ts'
import { invitationPages } from './invitation.ts'
import { messagesPage } from './messages.ts'
import { placePages } from './place.ts'
import { programmersPage } from './programmers.ts'
import { startPage } from './start.ts'

export function homePages(app: FastifyInstance, kernel: Kernel): void {
  startPage(app, kernel)
  placePages(app, kernel)
  invitationPages(app, kernel)
  messagesPage(app, kernel)
  programmersPage(app, kernel)
}
