// Mail as it should not be: each has a clear end, and nothing that somebody wrote is lost without their being told.
import { describe, expect, test } from 'vitest'
import { fileBombs } from '#testing/bombs.ts'
import { mailServer, picture } from './mail.harness.ts'

const { server, organisation, send, sendRaw, mailed, lettersTo, replyTo } = await mailServer()

/** Each of its own, since the same mail twice is one. */
let count = 0
const head = (type: string, more = ''): string => {
  count += 1
  return `From: ming@example.org\nTo: tell@in.linli.example\nSubject: x${count}\nMIME-Version: 1.0\n${more}Content-Type: ${type}\n\n`
}
const raw = (type: string, body: Buffer) => Buffer.concat([Buffer.from(head(type).replace(/\n/g, '\r\n')), body])
/** 路灯不亮 in the encodings that are met. */
const gb = Buffer.from('c2b7b5c6b2bbc1c1', 'hex')
const big5 = Buffer.from('b8f4bf4fa4a3ab47', 'hex')

describe('text in whatever encoding', () => {
  test.each([
    ['GB18030, and says so', raw('text/plain; charset=gb18030', gb), '路灯不亮'],
    ['GB2312, and says so', raw('text/plain; charset="gb2312"', gb), '路灯不亮'],
    ['Big5, and says so', raw('text/plain; charset=big5', big5), '路燈不亮'],
    ['GB18030 that says UTF-8', raw('text/plain; charset=utf-8', gb), '路灯不亮'],
    ['GB18030 that says nothing', raw('text/plain', gb), '路灯不亮'],
    ['an encoding that nobody knows', raw('text/plain; charset=x-nobody', Buffer.from('路灯不亮')), '路灯不亮'],
    ['UTF-8 with a NUL', raw('text/plain; charset=utf-8', Buffer.from('路灯\0不亮')), '路灯不亮'],
  ])('%s', async (_, mail, text) => {
    expect(await sendRaw(mail)).toMatch(/^250 /)
    expect((await mailed())[0]?.body).toBe(text)
  })

  test('UTF-8 that is broken shows where it is', async () => {
    expect(
      await sendRaw(
        raw(
          'text/plain; charset=utf-8',
          Buffer.concat([Buffer.from('路灯'), Buffer.from([0xe8, 0xb7]), Buffer.from('x')]),
        ),
      ),
    ).toMatch(/^250 /)
    expect((await mailed())[0]?.body).toMatch(/^路灯\ufffd+x$/)
  })

  test('HTML alone becomes plain text: no script, no picture that tells who reads', async () => {
    const html =
      '<style>p{color:red}</style><p>路灯<b>不亮</b></p><script>alert(1)</script><img src="https://example.com/x.gif"><ul><li>一</li><li>二</li></ul>'
    expect((await send({ subject: 'x', html })).code).toBe(250)
    const body = (await mailed())[0]?.body ?? ''
    expect(body).toContain('路灯不亮')
    expect(body).toContain('* 一\n * 二')
    expect(body).not.toMatch(/alert|example\.com|color/)
  })
})

