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
  /** What was typed and chosen, in the reader's words; without it what stands in the body is shown. */
  told?: string
  /** ISO time of entry on the phone. */
  at: string
  /** A refusal that sending again will not mend; kept until its author has read it. */
  refusal: { status: number; sentence: string } | null
  /** Pictures and videos kept on the phone that go before it. */
  files?: WaitingFiles
  /** The problem that says that it has arrived long ago, after the server has forgotten its key. */
  arrivedWhen?: string
}

export interface WaitingFiles {
  /** Where each of them is sent. */
  url: string
  /** The field of the body under which the ids stand that the server gave them. */
  field: string
  /** Their ids on the phone, in the order in which they were taken. */
  ids: readonly string[]
}

/** A picture or video on the phone. */
export interface KeptFile {
  /** Made on the phone. */
  id: string
  /** The key under which it is sent, so that sent twice it is one file. */
  key: string
  person: string
  /** The form it was chosen for. */
  form: string
  name: string
  blob: Blob
  at: string
  /** The id that the server gave it; null until it has arrived. */
  held: string | null
}

export type Outcome =
  | { kind: 'sent' }
  | { kind: 'later' }
  | { kind: 'signed-out' }
  | { kind: 'refused'; status: number; sentence: string }

/** What an answer of the server means for a waiting act. 5xx, 429 and no network are tried again; other refusals stay for the author. */
export function outcomeOf(
  error: { status: number; message: string; type?: string } | null,
  arrivedWhen?: string,
): Outcome {
  if (!error || (arrivedWhen !== undefined && error.type === arrivedWhen)) return { kind: 'sent' }
  if (error.status === 0 || error.status === 408 || error.status === 425 || error.status === 429 || error.status >= 500)
    return { kind: 'later' }
  if (error.status === 401) return { kind: 'signed-out' }
  return { kind: 'refused', status: error.status, sentence: error.message }
}

export interface FileStore {
  get(id: string): Promise<KeptFile | undefined>
  put(file: KeptFile): Promise<void>
  remove(id: string): Promise<void>
}

export interface Sending {
  /** Sends one file under its own key and answers the id that the server gave it. Throws what the server or the network said. */
  file(url: string, file: KeptFile): Promise<string>
  /** Sends the act with this body. Throws likewise. */
  act(body: unknown): Promise<unknown>
}

/** The server holds a file no longer, because the act that it went before came a day later. */
const gone = (error: unknown): boolean => (error as { status?: unknown } | null)?.status === 410

/**
 * Sends an act with what goes before it. A file that has arrived is written down before the next step, and each has its own
 * key: wherever the phone dies, the same files and the same act go out again and are there once. The bytes are let go last.
 */
export async function sendWhole(act: WaitingAct, files: FileStore, sending: Sending): Promise<unknown> {
  const before = act.files
  if (!before) return sending.act(act.body)
  const held = async (): Promise<string[]> => {
    const arrived: string[] = []
    for (const id of before.ids) {
      const kept = await files.get(id)
      if (!kept) continue
      const given = kept.held ?? (await sending.file(before.url, kept))
      if (kept.held === null) await files.put({ ...kept, held: given })
      arrived.push(given)
    }
    return arrived
  }
  const body = async () => {
    const given = (act.body as Record<string, unknown>)[before.field]
    return { ...(act.body as object), [before.field]: [...(Array.isArray(given) ? given : []), ...(await held())] }
  }
  let answer: unknown
  try {
    answer = await sending.act(await body())
  } catch (error) {
    if (!gone(error)) throw error
    for (const id of before.ids) {
      const kept = await files.get(id)
      // Under its old key the server would only name the file that it holds no longer.
      if (kept) await files.put({ ...kept, held: null, key: crypto.randomUUID() })
    }
    answer = await sending.act(await body())
  }
  for (const id of before.ids) await files.remove(id)
  return answer
}

/** Oldest first, as they were entered. */
export const inOrder = (acts: readonly WaitingAct[]): WaitingAct[] =>
  [...acts].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.id < b.id ? -1 : 1))

/** The acts of this person that may be sent now, oldest first. After a refusal the later acts on the same record wait for its author. */
export function sendable(acts: readonly WaitingAct[], person: string): WaitingAct[] {
  const held = new Set<string>()
  const ready: WaitingAct[] = []
  for (const act of inOrder(acts)) {
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

/** Ids of this person's acts that wait for no network, but behind an act on the same record that was refused. */
export function heldBehind(acts: readonly WaitingAct[], person: string): Set<string> {
  const ready = new Set(sendable(acts, person).map((act) => act.id))
  return new Set(acts.filter((act) => act.person === person && !act.refusal && !ready.has(act.id)).map((act) => act.id))
}

/**
 * The acts that were entered upon a refused one, for the version that their author has looked at since: they were shown beside it
 * when it was decided on.
 */
export function seenAnew(
  acts: readonly WaitingAct[],
  refused: WaitingAct,
  version: NonNullable<WaitingAct['version']>,
): WaitingAct[] {
  return acts
    .filter((act) => act.record !== null && act.record === refused.record && act.person === refused.person)
    .filter((act) => act.id !== refused.id && !act.refusal && act.version !== null)
    .map((act) => ({ ...act, version }))
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
  sendOne: (act: WaitingAct) => Promise<{ status: number; message: string; type?: string } | null>,
): Promise<{ sent: number; refused: number; left: number }> {
  let sent = 0
  let refused = 0
  const skipped = new Set<string>()
  for (const act of sendable(await store.all(), person)) {
    if (act.record !== null && skipped.has(act.record)) continue
    const outcome = outcomeOf(await sendOne(act), act.arrivedWhen)
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
