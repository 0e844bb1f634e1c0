import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEncryption } from '../encryption/index.ts'
import { bounceAddress, destinationOf, replyAddress, replyToken } from './addresses.ts'
import { type Apart, kindOf, languageOf, letterOf, plain } from './letter.ts'
import { readReport } from './reports.ts'

const apart = (headers: readonly (readonly [string, string])[] = [], more: Partial<Apart> = {}): Apart => ({
  headers,
  from: { name: '王小明', address: 'ming@example.org' },
  subject: '灯',
  messageId: '<a@client.example>',
  answered: '',
  text: '灯不亮。',
  attachments: [],
  dropped: 0,
  ...more,
})
const part = (mediaType: string, text = '', method: string | null = null) => ({
  name: null,
  mediaType,
  method,
  content: Buffer.from(text),
})

describe('what a mail is', () => {
  test.each([
    ['said', [], 'ming@example.org'],
    ['said', [['auto-submitted', 'no']], 'ming@example.org'],
    ['automatic', [], ''],
    ['automatic', [], 'MAILER-DAEMON@example.org'],
    ['automatic', [['auto-submitted', 'auto-replied (vacation)']], 'ming@example.org'],
    ['automatic', [['auto-submitted', 'auto-generated']], 'ming@example.org'],
    ['automatic', [['x-autoreply', 'yes']], 'ming@example.org'],
    ['automatic', [['precedence', 'auto_reply']], 'ming@example.org'],
    ['automatic', [['content-type', 'multipart/report; report-type=disposition-notification']], 'ming@example.org'],
    ['report', [['content-type', 'multipart/report; report-type=delivery-status; boundary=x']], ''],
    ['bulk', [['precedence', 'bulk']], 'news@example.org'],
    ['bulk', [['list-unsubscribe', '<https://example.org/>']], 'news@example.org'],
    ['sealed', [['content-type', 'multipart/encrypted; protocol="application/pgp-encrypted"']], 'ming@example.org'],
    ['sealed', [['content-type', 'application/pkcs7-mime; smime-type=enveloped-data']], 'ming@example.org'],
  ] as const)('%s by %j from %s', (kind, headers, sender) => {
    expect(kindOf(apart(headers), sender)).toBe(kind)
  })

  test('a calendar answers, and a report comes without its type', () => {
    expect(kindOf(apart([], { attachments: [part('text/calendar', '', 'REPLY')] }), 'a@example.org')).toBe('reply')
    expect(kindOf(apart([], { attachments: [part('text/calendar', '', 'REQUEST')] }), 'a@example.org')).toBe('said')
    expect(kindOf(apart([], { attachments: [part('message/delivery-status')] }), '')).toBe('report')
  })
})

describe('of whom, in which language', () => {
  test('from whom it says, else from whom the envelope does; nothing that is no address', () => {
    const of = (from: string, sender: string) =>
      letterOf(apart([], { from: { name: '', address: from } }), { sender, recipients: [] }).from
    expect(of('ming@example.org', 'other@example.org')).toBe('ming@example.org')
    expect(of('', 'other@example.org')).toBe('other@example.org')
    expect(of('a@example.org\r\nBcc: b@example.org', '')).toBeNull()
    expect(of('a@b', '')).toBeNull()
  })

  test('what it names counts, then whether there is Chinese in it', () => {
    expect(languageOf('en-GB', '灯')).toBe('en')
    expect(languageOf(null, 'The lamp 灯')).toBe('zh-CN')
    expect(languageOf('de', 'The lamp')).toBe('en')
    expect(languageOf(null, ' ')).toBe('zh-CN')
  })

  test('the same mail has the same digest on every way here, another has another', () => {
    const digest = (more: Partial<Apart>, sender = 'a@example.org') =>
      letterOf(apart([['received', sender]], more), { sender, recipients: [sender] }).digest
    expect(digest({})).toBe(digest({}, 'b@example.org'))
    expect(digest({ text: '门坏了。' })).not.toBe(digest({}))
    expect(digest({ attachments: [part('image/png', 'x')] })).not.toBe(digest({}))
  })
})

