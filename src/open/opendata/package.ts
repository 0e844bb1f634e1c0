// The description of a place's open data: a Frictionless Data Package (specs.frictionlessdata.io/data-package, version 1).
import type { OpenDocument, OpenTable } from '#kernel/opendata/index.ts'

export interface Package {
  readonly place: { readonly name: string; readonly key: string }
  readonly tables: readonly { readonly table: OpenTable; readonly months: readonly string[] }[]
  readonly documents: readonly OpenDocument[]
  readonly title: string
  readonly description: string
  readonly say: (key: string) => string
  /** Public address of this folder, without a slash at its end. */
  readonly address: string
  readonly licence: { readonly name: string }
}

/** Months from the first to the last, both included, newest first; `2026-11`. */
export function monthsBetween(first: string, last: string): string[] {
  const months: string[] = []
  let [year = 0, month = 0] = last.split('-').map(Number)
  for (let at = last; at >= first; at = `${year}-${String(month).padStart(2, '0')}`) {
    months.push(at)
    month -= 1
    if (month === 0) {
      month = 12
      year -= 1
    }
  }
  return months
}

/** The columns of a table by Frictionless Table Schema. */
export function schemaOf({ name, columns, primaryKey }: OpenTable, say: Package['say']) {
  return {
    fields: columns.map((column) => ({
      name: column.name,
      type: column.type,
      title: say(`opendata.${name}.column.${column.name}`),
      ...(column.required ? { constraints: { required: true } } : {}),
    })),
    ...(primaryKey.length > 0 ? { primaryKey: [...primaryKey] } : {}),
    missingValues: [''],
  }
}

/**
 * `datapackage.json` of a place: for each month of each table a file for tables and the same as JSON, each document as it is. Every file
 * is written when it is asked for, so that it has no size and no digest that would hold, and the package no day on which it was made.
 */
export function dataPackage({ place, tables, documents, title, description, say, address, licence }: Package) {
  return {
    profile: 'data-package',
    name: `linli-${place.key}`,
    id: `${address}/datapackage.json`,
    title,
    description,
    homepage: address,
    licenses: [licence],
    contributors: [{ title: place.name, role: 'publisher' }],
    resources: [
      ...tables.flatMap(({ table, months }) => {
        const schema = schemaOf(table, say)
        return months.flatMap((month) => {
          const about = {
            title: `${say(`opendata.${table.name}.title`)} ${month}`,
            description: say(`opendata.${table.name}.about`),
            encoding: 'utf-8',
          }
          const file = `${table.name}-${month}`
          return [
            {
              name: file,
              ...about,
              profile: 'tabular-data-resource',
              path: `${file}.csv`,
              format: 'csv',
              mediatype: 'text/csv',
              schema,
            },
            { name: `${file}-json`, ...about, path: `${file}.json`, format: 'json', mediatype: 'application/json' },
          ]
        })
      }),
      ...documents.map((document) => ({
        name: document.name,
        title: say(`opendata.${document.name}.title`),
        description: say(`opendata.${document.name}.about`),
        path: `${document.name}.json`,
        format: 'json',
        mediatype: document.mediaType,
        encoding: 'utf-8',
      })),
    ],
  }
}
