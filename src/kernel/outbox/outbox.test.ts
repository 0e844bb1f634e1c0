import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { transaction } from '../database/index.ts'
import { createEncryption } from '../encryption/index.ts'
import { createOutbox, eraseMessagesOf, type Message } from './index.ts'
import {
  clock,
  database,
  from,
  mail,
  mailServer,
  only,
  outboxWith,
  provider,
  queue,
  record,
  rows,
  sms,
} from './outbox.harness.ts'

describe('putting in', () => {
  test('what is the only message of something is written once, by whichever role', async () => {
    const outbox = outboxWith({ sms: { url: 'http://127.0.0.1:9/', token: null } })
    const once = ['019a0000-0000-7000-8000-0000000000aa', 'reporter', record]
    const first = await queue(outbox, { ...sms, once })
    expect(first).toBeTruthy()
    expect(await queue(outbox, { ...sms, once, values: { code: '1' } })).toBeNull()
    const asJobs = { sql: database.jobs.sql, now: clock.now() }
    expect(await outbox.queueMessage(asJobs, { ...sms, once })).toBeNull()
    expect((await only()).id).toBe(first)
    // Another recipient or another act is another message, and what names nothing may be said again.
    expect(await queue(outbox, { ...sms, once: [...once.slice(0, 2), 'another'] })).toBeTruthy()
    expect(await queue(outbox, sms)).toBeTruthy()
    expect(await queue(outbox, sms)).toBeTruthy()
    expect(await rows()).toHaveLength(4)
  })

  test('what waits cannot be read by whoever reads the table', async () => {
    await queue(outboxWith({ sms: { url: 'http://127.0.0.1:9/', token: null } }), sms)
    const { recipient, content, ...rest } = await only()
    const text = [recipient, content].map((bytes) => bytes?.toString('utf8')).join() + JSON.stringify(rest)
    expect(text).not.toMatch(/482913|13800138000|验证码/)
  })

  test('what is rolled back is never sent', async () => {
    const outbox = outboxWith({ sms: { url: 'http://127.0.0.1:9/', token: null } })
    await expect(
      transaction(database.app, async (act) => {
        await outbox.queueMessage({ sql: act, now: clock.now() }, sms)
        throw new Error('something else failed')
      }),
    ).rejects.toThrow('something else')
    expect(await rows()).toEqual([])
  })

  test('the application can put in, and neither read, change nor delete', async () => {
    await queue(outboxWith({ sms: { url: 'http://127.0.0.1:9/', token: null } }), sms)
    for (const statement of [
      sql`select * from outbox`,
      sql`update outbox set state = 'sent'`,
      sql`delete from outbox`,
    ]) {
      await expect(statement.execute(database.app.sql)).rejects.toThrow(/permission/)
    }
    await expect(
      sql`insert into outbox (channel, recipient, content, template, language, state, next_attempt_at, ended_at, created_at)
        values ('sms', 'a', 'b', 'c', 'en', 'sent', now(), now(), now())`.execute(database.app.sql),
    ).rejects.toThrow(/row-level security/)
  })

  test('a channel that leads nowhere is off, says so and stores nothing', async () => {
    const outbox = outboxWith()
    expect(outbox.channels).toEqual({ sms: false, mail: false, push: false })
    expect(await queue(outbox, sms)).toBeNull()
    expect(await rows()).toEqual([])
  })

  test.each<[string, Partial<Message>]>([
    ['no number', { to: 'nobody' }],
    ['a landline', { to: '0514-87654321' }],
    ['a text too long', { values: { code: 'x'.repeat(1_000_000) } }],
    ['no mail address', { channel: 'mail', to: 'resident' }],
    ['a mail address longer than any', { channel: 'mail', to: `a@${'b.'.repeat(125)}example` }],
    ['two mail addresses', { channel: 'mail', to: 'a@example.org, b@example.org' }],
    ['a mail address with a header', { channel: 'mail', to: 'a@example.org\r\nBcc: b@example.org' }],
  ])('%s is refused without being repeated', async (_, part) => {
    const outbox = outboxWith({
      sms: { url: 'http://127.0.0.1:9/', token: null },
      smtp: { url: 'smtp://127.0.0.1:9', from },
    })
    const message = { ...sms, ...part }
    const problem: Error = await queue(outbox, message).then(
      () => new Error('taken'),
      (error) => error,
    )
    expect(problem).toBeInstanceOf(RangeError)
    expect(problem.message).not.toContain(message.to)
  })
})

describe('afterwards', () => {
  test('a week later it is no longer known who got what', async () => {
    clock.set('2026-11-24T02:00:00Z')
    const url = await provider((_, response) => response.end())
    const outbox = outboxWith({ sms: { url, token: null } })
    await queue(outbox, sms)
    await queue(outbox, { ...sms, at: new Date('2027-01-01T00:00:00Z') })
    await outbox.deliver()
    clock.advance(6 * 86_400_000)
    expect(await outbox.erase()).toBe(0)
    clock.advance(1.1 * 86_400_000)
    expect(await outbox.erase()).toBe(1)
    const [sent, waiting] = await rows()
    expect(sent).toMatchObject({ state: 'sent', recipient: null, content: null })
    expect(waiting?.recipient).not.toBeNull()
  })

  test('erasing a record’s messages also stops those that wait', async () => {
    const outbox = outboxWith({ sms: { url: 'http://127.0.0.1:9/', token: null } })
    await queue(outbox, sms)
    expect(await eraseMessagesOf(database.jobs.sql, record, clock.now())).toBe(1)
    expect(await only()).toMatchObject({ state: 'dead', reason: 'erased', recipient: null, content: null })
    expect(await outbox.deliver()).toEqual({ sent: 0, postponed: 0, dead: 0 })
  })

  test('a message sealed under another secret is dead and says so', async () => {
    const { url } = await mailServer()
    await queue(outboxWith({ smtp: { url, from } }), mail)
    const other = createOutbox({
      config: { demonstration: false, loopback: true, sms: null, smtp: { url, from } },
      encryption: createEncryption(Buffer.alloc(32, 6)),
      jobsDatabase: database.jobs.sql,
      clock,
    })
    expect(await other.deliver()).toMatchObject({ dead: 1 })
    expect(await only()).toMatchObject({ reason: 'cannot be decrypted' })
  })

  test('messages are readable in a demonstration on this machine, and nowhere else', async () => {
    const demonstration = outboxWith({ demonstration: true })
    expect(demonstration.channels).toEqual({ sms: true, mail: true, push: false })
    await queue(demonstration, sms)
    clock.advance(1000)
    await queue(demonstration, mail)
    expect(await demonstration.deliver()).toMatchObject({ sent: 2 })
    expect(await demonstration.listReadableMessages()).toMatchObject([
      { channel: 'mail', to: 'resident@example.org', subject: '给王小明的信', text: '您好 王小明', state: 'sent' },
      { channel: 'sms', to: '+8613800138000', text: '验证码 482913' },
    ])
    for (const config of [{ demonstration: false }, { demonstration: true, loopback: false }]) {
      await expect(outboxWith(config).listReadableMessages()).rejects.toThrow(/demonstration/)
    }
  })
})
