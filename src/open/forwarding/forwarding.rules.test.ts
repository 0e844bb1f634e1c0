import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Answered } from '#kernel/elsewhere/index.ts'
import { xmlDocument } from '#kernel/xml/index.ts'
import { readAnswer } from './forwarding.reading.ts'
import { foundBy, isOver, lineOf, markOf, newsOf, outcomeOf } from './forwarding.rules.ts'

const answered = (status: number, body: string | Buffer, type = 'text/xml; charset=utf-8'): Answered => ({
  status,
  headers: { 'content-type': type },
  body: Buffer.from(body as string),
})
const filed = (number: string) =>
  xmlDocument(['service_requests', [['request', [['service_request_id', number]]]]] as never)

describe('an answer', () => {
  const rows = fc.array(
    fc.record(
      {
        service_request_id: fc.string({ minLength: 1, maxLength: 40, unit: fc.constantFrom(...'aZ0-_ &<>"\'中灯') }),
        status: fc.constantFrom('open', 'closed'),
        description: fc.string({ maxLength: 200, unit: fc.constantFrom(...'a \n&<>"]!-;#中灯😀') }),
      },
      { requiredKeys: ['service_request_id'] },
    ),
  )
  const kept = (given: readonly Record<string, string | undefined>[]) =>
    given.map((row) =>
      Object.fromEntries(Object.entries(row).flatMap(([name, text]) => (text?.trim() ? [[name, text.trim()]] : []))),
    )

  test('says the same in both formats, whatever stands in its texts', () => {
    fc.assert(
      fc.property(rows, (given) => {
        const xml = xmlDocument([
          'service_requests',
          given.map((row) => ['request', Object.entries(row).map(([name, text]) => [name, text])]),
        ] as never)
        expect(readAnswer(answered(200, xml))?.rows).toEqual(kept(given))
        expect(readAnswer(answered(200, JSON.stringify(given), 'application/json'))?.rows).toEqual(kept(given))
      }),
    )
  })

  test('of any bytes is read or not, and never throws', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.constantFrom('text/xml', 'application/json; charset=gbk', '', 'x; charset=none'),
        (bytes, type) => {
          const read = readAnswer(answered(200, Buffer.from(bytes), type))
          expect(read === null || Array.isArray(read.rows)).toBe(true)
        },
      ),
    )
  })

  test.each([
    ['a document type', '<!DOCTYPE a [<!ENTITY b "lol">]><service_requests>&b;</service_requests>'],
    ['an element that is not closed', '<service_requests><request>'],
    ['another encoding than it says', Buffer.from([0x3c, 0x61, 0x3e, 0xc2, 0xb7, 0xb5, 0xc6, 0x3c, 0x2f, 0x61, 0x3e])],
    ['deeper than any list is', `${'<a>'.repeat(200)}${'</a>'.repeat(200)}`],
    ['a page for people', '<!doctype html><title>Login</title>'],
    ['a bare word', '"ok"'],
    ['nothing', ''],
  ])('with %s cannot be read', (_, body) => {
    expect(readAnswer(answered(200, body))).toBeNull()
  })

  test('in the encoding that it declares is read', () => {
    const latin = Buffer.from(
      '<?xml version="1.0" encoding="ISO-8859-1"?><errors><error><code>400</code><description>caf\xe9</description></error></errors>',
      'latin1',
    )
    expect(readAnswer({ headers: { 'content-type': 'text/xml' }, body: latin })?.faults).toEqual(['café'])
  })
})