describe('what comes along', () => {
  test('only a picture', async () => {
    expect((await send({ subject: '', attachments: [{ filename: 'a.jpg', content: await picture() }] })).code).toBe(250)
    expect((await mailed())[0]?.body).toBe('（信里没有文字，请看照片。）')
  })

  test('nothing at all is declined, and so is what cannot be read', async () => {
    expect(await send({ subject: '' })).toMatchObject({ code: 554 })
    expect(
      await sendRaw(
        head('multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b') +
          '--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b--',
      ),
    ).toMatch(/^554 5\.6\.0 Encrypted/)
    expect(
      await sendRaw(
        `${head(
          'application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m',
          'Content-Transfer-Encoding: base64\n',
        )}AAAA`,
      ),
    ).toMatch(/^554 5\.6\.0 Encrypted/)
    expect(await sendRaw(`${head('text/calendar; method=REPLY')}BEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR`)).toMatch(
      /^554 5\.6\.0 Answers/,
    )
    expect(await send({ subject: 'x', text: '灯'.repeat(15_001) })).toMatchObject({ code: 552 })
  })

  test('what is no picture is named in the words, so that somebody asks for it', async () => {
    const zip = Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(4_000)])
    await send({
      subject: '合同',
      text: '见附件。',
      attachments: [
        { filename: 'winmail.dat', content: Buffer.from('789f3e22', 'hex'), contentType: 'application/ms-tnef' },
        { filename: '炸弹.zip', content: zip },
        { filename: 'a\r\nBcc: b@example.org.pdf', content: '%PDF-1.7' },
        { filename: 'broken.jpg', content: Buffer.from('ffd8ffe000104a464946', 'hex') },
        { filename: 'good.jpg', content: await picture() },
      ],
    })
    const [row] = await mailed()
    expect(row?.body).toMatch(/^见附件。\n\n（随信的“winmail\.dat”没有收下：/)
    expect(row?.body).toContain('“炸弹.zip”')
    expect(row?.body.split('\n').filter((line) => line.startsWith('（随信的'))).toHaveLength(4)
    expect(await server.one('select count(*)::int from file where record = $1', [row?.id])).toBe(1)
  })

  test('a thousand parts: nine are taken, and it says that there were more', async () => {
    const one = (await picture()).toString('base64')
    const parts = Array.from(
      { length: 1_000 },
      (_, n) =>
        `--b\nContent-Type: image/jpeg; name=p${n}.jpg\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment\n\n${one}\n`,
    )
    expect(
      await sendRaw(
        `${head('multipart/mixed; boundary=b')}--b\nContent-Type: text/plain\n\nmany\n${parts.join('')}--b--`,
      ),
    ).toMatch(/^250 /)
    const [row] = await mailed()
    expect(await server.one('select count(*)::int from file where record = $1', [row?.id])).toBe(9)
    expect(row?.body).toContain('991 parts more')
  })

  test('what unpacks to more than it may is not taken; the words are', async () => {
    const bombs = fileBombs().slice(0, 8)
    const attachments = bombs.map(({ bytes }, n) => ({ filename: `bomb-${n}`, content: bytes }))
    expect((await send({ subject: 'x', text: '大图。', attachments })).code).toBe(250)
    const [row] = await mailed()
    const named = row?.body.split('\n').filter((line) => /^（随信的“bomb-\d”没有收下/.test(line)) ?? []
    // One has only a long remark, which is not kept.
    expect(named).toHaveLength(7)
    expect(await server.one('select count(*)::int from file where record = $1', [row?.id])).toBe(1)
  })
})

describe('headers', () => {
  test('that would add others, into the letter that is written back, add none', async () => {
    const mail =
      'From: =?utf-8?B?546LDQpCY2M6IHZpY3RpbUBleGFtcGxlLm9yZw==?= <ming2@example.org>\nSubject: =?utf-8?Q?x=0D=0ABcc:_victim@example.org?=\n\n灯不亮'
    expect(await sendRaw(Buffer.from(mail.replace(/\n/g, '\r\n')))).toMatch(/^250 /)
    const [row] = await mailed()
    expect(row?.title).not.toMatch(/[\r\n]/)
    expect((await lettersTo('ming2@example.org'))[0]?.subject).not.toMatch(/victim/)
    expect(await lettersTo('victim@example.org')).toEqual([])
  })

  test('without any address to answer to it is not taken', async () => {
    expect(await sendRaw('Subject: x\n\n灯', undefined, 'nobody@localhost')).toMatch(/^550 5\.1\.7 /)
  })
})

test('whoever sends mail after mail is told to come later, and loses none', async () => {
  const codes: number[] = []
  for (let n = 0; n < 22; n += 1) codes.push((await send({ from: 'flood@example.org', text: `第${n}封` })).code)
  expect(codes.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 250))
  expect(codes.slice(20)).toEqual([451, 451])
})

test('an answer that is empty, or by calendar, is declined; one that is only a picture is added', async () => {
  await send({ from: 'sun@example.org', subject: '墙', text: '墙皮掉了。' })
  const [row] = await mailed()
  await lettersTo('sun@example.org')
  const to = await replyTo('sun@example.org')
  expect(await send({ from: 'sun@example.org', to, text: '' })).toMatchObject({ code: 554 })
  expect(
    (
      await send({
        from: 'sun@example.org',
        to,
        text: '',
        attachments: [{ filename: 'a.jpg', content: await picture() }],
      })
    ).code,
  ).toBe(250)
  const { rows } = await server.superuser.query(
    "select text from request_entry where request = $1 and kind = 'added'",
    [row?.id],
  )
  expect(rows).toEqual([{ text: '（信里没有文字，请看照片。）\n\n（用邮件回复的）' }])
  expect(organisation.places.district.path).toBe(row?.path)
})
