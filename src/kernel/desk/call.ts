import type { Static, TSchema } from 'typebox'

/** What an endpoint object of a room's `.api.ts` looks like from here. */
export interface Endpoint {
  readonly method: string
  readonly url: string
  /** A POST that only asks: it carries no key. */
  readonly asks?: true
  readonly schema?: {
    readonly params?: TSchema
    readonly querystring?: TSchema
    readonly body?: TSchema
    readonly response?: { readonly [status: number]: TSchema }
  }
}

type Part<E extends Endpoint, K extends 'params' | 'querystring' | 'body'> = E['schema'] extends {
  readonly [key in K]: infer S extends TSchema
}
  ? Static<S>
  : undefined

type Success<E extends Endpoint> = E['schema'] extends { readonly response: infer R }
  ? R extends { readonly 200: infer S extends TSchema }
    ? Static<S>
    : R extends { readonly 201: infer S extends TSchema }
      ? Static<S>
      : undefined
  : unknown

export interface Input<E extends Endpoint> {
  params?: Part<E, 'params'>
  query?: Part<E, 'querystring'>
  body?: Part<E, 'body'>
  /** The version that was on the screen; the server refuses the edit when another has been written since. */
  version?: number | string
  /** The same key sent twice is one act. Made here when the caller brings none. */
  key?: string
  signal?: AbortSignal
}

/** An RFC 9457 problem document, as the server writes it. */
export interface ProblemDocument {
  type: string
  title: string
  status: number
  detail?: string
  field?: string
  /** The number under which the server's log has it. */
  instance?: string
  /** The record as it stands now, when the refusal is about two people editing it. */
  current?: unknown
}

/** A refusal of the server, or of the network, with a sentence that can be shown as it is. */
export class CallError extends Error {
  readonly status: number
  /** A stable slug such as `request-state`, or `network` when no answer came. */
  readonly type: string
  readonly field: string | undefined
  readonly current: unknown
  /** What to tell whoever looks after the server; only where it was the server that failed. */
  readonly reference: string | null

  constructor(problem: ProblemDocument) {
    super(problem.detail ?? problem.title)
    this.name = 'CallError'
    this.status = problem.status
    this.type = problem.type.replace(/^.*[/:]/, '')
    this.field = problem.field
    this.current = problem.current
    this.reference = problem.status >= 500 ? (problem.instance ?? null) : null
  }

  /** No answer came: what was entered may be sent again later with the same key. */
  get offline(): boolean {
    return this.status === 0
  }

  /** Neither the server nor what stands behind it answers: what was read before may be shown, what is entered may wait. */
  get unreachable(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504
  }

  /** Someone else has written since this was read. */
  get conflict(): boolean {
    return (
      this.status === 412 || this.type === 'version-conflict' || (this.status === 409 && this.current !== undefined)
    )
  }

  get signedOut(): boolean {
    return this.status === 401
  }
}

let language = 'zh-CN'
let sentences = { network: '', unreadable: '' }

/** Tells the calls in which language the server shall answer, and what to say when it does not answer at all. */
export function speak(spoken: string, said: typeof sentences): void {
  language = spoken
  sentences = said
}

/** Fills `:name` of the address from `params` and appends `query`; empty and undefined values are left out. */
export function address(url: string, params: object = {}, query: object = {}): string {
  const values = params as Record<string, unknown>
  const path = url.replace(/:([A-Za-z]+)/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined || value === null) throw new Error(`the address ${url} wants ${name}`)
    return encodeURIComponent(String(value))
  })
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null || value === '') continue
    for (const one of Array.isArray(value) ? value : [value]) search.append(name, String(one))
  }
  const tail = search.toString()
  return tail ? `${path}?${tail}` : path
}

/** The headers of one call: JSON when there is a body, a key on every POST that does something, the version seen on every edit. */
export function headersOf(
  method: string,
  input: { body?: unknown; version?: number | string; key?: string; asks?: boolean },
  newKey: () => string,
) {
  const headers: Record<string, string> = { accept: 'application/json', 'accept-language': language }
  if (input.body !== undefined) headers['content-type'] = 'application/json'
  if (method === 'POST' && !input.asks) headers['idempotency-key'] = input.key ?? newKey()
  if (input.version !== undefined) headers['if-match'] = `"${String(input.version).replaceAll('"', '')}"`
  return headers
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
