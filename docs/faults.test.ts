// docs/faults.md says what each fault of the campaign looks like, and its figures are those of each fault's last run.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Told } from '../bench/faults/fault.ts'
import { heading, withTable } from '../bench/faults/table.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8')
const document = read('docs/faults.md')
const results = JSON.parse(read('bench/faults.json')) as Told[]
/** The faults that bench/faults declares. */
const declared = readdirSync(`${root}bench/faults`).flatMap((file) =>
  [...read(`bench/faults/${file}`).matchAll(/: Fault = \{\n {2}name: '([^']+)'/g)].map(([, name = '']) => name),
)

test('every fault of the campaign was played, and held', () => {
  expect(declared.length).toBeGreaterThan(15)
  expect(results.map(({ fault }) => fault).toSorted()).toEqual(declared.toSorted())
  for (const { fault, ok, held } of results) {
    expect(
      held.filter((each) => !each.ok).map(({ what }) => what),
      fault,
    ).toEqual([])
    expect([fault, ok, held.length > 0]).toEqual([fault, true, true])
  }
})

test('what is seen is told for each, in one row', () => {
  const [seen = ''] = document.split('## Each fault')
  const rows = [...seen.matchAll(/^\| `([\w-]+)` +\|(.+)\|(.+)\|$/gm)]
  expect(rows.map(([, name]) => name).toSorted()).toEqual(declared.toSorted())
  for (const [, name, people = '', keeper = ''] of rows) {
    expect(people.trim(), name).not.toBe('')
    expect(keeper.trim(), name).not.toBe('')
  }
})

test('the figures are those of bench/faults.json', () => {
  expect(document).toContain(`| ${heading[0]} `)
  expect(withTable(document, results)).toBe(document)
})

test('nothing of the machine that played it stands in the results', () => {
  expect(read('bench/faults.json')).not.toMatch(/\/(?:tmp|home|root|work|var)\//)
})
