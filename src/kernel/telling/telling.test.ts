import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Calendar, Day } from '../calendar/index.ts'
import { createEncryption } from '../encryption/index.ts'
import { htmlOf } from '../outbox/senders.ts'
import { listedBy, listOf, tellingPath } from './lists.ts'
import { isDue } from './telling.rules.ts'

const encryption = createEncryption(Buffer.alloc(32, 3))
const owner = '019a0000-0000-7000-8000-000000000001'

describe('the address of a choice', () => {
  test('is for one list of one owner, and known again', () => {
    for (const purpose of ['record', 'own', 'work'] as const) {
      const token = tellingPath(encryption, { purpose, owner }).replace('/news/', '')
      expect(listedBy(encryption, token)).toEqual({ purpose, owner })
      // No other list, no other owner, no other installation.
      expect(listedBy(encryption, token.replace(/^./, purpose === 'own' ? 'r' : 'o'))).toBeNull()
      expect(listedBy(encryption, token.replace('019a', '029a'))).toBeNull()
      expect(listedBy(createEncryption(Buffer.alloc(32, 4)), token)).toBeNull()
    }
    fc.assert(fc.property(fc.string(), (text) => listedBy(encryption, text) === null))
  })

  test('stands in a mail with a name of its list (RFC 2919)', () => {
    const kernel = { encryption, config: { publicUrl: 'https://linli.example' } }
    expect(listOf(kernel, { purpose: 'work', owner })).toMatchObject({
      id: '<work.news.linli.example>',
      link: expect.stringMatching(/^https:\/\/linli\.example\/news\/w[0-9a-f]{32}[\w-]{22}$/),
    })
  })
})

describe('the morning on which it is told', () => {
  // 2026-11-23 is a Monday; here it and Tuesday are holidays, and Saturday is worked.
  const calendar: Calendar = {
    days: new Map<Day, boolean>([
      ['2026-11-23', false],
      ['2026-11-24', false],
      ['2026-11-28', true],
    ]),
  }
  const week = [
    '2026-11-23',
    '2026-11-24',
    '2026-11-25',
    '2026-11-26',
    '2026-11-27',
    '2026-11-28',
    '2026-11-29',
  ] as Day[]
  const days = (...of: Parameters<typeof isDue> extends [infer P, infer O, ...unknown[]] ? [P, O] : never) =>
    week.filter((day) => isDue(of[0], of[1], day, calendar)).map((day) => day.slice(8))

  test('of work on working days, weekly on the first of them', () => {
    expect(days('work', 'daily')).toEqual(['25', '26', '27', '28'])
    expect(days('work', 'weekly')).toEqual(['25'])
    expect(days('work', 'never')).toEqual([])
  })

  test('of what residents raised every day, weekly on Mondays; what was held goes out after somebody chose at once', () => {
    expect(days('record', 'daily')).toHaveLength(7)
    expect(days('record', 'weekly')).toEqual(['23'])
    expect(days('own', 'never')).toEqual([])
    expect(days('record', 'now')).toHaveLength(7)
  })
})

test('the words as HTML: whatever stands in them shows as it is, and only addresses are links', () => {
  expect(htmlOf('一 <b> & "二"\n三\n\nhttps://linli.example/news/x?a=1&b=2 完', 'zh-CN')).toBe(
    '<!doctype html><html lang="zh-CN"><body><p>一 &#60;b&#62; &#38; &#34;二&#34;<br>三</p><p><a href="https://linli.example/news/x?a=1&#38;b=2">https://linli.example/news/x?a=1&#38;b=2</a> 完</p></body></html>',
  )
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(
        htmlOf(text, 'en').replace(/<\/?(?:!doctype html|html|body|p|br|a)(?: (?:lang|href)="[^"<>]*")?>/g, ''),
      ).not.toMatch(/[<>]/)
    }),
  )
})
