import { CallError, headersOf, refusalOf } from './call.ts'

/**
 * Reads a list as text, for a file: what came, and the query of the next page (RFC 8288) where there is one.
 * Given a body it is asked by POST, for what may not stand in an address; the next page is then asked with the same body.
 * @throws CallError with the server's own sentence; status 0 without network
 */
export async function readTable(url: string, body?: object): Promise<{ text: string; next: string | null }> {
  const method = body ? 'POST' : 'GET'
  const headers = { ...headersOf(method, { body, asks: true }, String), accept: 'text/csv' }
  try {
    const response = await fetch(url, {
      method,
      body: body && JSON.stringify(body),
      credentials: 'same-origin',
      headers,
      signal: AbortSignal.timeout(60_000),
    })
    if (!response.ok) throw await refusalOf(response)
    // `text()` would take the byte order mark away, by which a spreadsheet knows how the file is written.
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await response.arrayBuffer())
    return { text, next: /<\?([^>]*)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1] ?? null }
  } catch (cause) {
    if (cause instanceof CallError) throw cause
    throw new CallError({ type: 'network', title: '', status: 0 })
  }
}
