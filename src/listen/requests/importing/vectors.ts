// Cutting texts into words takes most of an import's time: worker threads share it.
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'

export interface WordCutters {
  /** The text of each one's tsvector, in order. */
  cut(texts: readonly string[]): Promise<string[]>
  close(): Promise<void>
}

/** Starts threads that cut words. */
export function startWordCutters(count = Math.min(4, Math.max(1, availableParallelism()))): WordCutters {
  const idle: Worker[] = []
  const waiting: ((worker: Worker) => void)[] = []
  const workers = Array.from({ length: count }, () => {
    const worker = new Worker(new URL('./vectors.worker.ts', import.meta.url), { execArgv: [] })
    worker.setMaxListeners(0)
    worker.on('error', () => undefined)
    return worker
  })
  idle.push(...workers)

  async function work(texts: readonly string[]): Promise<string[]> {
    const worker = idle.pop() ?? (await new Promise<Worker>((resolve) => waiting.push(resolve)))
    worker.postMessage(texts)
    // `once` also rejects where the thread ends with an error.
    const [vectors] = (await once(worker, 'message')) as [string[]]
    const next = waiting.shift()
    if (next) next(worker)
    else idle.push(worker)
    return vectors
  }

  return {
    async cut(texts) {
      const share = Math.max(50, Math.ceil(texts.length / count))
      const parts: Promise<string[]>[] = []
      for (let at = 0; at < texts.length; at += share) parts.push(work(texts.slice(at, at + share)))
      return (await Promise.all(parts)).flat()
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}
