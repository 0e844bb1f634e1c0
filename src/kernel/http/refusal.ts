/**
 * A refusal that a user meets: becomes a problem document (RFC 9457) or a page.
 * `type` is stable and documented; `key` names the sentence in the reader's language.
 */
export class Refusal extends Error {
  readonly status: number
  readonly type: string
  readonly key: string
  readonly values: Record<string, string | number>
  readonly field: string | undefined
  readonly extra: Record<string, unknown>
  constructor(
    status: number,
    type: string,
    key: string,
    detail: { values?: Record<string, string | number>; field?: string; extra?: Record<string, unknown> } = {},
  ) {
    super(type)
    this.name = 'Refusal'
    this.status = status
    this.type = type
    this.key = key
    this.values = detail.values ?? {}
    this.field = detail.field
    this.extra = detail.extra ?? {}
  }
}
