// The OpenAPI document: valid by an outside validator, complete, and with examples that fit their shapes.
import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { beforeAll, describe, expect, test } from 'vitest'
import { routesOf } from '#kernel/http/index.ts'
import { testDatabase } from '#testing/database.ts'
import { testServer } from '#testing/server.ts'

interface Media {
  schema?: object
  example?: unknown
}
interface Operation {
  operationId?: string
  summary?: string
  parameters?: { name: string; in: string; schema: object; example?: unknown }[]
  requestBody?: { content: Record<string, Media> }
  responses: Record<string, { description: string; content?: Record<string, Media> }>
}

const server = await testServer(await testDatabase())
let document: { openapi: string; paths: Record<string, Record<string, Operation>> }
const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
  )

beforeAll(async () => {
  document = (await (await server.fetch('/api/openapi.json')).json()) as typeof document
})

describe('the OpenAPI document', () => {
  test('is valid OpenAPI 3.1 by a validator that is not ours', async () => {
    const { valid, errors } = await new Validator().validate(
      structuredClone(document) as unknown as Record<string, unknown>,
    )
    expect(errors).toBeUndefined()
    expect(valid).toBe(true)
    expect(document.openapi).toMatch(/^3\.1/)
  })

  test('has every endpoint, and nothing that is none', () => {
    const served = routesOf(server.app)
      .filter(({ endpoint, method, url }) => (endpoint || url.startsWith('/open311/v2/')) && method !== 'HEAD')
      .map(({ method, url }) => `${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`)
    expect(
      operations()
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual([...new Set(served)].toSorted())
  })

  test('names every operation once, and says what it does', () => {
    const names = operations().map(({ operation }) => operation.operationId)
    expect(new Set(names).size).toBe(names.length)
    for (const { name, operation } of operations()) {
      expect(operation.operationId, name).toMatch(/^[a-z][A-Za-z0-9]+$/)
      expect(operation.summary, name).toMatch(/\w.*\.?$/)
    }
  })

  test('has an example of everything that is sent and answered, which fits its shape', () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true })
    addFormats.default(ajv)
    const wrong: string[] = []
    const hold = (where: string, schema: object | undefined, example: unknown) => {
      if (!schema) return
      if (example === undefined) wrong.push(`${where}: none`)
      else if (!ajv.validate(schema, example)) wrong.push(`${where}: ${ajv.errorsText()} ${JSON.stringify(example)}`)
    }
    for (const { name, operation } of operations()) {
      for (const { name: parameter, schema, example } of operation.parameters ?? [])
        hold(`${name} ${parameter}`, schema, example)
      for (const { schema, example } of Object.values(operation.requestBody?.content ?? {}))
        hold(`${name} body`, schema, example)
      for (const [status, { content }] of Object.entries(operation.responses))
        for (const { schema, example } of Object.values(content ?? {})) hold(`${name} ${status}`, schema, example)
    }
    expect(wrong).toEqual([])
  })

  test('tells of the forms of Open311 by both kinds in which they are posted, and what it shows is taken', async () => {
    for (const path of ['requests', 'servicerequestupdates'])
      for (const format of ['xml', 'json']) {
        const content = document.paths[`/open311/v2/${path}.${format}`]?.post?.requestBody?.content ?? {}
        expect(Object.keys(content).toSorted()).toEqual(['application/x-www-form-urlencoded', 'multipart/form-data'])
        const example = content['application/x-www-form-urlencoded']?.example as Record<string, string | string[]>
        const body = new URLSearchParams(
          Object.entries(example).flatMap(([name, value]) =>
            [value].flat().map((one): [string, string] => [name, one]),
          ),
        )
        const answer = await server.fetch(`/open311/v2/${path}.json`, {
          method: 'POST',
          body,
          headers: { 'Accept-Language': 'en' },
        })
        // All but the key: nobody may have one from a document.
        expect(await answer.json()).toEqual([{ code: 403, description: expect.stringContaining('no such key') }])
      }
  })
})
