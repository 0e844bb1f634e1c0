import Fastify from 'fastify'
import type { TSchema } from 'typebox'
import { expect, test } from 'vitest'
import { Line, Text } from '#kernel/http/shapes.api.ts'
import { actBodies, askedActs, FileBody, lengths } from './requests.acts.api.ts'

/** Checks bodies as the server does: with the validator of Fastify and without removal of what is unknown. */
async function checker(schema: TSchema): Promise<(body: unknown) => Promise<number>> {
  const app = Fastify({ ajv: { customOptions: { removeAdditional: false, coerceTypes: false } } })
  app.post('/', { schema: { body: schema } }, async () => ({}))
  await app.ready()
  return async (body) => (await app.inject({ method: 'POST', url: '/', payload: body as object })).statusCode
}

test('no act takes a field that it does not know, nor text of a megabyte', async () => {
  for (const act of askedActs) {
    const check = await checker(actBodies[act])
    expect(await check({ stray: 1 }), act).toBe(400)
    for (const name of Object.keys(actBodies[act].properties)) {
      expect(await check({ [name]: 'x'.repeat(900_000) }), `${act}.${name}`).toBe(400)
      expect(await check({ [name]: { deep: [] } }), `${act}.${name}`).toBe(400)
    }
  }
})

test('text has its length, is not blank, and carries no NUL and no half of a pair', async () => {
  const inObject = async (schema: TSchema, text: string) => {
    const one = await checker({ type: 'object', properties: { text: schema } } as TSchema)
    return one({ text })
  }
  for (const good of ['好', '路灯坏了', '𠮷𠮷𠮷𠮷𠮷', 'a b']) {
    expect(await inObject(Text(5), good), good).toBe(200)
    expect(await inObject(Line(5), good), good).toBe(200)
  }
  for (const bad of ['', '   ', '123456', 'a\u0000b', 'a\ud800b', '\udc00']) {
    expect(await inObject(Text(5), bad), JSON.stringify(bad)).toBe(400)
    expect(await inObject(Line(5), bad), JSON.stringify(bad)).toBe(400)
  }
  expect(await inObject(Text(5), 'a\nb')).toBe(200)
  expect(await inObject(Line(5), 'a\nb')).toBe(400)
})

test('a matter is filed with what it needs and nothing else', async () => {
  const check = await checker(FileBody)
  const place = '01890000-0000-7000-8000-000000000001'
  const body = { channel: 'phone', text: '楼道灯不亮', place, anonymous: false }
  expect(await check(body)).toBe(200)
  expect(await check({ ...body, channel: 'telegraph' })).toBe(400)
  expect(await check({ ...body, place: '1' })).toBe(400)
  expect(await check({ ...body, text: '字'.repeat(lengths.body) })).toBe(200)
  expect(await check({ ...body, text: '字'.repeat(lengths.body + 1) })).toBe(400)
  expect(await check({ ...body, latitude: 100 })).toBe(400)
  expect(await check({ ...body, state: 'closed' })).toBe(400)
})
