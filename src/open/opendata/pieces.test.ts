import fastify from 'fastify'
import { expect, test } from 'vitest'
import { sendPieces } from './pieces.ts'

async function* pieces(count: number): AsyncGenerator<string> {
  for (let at = 0; at < count; at += 1) yield `row ${at}\n`
}
const app = fastify()
app.get('/:count', (request, reply) =>
  sendPieces(request, reply, pieces(Number((request.params as { count: string }).count)), 60),
)
const ask = (count: number, tag?: string) =>
  app.inject({ url: `/${count}`, headers: tag === undefined ? {} : { 'if-none-match': tag } })
const whole = (count: number) => Array.from({ length: count }, (_, at) => `row ${at}\n`).join('')

test('what is short has a tag and is sent once; what is long goes out whole without one, whatever is asked for', async () => {
  for (const count of [0, 1, 10]) {
    const first = await ask(count)
    expect([first.statusCode, first.body]).toEqual([200, whole(count)])
    expect((await ask(count, String(first.headers.etag))).statusCode).toBe(304)
  }
  for (const count of [11, 12, 500]) {
    const long = await ask(count, '*')
    expect([long.statusCode, long.body, long.headers.etag]).toEqual([200, whole(count), undefined])
  }
})
