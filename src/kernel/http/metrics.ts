import type { FastifyInstance } from 'fastify'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { sameText } from '../encryption/index.ts'
import type { Kernel } from '../kernel.ts'
import type { Replica } from '../replica/index.ts'
import { Refusal } from './refusal.ts'

/** Prometheus figures at /metrics, for whoever shows the token; without a token in the settings there is no such page. */
export function addMetrics(app: FastifyInstance, kernel: Kernel): void {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'linli_' })
  const seconds = new Histogram({
    name: 'linli_http_request_seconds',
    help: 'Time to answer, by route pattern',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers: [registry],
  })
  new Gauge({
    name: 'linli_database_connections',
    help: 'Connections of the application role',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      const { totalCount, idleCount, waitingCount } = kernel.database.pool
      this.set({ state: 'total' }, totalCount)
      this.set({ state: 'idle' }, idleCount)
      this.set({ state: 'waiting' }, waitingCount)
    },
  })
  if (kernel.replica) watchReplica(registry, kernel.replica)
  app.addHook('onResponse', async (request, reply) => {
    seconds.observe(
      { method: request.method, route: request.routeOptions.url ?? 'none', status: String(reply.statusCode) },
      reply.elapsedTime / 1_000,
    )
  })
  app.route({
    method: 'GET',
    url: '/metrics',
    schema: { hide: true } as object,
    handler: async (request, reply) => {
      const token = kernel.config.metricsToken
      const given = request.headers.authorization?.replace(/^Bearer /, '') ?? ''
      if (!token || !sameText(given, token)) throw new Refusal(404, 'not-found', 'http.not-found')
      return reply.type(registry.contentType).send(await registry.metrics())
    },
  })
}

function watchReplica(registry: Registry, replica: Replica): void {
  const registers = [registry]
  new Gauge({
    name: 'linli_replica_used',
    help: 'Whether the replica is read from (1) or left out (0)',
    registers,
    collect() {
      this.set(replica.leftOut === null ? 1 : 0)
    },
  })
  new Gauge({
    name: 'linli_replica_lag_seconds',
    help: 'How far the replica is behind; NaN where it is not known',
    registers,
    collect() {
      this.set(replica.lagSeconds ?? Number.NaN)
    },
  })
  new Counter({
    name: 'linli_replica_reads_total',
    help: 'Public reads: at the replica, at the primary instead, at the primary again after the replica could not',
    labelNames: ['at'],
    registers,
    collect() {
      this.reset()
      for (const [at, count] of Object.entries(replica.reads)) this.inc({ at }, count)
    },
  })
}
