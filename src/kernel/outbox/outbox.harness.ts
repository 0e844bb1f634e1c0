// What the tests of this room share: a database, messages, an outbox, and providers that run on this machine.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sql } from 'kysely'
import { SMTPServer } from 'smtp-server'
import { afterEach } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { settableClock } from '../clock/index.ts'
import { transaction } from '../database/index.ts'
import { createEncryption } from '../encryption/index.ts'
import { registerWords } from '../words/index.ts'
import { createOutbox, type Message, type Outbox, type Sender } from './index.ts'
import { outboxWords } from './outbox.words.ts'

export const database = await testDatabase()
registerWords(outboxWords)
registerWords({
  'zh-CN': {
    'sample.code': '验证码 {{code}}',
    'sample.mail': '您好 {{name}}',
    'sample.mail.subject': '给{{name}}的信',
  },
  en: { 'sample.code': 'Code {{code}}', 'sample.mail': 'Hello {{name}}', 'sample.mail.subject': 'For {{name}}' },
})
export const record = '019a0000-0000-7000-8000-000000000001'
export const sms: Message = {
  channel: 'sms',
  to: '138 0013 8000',
  template: 'sample.code',
  values: { code: '482913' },
  language: 'zh-CN',
  record,
}
export const mail: Message = {
  channel: 'mail',
  to: 'resident@example.org',
  template: 'sample.mail',
  values: { name: '王小明' },
  language: 'zh-CN',
}

/** What a test opened, closed after it. */
export const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

export const clock = settableClock('2026-11-24T02:00:00Z')
export function outboxWith(
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
export const queue = (outbox: Outbox, message: Message) =>
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
export async function rows(): Promise<Row[]> {
  return (await sql<Row>`select * from outbox order by next_attempt_at, id`.execute(database.owner.sql)).rows
}
export const only = async (): Promise<Row> => {
  const [row, ...more] = await rows()
  if (!row || more.length > 0) throw new Error(`${more.length + (row ? 1 : 0)} messages`)
  return row
}

/** A provider of SMS: a real HTTP server on this machine. */
export async function provider(answer: (request: IncomingMessage, response: ServerResponse, body: string) => void) {
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
export async function mailServer(options: ConstructorParameters<typeof SMTPServer>[0] = {}) {
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
export const from = 'Linli <linli@example.org>'
export const decoded = (letter: string) =>
  letter.replace(/=\?UTF-8\?B\?([^?]*)\?=/gi, (_, part) => Buffer.from(part, 'base64').toString()) +
  Buffer.from(
    letter
      .split(/\r?\n\r?\n/)
      .slice(1)
      .join(''),
    'base64',
  ).toString()
