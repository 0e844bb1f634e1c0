// The roof: every room's routes, jobs and words, in one process.
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Clock } from '#kernel/clock/index.ts'
import type { Config } from '#kernel/config/index.ts'
import { createServer } from '#kernel/http/index.ts'
import { startSequencer } from '#kernel/ledger/index.ts'
import { type Mailbox, openMailbox } from '#kernel/mailbox/index.ts'
import { createMailIntake } from '#open/mail/index.ts'
import { type RunningKernel, startKernel } from './kernel.ts'
import { allJobs, registerAllRoutes } from './rooms.ts'
import { registerAllWords } from './words.ts'

export interface RunningServer {
  readonly app: FastifyInstance
  readonly kernel: RunningKernel
  readonly address: string
  /** Takes mail; null where no address for it is configured. */
  readonly mailbox: Mailbox | null
  stop(): Promise<void>
}

export interface ServerOptions {
  readonly clock?: Clock
  /** False: this process serves only; another works the queues and orders the ledger. */
  readonly works?: boolean
}

/**
 * Starts serving on an existing, migrated database.
 * @throws what listening throws (EADDRINUSE …); everything opened before is closed again
 */
export async function startServer(config: Config, options: ServerOptions = {}): Promise<RunningServer> {
  await registerAllWords()
  const kernel = await startKernel(config, options.clock)
  const stops: (() => Promise<void>)[] = [() => kernel.stop()]
  try {
    const app = await createServer(kernel)
    stops.push(() => app.close())
    stops.push(await registerAllRoutes(app, kernel))
    const failed = (what: string) => (error: unknown) =>
      kernel.log.error({ what, error: (error as Error)?.name, code: (error as { code?: string })?.code }, 'failed')
    if (options.works !== false) {
      const sequencer = startSequencer(kernel.jobsDatabase, { onError: failed('ledger') })
      stops.push(() => sequencer.stop())
      await kernel.jobs.work(allJobs(kernel), (queue, error) => failed(queue)(error))
      kernel.outbox.start(failed('outbox'))
    }
    const mailbox = config.mailbox && (await openMailbox(config.mailbox, createMailIntake(kernel), failed('mailbox')))
    if (mailbox) stops.push(() => mailbox.close())
    await app.listen({ host: config.host, port: config.port })
    const { port } = app.server.address() as AddressInfo
    return {
      app,
      kernel,
      mailbox,
      address: config.port === 0 ? `http://${config.host}:${port}` : config.publicUrl,
      async stop() {
        for (const stop of stops.toReversed()) await stop()
      },
    }
  } catch (error) {
    for (const stop of stops.toReversed()) await stop()
    throw error
  }
}
