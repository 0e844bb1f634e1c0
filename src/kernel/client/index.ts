/**
 * A client of the server that knows what each endpoint takes and answers, from the same object that the server checks by. The desk, the
 * tests and other programs call with it; it needs `fetch` and nothing else.
 */
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

/** What an endpoint answers when all goes well. */
export type Success<E extends Endpoint> = E['schema'] extends { readonly response: infer R }
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
  /** The body as text that is JSON already. */
  text?: string
  /** The version that was seen; the server refuses the edit when another has been written since. */
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

/** Fills `:name` of the address from `params` and appends `query`; undefined values are left out. @throws Error where a name has no value */
export function address(url: string, params: object = {}, query: object = {}): string {
  const values = params as Record<string, unknown>
  const path = url.replace(/:([A-Za-z]+)/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined || value === null) throw new Error(`the address ${url} wants ${name}`)
    return encodeURIComponent(String(value))
  })
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue
    for (const one of Array.isArray(value) ? value : [value]) search.append(name, String(one))
  }
  const tail = search.toString()
  return tail ? `${path}?${tail}` : path
}

/** What one call says beside its body. */
export interface Saying {
  readonly body?: unknown
  readonly version?: number | string | undefined
  readonly key?: string | undefined
  readonly asks?: boolean | undefined
}

/**
 * The headers of one call: JSON when there is a body, a key on every POST that does something, the version seen on every edit.
 * @param newKey null for a call that is to carry none
 */
export function headersOf(
  method: string,
  { body, version, key, asks }: Saying,
  language: string,
  newKey: () => string | null,
): Record<string, string> {
  const headers: Record<string, string> = { accept: 'application/json', 'accept-language': language }
  if (body !== undefined) headers['content-type'] = 'application/json'
  const kept = method === 'POST' && !asks ? (key ?? newKey()) : (key ?? null)
  if (kept !== null) headers['idempotency-key'] = kept
  if (version !== undefined) headers['if-match'] = `"${String(version).replaceAll('"', '')}"`
  return headers
}

/** What came back. */
export interface Called<T> {
  readonly status: number
  readonly headers: Headers
  /** The text as it came over the wire. */
  readonly text: string
  /** The answer as the endpoint declares it; only where the status is below 400. */
  readonly body: T
  /** The problem document; only where the status is 400 or more. */
  readonly problem: ProblemDocument
}

export interface Client {
  /** Asks, and answers whatever came, a refusal too. @throws TypeError where nobody answers */
  ask<E extends Endpoint>(
    endpoint: E,
    input?: Input<E>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Called<Success<E>>>
  /** Asks, and answers what the endpoint promises. @throws CallError with the server's own sentence */
  call<E extends Endpoint>(endpoint: E, input?: Input<E>): Promise<Success<E>>
}

export interface ClientOptions {
  /** Where the server is, without a slash at the end. */
  readonly base: string
  /** In which language it shall answer. */
  readonly language?: string
  /** Sent with every call: the cookie of a session, or the secret link (`Linli-Link`). */
  readonly headers?: Readonly<Record<string, string>>
  /** Null for calls that carry no key of their own. */
  readonly newKey?: () => string | null
  readonly fetch?: typeof fetch
}

/** A client of one server. */
export function createClient(options: ClientOptions): Client {
  const { base, language = 'zh-CN', headers = {}, newKey = () => crypto.randomUUID() } = options
  const send = options.fetch ?? fetch
  async function ask<E extends Endpoint>(
    endpoint: E,
    input: Input<E> = {},
    more: Readonly<Record<string, string>> = {},
  ) {
    const { params, query, body, text: written, version, key, signal } = input
    const sent = written ?? (body === undefined ? undefined : JSON.stringify(body))
    const path = address(endpoint.url, params as object | undefined, query as object | undefined)
    const said = headersOf(endpoint.method, { body: sent, version, key, asks: endpoint.asks }, language, newKey)
    const all = new Headers(said)
    for (const [name, value] of Object.entries({ ...headers, ...more })) all.set(name, value)
    const response = await send(`${base}${path}`, {
      method: endpoint.method,
      redirect: 'manual',
      headers: all,
      ...(sent === undefined ? {} : { body: sent }),
      ...(signal ? { signal } : {}),
    })
    const text = await response.text()
    const json = /json/.test(response.headers.get('content-type') ?? '') && text ? JSON.parse(text) : null
    return { status: response.status, headers: response.headers, text, body: json, problem: json }
  }
  return {
    ask,
    async call(endpoint, input) {
      const { status, body, problem } = await ask(endpoint, input)
      if (status < 400) return body
      throw new CallError({ type: 'about:blank', title: `HTTP ${status}`, ...problem, status })
    },
  }
}
