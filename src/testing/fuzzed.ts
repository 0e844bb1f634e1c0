// Requests nobody would send on purpose, made from what each endpoint declares: whole ones, ones with one thing wrong in them, and
// ones that are nothing. From a seed, so that what once broke something can be sent again.
import fc from 'fast-check'
import type { TSchema } from 'typebox'

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

/** Ids of records that are there, by what they are of; a field or a part of an address is mostly given one that it could mean. */
export type Ids = Readonly<Record<string, readonly string[]>>

export interface FuzzedRequest {
  /** Method and address as they were registered. */
  readonly of: string
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

type Shape = TSchema & {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Shape[]
  readonly properties?: Readonly<Record<string, Shape>>
  readonly required?: readonly string[]
  readonly patternProperties?: Readonly<Record<string, Shape>>
  readonly items?: Shape
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly maxItems?: number
}

/** Texts that have broken programs before. */
export const nastyTexts: readonly string[] = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udfffa',
  '\ufeff',
  '\u202edlrow',
  'e\u0301\u0301\u0301'.repeat(200),
  '👩‍👩‍👧‍👦'.repeat(50),
  '𠀀𪚥',
  "' or '1'='1",
  "'; drop table request; --",
  '$1',
  '%s%s%n',
  '\\',
  '{{number}}',
  '#{7*7}',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  'javascript:alert(1)',
  '../../../../etc/passwd',
  '..%2f..%2f',
  '%00',
  '%ff',
  'a\r\nSet-Cookie: x=1',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'undefined',
  'NaN',
  'Infinity',
  '-1',
  '0x10',
  '1e309',
  '９９９',
  '٣',
  '9999-12-31T23:59:59Z',
  '0000-00-00T00:00:00Z',
  '2026-02-30',
  '2026-13-01T25:61:61+99:99',
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  "a' | !'b",
  '():*&|!<->',
  '% _',
  '第一行\n第二行',
  '长'.repeat(6_000),
  '(('.repeat(2_000),
]

const nastyValues: readonly unknown[] = [
  null,
  true,
  0,
  -0,
  -1,
  1e308,
  2 ** 31,
  1.5,
  [],
  [[]],
  {},
  { a: { b: 1 } },
  Array.from({ length: 3_000 }, () => 'x'),
]

const nasty: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(...nastyTexts),
  fc.constantFrom<unknown>(...nastyValues),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.double(),
)

/** A value that a shape takes, as far as its pattern can be met by chance; ids are those of records that are there. */
function shapedOf(shape: Shape, ids: Ids, name = ''): fc.Arbitrary<unknown> {
  if (shape.const !== undefined) return fc.constant(shape.const)
  if (shape.enum) return fc.constantFrom(...shape.enum)
  if (shape.anyOf && !shape.properties) return fc.oneof(...shape.anyOf.map((each) => shapedOf(each, ids, name)))
  switch (shape.type) {
    case 'object':
      return objectOf(shape, ids)
    case 'array':
      return fc.array(shapedOf(shape.items ?? {}, ids, name), {
        minLength: shape.minItems ?? 0,
        maxLength: Math.min(shape.maxItems ?? 4, (shape.minItems ?? 0) + 4),
      })
    case 'integer':
      return fc.integer({ min: shape.minimum ?? -1_000, max: shape.maximum ?? 1_000_000 })
    case 'number':
      return fc.double({ min: shape.minimum ?? -1_000, max: shape.maximum ?? 1_000_000, noNaN: true })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'string':
      return textOf(shape, ids, name)
    default:
      return nasty
  }
}

/** What a name of a field, or the part of an address before it, means. */
const meant: Readonly<Record<string, string>> = {
  into: 'request',
  repeats: 'request',
  record: 'request',
  requests: 'request',
  under: 'place',
  parent: 'place',
  places: 'place',
  usualBody: 'body',
  belongsTo: 'body',
  bodies: 'body',
  posts: 'post',
  tenures: 'tenure',
  aboutTenure: 'tenure',
  card: 'tenure',
  basis: 'law',
  laws: 'law',
  categories: 'category',
  templates: 'template',
}

