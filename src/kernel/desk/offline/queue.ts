/**
 * What a field worker enters without network: pure rules, no storage of their own. Each act carries an id and an
 * idempotency key made on the phone, so that sending it twice is one act.
 */
export interface WaitingAct {
  /** Made on the phone; also the idempotency key that the server sees. */
  id: string
  /** The person who entered it. Another person who signs in on the phone never sends it. */
  person: string
  method: string
  url: string
  body: unknown
  version: number | string | null
  /** The request it belongs to, so that its page can show that something is waiting. */
  record: string | null
  /** What was done, in the reader's words, for the list of what waits. */
  title: string
  /** ISO time of entry on the phone. */
  at: string
  /** A refusal that sending again will not mend; kept until its author has read it. */
  refusal: { status: number; sentence: string } | null
}

export type Outcome =
  | { kind: 'sent' }
  | { kind: 'later' }
  | { kind: 'signed-out' }
  | { kind: 'refused'; status: number; sentence: string }

/** What an answer of the server means for a waiting act. 5xx, 429 and no network are tried again; other refusals stay for the author. */
export function outcomeOf(error: { status: number; message: string } | null): Outcome {
  if (!error) return { kind: 'sent' }
  if (error.status === 0 || error.status === 408 || error.status === 425 || error.status === 429 || error.status >= 500)
    return { kind: 'later' }
  if (error.status === 401) return { kind: 'signed-out' }
  return { kind: 'refused', status: error.status, sentence: error.message }
}

/** The acts of this person that may be sent now, oldest first. After a refusal the later acts on the same record wait for its author. */
export function sendable(acts: readonly WaitingAct[], person: string): WaitingAct[] {
  const held = new Set<string>()
  const ready: WaitingAct[] = []
  for (const act of [...acts].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.id < b.id ? -1 : 1))) {
    if (act.person !== person) continue
    if (act.record !== null && held.has(act.record)) continue
    if (act.refusal) {
      if (act.record !== null) held.add(act.record)
      continue
    }
    ready.push(act)
  }
  return ready
}

export interface Store {
  all(): Promise<WaitingAct[]>
  put(act: WaitingAct): Promise<void>
  remove(id: string): Promise<void>
}

/**
 * Sends what waits, one after the other, and stops at the first sign that the network or the session is gone.
 * Removing comes after the answer: if the phone dies between the two, the same key goes out again and is one act.
 */
export async function drain(
  store: Store,
  person: string,
  sendOne: (act: WaitingAct) => Promise<{ status: number; message: string } | null>,
): Promise<{ sent: number; refused: number; left: number }> {
  let sent = 0
  let refused = 0
  const skipped = new Set<string>()
  for (const act of sendable(await store.all(), person)) {
    if (act.record !== null && skipped.has(act.record)) continue
    const outcome = outcomeOf(await sendOne(act))
    if (outcome.kind === 'sent') {
      await store.remove(act.id)
      sent += 1
    } else if (outcome.kind === 'refused') {
      await store.put({ ...act, refusal: { status: outcome.status, sentence: outcome.sentence } })
      if (act.record !== null) skipped.add(act.record)
      refused += 1
    } else break
  }
  return { sent, refused, left: (await store.all()).filter((act) => act.person === person).length }
}
