import { useSyncExternalStore } from 'react'
import { CallError } from '../../client/index.ts'
import { dropSeen, keepSeen, seenOf } from './store.ts'

/** Names of what is shown out of this device's keeping, with the moment at which the server said it. */
const shownFrom = new Map<string, string>()
const listeners = new Set<() => void>()

function tell(name: string, at: string | null): void {
  if ((shownFrom.get(name) ?? null) === at) return
  if (at === null) shownFrom.delete(name)
  else shownFrom.set(name, at)
  for (const listener of listeners) listener()
}

const listen = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export interface KeptValue<T> {
  at: string
  value: T
}

/**
 * Reads from the server and keeps the answer on this device; where the server cannot be reached, what was kept last. `otherwise`
 * is asked when nothing was kept under this very name.
 */
export async function readOrKept<T>(
  person: string,
  name: string,
  read: () => Promise<T>,
  otherwise: () => Promise<KeptValue<T> | null> = async () => null,
): Promise<T> {
  try {
    const answer = await read()
    tell(name, null)
    // Where this device keeps nothing (a private window, a full disk), reading goes on all the same.
    void keepSeen(person, name, answer).catch(() => {})
    return answer
  } catch (error) {
    if (!(error instanceof CallError) || !error.unreachable) {
      // It is this person's to read no longer: the device forgets it too.
      if (error instanceof CallError && [403, 404, 410].includes(error.status))
        void dropSeen(person, (kept) => kept === name).catch(() => {})
      throw error
    }
    const kept = (await seenOf<T>(person, name).catch(() => null)) ?? (await otherwise().catch(() => null))
    if (!kept) throw error
    tell(name, kept.at)
    return kept.value
  }
}

/** When the server said what is shown under this name, if it is shown out of this device's keeping; else null. */
export function useAsOf(name: string): string | null {
  return useSyncExternalStore(listen, () => shownFrom.get(name) ?? null)
}

/** Nothing is shown out of the keeping any more: it has been emptied. */
export function forgetShown(): void {
  shownFrom.clear()
  for (const listener of listeners) listener()
}
