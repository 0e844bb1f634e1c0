// What an answer may not hold, whatever was asked.

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
