// Whoever writes reads their own writing, wherever it is read: a mark in the browser says how far a replica must have come.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Kernel } from '../kernel.ts'

const cookie = 'linli_wrote'
/** Seconds: longer than a replica may be behind and still be read from. */
const kept = 600
const reading = new Set(['GET', 'HEAD', 'OPTIONS'])

/** The mark that a request shows; undefined where its browser has not written lately. */
export const markOf = (request: FastifyRequest): string | undefined => request.cookies[cookie]

/** Gives the mark with every answer to what may have written. Nothing where there is no replica. */
export function markWriters(app: FastifyInstance, kernel: Kernel): void {
  const { replica } = kernel
  if (!replica) return
  const secure = kernel.config.publicUrl.startsWith('https:') ? '; Secure' : ''
  app.addHook('onSend', async (request, reply) => {
    // What was turned away unread, as in a flood, has written nothing.
    if (reading.has(request.method) || reply.statusCode === 429) return
    // Without a position: no replica is ever far enough.
    const mark = await replica.mark().catch(() => 'all')
    reply.header('Set-Cookie', `${cookie}=${mark}; Path=/; Max-Age=${kept}; HttpOnly; SameSite=Lax${secure}`)
  })
}
