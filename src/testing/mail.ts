// Where mails of a test go: a mail server of its own, which keeps what came.
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterAll } from 'vitest'

export interface Came {
  /** Of the envelope. */
  readonly from: string
  readonly to: string
  readonly text: string
}

/** A mail server until the last test of the file; `smtp` is how a server is told of it. */
export async function mailSink(): Promise<{ came: Came[]; smtp: { url: string; from: string } }> {
  const came: Came[] = []
  const sink = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, { envelope }, done) {
      let text = ''
      stream.on('data', (chunk) => {
        text += chunk
      })
      stream.on('end', () => {
        const from = envelope.mailFrom ? envelope.mailFrom.address : ''
        came.push({ from, to: envelope.rcptTo.map(({ address }) => address).join(), text })
        done()
      })
    },
  })
  await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve))
  afterAll(() => new Promise<void>((resolve) => sink.close(() => resolve())))
  const { port } = sink.server.address() as AddressInfo
  return { came, smtp: { url: `smtp://127.0.0.1:${port}`, from: 'Linli <linli@linli.example>' } }
}
