// Machines that write to machines, and mail that comes back (RFC 3834, RFC 3464).
import { describe, expect, test } from 'vitest'
import { bounceAddress } from '#kernel/mailbox/index.ts'
import { mailSink } from '#testing/mail.ts'
import { intake, mailServer } from './mail.harness.ts'

const { came, smtp } = await mailSink()
const { server, organisation, requests, send, sendRaw, mailed, lettersTo, replyTo } = await mailServer(smtp)
const { staff } = organisation
const { outbox, encryption } = server.kernel
const count = () => server.one<number>('select count(*)::int from outbox')
/** The id of the newest message to an address, and where it would come back to. */
async function returnOf(address: string): Promise<string> {
  const [letter] = await lettersTo(address)
  return bounceAddress(encryption, { address: intake, place: '321003' }, letter?.id ?? '')
}
const report = (action: string, status: string) =>
  `From: MAILER-DAEMON@example.org\nSubject: Undelivered\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n` +
  `--b\nContent-Type: text/plain\n\nIt could not be delivered.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n` +
  `Final-Recipient: rfc822; ming@example.org\nAction: ${action}\nStatus: ${status}\n--b--`

describe('what machines say by themselves', () => {
  test.each([
    ['a holiday answer', { headers: { 'Auto-Submitted': 'auto-replied' }, text: '我在休假' }],
    ['the null sender', { envelope: { from: '', to: intake }, text: 'x' }],
    ['a report', { envelope: { from: 'mailer-daemon@example.org', to: intake }, text: 'x' }],
  ])('%s is heard, files nothing and is not answered', async (_, mail) => {
    const before = [(await mailed()).length, await count()]
    expect((await send({ from: 'auto@example.org', subject: 'Re: x', ...mail })).code).toBe(250)
    await server.workJobs()
    expect([(await mailed()).length, await count()]).toEqual(before)
  })

  test('mail to many is declined', async () => {
    expect(await send({ headers: { 'List-Id': '<news.example.org>' }, text: 'News' })).toMatchObject({ code: 550 })
    expect(await send({ headers: { Precedence: 'bulk' }, text: 'News' })).toMatchObject({ code: 550 })
  })

  test('a holiday answer to one of our letters adds nothing to its matter', async () => {
    await send({ from: 'wu@example.org', subject: '门', text: '门坏了。' })
    const [row] = await mailed()
    await lettersTo('wu@example.org')
    const to = await replyTo('wu@example.org')
    expect(
      (await send({ from: 'wu@example.org', to, headers: { 'Auto-Submitted': 'auto-replied' }, text: '我在休假' }))
        .code,
    ).toBe(250)
    expect(
      await server.one("select count(*)::int from request_entry where request = $1 and kind = 'added'", [row?.id]),
    ).toBe(0)
  })

  test('a machine that does not say that it is one, and answers every letter of ours: one answer an hour, and no request', async () => {
    await send({ from: 'robot@example.org', subject: 'Ticket', text: 'Ticket opened.' })
    const before = (await mailed()).length
    const [letter] = await lettersTo('robot@example.org')
    const answering = {
      from: 'robot@example.org',
      inReplyTo: `<${letter?.id}@linli.example>`,
      text: 'We have received your message.',
    }
    const codes: number[] = []
    for (let round = 0; round < 5; round += 1) codes.push((await send({ ...answering, subject: `Re: ${round}` })).code)
    expect(codes).toEqual([250, 550, 550, 550, 550])
    expect(await mailed()).toHaveLength(before)
    expect((await lettersTo('robot@example.org')).filter(({ text }) => text.includes('for new matters'))).toHaveLength(
      1,
    )
  })
})

describe('nobody is written to through us by a stranger', () => {
  const phish = 'PHISH https://evil.example/'
  test('an address for answers that never was is refused before the mail is read', async () => {
    const never = `tell+r-${'a'.repeat(32)}@in.linli.example`
    const before = await count()
    expect(await send({ from: 'victim1@example.org', to: never, text: phish })).toMatchObject({
      code: 550,
      text: expect.stringContaining('no such address'),
    })
    expect(await count()).toBe(before)
  })

  test('a mail that says it answers one of ours, which we never wrote or wrote to somebody else, is declined', async () => {
    await send({ from: 'real@example.org', subject: 'Lamp', text: 'The lamp is out.' })
    const [letter] = await lettersTo('real@example.org')
    const before = await count()
    for (const id of ['22222220-1111-1111-1111-111111111111', letter?.id])
      expect(
        await send({ from: 'victim2@example.org', inReplyTo: `<${id}@linli.example>`, text: phish }),
      ).toMatchObject({ code: 550 })
    expect(await count()).toBe(before)
  })

  test('what came is quoted to nobody, not even to whom it concerns', async () => {
    await send({ from: 'own@example.org', subject: 'Lamp', text: 'The lamp is out.' })
    const [letter] = await lettersTo('own@example.org')
    expect(
      (await send({ from: 'own@example.org', inReplyTo: `<${letter?.id}@linli.example>`, text: phish })).code,
    ).toBe(250)
    const [told] = await lettersTo('own@example.org')
    expect(told?.text).toContain('to the address for new matters')
    expect(told?.text).not.toContain('PHISH')
  })
})

