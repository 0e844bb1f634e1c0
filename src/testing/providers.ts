// Providers of messages that misbehave: a gateway for SMS and a mail server, each as it is told to be.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

export type GatewayMood = 'well' | 'hangs' | 'fails' | 'refuses' | 'rubbish'

export interface Gateway {
  readonly url: string
  mood: GatewayMood
  /** Every attempt, by the id of its message. */
  readonly attempts: readonly { readonly id: string; readonly to: string; readonly text: string }[]
  /** What the gateway took on, as often as it did: it does not look whether it had the same before. */
  readonly taken: readonly { readonly id: string; readonly to: string; readonly text: string }[]
  close(): Promise<void>
}

/** A gateway for SMS on a free port. */
export async function openGateway(): Promise<Gateway> {
  const attempts: { id: string; to: string; text: string }[] = []
  const taken: { id: string; to: string; text: string }[] = []
  const gateway: { mood: GatewayMood } = { mood: 'well' }
  const server: Server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      const message = JSON.parse(body) as { id: string; to: string; text: string }
      attempts.push(message)
      if (gateway.mood === 'hangs') return
      if (gateway.mood === 'fails') response.statusCode = 500
      else if (gateway.mood === 'refuses') response.statusCode = 400
      else taken.push(message)
      response.end(gateway.mood === 'rubbish' ? `<html>${'\u0000'.repeat(50_000)}` : JSON.stringify({ id: message.id }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(gateway, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/send`,
    attempts,
    taken,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  })
}

export interface MailServer {
  readonly url: string
  /** What was delivered: to whom, and the whole letter. */
  readonly letters: readonly { readonly to: string; readonly text: string }[]
  close(): Promise<void>
}

/** A mail server on a free port, which says 550 to some. */
export async function openMailServer(unknown: (address: string) => boolean = () => false): Promise<MailServer> {
  const letters: { to: string; text: string }[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo({ address }, _session, done) {
      done(unknown(address) ? Object.assign(new Error('no such mailbox'), { responseCode: 550 }) : null)
    },
    onData(stream, session, done) {
      let text = ''
      stream.on('data', (chunk) => {
        text += chunk
      })
      stream.on('end', () => {
        for (const { address } of session.envelope.rcptTo) letters.push({ to: address, text })
        done()
      })
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    letters,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}
