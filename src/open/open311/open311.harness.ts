// For the tests of Open311: a server with categories and keys, and how other software asks it.
import sharp from 'sharp'
import { beforeAll, expect } from 'vitest'
import { systemClock } from '#kernel/clock/index.ts'
import { createKey } from '#kernel/keys/index.ts'
import type { Organisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import type { TestServer } from '#testing/server.ts'

export const base = '/open311/v2/'
export const told = '楼下路灯不亮，晚上走路看不清。'
export const form = { service_code: 'light.street', description: told, address_id: '321003001001' }
export const png = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#2f7d5b' } })
  .png()
  .toBuffer()

/** What other software does at one server. */
export function open311Of(server: TestServer, organisation: Organisation) {
  const { does } = requestsOf(server, organisation)
  const { secretary } = organisation.staff
  /** Keys of two systems. */
  const keys = { key: '', other: '' }

  const make = (
    more: { scopes?: string[]; place?: { id: string; path: string } | null; perMinute?: number; expiresAt?: Date } = {},
  ) =>
    createKey(server.database.owner, systemClock.now(), {
      name: '示例平台',
      scopes: ['open311'],
      place: null,
      perMinute: 6_000,
      expiresAt: null,
      ...more,
    })
  beforeAll(async () => {
    keys.key = (await make()).key
    keys.other = (await make()).key
    await server.database.owner.pool.query(
      `insert into category (id, path, code, level1, level2, level3, level3_en) values
        (uuidv7(), '32/10/03/', 'light.street', '城乡建设', '市政', '路灯', 'Street light'),
        (uuidv7(), '32/10/02/', 'noise', '环境', '噪声', '施工噪声', null)`,
    )
  })

  const get = async (path: string, query: Record<string, string> = {}, language = 'en') => {
    const response = await server.fetch(`${base}${path}?${new URLSearchParams(query)}`, {
      headers: { 'Accept-Language': language },
    })
    return { status: response.status, type: response.headers.get('content-type'), text: await response.text() }
  }
  const json = async <T = Record<string, unknown>[]>(path: string, query: Record<string, string> = {}) => {
    const answer = await get(path, query)
    expect(answer.type).toBe('application/json; charset=utf-8')
    return { ...answer, body: JSON.parse(answer.text) as T }
  }
  const post = async (path: string, fields: Record<string, string> | string[][] | FormData, at = base) => {
    const body = fields instanceof FormData ? fields : new URLSearchParams(fields as Record<string, string>)
    const response = await server.fetch(`${at}${path}`, {
      method: 'POST',
      body,
      headers: { 'Accept-Language': 'en' },
    })
    return { status: response.status, text: await response.text() }
  }
  let counter = 0
  /** Another one each time: the same form is the same request. */
  const filed = async (more: Record<string, string> = {}) => {
    counter += 1
    const { status, text } = await post('requests.json', {
      api_key: keys.key,
      ...form,
      description: `${told} ${counter}`,
      ...more,
    })
    expect(status, text).toBe(200)
    const number = (JSON.parse(text) as { service_request_id: string }[])[0]?.service_request_id ?? ''
    const id = await server.one<string>('select id from request where number = $1', [number])
    return { number, id }
  }
  const released = async (more: Record<string, string> = {}) => {
    const made = await filed({ 'attribute[publication]': 'yes', ...more })
    await does(secretary, made.id, 'accept')
    const words = (await server.one<string>('select body from request where id = $1', [made.id])) as string
    await does(secretary, made.id, 'publish', { title: words, text: words })
    return made
  }
  return { keys, make, get, json, post, filed, released }
}
