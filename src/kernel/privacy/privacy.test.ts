import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { compareColumns, loadDeclarations, printPrivacyAssessment } from './assessment.ts'
import { columns, declareColumns } from './columns.ts'

const database = await testDatabase()
const source = fileURLToPath(new URL('../..', import.meta.url))
const document = fileURLToPath(new URL('../../../docs/privacy-assessment.md', import.meta.url))

describe('declarations of columns', () => {
  test('every column of the database is declared once, and nothing that is not there', async () => {
    const { rows } = await database.owner.pool.query<{ name: string }>(`
      select case when n.nspname = 'public' then '' else n.nspname || '.' end || c.relname || '.' || a.attname as name
      from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'm') and a.attnum > 0 and not a.attisdropped
        and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'pgboss')`)
    expect(rows.length).toBeGreaterThan(100)
    expect(compareColumns(await loadDeclarations(source), new Set(rows.map(({ name }) => name)))).toEqual([])
  })

  test('the printed assessment is that of the declarations', async () => {
    expect(await readFile(document, 'utf8')).toBe(printPrivacyAssessment(await loadDeclarations(source)))
  })

  test('what is missing, double or gone is told', () => {
    const declared = declareColumns('one', { t: [columns('a b', '用途', 'purpose', 'account', 'copy', 'erased')] })
    const again = declareColumns('two', { t: [columns('b', '用途', 'purpose', 'account', 'copy', 'erased')] })
    expect(compareColumns([declared, again], new Set(['t.a', 't.c']))).toEqual([
      't.b is declared by one and two',
      't.b, declared by one, does not exist',
      't.b, declared by two, does not exist',
      't.c is not declared',
    ])
    const twice = [columns('a a', '', '', 'account', 'copy', 'erased')]
    expect(() => declareColumns('one', { t: twice })).toThrow(/twice/)
  })
})