test('our own mails say that a machine wrote them, where answers go, and come back to an address of their own', async () => {
  await send({ from: 'zhou@example.org', subject: '灯', text: '灯不亮。' })
  const to = await returnOf('zhou@example.org')
  await outbox.deliver()
  const ours = came.find((each) => each.to === 'zhou@example.org')
  expect(ours?.from).toBe(to)
  expect(ours?.text).toMatch(/^Auto-Submitted: auto-generated\r$/m)
  expect(ours?.text).toMatch(/^Reply-To: tell\+r-[a-z2-7]{32}@in\.linli\.example\r$/m)
  expect(ours?.text).toMatch(/^Message-ID: <[0-9a-f-]{36}@linli\.example>\r$/m)
})

describe('mail that comes back', () => {
  test('for good: staff read that the reporter was not reached, and nothing more is sent until they write', async () => {
    await send({ from: 'gone@example.org', to: 'tell+321003001001@in.linli.example', text: '灯不亮。' })
    const [row] = await mailed()
    const to = await returnOf('gone@example.org')
    await outbox.deliver()
    const unsent = async () => (await requests.read(staff.secretary, row?.id ?? '')).body.reporter.unsent
    expect(await unsent()).toBeNull()
    expect(await sendRaw(report('failed', '5.1.1'), to, '')).toMatch(/^250 /)
    expect(await unsent()).toMatchObject({ channel: 'mail', givenUp: true })
    // What is queued now ends by itself, and shows on the matter as not sent.
    const queued = await outbox.queueMessage(
      { sql: server.kernel.jobsDatabase.sql, now: server.clock.now() },
      {
        channel: 'mail',
        to: 'Gone@example.org',
        template: 'requests.notice.extend',
        values: { number: 1 },
        language: 'en',
        record: row?.id ?? '',
      },
    )
    await outbox.deliver()
    expect(await server.one('select state || reason from outbox where id = $1', [queued])).toBe(
      'deadmail to it came back',
    )
    // Nobody reads the address from where it is kept.
    expect(await server.one("select encode(address, 'escape') from mail_returned limit 1")).not.toContain('gone')
    // A sender is soon written: neither a new matter nor another's address for answers lifts it.
    await send({ from: 'other@example.org', to: 'tell+321003001001@in.linli.example', text: '灯' })
    await lettersTo('other@example.org')
    const others = await replyTo('other@example.org')
    expect((await send({ from: 'gone@example.org', to: others, text: '一' })).code).toBe(250)
    expect((await send({ from: 'gone@example.org', text: '又一件' })).code).toBe(250)
    await lettersTo('gone@example.org')
    expect(await server.one('select count(*)::int from mail_returned')).toBe(1)
    // But the letter about what was told goes there, since somebody says that they read it.
    await outbox.deliver()
    expect((await lettersTo('gone@example.org'))[0]).toMatchObject({ state: 'sent' })
    // Whoever has the address says so by answering from it.
    const answerTo = await replyTo('gone@example.org')
    expect((await send({ from: 'gone@example.org', to: answerTo, text: '邮箱好了' })).code).toBe(250)
    expect(await server.one('select count(*)::int from mail_returned')).toBe(0)
  })

  test('late, or of a message that was never sent, or to an address that we did not make: nothing changes', async () => {
    await send({ from: 'late@example.org', subject: '灯', text: '灯不亮。' })
    const to = await returnOf('late@example.org')
    await outbox.deliver()
    expect(await sendRaw(report('delayed', '4.4.1'), to, '')).toMatch(/^250 /)
    const never = bounceAddress(
      encryption,
      { address: intake, place: '321003' },
      '019a0000-0000-7000-8000-000000000001',
    )
    expect(await sendRaw(report('failed', '5.1.1'), never, '')).toMatch(/^250 /)
    expect(await sendRaw(report('failed', '5.1.1'), to.replace(/.{3}@/, 'aaa@'), '')).toMatch(/^550 /)
    expect(await server.one('select count(*)::int from mail_returned')).toBe(0)
  })

  test('as plain text, as older servers tell it', async () => {
    await send({ from: 'old@example.org', subject: '灯', text: '灯不亮。' })
    const to = await returnOf('old@example.org')
    await outbox.deliver()
    expect(await sendRaw('Subject: failure\n\n<old@example.org>: host said: 550 5.1.1 unknown user', to, '')).toMatch(
      /^250 /,
    )
    expect(await server.one('select status from mail_returned')).toBe('5.1.1')
  })
})
