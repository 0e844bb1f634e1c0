import { settingsEndpoints } from '../settings.desk.api.ts'

export interface Item {
  id: string
  version: number
  inheritedFrom: string | null
  [field: string]: unknown
}

export interface SettingField {
  name: string
  kind: 'line' | 'long' | 'words' | 'day' | 'parent' | 'body' | 'promise'
  optional?: boolean
}

export interface Section {
  name: 'categories' | 'templates' | 'laws'
  fields: readonly SettingField[]
  /** The field that names an item in the list. */
  title: string
}

export const sections: readonly Section[] = [
  {
    name: 'categories',
    title: 'name',
    fields: [
      { name: 'name', kind: 'line' },
      { name: 'nameEn', kind: 'line', optional: true },
      { name: 'parent', kind: 'parent', optional: true },
      { name: 'promiseMinutes', kind: 'promise', optional: true },
      { name: 'usualBody', kind: 'body', optional: true },
      { name: 'words', kind: 'words', optional: true },
    ],
  },
  {
    name: 'templates',
    title: 'name',
    fields: [
      { name: 'name', kind: 'line' },
      { name: 'text', kind: 'long' },
      { name: 'category', kind: 'parent', optional: true },
    ],
  },
  {
    name: 'laws',
    title: 'title',
    fields: [
      { name: 'title', kind: 'line' },
      { name: 'citation', kind: 'line' },
      { name: 'article', kind: 'line', optional: true },
      { name: 'text', kind: 'long' },
      { name: 'from', kind: 'day' },
      { name: 'until', kind: 'day', optional: true },
      { name: 'source', kind: 'line', optional: true },
    ],
  },
]

export const endpointsOf = (section: Section) => settingsEndpoints[section.name]

/** Minutes of a working day of eight hours, as promised times are counted. */
export const workingDay = 480

/** What the form holds, as the endpoint wants it: empty is null, words are a list, days are minutes. */
export function bodyOf(section: Section, typed: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    section.fields.map(({ name, kind }) => {
      const value = typed[name]
      if (kind === 'words') {
        const words = String(value ?? '').split(/[\s、，,；;]+/)
        return [name, [...new Set(words.filter(Boolean))]]
      }
      if (value === undefined || value === null || String(value).trim() === '') return [name, null]
      if (kind === 'promise') return [name, Math.round(Number(value) * workingDay)]
      return [name, String(value).trim()]
    }),
  )
}

/** An item as the form shows it. */
export function typedOf(section: Section, item: Item | null): Record<string, unknown> {
  return Object.fromEntries(
    section.fields.map(({ name, kind }) => {
      const value = item?.[name]
      if (kind === 'words') return [name, Array.isArray(value) ? value.join('、') : '']
      if (kind === 'promise') return [name, typeof value === 'number' ? value / workingDay : '']
      return [name, value ?? undefined]
    }),
  )
}

/** Items in the order of a tree, each with its level from 1; items without parents stand as they come. */
export function treeOf(items: readonly Item[]): { item: Item; level: number }[] {
  const known = new Set(items.map((item) => item.id))
  const below = new Map<string | null, Item[]>()
  for (const item of items) {
    const parent = typeof item.parent === 'string' && known.has(item.parent) ? item.parent : null
    below.set(parent, [...(below.get(parent) ?? []), item])
  }
  const walk = (parent: string | null, level: number): { item: Item; level: number }[] =>
    (below.get(parent) ?? []).flatMap((item) => [{ item, level }, ...(level < 9 ? walk(item.id, level + 1) : [])])
  return walk(null, 1)
}
