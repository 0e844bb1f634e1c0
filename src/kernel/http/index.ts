// The HTTP server: one way to register an endpoint, one way to register a page, one way to refuse.
import compress from '@fastify/compress'
import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import helmet from '@fastify/helmet'
import multipart from '@fastify/multipart'
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import { type Act, type Credentials, enter, type Language } from '../access/index.ts'
import { isLoopback } from '../config/index.ts'
import { damagedRelation, damageOf } from '../database/index.ts'
import type { Kernel } from '../kernel.ts'
import { addressKey, type LimitName } from '../limits/index.ts'
import { chooseLanguage } from '../words/index.ts'
import type { Answer, Body, Endpoint, Params, Query } from './endpoint.ts'
import { addHealth } from './health.ts'
import { once } from './idempotency.ts'
import { addMetrics } from './metrics.ts'
import { problemOf, type Reader, refusalOf } from './problem.ts'
import { Refusal } from './refusal.ts'
import { findBadText, findBrokenName, withoutDirections } from './text.ts'
import { answerUnread } from './unread.ts'

export { type Cursor, readCursor, writeCursor } from './cursor.ts'
export type { Answer, Body, Endpoint, Params, Query } from './endpoint.ts'
export { once } from './idempotency.ts'
export type { LayOut, PageContent } from './layout.ts'
export type { Problem, ProblemPage, Reader } from './problem.ts'
export { Refusal } from './refusal.ts'

/** The largest JSON or form body, in bytes; uploads have their own limits. */
export const bodyLimit = 256 * 1024

