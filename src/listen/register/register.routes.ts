// The register of acts over JSON and as a list for a spreadsheet.
import type { FastifyInstance } from 'fastify'
import { signedIn } from '#kernel/access/index.ts'
import { Refusal, register } from '#kernel/http/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { publishedRoutes } from './published.routes.ts'
import { listRegister } from './register.api.ts'
import { csvOfRegister, pageOfRegister } from './register.store.ts'

export function registerRoutes(app: FastifyInstance, kernel: Kernel): void {
  publishedRoutes(app, kernel)
  register(app, kernel, listRegister, {
    limit: 'read',
    handler: async (act, { query, request, reply }) => {
      signedIn(act)
      if (!act.actor.reach['ledger.read']?.length) throw new Refusal(403, 'not-allowed', 'http.not-allowed')
      const page = await pageOfRegister(act, query)
      if (request.headers.accept?.startsWith('text/csv')) {
        if (page.next) {
          const next = new URLSearchParams(request.url.split('?')[1] ?? '')
          next.set('after', page.next)
          reply.header('Link', `<?${next}>; rel="next"`)
        }
        await reply
          .type('text/csv; charset=utf-8')
          .header('Cache-Control', 'no-store')
          .send(csvOfRegister(page, act.language))
      }
      return page
    },
  })
}
