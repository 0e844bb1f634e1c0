// What the OpenAPI document says of an operation beyond its own shapes: who may call it, the headers that it asks for, and how it refuses.
import type { Endpoint } from '#kernel/http/index.ts'

/** Answered to whoever asks, signed in or not. Every other endpoint wants a session; a test compares with the table of refusals. */
const forEverybody: readonly string[] = [
  'POST /api/sign-in',
  'POST /api/sign-in/passkey/options',
  'POST /api/sign-in/passkey',
  'POST /api/sign-out',
  'DELETE /api/push',
  'GET /api/register/checkpoint',
  'POST /api/register/cosignatures',
  'GET /api/serving',
  'GET /api/places',
  'GET /api/places/:id',
  'GET /api/places/:id/history',
  'GET /api/laws/:id',
]
/** Those that the secret link of a matter opens too. */
const byLink: readonly string[] = ['PUT /api/push']

const refusals: Readonly<Record<number, { readonly type: string; readonly means: string }>> = {
  400: { type: 'invalid-field', means: 'A field is missing, unknown or of another form; field names it' },
  401: { type: 'sign-in-needed', means: 'Nobody is signed in, or the session is over' },
  403: {
    type: 'not-allowed',
    means: 'No post of the caller has this duty at this place, or the call came from another site',
  },
  404: { type: 'not-found', means: 'It is not there, or not for the caller to see' },
  409: { type: 'request-state', means: 'As it stands now this cannot be done' },
  412: { type: 'version-conflict', means: 'Somebody has changed it since the version in If-Match' },
  413: { type: 'too-large', means: 'The body is too large' },
  415: { type: 'media-type', means: 'The body is of no kind that is taken' },
  422: { type: 'idempotency-key-used', means: 'The Idempotency-Key was used for another body' },
  428: { type: 'version-needed', means: 'If-Match is missing' },
  429: { type: 'too-many', means: 'Too many calls; Retry-After says in how many seconds to come again' },
  500: { type: 'internal', means: 'An error of the server; the log knows it by instance' },
  503: { type: 'busy', means: 'The server or its database cannot be reached for now' },
}

interface Asked {
  readonly method: string
  readonly url: string
  readonly endpoint?: Endpoint | undefined
  readonly needsVersion?: boolean | undefined
}

/** Whether it is done once for one key: a POST that does something. */
const isOnce = ({ method, endpoint }: Asked): boolean => method === 'POST' && endpoint?.asks !== true

const open311 = (url: string): boolean => url.startsWith('/open311/')

/** By which statuses an operation may refuse. */
function refusing(asked: Asked): number[] {
  const { method, url, endpoint, needsVersion } = asked
  if (open311(url)) return [400, 403, 404, 429, 503]
  const { params, querystring, body } = endpoint?.schema ?? {}
  const once = isOnce(asked)
  const named = forEverybody.includes(`${method} ${url}`)
  return [
    ...(params || querystring || body || once || needsVersion ? [400] : []),
    ...(named && method === 'GET' ? [] : [401, 403]),
    ...(params || body || querystring ? [404] : []),
    ...(method === 'GET' ? [] : [409]),
    ...(needsVersion ? [412] : []),
    ...(body ? [413, 415] : []),
    ...(once ? [422] : []),
    ...(needsVersion ? [428] : []),
    ...[429, 500, 503],
  ]
}

/** The headers that an operation takes, as the server's own shapes of headers would say them. */
function headersOf(asked: Asked) {
  const properties = {
    ...(asked.needsVersion
      ? {
          'If-Match': {
            type: 'string',
            pattern: '^"\\d{1,9}"$',
            description:
              'The version that was seen, in quotation marks: the number `version` of the record, or the ETag of its GET.',
            examples: ['"3"'],
          },
        }
      : {}),
    ...(isOnce(asked)
      ? {
          'Idempotency-Key': {
            type: 'string',
            pattern: '^[!-~]{8,200}$',
            description:
              'Made by the caller: the same key with the same body is done once, and answered as the first time. 8 to 200 visible characters.',
            examples: ['0192f3a4-5b6c-7d8e-9f01-23456789abcd'],
          },
        }
      : {}),
  }
  return { type: 'object', properties, required: asked.needsVersion ? ['If-Match'] : [] }
}

function securityOf({ method, url }: Asked): Record<string, string[]>[] {
  if (open311(url)) return method === 'POST' ? [{ key: [] }] : [{}, { key: [] }]
  const name = `${method} ${url}`
  if (forEverybody.includes(name)) return [{}, { session: [] }]
  return [{ session: [] }, ...(byLink.includes(name) ? [{ link: [] }] : [])]
}

/** What goes beside the shape of a route before the document is made of it. */
export const saidOf = (asked: Asked): object => ({ headers: headersOf(asked), security: securityOf(asked) })

