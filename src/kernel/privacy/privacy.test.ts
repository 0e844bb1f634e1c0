import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { compareColumns, goingColumns, loadDeclarations, printPrivacyAssessment } from './assessment.ts'
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

  test('PostgreSQL keeps no sample of what goes, unless it is found by it', async () => {
    const { rows } = await database.owner.pool.query<{ name: string }>(`
      select n.nspname || '.' || c.relname || '.' || a.attname as name
      from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and n.nspname !~ '^pg_' and a.attstattarget is distinct from 0
        and a.atttypid in ('text'::regtype, 'bytea'::regtype, 'jsonb'::regtype, 'json'::regtype, 'text[]'::regtype)
        and not exists (select from pg_index i where i.indrelid = c.oid and a.attnum = any (i.indkey))`)
    const going = await goingColumns()
    expect(going.has('public.person.name') && going.has('auth.user.phoneNumber')).toBe(true)
    // What remains after a person is gone may be sampled.
    const kept = new Set([
      'ledger.act.personal_digest',
      'ledger.act.leaf',
      'public.outbox.channel',
      'public.outbox.template',
      'public.outbox.language',
    ])
    expect(rows.map(({ name }) => name).filter((name) => going.has(name) && !kept.has(name))).toEqual([])
  })

  test('what pages keep in a browser is declared by its name', async () => {
    const declared = (await loadDeclarations(source)).flatMap((room) => room.browser ?? []).map(({ name }) => name)
    const names = (await readdir(source, { recursive: true })).filter(
      (name) => /\.(ts|tsx|js)$/.test(name) && !/\.test\.|\.privacy\./.test(name),
    )
    const kept = new Set<string>()
    for (const name of names) {
      const text = await readFile(join(source, name), 'utf8')
      if (!/Max-Age=|localStorage|sessionStorage|openDB|[cC]ookie(Name|\b)/.test(text)) continue
      for (const [found] of text.matchAll(
        /(?<=['`}])linli(?:[._](?:session|brief|known)|_[a-z_]+|-desk(?:-[a-z]+)*|-draft)/g,
      ))
        if (!/^linli_(app|jobs|auth|owner)$/.test(found)) kept.add(found)
    }
    expect(kept.size).toBeGreaterThan(8)
    for (const name of kept) expect(declared.join(), name).toContain(`\`${name}`)
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
