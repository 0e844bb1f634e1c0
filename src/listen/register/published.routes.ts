// The register as everybody may read it: checkpoints and tiles in the manner of C2SP tlog-tiles, the key, and what both mean in plain words.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readerOf, register, registerPage, show, takeLimit } from '#kernel/http/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { MissingPlace } from '#kernel/ledger/index.ts'
import { parseTilePath } from '#kernel/tree/index.ts'
import { t } from '#kernel/words/index.ts'
import { checkFile, checkModules, checkPage } from './pages/check.page.ts'
import { entryPage, publishedPage } from './pages/published.page.ts'
import { cosignCheckpoint, readNewest } from './register.api.ts'

const gone = () => new Refusal(404, 'not-found', 'http.not-found')
const bytes = 'application/octet-stream'
const plain = 'text/plain; charset=utf-8'

const isSize = (text: string): boolean => /^[1-9]\d{0,14}$/.test(text)

/** @throws Refusal 410 where an entry is gone, or what stands there no longer leads to what was published */
async function standing<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof MissingPlace)
      throw new Refusal(410, 'register-place-missing', 'register.place-missing', { values: { place: error.place } })
    if (error instanceof RangeError) throw new Refusal(410, 'register-broken', 'register.broken')
    throw error
  }
}

export function publishedRoutes(app: FastifyInstance, kernel: Kernel): void {
  const { publishing } = kernel

  /** What a program reads. It is never kept by anybody on the way: what was removed has to show. */
  function file(
    url: string,
    type: string,
    read: (params: Record<string, string>) => Promise<string | Buffer | null>,
    limit: 'read' | 'tiles.address' = 'read',
  ) {
    app.get(
      url,
      { config: { page: true, limit }, schema: { hide: true } as object },
      async (request: FastifyRequest, reply: FastifyReply) => {
        await takeLimit(kernel, request, limit)
        try {
          const content = await read(request.params as Record<string, string>)
          if (content === null) throw gone()
          return await reply.type(type).header('Cache-Control', 'no-store').send(content)
        } catch (error) {
          if (!(error instanceof Refusal)) throw error
          // A program asked, or somebody who saves a file: a page about links would be taken for it.
          const sentence = t(readerOf(request).language)(error.key, error.values)
          return reply.code(error.status).type(plain).header('Cache-Control', 'no-store').send(`${sentence}\n`)
        }
      },
    )
  }

  file('/register/key', plain, async () => `${await publishing.key()}\n`)
  file('/register/checkpoint', plain, async () => (await publishing.checkpoint())?.note ?? null)
  file('/register/checkpoints/:size', plain, async ({ size = '' }) =>
    isSize(size) ? ((await publishing.checkpoint(Number(size)))?.note ?? null) : null,
  )
  file(
    '/register/tile/*',
    bytes,
    async (params) => {
      const tile = parseTilePath(params['*'] ?? '')
      return tile ? standing(() => publishing.tile(tile)) : null
    },
    'tiles.address',
  )
  file('/register/consistency/:older', plain, async ({ older = '' }) =>
    isSize(older) ? standing(() => publishing.consistency(Number(older))) : null,
  )

  let modules: ReadonlyMap<string, string> | null = null
  file('/register/check/:module', 'text/javascript; charset=utf-8', async ({ module = '' }) => {
    modules ??= checkModules((name) => `/register/check/${name}.js`)
    return modules.get(module.replace(/\.js$/, '')) ?? null
  })
  registerPage(app, kernel, {
    method: 'GET',
    url: '/register/check',
    limit: 'read',
    handler: async (act, input) => show(kernel, act, input, checkPage(input.reader.language, await publishing.key())),
  })
  app.get(
    '/register/check.html',
    { config: { page: true, limit: 'read' }, schema: { hide: true } as object },
    async (request, reply) => {
      await takeLimit(kernel, request, 'read')
      const content = await checkFile(readerOf(request).language, await publishing.key())
      return reply
        .type('text/html; charset=utf-8')
        .header('Content-Disposition', 'attachment; filename="linli-check.html"')
        .send(content)
    },
  )

  registerPage(app, kernel, {
    method: 'GET',
    url: '/register',
    limit: 'read',
    handler: async (act, input) => {
      const { language } = input.reader
      const [key, checkpoint] = await Promise.all([publishing.key(), publishing.checkpoint()])
      return show(kernel, act, input, publishedPage({ language, now: act.now, key, checkpoint }))
    },
  })

  // What the code on a printed receipt leads to: whether what it names still stands at its place.
  registerPage(app, kernel, {
    method: 'GET',
    url: '/register/entries/:place/:leaf',
    limit: 'link.address',
    handler: async (act, input) => {
      const { place = '', leaf = '' } = input.params
      if (!isSize(place) || !/^[0-9a-f]{64}$/.test(leaf)) throw gone()
      const { language } = readerOf(input.request)
      const stands = await publishing.standsAt(Number(place), Buffer.from(leaf, 'hex'))
      return show(kernel, act, input, entryPage({ language, place: Number(place), leaf, stands }))
    },
  })

  register(app, kernel, readNewest, {
    limit: 'read',
    handler: async (act) => ({ newest: await publishing.newest(act.now) }),
  })
  register(app, kernel, cosignCheckpoint, {
    limit: 'write',
    status: 201,
    handler: async (act, { body }) => {
      const wrong = await publishing.cosign(body.line, body.size, act.now)
      if (wrong === 'unknown-checkpoint') throw gone()
      if (wrong === 'unknown-witness') throw new Refusal(403, 'unknown-witness', 'register.unknown-witness')
      if (wrong === 'wrong') throw new Refusal(422, 'cosignature', 'register.cosignature-wrong', { field: 'line' })
      return { size: body.size }
    },
  })
}