declare module 'fastify' {
  interface FastifyContextConfig {
    page?: boolean
    limit?: LimitName
    endpoint?: Endpoint
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
  app.addHook('onRoute', ({ method, url, config }) => {
    for (const each of [method].flat()) routes.push({ method: each, url, endpoint: config?.endpoint ?? null })
  })
  app.setValidatorCompiler(TypeBoxValidatorCompiler as never)
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
      fieldSize: 100_000,
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
  addMetrics(app, kernel)
  addHealth(app, kernel)
  app.addHook('onRequest', async (request, reply) => {
    reply.header('X-Request-Id', request.id)
    reply.header('Permissions-Policy', 'camera=(), microphone=(), geolocation=(self)')
    refuseForeignOrigin(kernel, request)
  })
  app.addHook('preValidation', async (request) => {
    const found = findBadText(request.body) ?? findBadText(request.query) ?? findBadText(request.params)
    if (found !== null) throw new Refusal(400, 'bad-text', 'http.bad-text', { field: found })
    request.body = withoutDirections(request.body)
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
  const refusal = refusalOf(error)
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

/** Language, type size and contrast as the reader chose them; kept in cookies, without an account. */
export function readerOf(request: FastifyRequest): Reader {
  const query = request.query as Record<string, unknown> | undefined
  const asked = typeof query?.lang === 'string' ? query.lang : undefined
  const [type, contrast] = (request.cookies?.linli_display ?? '').split('.')
  return {
    language: chooseLanguage({
      query: asked,
      cookie: request.cookies?.linli_language,
      acceptLanguage: request.headers['accept-language'],
    }).language,
    type: type === 'large' ? 'large' : 'normal',
    contrast: contrast === 'high' ? 'high' : 'normal',
  }
}

/** @throws Refusal 429 with the seconds to wait */
export async function takeLimit(kernel: Kernel, request: FastifyRequest, name: LimitName): Promise<void> {
  const taken = await kernel.limits.take(name, addressKey(request.ip))
  if (!taken.allowed)
    throw new Refusal(429, 'too-many', 'http.too-many', { values: { seconds: taken.retryAfterSeconds } })
}

export interface Input<E extends Endpoint> {
  readonly params: Params<E>
  readonly query: Query<E>
  readonly body: Body<E>
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  /** The version that the caller saw (If-Match), or null. */
  readonly ifMatch: number | null
}

export interface Registration<E extends Endpoint> {
  readonly limit: LimitName
  /** What the caller shows beside the session cookie; the header `Linli-Link` carries a secret link. */
  readonly credentials?: (request: FastifyRequest) => Credentials
  /**
   * Its statements are planned once for each connection and not for each question: under many policies planning costs more than
   * finding. Only where one plan is good for every value, tried with many rows.
   */
  readonly plansKept?: boolean | ((request: FastifyRequest) => boolean)
  /** True where an edit must say which version it saw. */
  readonly needsVersion?: boolean
  readonly handler: (act: Act, input: Input<E>) => Promise<Answer<E>>
  readonly status?: 200 | 201 | 202
}

/**
 * Registers an endpoint of the JSON API: limit → who → validate → transaction → handler → answer.
 * POST requests with an `Idempotency-Key` are done once.
 */
export function register<E extends Endpoint>(
  app: FastifyInstance,
  kernel: Kernel,
  endpoint: E,
  registration: Registration<E>,
): void {
  app.route({
    method: endpoint.method,
    url: endpoint.url,
    schema: endpoint.schema as object,
    config: { limit: registration.limit, endpoint },
    onRequest: async (request) => takeLimit(kernel, request, registration.limit),
    handler: async (request, reply) => {
      const ifMatch = versionOf(request)
      if (registration.needsVersion && ifMatch === null) throw new Refusal(428, 'version-needed', 'http.version-needed')
      const input = {
        params: request.params,
        query: request.query,
        body: request.body,
        request,
        reply,
        ifMatch,
      } as Input<E>
      const status = registration.status ?? 200
      const answer = await inAct(
        kernel,
        request,
        registration.credentials?.(request) ?? credentialsOf(kernel, request),
        async (act) => {
          const key = request.headers['idempotency-key']
          if (endpoint.method !== 'POST' || typeof key !== 'string')
            return { status, answer: await registration.handler(act, input) }
          return once(act, kernel.config.secret, key, `${endpoint.method} ${request.url}`, request.body, async () => ({
            status,
            answer: await registration.handler(act, input),
          }))
        },
        keptFor(registration, request),
      )
      if (reply.sent) return reply
      // Done, and nothing to show: said by the handler for this answer, or kept with it for a repeat.
      if (answer.answer === null || answer.answer === undefined)
        return reply.status(204).header('Cache-Control', 'no-store').send()
      return reply.status(answer.status).header('Cache-Control', 'no-store').send(answer.answer)
    },
  })
}

/** What a request shows by itself: the session cookie (its signature checked without the database) and a secret link. */
export function credentialsOf(kernel: Kernel, request: FastifyRequest): Credentials {
  const link = request.headers['linli-link']
  return {
    session: kernel.sessions.sessionToken(request.headers),
    link: typeof link === 'string' && link.length <= 100 ? link : null,
  }
}

/** Runs work in one transaction of whoever the credentials show. */
export function inAct<T>(
  kernel: Kernel,
  request: FastifyRequest,
  credentials: Credentials,
  work: (act: Act) => Promise<T>,
  plansKept = false,
): Promise<T> {
  const surroundings = { now: kernel.clock.now(), language: readerOf(request).language, plansKept }
  return enter(kernel.database, credentials, surroundings, work)
}

function keptFor({ plansKept }: Pick<Registration<Endpoint>, 'plansKept'>, request: FastifyRequest): boolean {
  return typeof plansKept === 'function' ? plansKept(request) : (plansKept ?? false)
}

function versionOf(request: FastifyRequest): number | null {
  const given = request.headers['if-match']
  if (given === undefined) return null
  const matched = /^(?:W\/)?"(\d{1,9})"$/.exec(given)
  if (!matched) throw new Refusal(400, 'if-match', 'http.if-match')
  return Number(matched[1])
}

/** What a page handler answers with. */
export interface PageAnswer {
  readonly status?: number
  readonly html?: string | Promise<string> | { toString(): string }
  /** See other (303): after a POST, so that going back or reloading repeats nothing. */
  readonly redirect?: string
  readonly cookies?: readonly string[]
  /** Pages without anything personal may be kept by the browser for so many seconds. */
  readonly cacheSeconds?: number
}

export interface PageInput {
  readonly params: Record<string, string>
  readonly query: Record<string, string | undefined>
  /** Fields of a posted form; a field given twice is an array. */
  readonly fields: Record<string, string | string[] | undefined>
  readonly reader: Reader
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

export interface PageRegistration<Prepared = undefined> {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly limit: LimitName
  readonly credentials?: (request: FastifyRequest) => Credentials
  /**
   * Its statements are planned once for each connection and not for each question: under many policies planning costs more than
   * finding. Only where one plan is good for every value, tried with many rows.
   */
  readonly plansKept?: boolean | ((request: FastifyRequest) => boolean)
  /** Before the transaction: reads a multipart body, stores files. */
  readonly prepare?: (request: FastifyRequest) => Promise<Prepared>
  readonly handler: (act: Act, input: PageInput, prepared: Prepared) => Promise<PageAnswer>
}

/** Registers a public page: limit → who → transaction → handler → HTML or a redirect. */
export function registerPage<Prepared = undefined>(
  app: FastifyInstance,
  kernel: Kernel,
  page: PageRegistration<Prepared>,
): void {
  app.route({
    method: page.method,
    url: page.url,
    config: { page: true, limit: page.limit },
    schema: { hide: true } as object,
    onRequest: async (request) => takeLimit(kernel, request, page.limit),
    handler: async (request, reply) => {
      const prepared = (await page.prepare?.(request)) as Prepared
      const input: PageInput = {
        params: request.params as Record<string, string>,
        query: firstOfEach(request.query as Record<string, unknown>),
        fields: (request.body ?? {}) as PageInput['fields'],
        reader: readerOf(request),
        request,
        reply,
      }
      const answer = await inAct(
        kernel,
        request,
        page.credentials?.(request) ?? credentialsOf(kernel, request),
        (act) => page.handler(act, input, prepared),
        keptFor(page, request),
      )
      if (answer.cookies) for (const one of answer.cookies) reply.header('Set-Cookie', one)
      if (reply.sent) return reply
      if (answer.redirect !== undefined)
        return reply.status(303).header('Cache-Control', 'no-store').header('Location', answer.redirect).send()
      reply
        .status(answer.status ?? 200)
        .header('Vary', 'Accept-Language, Cookie')
        .header('Cache-Control', answer.cacheSeconds ? `private, max-age=${answer.cacheSeconds}` : 'no-store')
        .header('Content-Language', input.reader.language)
        .type('text/html; charset=utf-8')
      return reply.send(String(await answer.html))
    },
  })
}

function firstOfEach(query: Record<string, unknown>): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(query).map(([key, value]) => [
      key,
      Array.isArray(value) ? String(value[0]) : (value as string | undefined),
    ]),
  )
}

export type { Act, Language }
