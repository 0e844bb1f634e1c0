import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { type Judged, totalsForHandler } from './judgements.rules.ts'

const database = await testDatabase()

/** What the database would count for a body, as its function does; the function itself needs somebody of that body. */
async function byDatabase(given: readonly Judged[]): Promise<unknown> {
  // The body of the function with its source replaced: the same text that runs in production.
  const { rows } = await sql<{
    text: string
  }>`select prosrc as text from pg_proc where proname = 'judgement_totals'`.execute(database.owner.sql)
  const counting = rows[0]?.text.slice(rows[0].text.indexOf('counted as'))
  expect(counting).toBeDefined()
  const values = given.map((one) => `('${one.verdict}', ${one.satisfaction ?? 'null'})`).join(', ')
  const source =
    given.length > 0
      ? `select * from (values ${values}) v (solved, satisfaction)`
      : 'select null::text as solved, null::int as satisfaction where false'
  const { rows: counted } = await database.owner.pool.query(
    `with given as (select solved, satisfaction::smallint from (${source}) s), ${counting}`,
  )
  const row = counted[0]
  if (!row) return null
  return {
    judgements: row.judgements,
    solved: row.solved,
    partly: row.partly,
    not: row.unsolved,
    satisfaction: row.satisfaction_mean === null ? null : Number(row.satisfaction_mean),
  }
}

const judged = fc.record({
  verdict: fc.constantFrom('solved', 'partly', 'not') as fc.Arbitrary<Judged['verdict']>,
  satisfaction: fc.constantFrom(null, 1, 2, 3, 4, 5) as fc.Arbitrary<Judged['satisfaction']>,
  month: fc.constant('2026-10-01'),
})

test('the database shows totals exactly when the rule does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(judged, { maxLength: 9 }), async (given) => {
      expect(await byDatabase(given)).toEqual(totalsForHandler(given, '2026-10-01', '2026-11-01'))
    }),
    { numRuns: 150 },
  )
})
