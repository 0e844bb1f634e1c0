// A category by the name that another system gave it.
import type { Category } from '#organise/settings/index.ts'

type Found = { readonly id: string; readonly promisedDays: number }

/** Finds a category; null where no single one bears the name. */
export type CategoryFinder = (name: string | null) => Found | null

const bare = (name: string): string => name.normalize('NFKC').toLowerCase().replace(/\s+/g, '')

/**
 * By name at any level, or by a trail such as 城乡建设/市政/路灯. A name that fits several (a first level with many below it) fits none:
 * a wrong category would send a matter to the wrong unit.
 */
export function categoryFinder(categories: readonly Category[]): CategoryFinder {
  const byName = new Map<string, Found | null>()
  const add = (name: string, found: Found): void => {
    const known = byName.get(name)
    byName.set(name, known === undefined || known?.id === found.id ? found : null)
  }
  for (const { id, promisedDays, level1, level2, level3 } of categories) {
    const found = { id, promisedDays }
    const [one, two, three] = [bare(level1), bare(level2), bare(level3)]
    for (const name of new Set([one, two, three, `${one}/${two}`, `${two}/${three}`, `${one}/${two}/${three}`])) {
      add(name, found)
    }
  }
  return (name) => {
    if (name === null) return null
    const trail = name
      .split(/\s*[/／>›»\\|、,，-]\s*/)
      .map(bare)
      .filter(Boolean)
    const found = byName.get(bare(name)) ?? byName.get(trail.join('/'))
    return found ?? (trail.length > 1 ? (byName.get(trail.at(-1) ?? '') ?? null) : null)
  }
}
