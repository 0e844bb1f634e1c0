import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Apart } from './letter.ts'

const most = { megabytes: 512, seconds: 30, atOnce: 2, idleSeconds: 30 } as const
const waiting: (() => void)[] = []
let running = 0
/** Threads that have done their mail and are there for the next: to begin one costs more than most mails do. */
const idle = new Map<Worker, NodeJS.Timeout>()

/**
 * Takes a mail apart; its octets go over to the thread and are gone here. Null for one that cannot be: parts within parts without end,
 * headers without end, or more than the thread's memory and time allow.
 */
export async function takeApart(raw: Uint8Array<ArrayBuffer>): Promise<Apart | null> {
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

function threadFor(): Worker {
  for (const [worker, timer] of idle) {
    clearTimeout(timer)
    idle.delete(worker)
    worker.ref()
    return worker
  }
  const worker = new Worker(new URL('./reading.worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: most.megabytes },
    execArgv: [],
  })
  // Out of memory ends the thread, not the program.
  worker.on('error', () => undefined)
  worker.once('exit', () => {
    clearTimeout(idle.get(worker))
    idle.delete(worker)
  })
  return worker
}

async function inThread(raw: Uint8Array<ArrayBuffer>): Promise<Apart | null> {
  const worker = threadFor()
  const timer = setTimeout(() => void worker.terminate(), most.seconds * 1000)
  const settled = new AbortController()
  try {
    const heard = once(worker, 'message', { signal: settled.signal }) as Promise<[Apart | null]>
    const ended = once(worker, 'exit', { signal: settled.signal }).then(() => 'ended' as const)
    for (const each of [heard, ended]) each.catch(() => undefined)
    worker.postMessage(raw, [raw.buffer])
    const answer = await Promise.race([heard, ended]).catch(() => 'ended' as const)
    if (answer === 'ended') return null
    worker.unref()
    idle.set(worker, setTimeout(() => void worker.terminate(), most.idleSeconds * 1000).unref())
    return answer[0]
  } finally {
    clearTimeout(timer)
    settled.abort()
  }
}
