// Requests nobody would send on purpose, made from what each endpoint declares: whole ones, ones with one thing wrong in them, and
// ones that are nothing. From a seed, so that what once broke something can be sent again.
import fc from 'fast-check'
import type { TSchema } from 'typebox'
import { type Ids, idOf, nasty, nastyTexts, objectOf, type Shape, wrongIn } from './fuzzed.values.ts'

/** An endpoint as its room declares it. */
interface Declared {
  readonly method: string
  readonly url: string
  readonly schema: { readonly params?: TSchema; readonly querystring?: TSchema; readonly body?: TSchema }
}

/** A page as the table of refusals knows it: `GET /r/:token`. */
interface Page {
  readonly page: string
  readonly fields?: Readonly<Record<string, string>>
}

export interface FuzzedRequest {
  /** Method and address as they were registered. */
  readonly of: string
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

const garbage: readonly string[] = [
  '',
  '{',
  '{"a":',
  '[[[[[[[[',
  'text=1&text=2',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  `${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}`,
  '\u0000',
  '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
  'a'.repeat(300_000),
  '{"text":"\\ud800"}',
  '1e400',
]
const mediaTypes: readonly string[] = [
  'application/json',
  'application/json; charset=utf-16',
  'text/plain',
  'application/xml',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'multipart/form-data; boundary=x',
  'application/octet-stream',
  ';;;',
]
const printable = (text: string) => text.replace(/[^\x20-\x7e]/g, '').slice(0, 300)

/** Headers: a version, a key and a language, whole or not. */
const headings: fc.Arbitrary<Record<string, string>> = fc.record(
  {
    'If-Match': fc.oneof(
      fc.integer({ min: 1, max: 9 }).map((each) => `"${each}"`),
      fc.constantFrom(...nastyTexts).map(printable),
    ),
    'Idempotency-Key': fc.oneof(fc.uuid(), fc.constantFrom(...nastyTexts).map(printable)),
    'Accept-Language': fc.constantFrom('en', 'zh-CN', 'xx', '*;q=9', ',,,', 'zh-Hant-TW;q=0.1,en;q=x'),
    Accept: fc.constantFrom('application/json', 'text/html', 'text/csv', 'text/event-stream;q=0', '*/*', ';;'),
    'Linli-Link': fc.oneof(fc.stringMatching(/^[A-Za-z0-9_-]{43}$/), fc.constantFrom(...nastyTexts).map(printable)),
  },
  { requiredKeys: ['If-Match'] },
)

/** An address with its parts filled in: mostly ids that are there. */
function addressOf(url: string, ids: Ids): fc.Arbitrary<string> {
  const names = [...url.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
  const part = (name: string) =>
    fc.oneof(
      { weight: 8, arbitrary: idOf(ids, name === 'id' ? (/\/(\w+)\/:id/.exec(url)?.[1] ?? '') : name) },
      { weight: 1, arbitrary: fc.constantFrom(...nastyTexts) },
      { weight: 1, arbitrary: fc.string({ maxLength: 320 }) },
    )
  return fc
    .tuple(...names.map(part))
    .map((parts) =>
      names.reduce(
        (path, name, at) => path.replace(`:${name}`, encodeURIComponent((parts[at] ?? '').toWellFormed()) || '%20'),
        url,
      ),
    )
}

function queryOf(shape: Shape | undefined, ids: Ids): fc.Arbitrary<string> {
  const whole = shape ? objectOf(shape, ids) : fc.constant({})
  const wrong = fc.dictionary(fc.constantFrom(...nastyTexts, ...Object.keys(shape?.properties ?? {})), nasty, {
    maxKeys: 3,
  })
  return fc.oneof({ weight: 4, arbitrary: whole }, { weight: 1, arbitrary: wrong }).map((fields) => {
    const entries = Object.entries(fields).map(([name, value]): [string, string] => [
      name.toWellFormed(),
      (typeof value === 'object' ? (JSON.stringify(value) ?? '') : String(value)).toWellFormed().slice(0, 2_000),
    ])
    return entries.length > 0 ? `?${new URLSearchParams(entries)}` : ''
  })
}

function requestsOf(endpoint: Declared, ids: Ids): fc.Arbitrary<FuzzedRequest> {
  const { method, url, schema } = endpoint
  const whole = objectOf((schema.body ?? {}) as Shape, ids)
  const json = (body: fc.Arbitrary<unknown>) =>
    body.map((value) => ({ body: JSON.stringify(value) ?? '', type: 'application/json' }))
  const bodies: fc.Arbitrary<{ body: string | null; type: string | null }> =
    schema.body || method !== 'GET'
      ? fc.oneof(
          { weight: 5, arbitrary: json(whole) },
          { weight: 4, arbitrary: json(wrongIn(whole)) },
          {
            weight: 1,
            arbitrary: fc.record({ body: fc.constantFrom(...garbage), type: fc.constantFrom(...mediaTypes) }),
          },
        )
      : fc.constant({ body: null, type: null })
  const methods = fc.oneof(
    { weight: 15, arbitrary: fc.constant(method) },
    { weight: 1, arbitrary: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS') },
  )
  return fc
    .record({
      method: methods,
      path: addressOf(url, ids),
      query: queryOf(schema.querystring as Shape | undefined, ids),
      headers: headings,
      sent: bodies,
    })
    .map(({ method: by, path, query, headers, sent }) => ({
      of: `${method} ${url}`,
      method: by,
      path: `${path}${query}`,
      headers: sent.type === null ? headers : { ...headers, 'Content-Type': sent.type },
      body: by === 'GET' || by === 'HEAD' ? null : sent.body,
    }))
}

/** Pages take forms: fields that they know and others, as a browser sends them. */
function pagesOf(page: Page, ids: Ids): fc.Arbitrary<FuzzedRequest> {
  const [method = 'GET', url = '/'] = page.page.split(' ')
  const text = fc.oneof(fc.constantFrom(...nastyTexts), fc.constantFrom('solved', 'yes', 'keep', 'send', 'zh-CN', '1'))
  const known = Object.entries(page.fields ?? {})
  const fields = fc
    .tuple(
      fc.array(fc.oneof(text, fc.constant(null)), { minLength: known.length, maxLength: known.length }),
      fc.dictionary(fc.constantFrom('form', 'do', 'page', 'display', 'back', 'place', 'text', ...nastyTexts), text, {
        maxKeys: 3,
      }),
    )
    .map(([values, more]) => ({
      ...Object.fromEntries(known.map(([name, usual], at) => [name, values[at] ?? usual])),
      ...more,
    }))
  return fc
    .record({ path: addressOf(url, ids), query: queryOf(undefined, ids), fields, headers: headings })
    .map(({ path, query, fields: sent, headers }) => ({
      of: page.page,
      method,
      path: `${path}${query}`,
      headers: {
        ...headers,
        Accept: 'text/html',
        ...(method === 'POST' ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {}),
      },
      body:
        method === 'POST'
          ? new URLSearchParams(
              Object.entries(sent).map(([name, value]): [string, string] => [
                name.toWellFormed(),
                value.toWellFormed(),
              ]),
            ).toString()
          : null,
    }))
}

/** So many requests over all that is declared, each about as often as the others; in an order of the seed. */
export function fuzzedRequests(
  declared: {
    readonly endpoints: readonly Declared[]
    readonly pages: readonly Page[]
    readonly ids: Ids
  },
  count: number,
  seed: number,
): FuzzedRequest[] {
  const made = [
    ...declared.endpoints.map((each) => requestsOf(each, declared.ids)),
    ...declared.pages.map((each) => pagesOf(each, declared.ids)),
  ]
  const each = Math.ceil(count / made.length)
  const requests = made.flatMap((arbitrary, at) => fc.sample(arbitrary, { numRuns: each, seed: seed + at }))
  const order = fc.sample(fc.shuffledSubarray(requests, { minLength: requests.length, maxLength: requests.length }), {
    numRuns: 1,
    seed,
  })[0]
  return (order ?? requests).slice(0, count)
}
