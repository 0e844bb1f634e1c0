import { useSyncExternalStore } from 'react'
import { CallError } from '../client/index.ts'
import { send, sendFile } from './call.ts'
import { forgetShown } from './offline/kept.ts'
import { drain, inOrder, seenAnew, sendWhole, type WaitingAct } from './offline/queue.ts'
import { actStore, fileStore, wipe, wipeOthers, wipeRead } from './offline/store.ts'

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
  publish({ acts: inOrder(await actStore.all()), sending, read: true })
}

/** One at a time over all windows of this browser. */
async function alone<T>(run: () => Promise<T>): Promise<T> {
  return navigator.locks ? navigator.locks.request('linli-desk-sync', run) : run()
}

/** Sends an act, its files before it, under the keys that they were given when they were entered. */
function sendNow(act: WaitingAct, version: number | string | undefined): Promise<unknown> {
  return sendWhole(act, fileStore, {
    file: async (url, file) => ((await sendFile(url, file.blob, file.name, file.key)) as { id: string }).id,
    act: (body) => send(act.method, act.url, { body, version, key: act.id }),
  })
}

/**
 * Sends what waits for this person. Two tabs never send at once; if they did, the same keys would make it one act. `onAnswered` is
 * called when the server has done or refused something: either way what is on the screen is old.
 *
 * @returns how many were answered; null where nothing waited.
 */
export async function sync(
  person: string,
  onAnswered: () => void,
): Promise<{ sent: number; refused: number; left: number } | null> {
  const run = async () => {
    await reread(false)
    if (!waiting.acts.some((act) => act.person === person && !act.refusal)) return null
    await reread(true)
    const moved = new Map<string, number>()
    const result = await drain(actStore, person, async (act) => {
      try {
        const version = moved.get(`${act.record} ${act.version}`) ?? act.version ?? undefined
        const answer = await sendNow(act, version)
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
        if (refusal instanceof CallError) return refusal
        throw refusal
      }
    })
    await reread(false)
    if (result.sent + result.refused > 0) onAnswered()
    return result
  }
  try {
    return await alone(run)
  } finally {
    if (waiting.sending) await reread(false)
  }
}

/**
 * Does an act now if there is network, and keeps it for later if there is none. Either way it has one id, so that it
 * arrives once even when the answer to the first try was lost. Whoever may have to ask again, after a reload, brings the id.
 *
 * @returns `sent` with the server's answer, or `waiting`; `behind` where it waits for no network, but behind a refused act.
 * @throws CallError when the server refuses it.
 */
export async function actNowOrLater(
  act: Omit<WaitingAct, 'id' | 'at' | 'refusal'> & Partial<Pick<WaitingAct, 'id'>>,
): Promise<{ kind: 'sent'; answer: unknown } | { kind: 'waiting'; behind: boolean }> {
  const whole: WaitingAct = { ...act, id: act.id ?? crypto.randomUUID(), at: new Date().toISOString(), refusal: null }
  const earlier = waiting.acts.filter(
    (one) => one.record !== null && one.record === act.record && one.person === act.person,
  )
  let kept = false
  if (earlier.length === 0) {
    // What has pictures before it is kept first: the phone may die between the two, and then it goes out by itself.
    const tried = act.files
      ? await alone(async () => {
          // Where this browser keeps nothing it is sent all the same.
          kept = await actStore.put(whole).then(
            () => true,
            () => false,
          )
          let tired = false
          try {
            const answered = await attempt(whole)
            tired = answered === null
            return answered
          } finally {
            // Done or refused before its author's eyes: only what nobody answered waits.
            if (!tired) await actStore.remove(whole.id).catch(() => {})
          }
        })
      : await attempt(whole)
    if (tried) return { kind: 'sent', answer: tried.answer }
  }
  if (!kept) await actStore.put(whole)
  await reread()
  return { kind: 'waiting', behind: earlier.some((one) => one.refusal !== null) }
}

/** The server's answer; null where it cannot be reached. Throws its refusal. */
async function attempt(act: WaitingAct): Promise<{ answer: unknown } | null> {
  try {
    return { answer: await sendNow(act, act.version ?? undefined) }
  } catch (refusal) {
    if (refusal instanceof CallError && refusal.unreachable) return null
    throw refusal
  }
}

/** The server has ended the session: what was read goes from this device, what was entered and not sent waits for its author. */
export async function forgetRead(): Promise<void> {
  forgetShown()
  await wipeRead()
}

/** This person is here now: what others read and drafted on this device goes. */
export async function settleIn(person: string): Promise<void> {
  await wipeOthers(person)
  await reread()
}

/** Deletes everything the desk kept on this device, and what this page remembers of it. Called when a person signs out. */
export async function forgetDevice(): Promise<void> {
  forgetShown()
  await wipe()
  publish({ acts: [], sending: false, read: true })
}

/**
 * Takes away an act that was refused, once its author has read why; with `keepFiles` what was chosen for it goes back to its form.
 * What was entered upon it goes out next, for the version that its author has `seen` since.
 */
export async function forget(
  act: WaitingAct,
  { keepFiles = false, seen = null }: { keepFiles?: boolean; seen?: WaitingAct['version'] } = {},
): Promise<void> {
  await lift(act, seen)
  await actStore.remove(act.id)
  if (!keepFiles) for (const id of act.files?.ids ?? []) await fileStore.remove(id)
  await reread()
}

/** Puts a refused act back in the row, for the version that its author has looked at since. */
export async function tryAgain(act: WaitingAct, version: number | string | null): Promise<void> {
  await lift(act, version)
  await actStore.put({ ...act, refusal: null, version: version ?? act.version })
  await reread()
}

async function lift(refused: WaitingAct, seen: WaitingAct['version']): Promise<void> {
  if (seen === null) return
  for (const later of seenAnew(await actStore.all(), refused, seen)) await actStore.put(later)
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
