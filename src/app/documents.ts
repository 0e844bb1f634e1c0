// OpenAPI 3.1 at /api/openapi.json and a page of it that people can read, printed from the endpoints themselves.
import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { html } from 'hono/html'
import { registerPage } from '#kernel/http/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { cookieNames } from '#kernel/sessions/index.ts'
import { t } from '#kernel/words/index.ts'
import { answering, components, elsewhere, saidOf } from './documents.answers.ts'
import { withExamples } from './documents.examples.ts'

interface Operation {
  readonly summary?: string
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[]
  readonly requestBody?: unknown
  readonly responses?: Readonly<Record<string, unknown>>
}

/** What programs call an operation: `GET /api/requests/:id/similar` is `getRequestsIdSimilar`. */
function operationName(method: string, url: string): string {
  const parts = url.replace(/^\/api\//, '').split(/[^A-Za-z0-9]+/)
  return `${method.toLowerCase()}${parts.map((part) => `${part.charAt(0).toUpperCase()}${part.slice(1)}`).join('')}`
}

/** Tuples as JSON Schema 2020-12 writes them, which OpenAPI 3.1 is made of; the server's shapes are of the draft before. */
function asOf2020<T>(value: T): T {
  if (Array.isArray(value)) return value.map(asOf2020) as T
  if (value === null || typeof value !== 'object') return value
  const { items, additionalItems, ...rest } = value as Record<string, unknown>
  const modern = Array.isArray(items) ? { ...rest, prefixItems: items, items: additionalItems ?? true } : value
  return Object.fromEntries(Object.entries(modern).map(([key, each]) => [key, asOf2020(each)])) as T
}

export async function documentApi(app: FastifyInstance, kernel: Kernel): Promise<void> {
  /** What is known of an operation where its route is registered, by its name. */
  const known = new Map<string, Parameters<typeof answering>[1]>()
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Linli 邻里',
        version: '0.1.0',
        license: { name: 'Apache-2.0' },
        description: `What has a standard of its own is described by it:\n\n${elsewhere.map(([address, what]) => `- \`${address}\`: ${what}`).join('\n')}`,
      },
      components: components(cookieNames(kernel.config.publicUrl).session) as object,
      servers: [{ url: kernel.config.publicUrl }],
    },
    transform: ({ schema, url, route }) => {
      const operationId = operationName(`${route.method}`, url)
      const asked = { ...route.config, method: `${route.method}`, url }
      known.set(operationId, asked)
      return { schema: { ...schema, ...saidOf(asked), operationId }, url }
    },
    transformObject: (document) => {
      const written = asOf2020('openapiObject' in document ? document.openapiObject : document.swaggerObject)
      for (const operation of Object.values(written.paths ?? {}).flatMap((methods) =>
        Object.values(methods as object),
      )) {
        const asked = known.get((operation as { operationId?: string }).operationId ?? '')
        if (asked) answering(operation as object, asked)
      }
      return withExamples(written)
    },
  })
  app.get('/api/openapi.json', { schema: { hide: true } }, async (_request, reply) =>
    reply
      .header('Cache-Control', 'public, max-age=300')
      .type('application/json')
      .serializer(JSON.stringify)
      .send(app.swagger()),
  )
  registerPage(app, kernel, {
    method: 'GET',
    url: '/api/docs',
    limit: 'read',
    handler: async (act, { reader, request }) => {
      const say = t(reader.language)
      const { paths = {} } = app.swagger() as { paths?: Record<string, Record<string, Operation>> }
      const rows = Object.entries(paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(
          ([method, operation]) =>
            html`<tr><td><code>${method.toUpperCase()}</code></td><td><code>${path}</code></td><td lang="en">${operation.summary ?? ''}</td><td>${(
              operation.parameters ?? []
            )
              .map((parameter) => parameter.name)
              .join(', ')}</td><td>${Object.keys(operation.responses ?? {}).join(', ')}</td></tr>`,
        ),
      )
      const main = html`<h1>${say('app.docs.title')}</h1><p class="lead">${say('app.docs.lead')} <a href="/api/openapi.json">openapi.json</a> <a href="/programmers">${say('home.programmers.title')}</a></p>
<div class="scroll" role="region" tabindex="0" aria-label="${say('app.docs.title')}"><table class="wide"><thead><tr><th>${say('app.docs.method')}</th><th>${say('app.docs.address')}</th><th>${say('app.docs.does')}</th><th>${say('app.docs.parameters')}</th><th>${say('app.docs.answers')}</th></tr></thead><tbody>${rows}</tbody></table></div>`
      return {
        html: await kernel.layOut(
          { title: say('app.docs.title'), main },
          { reader, request, signedIn: act.actor.person !== null },
        ),
      }
    },
  })
}
