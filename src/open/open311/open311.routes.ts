// Open311 GeoReport v2 as a server, with the extensions in common use: pages, extended attributes, updates in both directions.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { inAct, readAsNobody, readerOf, refusalOf, takeLimit } from '#kernel/http/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { type KeyShown, noteUse, stillHolds, takeKey } from '#kernel/keys/index.ts'
import { t } from '#kernel/words/index.ts'
import { type Format, send } from './open311.answers.ts'
import { queryOf, readSent, textOf } from './open311.asking.ts'
import { bodyOf } from './open311.forms.ts'
import { open311Scope } from './open311.scope.ts'
import { asked, posted } from './open311.served.ts'

const formats = ['xml', 'json'] as const
/** The whole service, and one that files nothing. */
const bases = { production: '/open311/v2', trial: '/open311/test/v2' } as const

/** Registers everything under `/open311/v2/`, the same for trials under `/open311/test/v2/`, and discovery above both. */
export async function open311Routes(app: FastifyInstance, kernel: Kernel): Promise<void> {
  await app.register(async (scope) => {
    // A form is read byte by byte, so that what is no UTF-8 is told; nothing else than forms is taken.
    scope.removeContentTypeParser(['application/json', 'text/plain', 'application/x-www-form-urlencoded'])
    scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    )
    for (const [name, base] of Object.entries(bases)) {
      const trial = name === 'trial'
      for (const each of asked) get(scope, kernel, base, each, trial)
      for (const each of posted) post(scope, kernel, base, each, trial)
    }
    const discovery = asked.filter(({ path }) => path === '/discovery')
    for (const each of discovery) get(scope, kernel, '/open311', each, true)
  })
}

/** The addresses of a path: one for each format, or one whose last part carries it. */
const urlsOf = (base: string, path: string): { url: string; format: Format | null }[] =>
  path.endsWith('/:file')
    ? [{ url: `${base}${path}`, format: null }]
    : formats.map((format) => ({ url: `${base}${path}.${format}`, format }))

/** A code or a number, and the format behind its last dot. @throws Refusal 404 for any other format */
function fileOf(request: FastifyRequest, format: Format | null): { named: string; format: Format } {
  if (format !== null) return { named: '', format }
  const { file = '' } = request.params as { file?: string }
  const [, named = '', ending] = /^(.+)\.(xml|json)$/.exec(file) ?? []
  if (ending === undefined) throw new Refusal(404, 'not-found', 'open311.format')
  return { named, format: ending as Format }
}

/** In which format somebody is told what is wrong, whatever else is. */
const formatAsked = (request: FastifyRequest): Format => (/\.json(\?|$)/.test(request.url) ? 'json' : 'xml')

/** The standard knows three statuses for what a client did wrong; the others keep theirs. */
const statusOf = (status: number): number =>
  status === 401 ? 403 : [405, 409, 413, 415, 422, 428].includes(status) ? 400 : status

/** The key in a header, for what is asked for: an address stands in the logs of every server on the way. */
function headerKey({ headers }: Pick<FastifyRequest, 'headers'>): string | null {
  const given = headers['x-api-key']
  return typeof given === 'string' && given.length <= 200 ? given.trim() || null : null
}

function get(scope: FastifyInstance, kernel: Kernel, base: string, each: (typeof asked)[number], hide: boolean): void {
  for (const { url, format } of urlsOf(base, each.path)) {
    scope.get(url, {
      config: { limit: 'read' },
      schema: describe(each, format, hide),
      validatorCompiler: () => () => true,
      onRequest: async (request) => takeLimit(kernel, request, 'read'),
      errorHandler: (error, request, reply) => sendFault(kernel, error, request, reply),
      handler: async (request, reply) => {
        const file = fileOf(request, format)
        const fields = queryOf(request)
        const text = textOf(fields, 'api_key', 200) ?? headerKey(request)
        return counted(kernel, request, text, `GET ${url}`, async () => {
          const shown = text === null ? null : await shownBy(kernel, text)
          const asking = { kernel, fields, named: file.named, key: shown?.key ?? null }
          // What everybody may read is read at a replica where there is one; a key counts at once, and so at the primary.
          const answer =
            shown === null
              ? await readAsNobody(kernel, request, (act) => each.answer({ act, ...asking }))
              : await inAct(kernel, request, { key: { secret: shown.text } }, (act) => {
                  stillHolds(act, shown.key)
                  return each.answer({ act, ...asking })
                })
          return send(reply, file.format, 200, answer)
        })
      },
    })
  }
}

