import { gzipSync } from 'node:zlib'
import type {} from '@fastify/swagger' // adds `hide` to a route's schema
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { backPath, changeDisplay, displayHeaders, readDisplay } from '#kernel/pages/index.ts'
import { publicAssets } from './assets.ts'

/**
 * The public face's own files, and the switch of language, type and contrast.
 * Needs a parser for form bodies (`@fastify/formbody`) on `app`.
 */
export function layoutRoutes(
  app: FastifyInstance,
  options: {
    /** Pages go out over HTTPS. */
    readonly secure: boolean
    /** Counts whoever presses a button of the switch. @throws Refusal 429 */
    readonly limit?: (request: FastifyRequest) => Promise<void>
  },
): void {
  for (const asset of publicAssets()) {
    const packed = gzipSync(asset.body, { level: 9 })
    app.get(asset.path, { schema: { hide: true } }, (request, reply) => {
      const asked = (request.query as { v?: unknown }).v
      reply
        .type(asset.type)
        .header('vary', 'accept-encoding')
        // Only an address that names this very version may be kept for ever; the solver's parts are asked for without one.
        .header(
          'cache-control',
          asked === asset.version ? 'public, max-age=31536000, immutable' : 'public, max-age=3600',
        )
      // It works for the pages that ask to be told, which lie above its own folder.
      if (asset.path === '/web/push-worker.js') reply.header('service-worker-allowed', '/')
      if (/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) {
        return reply.header('content-encoding', 'gzip').send(packed)
      }
      return reply.send(asset.body)
    })
  }

  app.post('/display', { schema: { hide: true } }, async (request, reply) => {
    await options.limit?.(request)
    const body = (request.body ?? {}) as Record<string, unknown>
    const display = changeDisplay(readDisplay({ headers: request.headers }), body)
    return reply.header('set-cookie', displayHeaders(display, options.secure)).redirect(backPath(body.back), 303)
  })
}