describe('what may have been taken is never sent as if it were not', () => {
  // Each status that has a name of its own (RFC 9110, 15; RFC 6585): what becomes of what was sent.
  const named = {
    // The key may be put right, or it says itself that it does nothing now.
    again: [401, 403, 408, 425, 429, 503],
    // As it stands it is taken nowhere, however often it comes.
    refused: [
      400, 402, 404, 405, 406, 407, 409, 410, 411, 412, 413, 414, 415, 416, 417, 421, 422, 423, 424, 426, 428, 431, 451,
    ],
    // Something was wrong with them, after they had it.
    unsure: [500, 501, 502, 504, 505, 506, 507, 508, 510, 511],
  } as const
  test.each(Object.entries(named).flatMap(([is, all]) => all.map((status) => [status, is] as const)))(
    'a %i is %s, with a wait where one is named',
    (status, is) => {
      for (const kind of ['request', 'step'] as const) {
        const outcome = outcomeOf({ ...answered(status, ''), afterSeconds: 7 }, kind)
        const waits = is === 'again' ? { afterSeconds: 7 } : {}
        expect(outcome).toEqual({ is, reason: `http ${status}`, ...waits })
        expect(outcomeOf(answered(status, ''), kind)).toEqual({ is, reason: `http ${status}` })
      }
    },
  )
  test('and no other status is sent again or refused by itself', () => {
    const again: readonly number[] = named.again
    for (let status = 300; status < 600; status += 1) {
      const is = status < 400 || status >= 500 ? 'unsure' : 'refused'
      expect({ status, is: outcomeOf(answered(status, ''), 'request').is }).toEqual({
        status,
        is: again.includes(status) ? 'again' : is,
      })
    }
  })

  test('by any status and any body', () => {
    const certain: readonly number[] = named.again
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), fc.string({ maxLength: 60 }), (status, body) => {
        const { is } = outcomeOf(answered(status, body), 'request')
        if (is === 'again') expect(certain).toContain(status)
        if (is === 'refused') expect(Math.floor(status / 100)).toBe(4)
        if (is === 'delivered' || is === 'token') expect(Math.floor(status / 100)).toBe(2)
      }),
    )
  })

  test('any 2xx with a number is success, as clients of this standard take it', () => {
    for (const status of [200, 201, 202])
      expect(outcomeOf(answered(status, filed('C-1')), 'request')).toMatchObject({ is: 'delivered', number: 'C-1' })
    expect(outcomeOf(answered(200, filed('x'.repeat(201))), 'request').is).toBe('unsure')
  })

  test('without any answer it depends on whether a connection stood', () => {
    expect(outcomeOf({ reason: 'unreachable', sent: false }, 'request').is).toBe('again')
    expect(outcomeOf({ reason: 'timeout', sent: true }, 'request').is).toBe('unsure')
  })
})

test('a mark is found in its own text alone', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.string(), (one, other, around) => {
      const mark = markOf('https://linli.example.org/', one)
      const rows = [{ service_request_id: 'C-1', description: `${around}${mark}${around}` }]
      expect(foundBy(mark, rows)).toBe('C-1')
      if (one !== other) expect(foundBy(markOf('https://linli.example.org/', other), rows)).toBeNull()
    }),
  )
})

test('news have an id each, the same each time, and none without the number of a request', () => {
  const row = {
    service_request_id: 'C-1',
    status: 'open',
    description: '好',
    updated_datetime: '2026-11-24T10:00:00+08:00',
  }
  const [first] = newsOf([row])
  expect(newsOf([row, { status: 'open' }, { service_request_id: 'C-1' }])).toEqual([first])
  expect(newsOf([{ ...row, description: '不好' }])[0]?.id).not.toBe(first?.id)
  expect(newsOf([{ ...row, update_id: '7' }])[0]?.id).toBe('7')
  const long = ['好', '坏'].flatMap((end) => newsOf([{ ...row, description: `${'长'.repeat(5_000)}${end}` }]))
  expect(new Set(long.map(({ id }) => id)).size).toBe(2)
  for (const { id } of long) expect(id.length).toBeLessThanOrEqual(200)
})

test('over there is what the standard and its extension call so, in any writing', () => {
  expect(['closed', 'CLOSED', 'Fixed', 'NO_FURTHER_ACTION', 'no further action', 'duplicate'].every(isOver)).toBe(true)
  expect([null, 'open', 'in_progress', 'investigating'].some(isOver)).toBe(false)
  expect(lineOf('示例市 311', { status: 'open', text: null }, 'zh-CN')).toBe('示例市 311 · open')
})

test('what comes from elsewhere has no marks that turn the reading round, and no secret link of ours', () => {
  const news = { status: 'open\u202e', text: `\u202e好了\u2066 https://linli.example/r/${'aB3_'.repeat(11)}` }
  expect(lineOf('示例市 311', news, 'zh-CN')).toBe('示例市 311 · open\n好了 ［链接已略去］')
})
