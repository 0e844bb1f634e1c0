/** What taking one from an allowance comes to. */
export interface Taken {
  allowed: boolean
  /** Whole seconds after which one more would be allowed; 0 when this one was. */
  retryAfterSeconds: number
}

/** So many callers are remembered at most: a bound for the memory of the process, above what comes while a disk is full. */
const mostCallers = 50_000

/**
 * The same count as the database's, kept by this process alone, for the time in which the database cannot write. Nothing of it is
 * stored anywhere.
 */
export function createMemory(now: () => number = () => performance.now()) {
  const fullAt = new Map<string, number>()

  function makeRoom(at: number): void {
    for (const [key, full] of fullAt) if (full <= at) fullAt.delete(key)
    // A flood of addresses: who came first is forgotten first.
    for (const key of fullAt.keys()) {
      if (fullAt.size < mostCallers) break
      fullAt.delete(key)
    }
  }

  return {
    take(key: string, burst: number, seconds: number): Taken {
      const at = now()
      const step = (seconds * 1_000) / burst
      const next = Math.max(fullAt.get(key) ?? at, at) + step
      const wait = next - (at + seconds * 1_000)
      if (wait > 1) return { allowed: false, retryAfterSeconds: Math.max(1, Math.ceil(wait / 1_000)) }
      if (fullAt.size >= mostCallers) makeRoom(at)
      fullAt.set(key, next)
      return { allowed: true, retryAfterSeconds: 0 }
    },
  }
}
