import { lawKinds, laws } from '../../laws/laws.api.ts'
import { categories, templates } from '../settings.api.ts'

export interface Item {
  id: string
  version: number
  inheritedFrom: string | null
  [field: string]: unknown
}

export interface SettingField {
  name: string
  kind: 'line' | 'long' | 'day' | 'body' | 'number' | 'choice'
  values?: readonly string[]
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
    title: 'level3',
    fields: [
      { name: 'level1', kind: 'line' },
      { name: 'level2', kind: 'line' },
      { name: 'level3', kind: 'line' },
      { name: 'level1En', kind: 'line', optional: true },
      { name: 'level2En', kind: 'line', optional: true },
      { name: 'level3En', kind: 'line', optional: true },
      { name: 'promisedDays', kind: 'number' },
      { name: 'usualBody', kind: 'body', optional: true },
    ],
  },
  {
    name: 'templates',
    title: 'name',
    fields: [
      { name: 'name', kind: 'line' },
      { name: 'text', kind: 'long' },
      { name: 'language', kind: 'choice', values: ['zh-CN', 'en'] },
    ],
  },
  {
    name: 'laws',
    title: 'name',
    fields: [
      { name: 'name', kind: 'line' },
      { name: 'nameEn', kind: 'line', optional: true },
      { name: 'kind', kind: 'choice', values: lawKinds },
      { name: 'article', kind: 'line', optional: true },
      { name: 'plain', kind: 'long' },
      { name: 'plainEn', kind: 'long', optional: true },
      { name: 'validFrom', kind: 'day', optional: true },
    ],
  },
]

export const endpointsOf = (section: Section) => ({ categories, templates, laws })[section.name]

/** What the form holds, as the endpoint wants it: empty is null, numbers are numbers; what the form does not show is kept. */
export function bodyOf(section: Section, typed: Record<string, unknown>, item: Item | null): Record<string, unknown> {
  const kept = section.name === 'categories' ? { usualKind: item?.usualKind ?? null } : {}
  return {
    ...kept,
    ...Object.fromEntries(
      section.fields.map(({ name, kind }) => {
        const value = typed[name]
        if (value === undefined || value === null || String(value).trim() === '') return [name, null]
        return [name, kind === 'number' ? Number(value) : String(value).trim()]
      }),
    ),
  }
}

/** An item as the form shows it. */
export function typedOf(section: Section, item: Item | null): Record<string, unknown> {
  return Object.fromEntries(section.fields.map(({ name }) => [name, item?.[name] ?? undefined]))
}
