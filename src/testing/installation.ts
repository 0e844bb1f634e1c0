// The server as a process of its own, so that tests can kill it: on a data directory with its own PostgreSQL, or on a database
// that is there. Started by itself this file is that process; imported, it starts it.
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { prepareDatabase } from '#app/prepare.ts'
import { startServer } from '#app/server.ts'
import { readConfig } from '#kernel/config/index.ts'
import { openForServer } from '#kernel/embedded/index.ts'

export interface Installation {
  readonly child: ChildProcess
  readonly address: string
  /** All that was written to the log and beside it so far. */
  told(): string
  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<void>
}

const ready = /^ready (\S+)$/m

/**
 * Starts a server process and waits until it serves.
 * @param environment as documented for the program; nothing else of this process's environment is handed on but the path
 * @throws with all that it said, where it ends before it serves
 */
export async function startInstallation(environment: Readonly<Record<string, string>>): Promise<Installation> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url)], {
    env: {
      PATH: process.env.PATH,
      LANG: 'C',
      LINLI_EMPTY: '1',
      LINLI_PORT: '0',
      LINLI_LIMIT_FACTOR: '1000',
      LINLI_LOG_LEVEL: 'error',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  const over = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const address = await new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      text += chunk
      const found = ready.exec(text)?.[1]
      if (found) resolve(found)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('close', () => reject(new Error(`the server ended: ${text}`)))
    child.once('error', reject)
  })
  return {
    child,
    address,
    told: () => text,
    async end(signal) {
      child.kill(signal)
      await over
    },
  }
}

async function serve(): Promise<void> {
  const config = readConfig(process.env)
  let stop: () => void = () => undefined
  const stopped = new Promise<void>((resolve) => {
    stop = resolve
  })
  process.once('SIGTERM', stop)
  const open = await openForServer(config, {
    onLost(error) {
      process.stderr.write(`lost: ${error.message}\n`)
      stop()
    },
  })
  if (open.superuserUrl) await prepareDatabase(open.config, open.superuserUrl)
  const server = await startServer(open.config)
  process.stdout.write(`ready ${server.address}\n`)
  await stopped
  await server.stop()
  await open.stop()
}

if (import.meta.main) await serve()
