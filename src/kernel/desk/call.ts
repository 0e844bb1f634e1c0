// The desk's calls: the client's, from the page that they stand on, with sentences for when nobody answers.
import {
  CallError,
  type Endpoint,
  headersOf as headersIn,
  type Input,
  type ProblemDocument,
  type Saying,
  type Success,
  address as written,
} from '../client/index.ts'

let language = 'zh-CN'
let sentences = { network: '', unreadable: '' }

/** Tells the calls in which language the server shall answer, and what to say when it does not answer at all. */
export function speak(spoken: string, said: typeof sentences): void {
  language = spoken
  sentences = said
}

/** The address of a call, as the client writes it; what was left empty in a form is left out. */
export function address(url: string, params: object = {}, query: object = {}): string {
  return written(url, params, Object.fromEntries(Object.entries(query).filter(([, value]) => value !== '')))
}

/** The headers of one call, in the language of the screen. */
export function headersOf(method: string, said: Saying, newKey: () => string): Record<string, string> {
  return headersIn(method, said, language, newKey)
}

/** Reads a refusal. A body that is no problem document (a proxy's page, say) still becomes a sentence. */
export async function refusalOf(response: Response): Promise<CallError> {
  try {
    const problem = (await response.json()) as Partial<ProblemDocument>
    if (typeof problem.title === 'string' || typeof problem.detail === 'string') {
      return new CallError({ type: 'about:blank', title: '', ...problem, status: response.status })
    }
  } catch {
    // Falls through to the sentence below.
  }
  return new CallError({
    type: 'unreadable',
    title: sentences.unreadable || response.statusText,
    status: response.status,
  })
}

const onSignedOut = new Set<() => void>()

/** Calls back when the server no longer knows the session, so that the shell can ask to sign in again. */
export function whenSignedOut(listener: () => void): () => void {
  onSignedOut.add(listener)
  return () => onSignedOut.delete(listener)
}

/** Milliseconds after which a call that nobody answers counts as one without network. A file may take its time. */
const patience = { message: 30_000, file: 600_000 }

const untilTired = (limit: number, signal?: AbortSignal): AbortSignal =>
  signal ? AbortSignal.any([signal, AbortSignal.timeout(limit)]) : AbortSignal.timeout(limit)

/** Sends one file as a form; the same key sent twice is one file. Throws CallError. */
export async function sendFile(url: string, file: Blob, name: string, key: string): Promise<unknown> {
  const form = new FormData()
  form.append('file', file, name)
  return receive(() =>
    fetch(url, {
      method: 'POST',
      credentials: 'same-origin',
      headers: headersOf('POST', { key }, String),
      body: form,
      signal: untilTired(patience.file),
    }),
  )
}

/** Sends an already built message; the offline queue uses it with what it kept. Throws CallError. */
export async function send(
  method: string,
  url: string,
  input: { body?: unknown; version?: number | string; key?: string; asks?: boolean; signal?: AbortSignal } = {},
): Promise<unknown> {
  return receive(() =>
    fetch(url, {
      method,
      credentials: 'same-origin',
      headers: headersOf(method, input, () => crypto.randomUUID()),
      body: input.body === undefined ? undefined : JSON.stringify(input.body),
      signal: untilTired(patience.message, input.signal),
    }),
  )
}

/** What the server answers, or the refusal with its sentence. */
async function receive(ask: () => Promise<Response>): Promise<unknown> {
  let text: string
  try {
    const response = await ask()
    if (!response.ok) {
      const refusal = await refusalOf(response)
      if (refusal.signedOut) for (const listener of onSignedOut) listener()
      throw refusal
    }
    text = response.status === 204 ? '' : await response.text()
  } catch (cause) {
    if (cause instanceof CallError || (cause instanceof DOMException && cause.name === 'AbortError')) throw cause
    throw new CallError({ type: 'network', title: sentences.network, status: 0 })
  }
  return text ? JSON.parse(text) : undefined
}

/**
 * Calls one endpoint of the server and answers what its schema promises.
 *
 * @throws CallError with the server's own sentence; `status` 0 when there is no network.
 */
export async function call<E extends Endpoint>(endpoint: E, input: Input<E> = {}): Promise<Success<E>> {
  const url = address(endpoint.url, input.params as object | undefined, input.query as object | undefined)
  return (await send(endpoint.method, url, { ...input, asks: endpoint.asks })) as Success<E>
}
