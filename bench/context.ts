// What all parts of a run share: the options, the data directories, the database and the bench's own programs.
import { fork } from 'node:child_process'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { readConfig } from '#kernel/config/index.ts'
import { openForCommand } from '#kernel/embedded/index.ts'
import type { Asked, Order, Outcome } from './clients.ts'
import type { Organisation } from './organisation.ts'
import type { Past } from './past.ts'

export const { values: given } = parseArgs({
  options: {
    only: { type: 'string' },
    data: { type: 'string' },
    port: { type: 'string', default: '3240' },
    scale: { type: 'string', default: 'district' },
    requests: { type: 'string' },
    entries: { type: 'string' },
    grids: { type: 'string', default: '110000' },
    seconds: { type: 'string', default: '12' },
    rounds: { type: 'string', default: '2' },
    profile: { type: 'string' },
    faults: { type: 'boolean' },
  },
})
const only = given.only?.split(',')
/** Whether a figure is asked for: by its beginning, or by the beginning of a group of them. */
export const wanted = (...figures: string[]) =>
  !only || figures.some((figure) => only.some((asked) => figure.startsWith(asked) || asked.startsWith(figure)))
/** Whether nothing else is asked for than figures of one part. */
export const wantedAlone = (part: string) => only?.every((asked) => asked.startsWith(part)) ?? false
export const port = Number(given.port)
export const seconds = Number(given.seconds)
/** A district is measured unless a province is asked for. */
export const wholeProvince = given.scale === 'province'
if (!wholeProvince && given.scale !== 'district') throw new Error(`--scale ${given.scale}: district or province`)
export const requests = Number(given.requests ?? (wholeProvince ? 2_000_000 : 200_000))

export const kept = given.data !== undefined
export const root = given.data ?? mkdtempSync(join(tmpdir(), 'linli-bench-'))
mkdirSync(root, { recursive: true })
export const data = join(root, 'real')
export const demonstration = join(root, 'demonstration')
export const stateFile = join(root, 'state.json')

export interface State {
  readonly organisation: Organisation
  readonly past: Past
}

export const settings = (directory: string) => readConfig(process.env, { dataDirectory: directory, empty: '1' })

/** Lends the database, which a running server has, or which is started for the time of the work. */
export async function withOwner<T>(
  work: (open: Awaited<ReturnType<typeof openForCommand>>) => Promise<T>,
  how: { readonly create?: boolean } = {},
): Promise<T> {
  const open = await openForCommand(settings(data), how)
  try {
    return await work(open)
  } finally {
    await open.stop()
  }
}

/** Runs one of the bench's own programs beside this one. */
export function beside<T>(file: string, order: unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL(file, import.meta.url)), {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    child.once('message', (answer: { outcome?: T; error?: string }) => {
      if (answer.outcome) resolve(answer.outcome)
      else reject(new Error(answer.error))
    })
    child.once('error', reject)
    child.once('exit', (code) => code && reject(new Error(`${file} ended with ${code}`)))
    child.send(order as object)
  })
}

/** Clients that ask the running server. */
export const clients = (order: Partial<Order> & { asked: readonly Asked[] }) =>
  beside<Outcome>('./clients.ts', { port, clients: 50, think: 0, warmSeconds: 3, seconds, ...order })

/** Seconds of processor time that this program has spent. */
export function processorSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000_000
}
