// Who asks and how: the reader, the limits, what is shown, and the transaction that follows from it.
import type { FastifyRequest } from 'fastify'
import { type Act, type Credentials, enter } from '../access/index.ts'
import type { Kernel } from '../kernel.ts'
import { addressKey, type LimitName } from '../limits/index.ts'
import { chooseLanguage } from '../words/index.ts'
import type { Reader } from './problem.ts'
import { Refusal } from './refusal.ts'
import { markOf } from './wrote.ts'

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

/** Of a request whose sender went away before all of it was there: nobody's alarm, and nobody reads the answer. */
export const brokenOff = () => new Refusal(400, 'bad-request', 'http.bad-request')

/** @throws Refusal 429 with the seconds to wait; 400 where whoever asked is gone already */
export async function takeLimit(kernel: Kernel, request: FastifyRequest, name: LimitName): Promise<void> {
  // A socket that is closed has no address any more, whatever its type says.
  if (!request.ip) throw brokenOff()
  const taken = await kernel.limits.take(name, addressKey(request.ip))
  if (!taken.allowed)
    throw new Refusal(429, 'too-many', 'http.too-many', { values: { seconds: taken.retryAfterSeconds } })
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

/**
 * The same for what is open to everybody and only read: at the replica where there is one and that may be. Whoever shows a session or
 * a secret link reads at the primary, where its end counts at once.
 */
export function readAct<T>(
  kernel: Kernel,
  request: FastifyRequest,
  work: (act: Act) => Promise<T>,
  plansKept = false,
): Promise<T> {
  const shown = credentialsOf(kernel, request)
  if (!kernel.replica || shown.session || shown.link) return inAct(kernel, request, shown, work, plansKept)
  return readAsNobody(kernel, request, work, plansKept)
}

/** The same for programs, which are nobody whatever their browser should hold. */
export function readAsNobody<T>(
  kernel: Kernel,
  request: FastifyRequest,
  work: (act: Act) => Promise<T>,
  plansKept = false,
): Promise<T> {
  const { replica } = kernel
  if (!replica) return inAct(kernel, request, {}, work, plansKept)
  const surroundings = { now: kernel.clock.now(), language: readerOf(request).language, plansKept }
  return replica.read(markOf(request), (at, check) =>
    enter(at, {}, surroundings, async (act) => {
      await check?.(act.client)
      return work(act)
    }),
  )
}

/**
 * Whether a route's statements are planned once for each connection and not for each question: under many policies planning costs
 * more than finding. Only where one plan is good for every value, tried with many rows.
 */
export type PlansKept = boolean | ((request: FastifyRequest) => boolean)

/** What a route says of its plans, for this request. */
export function keptFor(plansKept: PlansKept | undefined, request: FastifyRequest): boolean {
  return typeof plansKept === 'function' ? plansKept(request) : (plansKept ?? false)
}
