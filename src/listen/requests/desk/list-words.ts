// The words that a list is searched for may be somebody's name or number: they stay in this tab and out of the address, which stands
// in histories, bookmarks and logs. The address holds a random key instead, so that "back" and a reload find them again.
const prefix = 'linli-desk-words-'
/** Where a browser keeps nothing: lost with the page. */
const meanwhile = new Map<string, string>()

/** Keeps words for this tab and returns the key for the address. */
export function keepWords(words: string): string {
  const key = crypto.randomUUID().slice(0, 8)
  meanwhile.set(key, words)
  try {
    sessionStorage.setItem(prefix + key, words)
  } catch {
    // Kept for as long as the page stands.
  }
  return key
}

/** The words of a key; none in another tab or on another's machine, where the list opens without them. */
export function wordsOf(key: string | undefined): string | undefined {
  if (!key) return undefined
  try {
    return meanwhile.get(key) ?? sessionStorage.getItem(prefix + key) ?? undefined
  } catch {
    return undefined
  }
}

/** Called at sign-out. */
export function forgetWords(): void {
  meanwhile.clear()
  try {
    for (const name of Object.keys(sessionStorage)) if (name.startsWith(prefix)) sessionStorage.removeItem(name)
  } catch {
    // Nothing was kept.
  }
}
