import fc from 'fast-check'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { toQuery, toVectorText } from './index.ts'

const database = await testDatabase()

async function finds(text: string, typed: string): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select ${toVectorText(text)}::tsvector @@ ${toQuery(typed)}::tsquery as found`.execute(database.app.sql)
  return rows[0]?.found ?? false
}

describe('in PostgreSQL', () => {
  const text = '五里社区３号楼门口的LED路灯坏了，从11月20日起天黑后看不见台阶。Please repair the stairs.'
  test.each(['路灯', '路灯 坏了', '五里社区', '社区', 'led', 'ＬＥＤ', 'rep', 'repair stairs', '3', '台阶', '11月'])(
    '%s is found',
    async (typed) => {
      expect(await finds(text, typed)).toBe(true)
    },
  )
  test.each(['停车', '路灯 停车', 'lamp', 'pair', '12'])('%s is not', async (typed) => {
    expect(await finds(text, typed)).toBe(false)
  })

  test('takes the vector and the query of any text, and of a very long one', async () => {
    const texts = fc.sample(fc.string({ unit: 'binary', maxLength: 60 }), 60)
    const hard = ["'", '\\', "''\\'", ':*', '!', '&', '\u0000', '\ud800', '<->', '路灯\u0000坏了', '٣', 'ﷺ', '👩‍👩‍👧']
    for (const each of [
      ...texts,
      ...hard,
      '路灯坏了三天 '.repeat(20_000),
      Array.from({ length: 30_000 }, (_, at) => `w${at}`).join(' '),
    ]) {
      await expect(
        sql`select ${toVectorText(each)}::tsvector, ${toQuery(each)}::tsquery`.execute(database.app.sql),
      ).resolves.toBeTruthy()
    }
  })
})
