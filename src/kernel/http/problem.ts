import type { Language } from '../access/index.ts'
import { DatabaseSilent, damageOf, isAway, sqlState } from '../database/index.ts'
import { noRoom } from '../disk/index.ts'
import { t } from '../words/index.ts'
import { Refusal } from './refusal.ts'

/** A problem document, RFC 9457. `type` is stable; `detail` is a sentence in the reader's language. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly instance: string
  readonly field?: string
  readonly [extra: string]: unknown
}

/** How the reader wishes pages to be. */
export interface Reader {
  readonly language: Language
  readonly type: 'normal' | 'large'
  readonly contrast: 'normal' | 'high'
}

export type ProblemPage = (problem: Problem, reader: Reader) => string | Promise<string>

interface Raised {
  readonly code?: string
  readonly statusCode?: number
  readonly validation?: readonly {
    readonly instancePath?: string
    readonly message?: string
    readonly keyword?: string
    readonly params?: unknown
  }[]
  readonly validationContext?: string
}

/** Any error as a refusal: what the caller did wrong, what the machine lacks, or, last, an error of ours. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  const raised = error as Raised
  if (raised.validation) return invalid(raised)
  if (raised.code === 'FST_ERR_CTP_BODY_TOO_LARGE' || raised.code === 'FST_REQ_FILE_TOO_LARGE')
    return new Refusal(413, 'too-large', 'http.too-large')
  if (raised.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new Refusal(415, 'media-type', 'http.media-type')
  if (raised.code === 'FST_ERR_NOT_FOUND') return new Refusal(404, 'not-found', 'http.not-found')
  const state = sqlState(error)
  if (error instanceof DatabaseSilent) return new Refusal(503, 'database-silent', 'http.database-silent')
  if (damageOf(error) !== null) return new Refusal(500, 'database-damaged', 'http.database-damaged')
  if (state === '53100') return new Refusal(503, 'disk-full', 'http.disk-full')
  if (state === '25006') return new Refusal(503, 'database-read-only', 'http.database-read-only')
  if (state === '57014') return new Refusal(503, 'too-slow', 'http.too-slow')
  if (state === '22021' || state === '22P05') return new Refusal(400, 'bad-text', 'http.bad-text')
  if (state === 'P0002') return new Refusal(404, 'not-found', 'http.not-found')
  // Nobody's rights are in question: the database lets nobody in, as while a backup is restored into it.
  if (state === '42501' && (error as { routine?: string }).routine === 'CheckMyDatabase')
    return new Refusal(503, 'database-away', 'http.database-away')
  if (state === '42501') return new Refusal(403, 'not-allowed', 'http.not-allowed')
  if (state === '40001' || state === '40P01' || state === '55P03') return new Refusal(503, 'busy', 'http.busy')
  if (isAway(error)) return new Refusal(503, 'database-away', 'http.database-away')
  if (raised.code && noRoom.includes(raised.code)) return new Refusal(503, 'disk-full', 'http.disk-full')
  if (raised.statusCode && raised.statusCode >= 400 && raised.statusCode < 500)
    return new Refusal(raised.statusCode, 'bad-request', 'http.bad-request')
  return new Refusal(500, 'internal', 'http.internal')
}

function invalid(raised: Raised): Refusal {
  const first = raised.validation?.[0]
  const unknown = raised.validation
    ?.map((each) => (each.params as { additionalProperties?: readonly string[] } | undefined)?.additionalProperties)
    .find((names) => names !== undefined && names.length > 0)
  const missing = (first?.params as { requiredProperties?: readonly string[] } | undefined)?.requiredProperties
  const field = unknown?.[0] ?? missing?.[0] ?? first?.instancePath?.replace(/^\//, '').replaceAll('/', '.') ?? ''
  const formats = raised.validation
    ?.filter((each) => each.instancePath === first?.instancePath)
    .map((each) => (each.params as { format?: string } | undefined)?.format)
  if (!unknown && !missing && formats?.includes('date'))
    return new Refusal(400, 'day', 'http.day', { values: { field }, field })
  const words = (first?.params as { allowedValues?: readonly unknown[] } | undefined)?.allowedValues
  if (!unknown && !missing && words)
    return new Refusal(400, 'invalid-field', 'http.one-of', { values: { field, list: words.join(', ') }, field })
  const key = unknown ? 'http.unknown-field' : missing ? 'http.missing-field' : 'http.invalid-field'
  return new Refusal(400, unknown ? 'unknown-field' : missing ? 'missing-field' : 'invalid-field', key, {
    values: { field },
    field,
  })
}

/** The problem document of a refusal. */
export function problemOf(refusal: Refusal, language: Language, requestId: string): Problem {
  const say = t(language)
  return {
    ...refusal.extra,
    type: `/problems/${refusal.type}`,
    title: say(refusal.status >= 500 ? 'http.problem-ours' : 'http.problem-yours'),
    status: refusal.status,
    detail: say(refusal.key, refusal.values),
    instance: requestId,
    ...(refusal.field === undefined ? {} : { field: refusal.field }),
  }
}