interface Response {
  description?: string
  headers?: object
  readonly content?: Readonly<Record<string, { readonly schema?: { readonly properties?: object } }>>
}
interface Operation {
  responses?: Record<string, Response | { readonly $ref: string }>
}

/** Puts the refusals beside what an operation answers, and says what its success is. */
export function answering(operation: Operation, asked: Asked): void {
  const responses = operation.responses ?? {}
  for (const [status, response] of Object.entries(responses)) {
    if ('$ref' in response) continue
    if (response.description === 'Default Response')
      response.description = status === '204' ? 'Done; nothing to show' : 'Done'
    const shape = Object.values(response.content ?? {})[0]?.schema?.properties
    if (asked.method === 'GET' && asked.endpoint && shape && 'version' in shape)
      response.headers = { ETag: { $ref: '#/components/headers/Version' } }
  }
  const family = open311(asked.url) ? 'Open311' : 'Problem'
  for (const status of refusing(asked)) responses[status] ??= { $ref: `#/components/responses/${family}${status}` }
  operation.responses = responses
}

const retryAfter = { 'Retry-After': { description: 'Seconds', schema: { type: 'integer', minimum: 1 }, example: 20 } }
const waits = (status: string): object => (status === '429' || status === '503' ? { headers: retryAfter } : {})

function problems() {
  return Object.entries(refusals).map(([status, { type, means }]) => [
    `Problem${status}`,
    {
      description: means,
      ...waits(status),
      content: {
        'application/problem+json': {
          schema: { $ref: '#/components/schemas/Problem' },
          example: {
            type: `/problems/${type}`,
            title: Number(status) >= 500 ? 'Something went wrong on our side' : 'This was not done; see why',
            status: Number(status),
            detail: `${means}.`,
            instance: '0192f3a4-5b6c-7d8e-9f01-23456789abcd',
            ...(status === '400' ? { field: 'text' } : {}),
          },
        },
      },
    },
  ])
}

function lists() {
  return ['400', '403', '404', '429', '503'].map((status) => {
    const description = refusals[Number(status)]?.means ?? ''
    return [
      `Open311${status}`,
      {
        description: status === '403' ? 'No such key, or it does not hold here' : description,
        ...waits(status),
        content: {
          'application/json': {
            schema: { $ref: '#/components/schemas/Open311Errors' },
            example: [{ code: Number(status), description: `${description}.` }],
          },
          'text/xml': {
            schema: { type: 'string' },
            example: `<?xml version="1.0" encoding="UTF-8"?>\n<errors><error><code>${status}</code><description>${description}.</description></error></errors>`,
          },
        },
      },
    ]
  })
}

/** The parts that operations refer to. @param cookie name of the session's cookie */
export const components = (cookie: string) => ({
  securitySchemes: {
    session: { type: 'apiKey', in: 'cookie', name: cookie, description: 'A session, by POST /api/sign-in' },
    link: {
      type: 'apiKey',
      in: 'header',
      name: 'Linli-Link',
      description: 'The secret of the link by which one matter is followed',
    },
    key: {
      type: 'apiKey',
      in: 'query',
      name: 'api_key',
      description:
        'A key of the scope open311, in the address or as a field of the form. Whoever runs the installation gives it.',
    },
  },
  schemas: {
    Problem: {
      type: 'object',
      description:
        'A problem document (RFC 9457). type is stable; detail is a sentence in the language of Accept-Language.',
      required: ['type', 'title', 'status', 'detail', 'instance'],
      properties: {
        type: { type: 'string' },
        title: { type: 'string' },
        status: { type: 'integer' },
        detail: { type: 'string' },
        instance: { type: 'string', description: 'the number under which the log of the server has it' },
        field: { type: 'string', description: 'the field at fault' },
        current: { description: 'the record as it stands now, where somebody else has changed it' },
      },
    },
    Open311Errors: {
      type: 'array',
      description: 'Errors as GeoReport v2 has them.',
      items: {
        type: 'object',
        required: ['code', 'description'],
        properties: { code: { type: 'integer' }, description: { type: 'string' } },
      },
    },
  },
  headers: {
    Version: { description: 'The version of the record, for If-Match', schema: { type: 'string' }, example: '"3"' },
  },
  responses: Object.fromEntries([...problems(), ...lists()]) as object,
})

/** What has an address and stands in standards of its own. Each address is served; a test asks. */
export const elsewhere = [
  ['/programmers', 'a first call in three minutes'],
  ['/open311/discovery.json', 'Open311, production and test endpoint (GeoReport v2)'],
  [
    '/places/{code}/raised.atom',
    'feeds of released requests, also raised.json and ?category= (RFC 4287, JSON Feed 1.1)',
  ],
  ['/places/{code}/data/datapackage.json', 'open data of a place, with every file (Frictionless Data Package)'],
  ['/register', 'the register; for programs /register/checkpoint, /register/tile/ and /register/key (C2SP tlog-tiles)'],
  ['/my/calendar', 'the private calendar of whoever is signed in (RFC 5545)'],
] as const
