import { useSyncExternalStore } from 'react'
import { CallError, send } from './call.ts'
import { drain, type WaitingAct } from './offline/queue.ts'
import { actStore, wipe } from './offline/store.ts'

/** What the shell shows of the acts that wait on this device. */
export interface Waiting {
  acts: readonly WaitingAct[]
  sending: boolean
  /** Whether this device's keeping has been read yet. */
  read: boolean
}

let waiting: Waiting = { acts: [], sending: false, read: false }
const listeners = new Set<() => void>()

function publish(next: Waiting): void {
  waiting = next
  for (const listener of listeners) listener()
}

async function reread(sending = waiting.sending): Promise<void> {
  publish({ acts: await actStore.all(), sending, read: true })
}

/** Sends what waits for this person. Two tabs never send at once; if they did, the same keys would make it one act. */
export async function sync(person: string, onSent: () => void): Promise<void> {
  const run = async () => {
    await reread(false)
    if (!waiting.acts.some((act) => act.person === person && !act.refusal)) return
    await reread(true)
    const moved = new Map<string, number>()
    const result = await drain(actStore, person, async (act) => {
      try {
        const version = moved.get(`${act.record} ${act.version}`) ?? act.version ?? undefined
        const answer = await send(act.method, act.url, { body: act.body, version, key: act.id })
        const next = (answer as { version?: unknown } | undefined)?.version
        // Acts on one record were entered one upon another: the next expects what this one left behind, and no one else's change.
        if (act.record !== null && act.version !== null && typeof next === 'number') {
          moved.set(`${act.record} ${act.version}`, next)
          for (const later of await actStore.all()) {
            if (later.id === act.id || later.record !== act.record) continue
            if (later.version !== act.version && later.version !== version) continue
            await actStore.put({ ...later, version: next })
          }
        }
        return null
      } catch (refusal) {
        if (refusal instanceof CallError) return { status: refusal.status, message: refusal.message }
        throw refusal
      }
    })
    await reread(false)
    if (result.sent > 0) onSent()
  }
  try {
    if (navigator.locks) await navigator.locks.request('linli-desk-sync', run)
    else await run()
  } finally {
    if (waiting.sending) await reread(false)
  }
}

/**
 * Does an act now if there is network, and keeps it for later if there is none. Either way it has one id, so that it
 * arrives once even when the answer to the first try was lost.
 *
 * @returns `sent` with the server's answer, or `waiting`.
 * @throws CallError when the server refuses it.
 */
export async function actNowOrLater(
  act: Omit<WaitingAct, 'id' | 'at' | 'refusal'>,
): Promise<{ kind: 'sent'; answer: unknown } | { kind: 'waiting' }> {
  const whole: WaitingAct = { ...act, id: crypto.randomUUID(), at: new Date().toISOString(), refusal: null }
  const earlier = waiting.acts.some(
    (one) => one.record !== null && one.record === act.record && one.person === act.person,
  )
  if (!earlier) {
    try {
      const answer = await send(act.method, act.url, {
        body: act.body,
        version: act.version ?? undefined,
        key: whole.id,
      })
      return { kind: 'sent', answer }
    } catch (refusal) {
      if (!(refusal instanceof CallError) || !refusal.offline) throw refusal
    }
  }
  await actStore.put(whole)
  await reread()
  return { kind: 'waiting' }
}

/** Deletes everything the desk kept on this device, and what this page remembers of it. Called when a person signs out. */
export async function forgetDevice(): Promise<void> {
  await wipe()
  publish({ acts: [], sending: false, read: true })
}

/** Takes away an act that was refused, once its author has read why. */
export async function forget(id: string): Promise<void> {
  await actStore.remove(id)
  await reread()
}

/** Puts a refused act back in the row, without the version it was made for. */
export async function tryAgain(act: WaitingAct): Promise<void> {
  await actStore.put({ ...act, refusal: null, version: null })
  await reread()
}

// One function for good: React would take a new one at each drawing for another store, ask anew, and draw without end.
function listen(listener: () => void): () => void {
  listeners.add(listener)
  if (listeners.size === 1 && !waiting.read) void reread()
  return () => listeners.delete(listener)
}

const present = (): Waiting => waiting

export function useWaiting(): Waiting {
  return useSyncExternalStore(listen, present)
}
