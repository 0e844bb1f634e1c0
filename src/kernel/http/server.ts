// The server as every room finds it: safe headers, forms and files, one way to refuse.
import compress from '@fastify/compress'
import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import helmet from '@fastify/helmet'
import multipart from '@fastify/multipart'
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import fastJsonStringify from 'fast-json-stringify'
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import { Type } from 'typebox'
import { isLoopback } from '../config/index.ts'
import { damagedRelation, damageOf } from '../database/index.ts'
import type { Kernel } from '../kernel.ts'
import type { LimitName } from '../limits/index.ts'
import { asWritten } from '../written/index.ts'
import { brokenOff, readerOf } from './asking.ts'
import type { Endpoint } from './endpoint.ts'
import { addHealth } from './health.ts'
import { addMetrics } from './metrics.ts'
import { problemOf, refusalOf } from './problem.ts'
import { Refusal } from './refusal.ts'
import { findBadText, findBrokenName } from './text.ts'
import { answerUnread } from './unread.ts'
import { markWriters } from './wrote.ts'

/** A query in which nothing may stand. */
const nothing = Type.Object({}, { additionalProperties: false })

/** The largest JSON or form body, in bytes; uploads have their own limits. */
export const bodyLimit = 256 * 1024

/** The longest form with files, in bytes: nine pictures, or a video, and as much again that is told at its field. */
const longestForm = 256 * 1024 * 1024

/** What writes answers of a shape. Compiled once: the HEAD beside every GET has the same, and so has another server of this process. */
const writers = new WeakMap<object, (answer: unknown) => string>()

function writerOf(shape: object): (answer: unknown) => string {
  const known = writers.get(shape) ?? fastJsonStringify(shape)
  writers.set(shape, known)
  return known
}

declare module 'fastify' {
  interface FastifyContextConfig {
    page?: boolean
    limit?: LimitName
    endpoint?: Endpoint
    /** An edit that must say which version it saw. */
    needsVersion?: boolean
  }
}

/** A route as it was registered. */
export interface ServedRoute {
  readonly method: string
  readonly url: string
  readonly endpoint: Endpoint | null
}

const served = new WeakMap<FastifyInstance, ServedRoute[]>()

/** Every route of a server, for whoever must know them all (the table of refusals). */
export function routesOf(app: FastifyInstance): readonly ServedRoute[] {
  return served.get(app) ?? []
}

/** A server without routes. The roof adds the rooms' and listens. */
export async function createServer(kernel: Kernel): Promise<FastifyInstance> {
  const app: FastifyInstance = fastify({
    loggerInstance: kernel.log as FastifyBaseLogger,
    // Addresses may hold secret links: only the hook below writes, and only the route's pattern.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit,
    requestTimeout: 60_000,
    connectionTimeout: 60_000,
    keepAliveTimeout: 20_000,
    trustProxy: kernel.config.trustedProxies.length > 0 ? kernel.config.trustedProxies : false,
    genReqId: () => crypto.randomUUID(),
    routerOptions: { maxParamLength: 300 },
    exposeHeadRoutes: true,
    clientErrorHandler: answerUnread,
  })
  const routes: ServedRoute[] = []
  served.set(app, routes)
  app.addHook('onRoute', (route) => {
    const { method, url, config } = route
    // What no endpoint declares is refused in its address as in its body.
    if (config?.endpoint) route.schema = { querystring: nothing, ...route.schema }
    for (const each of [method].flat()) routes.push({ method: each, url, endpoint: config?.endpoint ?? null })
  })
  app.setValidatorCompiler(TypeBoxValidatorCompiler as never)
  app.setSerializerCompiler<object>(({ schema }) => writerOf(schema))
  const secure = kernel.config.publicUrl.startsWith('https:')
  const safety = await safetyHeaders(secure)
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(safety)
  })
  await app.register(cookie)
  await app.register(formbody, { bodyLimit })
  await app.register(multipart, {
    limits: {
      fieldNameSize: 100,
      fieldSize: bodyLimit,
      fields: 60,
      fileSize: 50 * 1024 * 1024 + 1,
      // More than anybody may send: what is over the room's own measure is told at its field, and the rest of the form still read.
      files: 40,
      headerPairs: 100,
      parts: 120,
    },
    // What is too long is cut and says so; an error would end the form, and with it what was typed behind the file.
    throwFileSizeLimit: false,
  })
  await app.register(compress, { global: true, encodings: ['br', 'gzip', 'identity'], threshold: 1_024 })
  markWriters(app, kernel)
  addMetrics(app, kernel)
  addHealth(app, kernel)
  app.addHook('onRequest', async (request, reply) => {
    reply.header('X-Request-Id', request.id)
    reply.header('Permissions-Policy', 'camera=(), microphone=(), geolocation=(self)')
    refuseForeignOrigin(kernel, request)
    if (Number(request.headers['content-length'] ?? 0) > longestForm) {
      // Else what nobody may send would be read to its end, only to keep the line for the next request.
      reply.header('Connection', 'close')
      throw new Refusal(413, 'too-large', 'http.too-large')
    }
  })
  app.addHook('preValidation', async (request) => {
    const found = findBadText(request.body) ?? findBadText(request.query) ?? findBadText(request.params)
    if (found !== null) throw new Refusal(400, 'bad-text', 'http.bad-text', { field: found })
    request.body = asWritten(request.body, readerOf(request).language)
    const broken = findBrokenName(request.body)
    if (broken !== null) throw new Refusal(400, 'bad-text', 'http.broken-name', { field: broken })
  })
  app.addHook('onResponse', async (request, reply) => {
    // The route's pattern, never the address: addresses may hold secret links.
    kernel.log.info(
      {
        id: request.id,
        method: request.method,
        route: request.routeOptions.url ?? 'none',
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'answered',
    )
  })
  app.setErrorHandler(async (error, request, reply) => answerError(kernel, error, request, reply))
  app.setNotFoundHandler(async (request, reply) =>
    answerError(kernel, new Refusal(404, 'not-found', 'http.not-found'), request, reply),
  )
  return app
}

