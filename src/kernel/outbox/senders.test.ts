import type { IncomingMessage } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { sql } from 'kysely'
import type { SMTPServer } from 'smtp-server'
import { describe, expect, test } from 'vitest'
import type { Outbox } from './index.ts'
import {
  clock,
  closers,
  database,
  decoded,
  from,
  mail,
  mailServer,
  only,
  outboxWith,
  provider,
  queue,
  rows,
  sms,
} from './outbox.harness.ts'
import { mailSender, smsSender } from './senders.ts'

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
    const silent: Server = createServer((socket) => {
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
