/**
 * What has to be safe before the page is gone. IndexedDB answers later, and a page that is reloaded or closed does not wait for it; the
 * browser's own store is written at once. What stands here is taken over by the page that comes next.
 */
const prefix = 'linli-desk-at-once/'

/** In every window of this browser, or in this tab alone, where it outlives a reload. */
export type Keeping = 'browser' | 'tab'

const storeOf = (keeping: Keeping): Storage => (keeping === 'browser' ? localStorage : sessionStorage)
const nameOf = (person: string, name: string) => `${prefix}${person}/${name}`

/** Keeps it now. A browser that keeps nothing, or no more, loses nothing but this. */
export function keepAtOnce(keeping: Keeping, person: string, name: string, value: unknown): void {
  try {
    storeOf(keeping).setItem(nameOf(person, name), JSON.stringify({ at: new Date().toISOString(), value }))
  } catch {
    // Full or forbidden: what was typed still goes into IndexedDB, only later.
  }
}

export function keptAtOnce<T>(keeping: Keeping, person: string, name: string): { at: string; value: T } | null {
  try {
    return JSON.parse(storeOf(keeping).getItem(nameOf(person, name)) ?? 'null')
  } catch {
    return null
  }
}

export function dropAtOnce(keeping: Keeping, person: string, name: string): void {
  try {
    storeOf(keeping).removeItem(nameOf(person, name))
  } catch {
    // Nothing was kept.
  }
}

/** Deletes all of it, or all but one person's. */
export function wipeAtOnce(but?: string): void {
  const stays = but === undefined ? null : nameOf(but, '')
  try {
    for (const store of [localStorage, sessionStorage])
      for (const key of Object.keys(store))
        if (key.startsWith(prefix) && !(stays && key.startsWith(stays))) store.removeItem(key)
  } catch {
    // Nothing was kept.
  }
}
