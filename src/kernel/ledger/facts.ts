// What an act is in the tree: its facts as one text. It knows no surroundings: a page without a server reads acts with it too.
import { hexOf } from '../tree/web/index.ts'

export interface Leaf {
  readonly id: string
  readonly kind: string
  readonly record: string
  readonly path: string | null
  readonly category: string | null
  readonly at: string
  readonly result: string | null
  readonly times: Readonly<Record<string, string>>
  readonly facts: Readonly<Record<string, string | number | boolean | null>>
  readonly actor: string | null
  readonly tenure: string | null
  readonly personalDigest: string | null
}

/** JSON with sorted keys (RFC 8785 for the plain values used here): the same fact has one text. */
export function canonical(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  let pairs = ''
  for (const key of Object.keys(value).sort()) {
    const inner = (value as Record<string, unknown>)[key]
    if (inner === undefined) continue
    pairs += `${pairs === '' ? '' : ','}${JSON.stringify(key)}:${canonical(inner)}`
  }
  return `{${pairs}}`
}

/** The columns of `ledger.act` of which a leaf consists, as they are read. */
export interface Leafed {
  readonly id: string
  readonly kind: string
  readonly record: string
  readonly path: string | null
  readonly category: string | null
  readonly at: Date | string
  readonly result: string | null
  readonly times: Leaf['times']
  readonly facts: Leaf['facts']
  readonly actor: string | null
  readonly tenure: string | null
  readonly personal_digest: Uint8Array | null
}

/** The facts of an act as they were hashed, from its columns. */
export function leafOfRow(row: Leafed): Leaf {
  return {
    id: row.id,
    kind: row.kind,
    record: row.record,
    path: row.path,
    category: row.category,
    at: new Date(row.at).toISOString(),
    result: row.result,
    times: row.times,
    facts: row.facts,
    actor: row.actor,
    tenure: row.tenure,
    personalDigest: row.personal_digest === null ? null : hexOf(row.personal_digest),
  }
}
