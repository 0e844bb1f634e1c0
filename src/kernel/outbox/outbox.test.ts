import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer as createSocketServer, type Server as SocketServer } from 'node:net'
import { sql } from 'kysely'
import { SMTPServer } from 'smtp-server'
import { afterEach, describe, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { settableClock } from '../clock/index.ts'
import { transaction } from '../database/index.ts'
import { createEncryption } from '../encryption/index.ts'
import { registerWords } from '../words/index.ts'
import { createOutbox, eraseMessagesOf, type Message, type Outbox, type Sender } from './index.ts'
import { outboxWords } from './outbox.words.ts'
import { mailSender, smsSender } from './senders.ts'

const database = await testDatabase()
registerWords(outboxWords)
registerWords({
  'zh-CN': {
    'sample.code': '验证码 {{code}}',
    'sample.mail': '您好 {{name}}',
    'sample.mail.subject': '给{{name}}的信',
  },
  en: { 'sample.code': 'Code {{code}}', 'sample.mail': 'Hello {{name}}', 'sample.mail.subject': 'For {{name}}' },
})
const record = '019a0000-0000-7000-8000-000000000001'
const sms: Message = {
  channel: 'sms',
  to: '138 0013 8000',
  template: 'sample.code',
  values: { code: '482913' },
  language: 'zh-CN',
  record,
}
const mail: Message = {
  channel: 'mail',
  to: 'resident@example.org',
  template: 'sample.mail',
  values: { name: '王小明' },
  language: 'zh-CN',
}

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const clock = settableClock('2026-11-24T02:00:00Z')
function outboxWith(
  config: Partial<Parameters<typeof createOutbox>[0]['config']> = {},
  senders?: Partial<Record<'sms' | 'mail', Sender>>,
): Outbox {
  return createOutbox({
    config: { demonstration: false, loopback: true, sms: null, smtp: null, ...config },
    encryption: createEncryption(Buffer.alloc(32, 5)),
    jobsDatabase: database.jobs.sql,
    clock,
    ...(senders ? { senders } : {}),
  })
}
const queue = (outbox: Outbox, message: Message) =>
  transaction(database.app, (act) => outbox.queueMessage({ sql: act, now: clock.now() }, message))

interface Row {
  id: string
  state: string
  attempts: number
  reason: string | null
  recipient: Buffer | null
  content: Buffer | null
  next_attempt_at: string
  provider_reference: string | null
}
async function rows(): Promise<Row[]> {
  return (await sql<Row>`select * from outbox order by next_attempt_at, id`.execute(database.owner.sql)).rows
}
const only = async (): Promise<Row> => {
  const [row, ...more] = await rows()
  if (!row || more.length > 0) throw new Error(`${more.length + (row ? 1 : 0)} messages`)
  return row
}

/** A provider of SMS: a real HTTP server on this machine. */
async function provider(answer: (request: IncomingMessage, response: ServerResponse, body: string) => void) {
  const server: Server = createServer((request, response) => {
    let body = ''
    request.on('data', (part) => {
      body += part
    })
    request.on('end', () => answer(request, response, body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/send`
}

/** A mail server of its own. */
async function mailServer(options: ConstructorParameters<typeof SMTPServer>[0] = {}) {
  const letters: string[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      let text = ''
      stream.on('data', (part) => {
        text += part
      })
      stream.on('end', () => {
        letters.push(text)
        done()
      })
    },
    ...options,
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => new Promise<void>((resolve) => server.close(() => resolve())))
  return { letters, url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}` }
}
const from = 'Linli <linli@example.org>'
const decoded = (letter: string) =>
  letter.replace(/=\?UTF-8\?B\?([^?]*)\?=/gi, (_, part) => Buffer.from(part, 'base64').toString()) +
  Buffer.from(
    letter
      .split(/\r?\n\r?\n/)
      .slice(1)
      .join(''),
    'base64',
  ).toString()

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

describe('SMS by webhook', () => {
  test('posts number and text with the token, and keeps the reference', async () => {
    const seen: { headers: IncomingMessage['headers']; body: Record<string, unknown> }[] = []
    const url = await provider((request, response, body) => {
      seen.push({ headers: request.headers, body: JSON.parse(body) })
      response.end('{"id":"provider-7"}')
    })
    const outbox = outboxWith({ sms: { url, token: 'the-token' } })
    const id = await queue(outbox, sms)
    expect(await outbox.deliver()).toEqual({ sent: 1, postponed: 0, dead: 0 })
    expect(seen).toHaveLength(1)
    expect(seen[0]?.headers.authorization).toBe('Bearer the-token')
    expect(seen[0]?.headers['idempotency-key']).toBe(id)
    expect(seen[0]?.body).toEqual({
      id,
      to: '+8613800138000',
      text: '验证码 482913',
      template: 'sample.code',
      values: { code: '482913' },
      language: 'zh-CN',
    })
    expect(await only()).toMatchObject({ state: 'sent', provider_reference: 'provider-7', attempts: 1 })
    expect(await outbox.deliver()).toEqual({ sent: 0, postponed: 0, dead: 0 })
  })

  test('tries again later and later, then gives up and says why', async () => {
    clock.set('2026-11-24T02:00:00Z')
    let calls = 0
    const url = await provider((_, response) => {
      calls++
      response.writeHead(503).end()
    })
    const outbox = outboxWith({ sms: { url, token: null } })
    await queue(outbox, sms)
    const pauses: number[] = []
    for (let attempt = 1; attempt <= 8; attempt++) {
      const before = clock.now().getTime()
      await outbox.deliver()
      expect(await outbox.deliver()).toEqual({ sent: 0, postponed: 0, dead: 0 })
      const row = await only()
      if (row.state === 'dead') break
      pauses.push((new Date(row.next_attempt_at).getTime() - before) / 1000)
      clock.set(row.next_attempt_at)
    }
    expect(calls).toBe(8)
    expect(pauses).toHaveLength(7)
    for (let at = 1; at < 4; at++) expect(pauses[at] ?? 0).toBeGreaterThan(2 * (pauses[at - 1] ?? 0))
    expect(Math.max(...pauses)).toBeLessThanOrEqual(7_920)
    expect(await only()).toMatchObject({ state: 'dead', reason: 'http 503', attempts: 8 })
  })

  test('comes through when the provider is back', async () => {
    clock.set('2026-11-24T02:00:00Z')
    let broken = true
    const url = await provider((_, response) => response.writeHead(broken ? 500 : 200).end('ok'))
    const outbox = outboxWith({ sms: { url, token: null } })
    await queue(outbox, sms)
    expect(await outbox.deliver()).toMatchObject({ postponed: 1 })
    broken = false
    clock.advance(60_000)
    expect(await outbox.deliver()).toMatchObject({ sent: 1 })
  })

  test('a refusal for good is not repeated, a busy provider is left alone as long as it says', async () => {
    clock.set('2026-11-24T02:00:00Z')
    let status = 429
    const url = await provider((_, response) => response.writeHead(status, { 'retry-after': '300' }).end())
    const outbox = outboxWith({ sms: { url, token: null } })
    await queue(outbox, sms)
    await outbox.deliver()
    expect(new Date((await only()).next_attempt_at)).toEqual(new Date('2026-11-24T02:05:00Z'))
    clock.advance(300_000)
    status = 400
    expect(await outbox.deliver()).toMatchObject({ dead: 1 })
    expect(await only()).toMatchObject({ state: 'dead', reason: 'http 400' })
  })

  test('a provider that hangs, redirects or answers without end holds nothing up', async () => {
    const letter = { id: 'x', to: '+8613800138000', template: 't', language: 'en', content: { text: 'x', values: {} } }
    const hanging = await provider(() => undefined)
    const started = performance.now()
    expect(await smsSender({ url: hanging, token: null }, 0.3).send(letter)).toEqual({
      sent: false,
      again: true,
      reason: 'timeout',
    })
    expect(performance.now() - started).toBeLessThan(2000)
    let followed = false
    const target = await provider((_, response) => {
      followed = true
      response.end()
    })
    const redirecting = await provider((_, response) => response.writeHead(307, { location: target }).end())
    expect(await smsSender({ url: redirecting, token: 'secret' }).send(letter)).toMatchObject({ sent: false })
    expect(followed).toBe(false)
    const endless = await provider((_, response) => {
      const timer = setInterval(() => response.write('x'.repeat(10_000)), 1)
      response.on('close', () => clearInterval(timer))
    })
    expect(await smsSender({ url: endless, token: null }, 5).send(letter)).toEqual({ sent: true, reference: null })
    expect(await smsSender({ url: 'http://127.0.0.1:9/', token: null }).send(letter)).toMatchObject({
      again: true,
      reason: 'unreachable',
    })
  })

  test('ten processes at once send each message once', async () => {
    const seen: string[] = []
    const url = await provider((_, response, body) => {
      seen.push(JSON.parse(body).id)
      response.end()
    })
    const boxes = Array.from({ length: 10 }, () => outboxWith({ sms: { url, token: null } }))
    for (let at = 0; at < 60; at++) await queue(boxes[0] as Outbox, sms)
    for (let round = 0; round < 3; round++) await Promise.all(boxes.map((box) => box.deliver()))
    expect(seen).toHaveLength(60)
    expect(new Set(seen).size).toBe(60)
  })

  test('what a process took before it died is sent by another, and the first cannot end it any more', async () => {
    clock.set('2026-11-24T02:00:00Z')
    let release: (() => void) | null = null
    const dying = outboxWith(
      {},
      {
        sms: {
          send: () =>
            new Promise((resolve) => {
              release = () => resolve({ sent: false, again: false, reason: 'too late to count' })
            }),
          close: () => undefined,
        },
      },
    )
    await queue(dying, sms)
    const lost = dying.deliver()
    await expect.poll(() => release).not.toBeNull()
    const url = await provider((_, response) => response.end())
    const other = outboxWith({ sms: { url, token: null } })
    expect(await other.deliver()).toMatchObject({ sent: 0 })
    clock.advance(181_000)
    expect(await other.deliver()).toMatchObject({ sent: 1 })
    const freed = release as (() => void) | null
    freed?.()
    await lost
    expect(await only()).toMatchObject({ state: 'sent', attempts: 2 })
  })

  test('what a clock that ran ahead put off, took or wrote does not wait for that time', async () => {
    const [now, ahead] = ['2026-11-24T02:00:00Z', '2027-11-24T02:00:00Z']
    let busy = true
    const outbox = outboxWith(
      {},
      {
        sms: {
          send: async () => (busy ? { sent: false, again: true, reason: 'busy' } : { sent: true, reference: null }),
          close: () => undefined,
        },
      },
    )
    clock.set(ahead)
    await queue(outbox, sms)
    expect(await outbox.deliver()).toMatchObject({ postponed: 1 })
    busy = false
    await queue(outbox, sms)
    clock.set(now)
    // One is for later because it was meant to be.
    const later = await queue(outbox, { ...sms, at: new Date('2026-11-26T02:00:00Z') })
    expect(await outbox.deliver()).toMatchObject({ sent: 2 })
    // Taken by a process that ended while the clock stood there.
    const taken = await queue(outbox, sms)
    await sql`update outbox set claimed_until = ${ahead} where id = ${taken}`.execute(database.owner.sql)
    expect(await outbox.deliver()).toMatchObject({ sent: 1 })
    expect((await rows()).filter(({ state }) => state === 'waiting').map(({ id }) => id)).toEqual([later])
  })

  test('a code that came too late is not sent', async () => {
    clock.set('2026-11-24T02:00:00Z')
    const url = await provider((_, response) => response.end())
    const outbox = outboxWith({ sms: { url, token: null } })
    await queue(outbox, { ...sms, goodUntil: new Date('2026-11-24T02:10:00Z') })
    clock.set('2026-11-24T02:10:00Z')
    expect(await outbox.deliver()).toMatchObject({ dead: 1 })
    expect(await only()).toMatchObject({ reason: 'too late' })
  })

  test('a message for later waits', async () => {
    clock.set('2026-11-24T02:00:00Z')
    const url = await provider((_, response) => response.end())
    const outbox = outboxWith({ sms: { url, token: null } })
    await queue(outbox, { ...sms, at: new Date('2026-11-24T03:00:00Z') })
    expect(await outbox.deliver()).toMatchObject({ sent: 0 })
    clock.set('2026-11-24T03:00:00Z')
    expect(await outbox.deliver()).toMatchObject({ sent: 1 })
  })

  test('a gateway that hangs holds up nobody who is written to by mail', async () => {
    let release: () => void = () => undefined
    const hanging = new Promise<void>((resolve) => {
      release = resolve
    })
    const letters: string[] = []
    const outbox = outboxWith(
      {},
      {
        sms: { send: () => hanging.then(() => ({ sent: true, reference: null })), close: () => undefined },
        mail: {
          async send({ to }) {
            letters.push(to)
            return { sent: true, reference: null }
          },
          close: () => undefined,
        },
      },
    )
    for (let turn = 0; turn < 25; turn += 1) await queue(outbox, sms)
    await queue(outbox, mail)
    outbox.start((error) => expect.unreachable(String(error)), 20)
    await expect.poll(() => letters).toEqual([mail.to])
    release()
    await outbox.stop()
  })

  test('the loop delivers by itself and stops when told', async () => {
    const url = await provider((_, response) => response.end())
    const outbox = outboxWith({ sms: { url, token: null } })
    outbox.start((error) => expect.unreachable(String(error)), 20)
    await queue(outbox, sms)
    await expect.poll(async () => (await only()).state).toBe('sent')
    await outbox.stop()
    await queue(outbox, sms)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect((await rows()).map((row) => row.state).sort()).toEqual(['sent', 'waiting'])
  })
})

describe('mail by SMTP', () => {
  test('a real server gets it, whole and in Chinese', async () => {
    const { letters, url } = await mailServer()
    const outbox = outboxWith({ smtp: { url, from } })
    closers.push(() => outbox.stop())
    const id = await queue(outbox, mail)
    expect(await outbox.deliver()).toMatchObject({ sent: 1 })
    expect(letters).toHaveLength(1)
    const letter = decoded(letters[0] ?? '')
    expect(letter).toContain('To: resident@example.org')
    expect(letter).toContain('Subject: 给王小明的信')
    expect(letter).toContain('您好 王小明')
    expect(letter).toContain('Auto-Submitted: auto-generated')
    expect(await only()).toMatchObject({ state: 'sent', provider_reference: `<${id}@example.org>` })
  })

  test('what a resident typed cannot add a header', async () => {
    const { letters, url } = await mailServer()
    const outbox = outboxWith({ smtp: { url, from } })
    await queue(outbox, { ...mail, values: { name: 'x\r\nBcc: other@example.org\r\n\r\nHello' } })
    await outbox.deliver()
    expect(letters[0]?.split(/\r?\n\r?\n/)[0]).not.toMatch(/^Bcc:/im)
  })

  test('a mailbox that does not exist is not tried again, a full one is', async () => {
    let code = 550
    const { url } = await mailServer({
      onRcptTo(_address, _session, done) {
        done(Object.assign(new Error('no'), { responseCode: code }))
      },
    })
    const outbox = outboxWith({ smtp: { url, from } })
    await queue(outbox, mail)
    expect(await outbox.deliver()).toMatchObject({ dead: 1 })
    expect(await only()).toMatchObject({ reason: 'smtp 550' })
    code = 452
    await queue(outbox, mail)
    expect(await outbox.deliver()).toMatchObject({ postponed: 1 })
  })

  test('signs in, and a wrong password is kept for people to put right', async () => {
    const options: ConstructorParameters<typeof SMTPServer>[0] = {
      authOptional: false,
      allowInsecureAuth: true,
      onAuth(auth, _session, done) {
        if (auth.password === 'p@ss') done(null, { user: 'linli' })
        else done(new Error('no'))
      },
    }
    const { letters, url } = await mailServer(options)
    const good = outboxWith({ smtp: { url: url.replace('//', '//linli:p%40ss@'), from } })
    const bad = outboxWith({ smtp: { url: url.replace('//', '//linli:wrong@'), from } })
    await queue(bad, mail)
    expect(await bad.deliver()).toMatchObject({ postponed: 1 })
    expect(await only()).toMatchObject({ reason: 'smtp sign-in refused' })
    clock.advance(60_000)
    expect(await good.deliver()).toMatchObject({ sent: 1 })
    expect(letters).toHaveLength(1)
  })

  test('a server that accepts and says nothing holds nothing up', async () => {
    const silent: SocketServer = createSocketServer((socket) => {
      closers.push(() => socket.destroy())
    })
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    closers.push(() => silent.close())
    const sender = mailSender({ url: `smtp://127.0.0.1:${(silent.address() as AddressInfo).port}`, from }, 0.3)
    const letter = { id: 'x', to: 'a@example.org', template: 't', language: 'en', content: { text: 'x', values: {} } }
    const started = performance.now()
    expect(await sender.send(letter)).toEqual({ sent: false, again: true, reason: 'timeout' })
    expect(performance.now() - started).toBeLessThan(2000)
    sender.close()
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
