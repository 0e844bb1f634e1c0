// Reports of delivery (RFC 3464): the fields of each recipient. Pure.

export interface Report {
  /** Whether a server gave up for good: `Action: failed` with a status of class 5, which is permanent (RFC 3463, 3.1). */
  readonly failed: boolean
  /** As "5.1.1"; null where it names none. */
  readonly status: string | null
}

interface Part {
  readonly mediaType: string
  readonly content: Uint8Array
}

/** What the machine-readable part says; null where there is none that can be read. */
export function readReport(parts: readonly Part[]): Report | null {
  const part = parts.find(({ mediaType }) => mediaType === 'message/delivery-status')
  if (!part) return null
  const text = Buffer.from(part.content)
    .subarray(0, 100_000)
    .toString('latin1')
    .replace(/\r\n?/g, '\n')
    .replace(/\n[ \t]+/g, ' ')
  // The first group is about the message; each that follows about one recipient.
  const groups = text.split(/\n{2,}/).map((group) => ({
    action: /^action:[ \t]*([a-z]+)/im.exec(group)?.[1]?.toLowerCase() ?? null,
    status: /^status:[ \t]*([245]\.\d{1,3}\.\d{1,3})/im.exec(group)?.[1] ?? null,
  }))
  const about = groups.find(({ action }) => action === 'failed') ?? groups.find(({ action }) => action !== null)
  if (!about) return null
  return { failed: about.action === 'failed' && (about.status?.startsWith('5') ?? false), status: about.status }
}
