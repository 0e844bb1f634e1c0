// What the tests of this room share: a server that takes mail, a client that sends it, and raw lines where a client would not send them.
import { connect } from 'node:net'
import { createTransport, type SendMailOptions } from 'nodemailer'
import sharp from 'sharp'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'

export const intake = 'tell@in.linli.example'

/** A server that takes mail, with an organisation. Its own mails go to `smtp`, else they are only shown. */
export async function mailServer(smtp: { url: string; from: string } | null = null) {
  const server = await testServer(await testDatabase({ keep: true }), {
    smtp,
    mailbox: {
      addresses: [
        { address: intake, place: '321003' },
        { address: 'wenchang@in.linli.example', place: '321003001' },
      ],
      host: '127.0.0.1',
      port: 0,
      tls: null,
    },
  })
  const organisation = await makeOrganisation(server)
  const requests = requestsOf(server, organisation)
  const port = server.mailbox?.port ?? 0
  const transport = createTransport({ host: '127.0.0.1', port, secure: false, ignoreTLS: true })

  /** Sends a mail as a program of a resident does. Returns what the server answered: 250, or the code by which it declined. */
  async function send(mail: SendMailOptions): Promise<{ code: number; text: string }> {
    // No two mails at the same moment: what came last is told by its time.
    server.clock.advance(1_000)
    try {
      const { response } = await transport.sendMail({ from: '王小明 <ming@example.org>', to: intake, ...mail })
      return { code: Number(response.slice(0, 3)), text: response }
    } catch (error) {
      const { responseCode = 0, response = String(error) } = error as { responseCode?: number; response?: string }
      return { code: responseCode, text: response }
    }
  }

  /** Sends lines as they are, each after the answer to the one before; the last is the mail with its final dot. Returns the last answer. */
  function sendRaw(mail: string | Buffer, to = intake, from = 'ming@example.org'): Promise<string> {
    server.clock.advance(1_000)
    const body = Buffer.isBuffer(mail) ? mail : Buffer.from(mail.replace(/\r?\n/g, '\r\n'))
    const lines: (string | Buffer)[] = ['EHLO client.example', `MAIL FROM:<${from}>`, `RCPT TO:<${to}>`, 'DATA']
    lines.push(Buffer.concat([body, Buffer.from('\r\n.')]))
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1')
      let answer = ''
      socket.on('error', reject)
      socket.on('close', () => resolve(answer.trim()))
      socket.on('data', (chunk) => {
        answer += chunk.toString()
        if (!/^\d{3} [^\n]*\r\n$/m.test(answer)) return
        const last = answer.trim()
        const next = /^[45]/.test(last) ? undefined : lines.shift()
        if (next === undefined) {
          resolve(last)
          socket.end('QUIT\r\n')
          return
        }
        answer = ''
        socket.write(next)
        socket.write('\r\n')
      })
    })
  }

  /** Every request that came by mail, newest first. */
  const mailed = async (): Promise<Row[]> =>
    (await server.superuser.query<Row>("select * from request where channel = 'mail' order by number desc")).rows

  /** What was written to an address, newest first, after the jobs that are due. */
  async function lettersTo(address: string) {
    await server.workJobs()
    return (await server.kernel.outbox.listReadableMessages(200)).filter(({ to }) => to === address)
  }

  /** The address to which the newest letter to an address is answered. */
  async function replyTo(address: string): Promise<string> {
    const { rows } = await server.superuser.query<{ id: string; content: Buffer; recipient: Buffer }>(
      "select id, content, recipient from outbox where channel = 'mail' order by id desc",
    )
    const open = (what: string, sealed: Buffer, id: string) =>
      server.kernel.encryption.decrypt(`outbox.${what}`, sealed, id)
    for (const { id, content, recipient } of rows) {
      if (open('recipient', recipient, id) !== address) continue
      const opened = JSON.parse(open('content', content, id)) as { replyTo?: string }
      if (opened.replyTo) return opened.replyTo
    }
    throw new Error('no letter that can be answered')
  }
  return { server, organisation, requests, send, sendRaw, mailed, lettersTo, replyTo }
}

export const picture = (): Promise<Buffer> =>
  sharp({ create: { width: 40, height: 30, channels: 3, background: '#2f6b4f' } })
    .jpeg()
    .toBuffer()

export interface Row {
  readonly id: string
  readonly number: number
  readonly channel: string
  readonly title: string
  readonly body: string
  readonly path: string
  readonly language: string
  readonly reporter: string | null
  readonly entered_by: string | null
}
