// An endpoint of the JSON API.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Act, Credentials } from '../access/index.ts'
import type { Kernel } from '../kernel.ts'
import type { LimitName } from '../limits/index.ts'
import { credentialsOf, inAct, keptFor, type PlansKept, takeLimit } from './asking.ts'
import type { Answer, Body, Endpoint, Params, Query } from './endpoint.ts'
import { once } from './idempotency.ts'
import { Refusal } from './refusal.ts'

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
  readonly plansKept?: PlansKept
  /** True where an edit must say which version it saw. */
  readonly needsVersion?: boolean
  readonly handler: (act: Act, input: Input<E>) => Promise<Answer<E>>
  readonly status?: 200 | 201 | 202
}

/**
 * Registers an endpoint of the JSON API: limit → who → validate → transaction → handler → answer.
 * POST requests with an `Idempotency-Key` are done once; those that only ask are answered each time.
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
    config: { limit: registration.limit, endpoint, needsVersion: registration.needsVersion ?? false },
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
          if (endpoint.method !== 'POST' || endpoint.asks || typeof key !== 'string')
            return { status, answer: await registration.handler(act, input) }
          return once(act, kernel.config.secret, key, `${endpoint.method} ${request.url}`, request.body, async () => ({
            status,
            answer: await registration.handler(act, input),
          }))
        },
        keptFor(registration.plansKept, request),
      )
      if (reply.sent) return reply
      // Done, and nothing to show: said by the handler for this answer, or kept with it for a repeat.
      if (answer.answer === null || answer.answer === undefined)
        return reply.status(204).header('Cache-Control', 'no-store').send()
      const version = endpoint.method === 'GET' ? versionIn(answer.answer) : null
      if (version !== null) reply.header('ETag', `"${version}"`)
      return reply.status(answer.status).header('Cache-Control', 'no-store').send(answer.answer)
    },
  })
}

/** The version of a record, which an edit of it brings back in If-Match (RFC 9110, 8.8.3 and 13.1.1); null for what has none. */
function versionIn(answer: unknown): number | null {
  const { version } = answer as { version?: unknown }
  return typeof version === 'number' ? version : null
}

function versionOf(request: FastifyRequest): number | null {
  const given = request.headers['if-match']
  if (given === undefined) return null
  const matched = /^(?:W\/)?"(\d{1,9})"$/.exec(given)
  if (!matched) throw new Refusal(400, 'if-match', 'http.if-match')
  return Number(matched[1])
}
