/** Controls that no one types: everything below space but tab, line feed and carriage return; and DEL. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/

/**
 * The path of the first text in a value that no database or page can carry (NUL, other controls, unpaired surrogates),
 * or null. Depth is bounded, since the value comes from outside.
 */
export function findBadText(value: unknown, path = '', depth = 0): string | null {
  if (typeof value === 'string') return controls.test(value) || !value.isWellFormed() ? path : null
  if (value === null || typeof value !== 'object' || Buffer.isBuffer(value)) return null
  if (depth > 20) return path
  for (const [key, inner] of Object.entries(value)) {
    if (!key.isWellFormed() || controls.test(key)) return path
    const found = findBadText(inner, path ? `${path}.${key}` : key, depth + 1)
    if (found !== null) return found
  }
  return null
}

const oneLine = /^(?:name|nameEn|shortName|title|titleEn)$/

/** The path of the first name or title in a value that runs over a line, or null: in a letter or a list it would pass for two. */
export function findBrokenName(value: unknown, path = '', depth = 0): string | null {
  if (value === null || typeof value !== 'object' || Buffer.isBuffer(value) || depth > 20) return null
  for (const [key, inner] of Object.entries(value)) {
    const at = path ? `${path}.${key}` : key
    if (typeof inner === 'string' && oneLine.test(key) && /[\r\n\u0085\u2028\u2029]/.test(inner.trim())) return at
    const found = findBrokenName(inner, at, depth + 1)
    if (found !== null) return found
  }
  return null
}
