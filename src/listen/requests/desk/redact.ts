export interface Finding {
  from: number
  until: number
  replacement: string
}

/** Replaces what was found, whatever order it comes in; what overlaps an earlier finding is left to that one. */
export function redact(text: string, findings: readonly Finding[]): string {
  let at = 0
  let out = ''
  for (const finding of [...findings].sort((a, b) => a.from - b.from || b.until - a.until)) {
    if (finding.from < at) continue
    out += text.slice(at, finding.from) + finding.replacement
    at = finding.until
  }
  return out + text.slice(at)
}
