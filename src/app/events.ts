// Live updates of the desk: server-sent events that say what changed, never what stands in it.
import type { FastifyInstance, FastifyReply } from 'fastify'
import pg from 'pg'
import { type Actor, signedIn } from '#kernel/access/index.ts'
import { credentialsOf, inAct, takeLimit } from '#kernel/http/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { lastPlace, placedAfter } from '#kernel/ledger/index.ts'
import { mayHear, readWatched } from '#listen/requests/index.ts'
import { breathSeconds, eventsUrl } from './desk.api.ts'

interface Listener {
  readonly reply: FastifyReply
  readonly actor: Actor
  readonly since: number
}

/** A connection is ended after so long and comes back by itself, so that a tenure that ended ends it too. */
const longestMilliseconds = 10 * 60_000
const mostListeners = 5_000
/** Acts read at once. */
const most = 2_000

/**
 * One LISTEN connection and one query a batch for each process; each listener gets the ids that lie in their reach or that their
 * bodies hold.
 */
export async function eventsRoutes(app: FastifyInstance, kernel: Kernel): Promise<{ stop(): Promise<void> }> {
  const listeners = new Set<Listener>()
  const { sql } = kernel.jobsDatabase
  let last = await lastPlace(sql)
  let client: pg.Client | null = null
  let stopped = false
  let reconnect: NodeJS.Timeout | undefined
  let reading = false
  let listening = false
  let again = false

  /** Whether the line to the database is open: without it nothing that changes would be heard. */
  const breath = () => `event: breath\ndata: ${client && listening ? 'here' : 'away'}\n\n`
  const breathe = () => {
    for (const listener of listeners) listener.reply.raw.write(breath())
  }
  const tell = async (): Promise<void> => {
    if (reading) {
      again = true
      return
    }
    reading = true
    try {
      do {
        again = false
        const placed = await placedAfter(sql, last, most)
        const watched = await readWatched(sql, [...new Set(placed.map(({ record }) => record))])
        last = placed.at(-1)?.place ?? last
        for (const listener of listeners) {
          const heard = placed.filter(({ record, path }) => {
            const request = watched.get(record)
            return request && path && mayHear(listener.actor, path, request)
          })
          const ids = [...new Set(heard.map(({ record }) => record))]
          if (ids.length > 0) listener.reply.raw.write(`event: changed\ndata: ${JSON.stringify({ requests: ids })}\n\n`)
        }
        if (placed.length >= most) again = true
      } while (again && !stopped)
    } catch (error) {
      kernel.log.warn({ error: (error as Error).name }, 'live updates rest')
    } finally {
      reading = false
    }
  }

  const listen = async (): Promise<void> => {
    if (stopped) return
    const fresh = new pg.Client({
      connectionString: kernel.config.jobsUrl,
      application_name: 'linli events',
      keepAlive: true,
    })
    const lost = () => {
      if (client !== fresh) return
      client = null
      listening = false
      breathe()
      fresh.end().catch(() => undefined)
      reconnect = setTimeout(() => void listen(), 1_000)
    }
    client = fresh
    fresh.on('error', lost)
    fresh.on('end', lost)
    fresh.on('notification', () => void tell())
    try {
      await fresh.connect()
      await fresh.query('listen linli_ledger')
      // What was said while the line was down.
      await tell()
      listening = true
      breathe()
    } catch {
      lost()
    }
  }
  let asked: pg.Client | null = null
  /** A database that hangs closes nothing either: what has not answered until the next breath is given up. */
  const probe = (): void => {
    const open = client
    if (!open || !listening) return
    if (asked === open) {
      open.emit('end')
      return
    }
    asked = open
    open.query('select 1').then(
      () => {
        asked = null
      },
      () => undefined,
    )
  }
  await listen()
  const breathing = setInterval(() => {
    const now = performance.now()
    for (const listener of listeners) {
      if (now - listener.since <= longestMilliseconds) continue
      listeners.delete(listener)
      listener.reply.raw.end()
    }
    probe()
    breathe()
  }, breathSeconds * 1000)
  breathing.unref()

  app.get(
    eventsUrl,
    { schema: { hide: true }, compress: false, onRequest: async (request) => takeLimit(kernel, request, 'read') },
    async (request, reply) => {
      const actor = await inAct(kernel, request, credentialsOf(kernel, request), async (act) => {
        signedIn(act)
        return act.actor
      })
      if (listeners.size >= mostListeners) return reply.status(503).send()
      reply.hijack()
      reply.raw.writeHead(200, {
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store',
        Connection: 'keep-alive',
        'X-Accel-Buffering': 'no',
      })
      reply.raw.write('retry: 2000\n\n')
      reply.raw.write(breath())
      const listener: Listener = { reply, actor, since: performance.now() }
      listeners.add(listener)
      request.raw.on('close', () => listeners.delete(listener))
      return reply
    },
  )
  app.addHook('preClose', async () => {
    for (const listener of listeners) listener.reply.raw.end()
  })
  return {
    async stop() {
      stopped = true
      clearTimeout(reconnect)
      clearInterval(breathing)
      const open = client
      client = null
      await open?.end().catch(() => undefined)
    },
  }
}
