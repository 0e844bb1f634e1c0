// The listener by itself, over real connections: what it takes, and how each thing ends that it does not.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { afterEach, describe, expect, test } from 'vitest'
import { type Letter, mailboxLimits, openMailbox, type Receiving } from './index.ts'
import { certificate, key } from './listener.fixture.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function mailbox(receiving: Partial<Receiving> = {}, limits: Partial<typeof mailboxLimits> = {}, tls = false) {
  const letters: Letter[] = []
  const errors: unknown[] = []
  const folder = mkdtempSync(join(tmpdir(), 'linli-mailbox-'))
  closers.push(() => rmSync(folder, { recursive: true }))
  const files = { certificate: join(folder, 'c.pem'), key: join(folder, 'k.pem') }
  writeFileSync(files.certificate, certificate)
  writeFileSync(files.key, key)
  const opened = await openMailbox(
    { host: '127.0.0.1', port: 0, tls: tls ? files : null },
    {
      recipient: async () => null,
      letter: async (letter) => {
        letters.push(letter)
        return null
      },
      ...receiving,
    },
    (error) => errors.push(error),
    { ...mailboxLimits, ...limits },
  )
  closers.push(() => opened.close())
  return { ...opened, letters, errors }
}

/** A connection that hears answers one by one. */
async function lines(port: number) {
  const socket: Socket = connect(port, '127.0.0.1')
  closers.push(() => socket.destroy())
  let heard = ''
  let wake: () => void = () => undefined
  const ended = new Promise<string>((resolve) => socket.once('close', () => resolve(heard)))
  socket.on('error', () => undefined)
  socket.on('data', (chunk) => {
    heard += chunk.toString()
    wake()
  })
  const answer = async (): Promise<string> => {
    while (!/^\d{3} .*\r\n/m.test(heard)) await new Promise<void>((resolve) => (wake = resolve))
    const whole = heard
    heard = ''
    return whole.trim()
  }
  const say = async (line: string): Promise<string> => {
    socket.write(`${line}\r\n`)
    return answer()
  }
  await answer()
  return { say, socket, ended }
}
async function begun(port: number) {
  const connection = await lines(port)
  const greeting = await connection.say('EHLO client.example')
  await connection.say('MAIL FROM:<ming@example.org>')
  return { ...connection, greeting }
}

describe('taken', () => {
  test('once the room has it, and not before', async () => {
    let written = false
    const { port } = await mailbox({
      letter: async () => {
        await new Promise((resolve) => setImmediate(resolve))
        written = true
        return null
      },
    })
    const { say } = await begun(port)
    await say('RCPT TO:<tell@in.example>')
    await say('DATA')
    expect(await say('Subject: x\r\n\r\ny\r\n.')).toMatch(/^250 /)
    expect(written).toBe(true)
  })

  test('what is being taken in when the program ends is taken in to its end', async () => {
    let release: () => void = () => undefined
    let arrived: () => void = () => undefined
    const inside = new Promise<void>((resolve) => (arrived = resolve))
    const { port, close } = await mailbox({
      letter: () =>
        new Promise((resolve) => {
          release = () => resolve(null)
          arrived()
        }),
    })
    const { say, socket } = await begun(port)
    await say('RCPT TO:<tell@in.example>')
    await say('DATA')
    const answered = say('Subject: x\r\n\r\ny\r\n.')
    await inside
    const closed = close()
    release()
    expect(await answered).toMatch(/^250 /)
    socket.end()
    await closed
  })

  test('many at once, each as it was sent, also behind one that cannot be read', async () => {
    const { port, letters } = await mailbox()
    const transport = createTransport({ host: '127.0.0.1', port, ignoreTLS: true, pool: true, maxConnections: 8 })
    closers.push(() => transport.close())
    const all = Array.from({ length: 30 }, (_, n) =>
      transport.sendMail({
        from: 'ming@example.org',
        to: 'tell@in.example',
        ...(n === 3
          ? { raw: 'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n'.repeat(99) }
          : { subject: `${n}`, text: `text ${n}`, attachments: [{ filename: `${n}`, content: `file ${n}` }] }),
      }),
    )
    const answers = await Promise.allSettled(all)
    expect(answers.filter(({ status }) => status === 'rejected').length).toBeLessThanOrEqual(1)
    for (const { subject, text, attachments } of letters.filter((each) => each.subject !== '')) {
      expect(text).toBe(`text ${subject}`)
      expect(Buffer.from(attachments[0]?.content ?? []).toString()).toBe(`file ${subject}`)
    }
    expect(letters.filter(({ subject }) => subject !== '')).toHaveLength(29)
  })

  test('over STARTTLS where there is a certificate, which else is not offered', async () => {
    const { port, letters } = await mailbox({}, {}, true)
    const transport = createTransport({ host: '127.0.0.1', port, requireTLS: true, tls: { rejectUnauthorized: false } })
    await transport.sendMail({ from: 'ming@example.org', to: 'tell@in.example', text: '灯' })
    expect(letters).toHaveLength(1)
    expect((await begun((await mailbox()).port)).greeting).not.toContain('STARTTLS')
    expect((await begun(port)).greeting).toContain('STARTTLS')
  })
})