function post(
  scope: FastifyInstance,
  kernel: Kernel,
  base: string,
  each: (typeof posted)[number],
  trial: boolean,
): void {
  for (const { url, format } of urlsOf(base, each.path)) {
    scope.post(url, {
      config: { limit: 'read' },
      schema: trial ? describe(each, format, trial) : { ...describe(each, format, trial), body: bodyOf(each.form) },
      // What is wrong is told in the words of the standard, field by field: nothing is refused before.
      validatorCompiler: () => () => true,
      // The key has a count of its own, which a city's server behind one address needs; this one bounds whoever has none.
      onRequest: async (request) => {
        await takeLimit(kernel, request, 'read')
        refuseCharset(request)
      },
      errorHandler: (error, request, reply) => sendFault(kernel, error, request, reply),
      handler: async (request, reply) => {
        const file = fileOf(request, format)
        // A key in the address is looked at before any file is taken in.
        const early = textOf(queryOf(request), 'api_key', 200)
        const shownEarly =
          early === null ? null : await counted(kernel, request, early, null, () => shownBy(kernel, early))
        const sent = await readSent(kernel, request)
        const text = textOf(sent.fields, 'api_key', 200)
        return counted(kernel, request, text, `POST ${url}`, async () => {
          if (text === null) throw new Refusal(403, 'key-missing', 'open311.key-missing', { field: 'api_key' })
          const shown = shownEarly?.text === text ? shownEarly : await shownBy(kernel, text)
          return send(reply, file.format, 200, await each.answer({ kernel, request, shown, sent, trial }))
        })
      },
    })
  }
}

async function shownBy(kernel: Kernel, text: string): Promise<{ key: KeyShown; text: string }> {
  return { key: await takeKey(kernel, kernel.database.sql, text, open311Scope.name), text }
}

/** Counts the use of a key, whatever came of it; the count holds up nobody. */
async function counted<T>(
  kernel: Kernel,
  request: FastifyRequest,
  key: string | null,
  what: string | null,
  work: () => Promise<T>,
): Promise<T> {
  const note = async (status: number): Promise<void> => {
    if (key === null) return
    await noteUse(kernel.database.sql, key, what ?? `${request.method} ${request.routeOptions.url}`, status).catch(() =>
      kernel.log.warn({ id: request.id }, 'the use of a key was not counted'),
    )
  }
  try {
    const done = await work()
    if (what !== null) await note(200)
    return done
  } catch (error) {
    await note(statusOf(refusalOf(error).status))
    throw error
  }
}

/** @throws Refusal 400 for a form that says itself that it is not in UTF-8 */
function refuseCharset(request: FastifyRequest): void {
  const [, charset = 'utf-8'] = /charset="?([^";\s]+)/i.exec(request.headers['content-type'] ?? '') ?? []
  if (!/^(utf-?8|us-ascii)$/i.test(charset))
    throw new Refusal(400, 'media-type', 'open311.charset', { values: { charset: charset.slice(0, 40) } })
}

/** A fault as the standard tells it: a list of code and sentence. */
function sendFault(kernel: Kernel, error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refusal = refusalOf(error)
  const status = statusOf(refusal.status)
  if (status >= 500) {
    const { name, code } = error as { name?: string; code?: string }
    kernel.log.error(
      { id: request.id, route: request.routeOptions.url, type: refusal.type, error: name, code },
      'failed',
    )
    reply.header('Retry-After', 5)
  }
  if (typeof refusal.values.seconds === 'number') reply.header('Retry-After', refusal.values.seconds)
  const description = t(readerOf(request).language)(refusal.key, refusal.values)
  return send(reply, formatAsked(request), status, {
    root: 'errors',
    item: 'error',
    facts: [{ code: status, description }],
  })
}

/** What the description of the API says of an address. */
function describe(
  each: { summary: string; parameters?: Readonly<Record<string, string>> },
  format: Format | null,
  hide: boolean,
) {
  if (hide) return { hide: true } as object
  const properties = Object.fromEntries(
    Object.entries(each.parameters ?? {}).map(([name, description]) => [name, { type: 'string', description }]),
  )
  return {
    summary: format === null ? each.summary : `${each.summary} (${format.toUpperCase()})`,
    tags: ['open311'],
    ...(format === null ? { params: { type: 'object', properties: { file: { type: 'string' } } } } : {}),
    querystring: { type: 'object', properties },
  } as object
}
