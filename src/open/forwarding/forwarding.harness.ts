// For the tests of forwarding: another city's server that does as it is told, and what is declared towards it.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach } from 'vitest'
import { placeByCode } from '#organise/places/index.ts'
import type { Organisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import type { TestServer } from '#testing/server.ts'
import { hearForwarded } from './forwarding.hearing.ts'
import { createForwarding, type ForwardingWanted, revokeForwarding } from './forwarding.making.ts'
import { sendForwarded } from './forwarding.sending.ts'
import { readDeliveries, readForwardings } from './forwarding.store.ts'

export interface Asked {
  readonly method: string
  /** Below the base, without the query. */
  readonly path: string
  readonly fields: Readonly<Record<string, string>>
  readonly headers: IncomingMessage['headers']
}
export type Answering = (asked: Asked, response: ServerResponse) => void

/** A server on this machine that writes down what it is asked, and answers as the test says. */
export async function elsewhere(answering: Answering) {
  const asked: Asked[] = []
  const listening = createServer((request, response) => {
    let body = ''
    request.on('data', (part) => {
      body += part
    })
    request.on('end', () => {
      const url = new URL(request.url ?? '', 'http://elsewhere')
      const one: Asked = {
        method: request.method ?? '',
        path: url.pathname.replace('/open311/v2/', ''),
        fields: Object.fromEntries([...url.searchParams, ...new URLSearchParams(body)]),
        headers: request.headers,
      }
      asked.push(one)
      answering(one, response)
    })
  })
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  afterAll(() => {
    listening.closeAllConnections()
    listening.close()
  })
  const url = `http://127.0.0.1:${(listening.address() as AddressInfo).port}/open311/v2/`
  return { asked, url, posts: () => asked.filter(({ method }) => method === 'POST') }
}

export const xml = (response: ServerResponse, text: string, status = 200) =>
  response
    .writeHead(status, { 'Content-Type': 'text/xml; charset=utf-8' })
    .end(`<?xml version="1.0" encoding="utf-8"?>${text}`)
export const filedAs = (response: ServerResponse, number: string) =>
  xml(
    response,
    `<service_requests><request><service_request_id>${number}</service_request_id></request></service_requests>`,
  )
export const nothing = (response: ServerResponse) => xml(response, '<service_requests></service_requests>')

const minute = 60_000

/** What tests do with forwardings of one installation. */
export function forwardingOf(server: TestServer, organisation: Organisation) {
  const { owner } = server.database
  const { file, does } = requestsOf(server, organisation)
  const { secretary } = organisation.staff
  let categories = 0

  /** A category of its own, so that each forwarding gets what its test files. */
  async function category(): Promise<{ id: string; code: string }> {
    categories += 1
    const code = `sent.${categories}`
    const id = await server.one<string>(
      "insert into category (id, path, code, level1, level2, level3) values (uuidv7(), '32/10/03/', $1, '城乡建设', '市政', '路灯') returning id",
      [code],
    )
    return { id, code }
  }

  async function declare(wanted: Partial<ForwardingWanted> & Pick<ForwardingWanted, 'url'>) {
    const of = await category()
    const place = await placeByCode(owner.sql, '321003')
    if (!place) throw new Error('there is no district')
    const { id } = await createForwarding(
      {
        owner,
        encryption: server.kernel.encryption,
        now: server.clock.now(),
        publicUrl: server.kernel.config.publicUrl,
      },
      {
        name: '示例市 311',
        inner: true,
        jurisdiction: null,
        service: 'lights',
        key: 'key-of-theirs',
        format: 'xml',
        place,
        category: of.code,
        outline: false,
        steps: false,
        again: 'look',
        language: 'zh-CN',
        ...wanted,
      },
    )
    return { id, category: of.id }
  }

  /** A request of a category that was accepted; released too unless told otherwise. */
  async function told(of: string, options: { released?: boolean; text?: string } = {}) {
    const text = options.text ?? '楼下路灯不亮，晚上走路看不清。'
    const filed = await file({ text, name: '王小路', phone: '13911110001', publicationPermitted: true })
    await does(secretary, filed.id, 'categorise', { category: of, reason: '归类' })
    await does(secretary, filed.id, 'accept')
    if (options.released !== false)
      await does(secretary, filed.id, 'publish', { title: text.split('，')[0] ?? text, text })
    const number = String(await server.one('select number from request where id = $1', [filed.id]))
    return { id: filed.id, number, link: filed.link }
  }

  /** Time passes, and what is due then is sent. */
  async function later(minutes: number, seconds?: number) {
    server.clock.advance(minutes * minute)
    await sendForwarded(server.kernel, seconds)
  }
  async function heard(minutes = 5, seconds?: number) {
    server.clock.advance(minutes * minute)
    await hearForwarded(server.kernel, seconds)
  }
  const delivery = async (forwarding: string) => (await readDeliveries(owner.sql, forwarding, 1))[0]
  /** Lines that forwarding wrote, oldest first. */
  async function lines(request: string): Promise<string[]> {
    const { rows } = await server.superuser.query(
      "select kind || ': ' || text as line from request_entry where request = $1 and kind in ('forwarded', 'heard') order by at, id",
      [request],
    )
    return rows.map(({ line }) => line)
  }
  /** A server elsewhere, a forwarding towards it, and a released request of its category. */
  async function sent(answering: Answering, more: Partial<ForwardingWanted> = {}) {
    const other = await elsewhere(answering)
    const made = await declare({ url: other.url, ...more })
    const request = await told(made.category)
    return { ...other, forwarding: made.id, request }
  }
  // Nobody waits for the servers of another test.
  afterEach(async () => {
    for (const { id, revokedAt } of await readForwardings(owner.sql))
      if (!revokedAt) await revokeForwarding(owner, server.clock.now(), id)
  })
  return { declare, told, later, heard, delivery, lines, sent, does, secretary }
}
