// What people wrote as the category of a row, in the terms of a list.
import { plain } from '#kernel/search/index.ts'
import type { CategoryNamed } from './taxonomy.ts'

/** A first level, and the category where as much is said. */
export interface Label {
  readonly level1: string
  readonly key: string | null
}

const bare = (name: string): string => plain(name).replaceAll(/\s+/g, '')

/**
 * Finds what a name means: a first level; the name of a category, or of a second level, that stands under one first level alone; or a
 * trail of names such as 城乡建设/城乡规划/违章建筑. Null where the list has no such name, or several that it could be.
 */
export function labelFinder(categories: readonly CategoryNamed[]): (name: string) => Label | null {
  const found = new Map<string, Label | null>()
  const add = (name: string, label: Label): void => {
    const known = found.get(name)
    if (known === undefined) found.set(name, label)
    else if (known === null || known.level1 !== label.level1) found.set(name, null)
    else if (known.key !== label.key) found.set(name, { level1: label.level1, key: null })
  }
  for (const { key, level1, level2, level3 } of categories) {
    const [one, two, three] = [bare(level1), bare(level2), bare(level3)]
    add(`${one}/${two}/${three}`, { level1, key })
    for (const name of new Set([`${one}/${two}`, two])) if (name !== one) add(name, { level1, key: null })
    for (const name of new Set([`${two}/${three}`, three])) if (name !== one && name !== two) add(name, { level1, key })
  }
  // A first level is meant wherever its name stands, whatever bears the same name below it or elsewhere.
  for (const { level1 } of categories) found.set(bare(level1), { level1, key: null })
  return (name) => {
    const trail = name
      .split(/[/／>›»\\|]/)
      .map(bare)
      .filter(Boolean)
      .join('/')
    return found.get(trail) ?? null
  }
}
