// A public page: HTML or a redirect.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Act, Credentials } from '../access/index.ts'
import type { Kernel } from '../kernel.ts'
import type { LimitName } from '../limits/index.ts'
import { credentialsOf, inAct, keptFor, type PlansKept, readAct, readerOf, takeLimit } from './asking.ts'
import type { PageContent } from './layout.ts'
import type { Reader } from './problem.ts'
import { Refusal } from './refusal.ts'

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
  readonly plansKept?: PlansKept
  /** It shows the same to everybody, and shows only: it may be read at a replica. */
  readonly fromReplica?: true
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
  route(app, kernel, page, async (input) => {
    const { request } = input
    const prepared = (await page.prepare?.(request)) as Prepared
    const work = (act: Act) => page.handler(act, input, prepared)
    const kept = keptFor(page.plansKept, request)
    if (page.fromReplica) return readAct(kernel, request, work, kept)
    return inAct(kernel, request, page.credentials?.(request) ?? credentialsOf(kernel, request), work, kept)
  })
}

export interface FormRegistration {
  readonly url: string
  readonly limit: LimitName
  readonly handler: (input: PageInput) => Promise<PageAnswer>
}

/**
 * Registers a form whose handler begins its own transactions: limit → handler → HTML or a redirect. For a form with files, since no
 * transaction waits for somebody's upload and what was typed is kept before anything can refuse it; and where what was done is
 * committed before the answer is looked up.
 */
export function registerForm(app: FastifyInstance, kernel: Kernel, form: FormRegistration): void {
  route(app, kernel, { ...form, method: 'POST' }, form.handler)
}

/** An answer in the public layout. */
export function show(
  kernel: Pick<Kernel, 'layOut'>,
  act: Pick<Act, 'actor'>,
  { reader, request }: Pick<PageInput, 'reader' | 'request'>,
  content: PageContent,
  more: Omit<PageAnswer, 'html'> = {},
): PageAnswer {
  return { ...more, html: kernel.layOut(content, { reader, request, signedIn: act.actor.person !== null }) }
}

/** One value of a form's field; of several the last. */
export function one(value: string | readonly string[] | undefined): string {
  return (typeof value === 'string' ? value : value?.at(-1)) ?? ''
}

function route(
  app: FastifyInstance,
  kernel: Kernel,
  page: { readonly method: 'GET' | 'POST'; readonly url: string; readonly limit: LimitName },
  work: (input: PageInput) => Promise<PageAnswer>,
): void {
  app.route({
    method: page.method,
    url: page.url,
    config: { page: true, limit: page.limit },
    schema: { hide: true } as object,
    onRequest: async (request) => {
      await takeLimit(kernel, request, page.limit)
      if (page.method === 'POST') refuseNoForm(request)
    },
    handler: async (request, reply) => {
      const reader = readerOf(request)
      const answer = await work({
        params: request.params as Record<string, string>,
        query: firstOfEach(request.query as Record<string, unknown>),
        fields: (request.body ?? {}) as PageInput['fields'],
        reader,
        request,
        reply,
      })
      // Asked anew: a form in which the reader switched the language is answered in the new one.
      return reply.sent ? reply : send(reply, answer, readerOf(request))
    },
  })
}

/**
 * A page takes what forms send: fields of text. Anything else, which no form would send and no page describes, is not even read.
 * @throws Refusal 415
 */
function refuseNoForm(request: FastifyRequest): void {
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase()
  if (type && type !== 'application/x-www-form-urlencoded' && type !== 'multipart/form-data')
    throw new Refusal(415, 'media-type', 'http.media-type')
}

async function send(reply: FastifyReply, answer: PageAnswer, reader: Reader): Promise<FastifyReply> {
  for (const one of answer.cookies ?? []) reply.header('Set-Cookie', one)
  if (answer.redirect !== undefined)
    return reply.status(303).header('Cache-Control', 'no-store').header('Location', answer.redirect).send()
  reply
    .status(answer.status ?? 200)
    .header('Vary', 'Accept-Language, Cookie')
    .header('Cache-Control', answer.cacheSeconds ? `private, max-age=${answer.cacheSeconds}` : 'no-store')
    .header('Content-Language', reader.language)
    .type('text/html; charset=utf-8')
  return reply.send(String(await answer.html))
}

function firstOfEach(query: Record<string, unknown>): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(query).map(([key, value]) => [
      key,
      Array.isArray(value) ? String(value[0]) : (value as string | undefined),
    ]),
  )
}
