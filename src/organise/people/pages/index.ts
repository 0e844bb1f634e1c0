// Signing in and out, and everything about oneself, on pages that need no script.
import type { FastifyInstance } from 'fastify'
import type { Kernel } from '#kernel/kernel.ts'
import { anewPages } from './anew.ts'
import { myselfPages } from './myself.ts'
import { securityPages } from './security.ts'
import { signInPages } from './sign-in.ts'
import { staffSignInPages } from './staff-sign-in.ts'

export function peoplePages(app: FastifyInstance, kernel: Kernel): void {
  signInPages(app, kernel)
  staffSignInPages(app, kernel)
  securityPages(app, kernel)
  anewPages(app, kernel)
  myselfPages(app, kernel)
}
