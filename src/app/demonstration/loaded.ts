/** What the replay needs to know of what was loaded before it. */
export interface Loaded {
  readonly places: ReadonlyMap<string, { id: string; path: string }>
  readonly bodies: ReadonlyMap<string, { id: string; path: string }>
  /** `body.post` → the tenures of its holders. */
  readonly tenures: ReadonlyMap<string, { tenure: string; person: string }[]>
  readonly people: ReadonlyMap<string, string>
  readonly categories: ReadonlyMap<string, string>
  readonly laws: ReadonlyMap<string, string>
}

/** @throws Error naming the key, so that a mistake in the pack is found at once */
export function known<T>(map: ReadonlyMap<string, T>, key: string): T {
  const found = map.get(key)
  if (found === undefined) throw new Error(`the pack speaks of ${key}, which it does not have`)
  return found
}