function idOf(ids: Ids, name: string): fc.Arbitrary<string> {
  const any = fc.constantFrom(...Object.values(ids).flat())
  const own = ids[meant[name] ?? name]
  return own && own.length > 0
    ? fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...own) }, { weight: 1, arbitrary: any })
    : any
}

const zones = ['+08:00', 'Z', '-11:30']

function textOf(shape: Shape, ids: Ids, name: string): fc.Arbitrary<string> {
  const { pattern, minLength = 0, maxLength = 200 } = shape
  const fitting = (text: string) => text.slice(0, maxLength).padEnd(minLength, '字')
  const words = fc
    .oneof(
      { weight: 5, arbitrary: fc.constantFrom('路灯不亮', '三号楼下', 'A lamp is dark', '一句话') },
      { weight: 1, arbitrary: fc.constantFrom(...nastyTexts) },
      { weight: 1, arbitrary: fc.string({ maxLength: 60 }) },
    )
    .map(fitting)
  if (!pattern) return words
  if (pattern.includes('[0-9a-f]{8}')) return idOf(ids, name)
  if (pattern.includes('T\\d{2}'))
    return fc
      .tuple(
        fc.date({ min: new Date('1990-01-01'), max: new Date('2200-01-01'), noInvalidDate: true }),
        fc.constantFrom(...zones),
      )
      .map(([date, zone]) => `${date.toISOString().slice(0, 19)}${zone}`)
  // Patterns with look-ahead or of plain text are met by words; others are short and can be made from the pattern itself.
  if (pattern.includes('(?=') || pattern.includes('[^')) return words.map((text) => text || '字')
  try {
    return fc.stringMatching(new RegExp(pattern, 'u'))
  } catch {
    return words
  }
}

function objectOf(shape: Shape, ids: Ids): fc.Arbitrary<Record<string, unknown>> {
  const properties = Object.entries(shape.properties ?? {})
  const required = shape.required ?? []
  return fc.record(Object.fromEntries(properties.map(([name, part]) => [name, shapedOf(part, ids, name)])), {
    requiredKeys: required as never[],
  }) as fc.Arbitrary<Record<string, unknown>>
}

/** One thing wrong somewhere in a whole body. */
function wrongIn(whole: fc.Arbitrary<Record<string, unknown>>): fc.Arbitrary<unknown> {
  return fc
    .tuple(whole, fc.nat(), nasty, fc.constantFrom('replace', 'remove', 'add', 'within', 'instead'))
    .map(([body, at, value, how]) => {
      const names = Object.keys(body)
      const name = names[at % Math.max(1, names.length)] ?? 'text'
      if (how === 'instead') return value
      if (how === 'add') return { ...body, [typeof value === 'string' ? value : 'colour']: value }
      if (how === 'remove') return Object.fromEntries(Object.entries(body).filter(([each]) => each !== name))
      return { ...body, [name]: how === 'within' ? [value] : value }
    })
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

/** What nobody outside should ever read: parts of the program, of its database, of its machine. */
const inside = [
  /\bat (?:async )?[\w.<>[\] ]+ \(?(?:file:|\/|node:)/,
  /node_modules|\/src\/(?:kernel|app|listen|organise)\//,
  /postgres(?:ql)?:\/\//,
  /syntax error at or near|violates (?:foreign|unique|check|not-null|row-level)|(?:relation|column|constraint|function|operator) "[^"]*"|duplicate key value|null value in|invalid input syntax|permission denied for/,
  /\b(?:TypeError|ReferenceError|RangeError|SyntaxError|AssertionError)\b/,
  /\blinli_(?:owner|app|jobs|auth)\b|\bpgboss\b|\bplpgsql\b|pg_catalog/,
  /\b(?:ECONNREFUSED|ECONNRESET|ENOENT|EACCES|ENOSPC)\b/,
]

/** What an answer lets out of the inside; null where nothing. */
export function letOut(text: string): string | null {
  for (const pattern of inside) {
    const found = pattern.exec(text)
    if (found) return text.slice(Math.max(0, found.index - 60), found.index + 120)
  }
  return null
}
