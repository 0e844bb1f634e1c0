// What another city's server tells of what went there: entered once; what cannot be read, or means harm, is named in the log.
import type { ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { testServer } from '#testing/server.ts'
import { type Asked, filedAs, forwardingOf, xml } from './forwarding.harness.ts'
import { readForwardings } from './forwarding.store.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { later, heard, lines, sent } = forwardingOf(server, organisation)
const { owner } = server.database

describe('news', () => {
  const update = (id: string, status: string, text: string) =>
    `<request_update><update_id>${id}</update_id><service_request_id>C-1</service_request_id><status>${status}</status><updated_datetime>2026-11-24T10:00:00+08:00</updated_datetime><description>${text}</description></request_update>`
  async function following(answer: (one: Asked, response: ServerResponse) => void) {
    const made = await sent((one, response) =>
      one.method === 'POST' ? filedAs(response, 'C-1') : answer(one, response),
    )
    await later(1)
    return made
  }
  const reason = async (id: string) => (await readForwardings(owner.sql)).find((one) => one.id === id)?.hearReason

  test('are entered once, however often they are told, by windows that overlap', async () => {
    const { asked, request } = await following((_, response) =>
      xml(
        response,
        `<service_request_updates>${update('1', 'in_progress', '换灯泡 &amp; 查线路&#10;明天')}${update('2', 'fixed', '好了')}<request_update><service_request_id>C-99</service_request_id><status>open</status></request_update></service_request_updates>`,
      ),
    )
    for (let round = 0; round < 4; round += 1) await heard()
    expect((await lines(request.id)).slice(1)).toEqual([
      'heard: 示例市 311 · 在办理\n换灯泡 & 查线路\n明天',
      'heard: 示例市 311 · 已修好\n好了',
    ])
    expect(await server.one('select state from request where id = $1', [request.id])).toBe('accepted')
    const windows = asked.filter(({ path }) => path === 'servicerequestupdates.xml').map(({ fields }) => fields)
    expect(windows.length).toBeGreaterThan(2)
    for (const { start_date, end_date, api_key } of windows) {
      expect(start_date).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/)
      expect(Date.parse(end_date ?? '')).toBeGreaterThan(Date.parse(start_date ?? ''))
      // An address stands in logs: the key is only for what is posted.
      expect(api_key).toBeUndefined()
    }
    expect(Date.parse(windows[1]?.start_date ?? '')).toBeLessThan(Date.parse(windows[0]?.end_date ?? ''))
  })

  test('come by request where there are no updates', async () => {
    let status = 'open'
    const { request } = await following((one, response) =>
      one.path.startsWith('servicerequestupdates')
        ? response.writeHead(404).end()
        : xml(
            response,
            `<service_requests><request><service_request_id>C-1</service_request_id><status>${status}</status><status_notes>${status === 'open' ? '' : '换好了'}</status_notes><updated_datetime>2026-11-24T10:00:0${status.length}+08:00</updated_datetime></request></service_requests>`,
          ),
    )
    for (let round = 0; round < 3; round += 1) await heard()
    expect(await lines(request.id)).toHaveLength(1)
    status = 'closed'
    for (let round = 0; round < 3; round += 1) await heard()
    expect((await lines(request.id)).slice(1)).toEqual(['heard: 示例市 311 · 已关闭\n换好了'])
  })

  test('the key goes along only where the service refuses without', async () => {
    const { asked, request } = await following((one, response) =>
      one.fields.api_key === 'key-of-theirs'
        ? xml(response, `<service_request_updates>${update('1', 'fixed', '好了')}</service_request_updates>`)
        : xml(response, '<errors><error><code>403</code><description>api_key</description></error></errors>', 403),
    )
    await heard()
    expect(asked.slice(-2).map(({ fields }) => fields.api_key)).toEqual([undefined, 'key-of-theirs'])
    expect((await lines(request.id)).slice(1)).toEqual(['heard: 示例市 311 · 已修好\n好了'])
  })

  const bomb =
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><service_request_updates>&b;</service_request_updates>'
  test.each([
    [
      'what is no XML',
      (response: ServerResponse) => response.end('<service_request_updates><request_update>'),
      'malformed answer',
    ],
    ['entities without end', (response: ServerResponse) => xml(response, bomb), 'malformed answer'],
    [
      'another encoding than it says',
      (response: ServerResponse) =>
        response
          .writeHead(200, { 'Content-Type': 'text/xml; charset=utf-8' })
          .end(Buffer.from([0x3c, 0xc2, 0xb7, 0xb5, 0xc6])),
      'malformed answer',
    ],
    ['more than is read', (response: ServerResponse) => response.end(Buffer.alloc(5_000_000, 0x20)), 'too large'],
    [
      'a redirect',
      (response: ServerResponse) => response.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end(),
      'http 302: leads elsewhere',
    ],
    [
      'a refusal',
      (response: ServerResponse) =>
        xml(response, '<errors><error><code>403</code><description>no such key</description></error></errors>', 403),
      'http 403: no such key',
    ],
    ['nothing', (response: ServerResponse) => response.destroy(), 'cut off'],
    ['silence', (_: ServerResponse) => undefined, 'timeout'],
  ])('%s is named, asked for ever less often, and missed nothing when it comes back', async (_, answer, named) => {
    let well = false
    const { asked, forwarding, request } = await following((_one, response) => {
      if (!well) return answer(response)
      return xml(response, `<service_request_updates>${update('1', 'closed', '好了')}</service_request_updates>`)
    })
    await heard(5, 0.3)
    expect(await reason(forwarding)).toBe(named)
    const before = asked.length
    for (let round = 0; round < 12; round += 1) await heard(10, 0.3)
    // Once without the key and, where that is refused, once with it.
    expect(asked.slice(before).filter(({ fields }) => fields.api_key === undefined).length).toBeLessThan(6)
    well = true
    await heard(121)
    expect(await reason(forwarding)).toBeNull()
    expect((await lines(request.id)).slice(1)).toEqual(['heard: 示例市 311 · 已关闭\n好了'])
  })
})
