// Listens for mail (RFC 5321). What it answers with 250 stands in the database; what it cannot take now, the sender's server brings again.
import { readFileSync } from 'node:fs'
import type { AddressInfo, Socket } from 'node:net'
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server'
import { type Letter, letterOf } from './letter.ts'
import { takeApart } from './reading.ts'

/** Why a mail is not taken: 4xx, and it is brought again; 5xx, and whoever sent it is told by their own server. ASCII alone. */
export interface Declined {
  readonly code: 421 | 450 | 451 | 452 | 550 | 552 | 554
  readonly text: string
}

/** What the rooms do with mail. Null: taken. */
export interface Receiving {
  recipient(address: string): Promise<Declined | null>
  letter(letter: Letter): Promise<Declined | null>
}

export interface MailboxSettings {
  readonly host: string
  readonly port: number
  /** Names of files with a certificate and its key (PEM); null: no STARTTLS. */
  readonly tls: { readonly certificate: string; readonly key: string } | null
}

export interface Mailbox {
  readonly port: number
  /** Takes no more connections, and waits for what is being taken in. */
  close(): Promise<void>
}

/** Bounds of the listener; tests narrow them. */
export const mailboxLimits = {
  /** Octets of one mail. */
  size: 30 * 1024 * 1024,
  /** Octets of all mails that are being taken in together. */
  together: 120 * 1024 * 1024,
  clients: 40,
  recipients: 10,
  /** Milliseconds in which nothing comes, and those that a connection may last whatever comes. */
  idle: 60_000,
  lifetime: 600_000,
}

const busy: Declined = { code: 452, text: '4.3.1 Too much mail at this moment, please try again' }
const failed: Declined = { code: 451, text: '4.3.0 Cannot be taken at this moment, please try again' }
const tooBig = (size: number): Declined => ({
  code: 552,
  text: `5.3.4 Larger than ${Math.floor(size / 1024 / 1024)} MB`,
})
const unreadable: Declined = { code: 554, text: '5.6.0 This mail cannot be read; please send plain text' }

const declinedWith = ({ code, text }: Declined) => Object.assign(new Error(text), { responseCode: code })

/** @throws what listening throws (EADDRINUSE …), and what reading the certificate throws */
export async function openMailbox(
  settings: MailboxSettings,
  receiving: Receiving,
  onError: (error: unknown) => void,
  limits: typeof mailboxLimits = mailboxLimits,
): Promise<Mailbox> {
  let held = 0
  const taking = new Set<Promise<void>>()

  /** The octets of a mail; what is over a bound is read to its end and thrown away, so that the answer is heard. */
  async function collect(stream: SMTPServerDataStream): Promise<Uint8Array<ArrayBuffer> | Declined> {
    let chunks: Buffer[] = []
    let length = 0
    let declined: Declined | null = null
    try {
      for await (const chunk of stream) {
        if (declined) continue
        length += (chunk as Buffer).length
        held += (chunk as Buffer).length
        chunks.push(chunk as Buffer)
        if (length > limits.size) declined = tooBig(limits.size)
        else if (held > limits.together) declined = busy
        if (declined) {
          chunks = []
          held -= length
          length = 0
        }
      }
      if (declined) return declined
      // Memory of its own, which the thread takes over.
      const raw = new Uint8Array(length)
      let at = 0
      for (const chunk of chunks) {
        raw.set(chunk, at)
        at += chunk.length
      }
      return raw
    } finally {
      held -= length
    }
  }

  const server = new SMTPServer({
    name: 'linli',
    banner: 'mail for Linli',
    size: limits.size,
    maxClients: limits.clients,
    socketTimeout: limits.idle,
    closeTimeout: 5_000,
    disableReverseLookup: true,
    authOptional: true,
    disabledCommands: settings.tls ? ['AUTH'] : ['AUTH', 'STARTTLS'],
    ...(settings.tls ? { cert: readFileSync(settings.tls.certificate), key: readFileSync(settings.tls.key) } : {}),
    logger: false,
    onRcptTo({ address }, session, done) {
      if (session.envelope.rcptTo.length >= limits.recipients)
        return done(declinedWith({ code: 452, text: '4.5.3 Too many recipients' }))
      receiving.recipient(address).then(
        (declined) => done(declined && declinedWith(declined)),
        (error) => {
          onError(error)
          done(declinedWith(failed))
        },
      )
    },
    onData(stream, session, done) {
      const envelope = {
        sender: session.envelope.mailFrom ? session.envelope.mailFrom.address : '',
        recipients: session.envelope.rcptTo.map(({ address }) => address),
      }
      const take = async (): Promise<Declined | null> => {
        const raw = await collect(stream)
        if (!(raw instanceof Uint8Array)) return raw
        const apart = await takeApart(raw)
        return apart ? receiving.letter(letterOf(apart, envelope)) : unreadable
      }
      const work = take()
        .catch((error): Declined => {
          onError(error)
          return failed
        })
        .then((declined) => (declined ? done(declinedWith(declined)) : done(null, '2.6.0 Taken in')))
        .finally(() => taking.delete(work))
      taking.add(work)
    },
  })
  // Connections that break off are the network's business.
  server.on('error', () => undefined)
  // Whoever sends one octet a minute is never idle.
  server.server.on('connection', (socket: Socket) => {
    const timer = setTimeout(() => socket.destroy(), limits.lifetime)
    socket.once('close', () => clearTimeout(timer))
  })
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject)
    server.listen(settings.port, settings.host, () => {
      server.server.off('error', reject)
      resolve()
    })
  })
  return {
    port: (server.server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      await Promise.all(taking)
      await closed
    },
  }
}