/** Helmet's headers, asked for once: they are the same for every answer, and putting them together costs a sixth of a small one. */
async function safetyHeaders(secure: boolean): Promise<Record<string, string>> {
  const asked = fastify()
  await asked.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        mediaSrc: ["'self'", 'blob:'],
        workerSrc: ["'self'", 'blob:'],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        ...(secure ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    // `no-referrer` would make forms send `Origin: null`.
    referrerPolicy: { policy: 'same-origin' },
    crossOriginEmbedderPolicy: false,
    strictTransportSecurity: secure ? { maxAge: 31_536_000, includeSubDomains: false } : false,
  })
  asked.get('/', async () => '')
  const { headers } = await asked.inject('/')
  await asked.close()
  const own = ['content-type', 'content-length', 'date', 'connection']
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (own.includes(name) ? [] : [[name, String(value)]])),
  )
}

async function answerError(
  kernel: Kernel,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  // The sender went away in the middle: what Node says of it looks like a lost connection to the database.
  const refusal = error === request.raw.errored ? brokenOff() : refusalOf(error)
  const reader = readerOf(request)
  if (refusal.status >= 500) {
    // Messages of the database may quote values: name and code are enough to find the place.
    const named = error as { name?: string; code?: string; stack?: string }
    const stack = named.stack
      ?.split('\n')
      .filter((line) => line.trimStart().startsWith('at '))
      .slice(0, 6)
    kernel.log.error(
      {
        id: request.id,
        route: request.routeOptions?.url,
        type: refusal.type,
        error: named.name,
        code: named.code,
        stack,
      },
      'failed',
    )
    const damage = damageOf(error)
    if (damage !== null) logDamage(kernel, request.id, damage)
  }
  const problem = problemOf(refusal, reader.language, request.id)
  if (refusal.status === 429 && typeof refusal.values.seconds === 'number')
    reply.header('Retry-After', refusal.values.seconds)
  if (refusal.status === 503) reply.header('Retry-After', 5)
  reply.status(refusal.status).header('Cache-Control', 'no-store').header('Vary', 'Accept-Language, Cookie')
  if (wantsPage(request)) return reply.type('text/html; charset=utf-8').send(await kernel.problemPage(problem, reader))
  return reply.type('application/problem+json').serializer(JSON.stringify).send(problem)
}

/** Which table or index is damaged: PostgreSQL names the file alone, and whoever restores it has to know what it held. */
function logDamage(kernel: Kernel, id: string, damage: string): void {
  const tell = (relation: string | null) => kernel.log.error({ id, relation, damage }, 'database damaged')
  damagedRelation(kernel.jobsDatabase, damage).then(tell, () => tell(null))
}

function wantsPage(request: FastifyRequest): boolean {
  if (request.routeOptions?.config?.page) return true
  if (request.routeOptions?.config?.endpoint || request.url.startsWith('/api/')) return false
  return (request.headers.accept ?? '').includes('text/html')
}

/** Another site's page must not act in a visitor's name: same-site cookies are the first wall, this is the second. */
function refuseForeignOrigin(kernel: Kernel, request: FastifyRequest): void {
  if (request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS') return
  const { origin } = request.headers
  const site = request.headers['sec-fetch-site']
  if (origin === undefined) {
    if (site === undefined || site === 'same-origin' || site === 'none') return
  } else if (origin === new URL(kernel.config.publicUrl).origin) return
  // Under any name of this machine; another's name that was made to mean it is a foreign page all the same.
  else if (
    kernel.config.loopback &&
    isLoopback(request.hostname) &&
    origin === `${request.protocol}://${request.headers.host}`
  )
    return
  throw new Refusal(403, 'foreign-origin', 'http.foreign-origin')
}