test('text is what a database takes, whatever came', () => {
  expect(plain('一\u0000二\r\n三\u2028四\r\u0007五  \n')).toBe('一二\n三\n四\n五')
  expect(plain('\ud800')).toBe('\ufffd')
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const tidy = plain(text)
      expect(tidy).not.toMatch(/[^\P{Cc}\n\t]/u)
      expect(tidy.isWellFormed()).toBe(true)
      expect(plain(tidy)).toBe(tidy)
    }),
  )
})

describe('reports (RFC 3464)', () => {
  const report = (text: string) => readReport([part('message/delivery-status', text)])
  test.each([
    [
      'Reporting-MTA: dns; a\r\n\r\nFinal-Recipient: rfc822; b@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n',
      { failed: true, status: '5.1.1' },
    ],
    [
      'Reporting-MTA: dns; a\n\nFinal-Recipient: rfc822; b\nAction: delayed\nStatus: 4.4.1',
      { failed: false, status: '4.4.1' },
    ],
    ['A: b\n\nAction: delivered\nStatus: 2.0.0', { failed: false, status: '2.0.0' }],
    ['A: b\n\nAction: failed\nStatus: 4.4.7', { failed: false, status: '4.4.7' }],
    ['A: b\n\nAction: relayed\nStatus: 2.0.0\n\nAction: failed\nStatus: 5.2.2', { failed: true, status: '5.2.2' }],
  ])('%j', (text, expected) => {
    expect(report(text)).toEqual(expected)
  })
  test('what says nothing is none', () => {
    expect(report('nothing of the kind')).toBeNull()
    expect(readReport([])).toBeNull()
  })
})

describe('addresses', () => {
  const encryption = createEncryption(Buffer.alloc(32, 7))
  const intakes = [
    { address: 'tell@in.example', place: '321003' },
    { address: 'other@in.example', place: '321002' },
  ]
  const [intake] = intakes as [(typeof intakes)[0]]
  const to = (address: string) => destinationOf(encryption, intakes, address)
  const record = '019a0000-0000-7000-8000-000000000001'

  test('lead where they were made for, in whatever case they come back', () => {
    expect(to('Tell@In.Example')).toMatchObject({ kind: 'place', code: '321003' })
    expect(to('other+321002001@in.example')).toMatchObject({ kind: 'place', code: '321002001' })
    const token = replyToken(encryption, record, 'Ming@example.org')
    expect(token).toBe(replyToken(encryption, record, 'ming@EXAMPLE.org'))
    expect(to(replyAddress(intake, token).toUpperCase())).toEqual({ kind: 'reply', token })
    expect(to(bounceAddress(encryption, intake, record).toUpperCase())).toEqual({ kind: 'bounce', message: record })
  })

  test('are short enough for every server (RFC 5321, 4.5.3.1.1)', () => {
    const longest = { address: 'sixteen-letters1@in.example', place: '32' }
    expect(bounceAddress(encryption, longest, record).split('@')[0]?.length).toBeLessThanOrEqual(64)
    expect(bounceAddress(encryption, intake, record).split('@')[0]?.length).toBeLessThanOrEqual(64)
    expect(replyAddress(longest, replyToken(encryption, record, 'a@b')).split('@')[0]?.length).toBeLessThanOrEqual(64)
  })

  test('that we did not make lead nowhere', () => {
    const mine = bounceAddress(encryption, intake, record)
    expect(to(mine.replace('b-019a', 'b-029a'))).toBeNull()
    expect(destinationOf(createEncryption(Buffer.alloc(32, 8)), intakes, mine)).toBeNull()
    expect(to('tell+r-short@in.example')).toBeNull()
    expect(to('tell@elsewhere.example')).toBeNull()
    fc.assert(fc.property(fc.string(), (text) => to(`tell+${text}@in.example`)?.kind !== 'bounce'))
  })
})
