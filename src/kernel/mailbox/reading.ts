import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Apart } from './letter.ts'

const most = { megabytes: 512, seconds: 30, atOnce: 2 } as const
const waiting: (() => void)[] = []
let running = 0

/**
 * Takes a mail apart. Null for one that cannot be: parts within parts without end, headers without end, or more than the thread's
 * memory and time allow.
 */
export async function takeApart(raw: Uint8Array): Promise<Apart | null> {
  if (running >= most.atOnce) await new Promise<void>((resolve) => waiting.push(resolve))
  else running += 1
  try {
    return await inThread(raw)
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running -= 1
  }
}

async function inThread(raw: Uint8Array): Promise<Apart | null> {
  const worker = new Worker(new URL('./reading.worker.ts', import.meta.url), {
    workerData: raw,
    resourceLimits: { maxOldGenerationSizeMb: most.megabytes },
    execArgv: [],
  })
  const timer = setTimeout(() => void worker.terminate(), most.seconds * 1000)
  try {
    const ended = once(worker, 'exit').then(() => null)
    const [answer] = (await Promise.race([once(worker, 'message'), ended])) ?? [null]
    return answer as Apart | null
  } catch {
    return null
  } finally {
    clearTimeout(timer)
    await worker.terminate()
  }
}