describe('declined', () => {
  test('for now, where the room fails: the sender’s server brings it again', async () => {
    const away = () => Promise.reject(new Error('the database is away'))
    const one = await mailbox({ recipient: away })
    expect(await (await begun(one.port)).say('RCPT TO:<tell@in.example>')).toMatch(/^451 /)
    const other = await mailbox({ letter: away })
    const { say } = await begun(other.port)
    await say('RCPT TO:<tell@in.example>')
    await say('DATA')
    expect(await say('Subject: x\r\n\r\ny\r\n.')).toMatch(/^451 /)
    expect(other.errors).toHaveLength(1)
  })

  test('a mail that says that it is too large before it comes, and one that does not', async () => {
    const { port, letters } = await mailbox({}, { size: 10_000 })
    const greeted = await lines(port)
    expect(await greeted.say('EHLO client.example')).toContain('SIZE 10000')
    expect(await greeted.say('MAIL FROM:<ming@example.org> SIZE=10001')).toMatch(/^552 /)
    const { say } = await begun(port)
    await say('RCPT TO:<tell@in.example>')
    await say('DATA')
    expect(await say(`Subject: x\r\n\r\n${'y'.repeat(20_000)}\r\n.`)).toMatch(/^552 /)
    expect(letters).toEqual([])
    // The connection goes on.
    expect(await say('NOOP')).toMatch(/^250 /)
  })

  test('more at once than there is room for: later', async () => {
    const { port } = await mailbox({}, { together: 5_000 })
    const { say } = await begun(port)
    await say('RCPT TO:<tell@in.example>')
    await say('DATA')
    expect(await say(`Subject: x\r\n\r\n${'y'.repeat(20_000)}\r\n.`)).toMatch(/^452 /)
  })

  test('three hundred recipients: the first ten', async () => {
    const { port } = await mailbox()
    const { say } = await begun(port)
    const codes: string[] = []
    for (let n = 0; n < 300; n += 1) codes.push((await say(`RCPT TO:<tell+${n}@in.example>`)).slice(0, 3))
    expect(codes.filter((code) => code === '250')).toHaveLength(10)
    expect(codes.filter((code) => code === '452')).toHaveLength(290)
  })

  test('parts within parts without end, and headers without end', async () => {
    const { port, letters } = await mailbox()
    const nested = Array.from(
      { length: 400 },
      (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n`,
    ).join('')
    for (const mail of [nested, `${'X-Long: y\r\n'.repeat(60_000)}\r\ntext`]) {
      const { say } = await begun(port)
      await say('RCPT TO:<tell@in.example>')
      await say('DATA')
      expect(await say(`${mail}\r\n.`)).toMatch(/^554 5\.6\.0 /)
    }
    expect(letters).toEqual([])
  })

  test('commands without end, sign-in, and what is no SMTP', async () => {
    const { port } = await mailbox()
    const long = await lines(port)
    long.socket.write('X'.repeat(100_000))
    await long.ended
    const { say, greeting } = await begun(port)
    expect(greeting).not.toContain('AUTH')
    expect(await say('AUTH PLAIN AHgAeA==')).toMatch(/^5\d\d /)
    expect(await say('VRFY root')).toMatch(/^252 /)
    const web = await lines(port)
    web.socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(await web.ended).toMatch(/421|500|502/)
  })
})

describe('ended', () => {
  test('whoever sends an octet now and then, when their time is over', async () => {
    const { port } = await mailbox({}, { lifetime: 400 })
    const { socket, ended } = await begun(port)
    const drip = setInterval(() => socket.write('R'), 20)
    closers.push(() => clearInterval(drip))
    await ended
    expect(socket.destroyed).toBe(true)
  })

  test('whoever sends nothing', async () => {
    const { port } = await mailbox({}, { idle: 200 })
    expect(await (await begun(port)).ended).toMatch(/^421 /)
  })

  test('more connections than there is room for', async () => {
    const { port } = await mailbox({}, { clients: 2 })
    await begun(port)
    await begun(port)
    const third = connect(port, '127.0.0.1')
    closers.push(() => third.destroy())
    const answer = await new Promise<string>((resolve) => third.once('data', (chunk) => resolve(chunk.toString())))
    expect(answer).toMatch(/^421 /)
  })
})

test('a sender who smuggles a second mail behind a bare line end sends one', async () => {
  const { port, letters } = await mailbox()
  const { say } = await begun(port)
  await say('RCPT TO:<tell@in.example>')
  await say('DATA')
  const smuggled =
    'Subject: one\r\n\r\nfirst\n.\nMAIL FROM:<boss@example.org>\r\nRCPT TO:<tell@in.example>\r\nDATA\r\nSubject: two\r\n\r\nsecond'
  expect(await say(`${smuggled}\r\n.`)).toMatch(/^250 /)
  expect(letters).toHaveLength(1)
  expect(letters[0]?.sender).toBe('ming@example.org')
})
