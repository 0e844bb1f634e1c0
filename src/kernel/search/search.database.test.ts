import { dict } from '@node-rs/jieba/dict.js'
import fc from 'fast-check'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { toQuery, toQueryOfAny, toVectorText } from './index.ts'

const database = await testDatabase()

async function finds(text: string, typed: string): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select ${toVectorText(text)}::tsvector @@ ${toQuery(typed)}::tsquery as found`.execute(database.app.sql)
  return rows[0]?.found ?? false
}

describe('a word is found wherever it stands', () => {
  // Through many of them a dictionary cuts: 路 | 灯不亮, 两年 | 前, 不动产 | 权证.
  test.each([
    ['路灯', '路灯不亮'],
    ['路灯', '我家门口路灯不亮'],
    ['生命', '研究生命起源'],
    ['年前', '两年前就说过'],
    ['个人', '三个人住'],
    ['这段', '走过这段路'],
    ['栋楼', '十二栋楼全停水'],
    ['产权证', '不动产权证办不下来'],
    ['镇政府', '青石镇政府门口'],
    ['望云里', '住在望云里小区'],
    ['潇楚南路', '潇楚南路在修'],
    ['灯', '楼道灯坏了'],
    ['路', '单元门前的马路'],
    ['wifi', 'WiFi坏了'],
    ['坏了', 'WiFi坏了'],
    ['ＬＥＤ', '换成led灯'],
    ['12', '１２号楼'],
    ['楼道灯坏了', '楼道里的灯坏很久了'],
  ])('%s in %s', async (typed, text) => {
    expect(await finds(text, typed)).toBe(true)
  })

  test('every word of the dictionary between whatever characters stand around it', async () => {
    const words = new TextDecoder()
      .decode(dict)
      .split('\n')
      .map((line) => line.slice(0, line.indexOf(' ')))
      .filter((word) => /^\p{Script=Han}+$/u.test(word))
    const around = '路灯不亮的研究生命里一了3a，'
    const pick = fc.sample(
      fc.tuple(
        fc.nat(words.length - 1),
        fc.string({ unit: fc.constantFrom(...around), maxLength: 4 }),
        fc.nat(around.length - 1),
      ),
      3_000,
    )
    const told = pick.map(([at, before, after]) => {
      const word = words[at] as string
      return { word, text: `${before}${word}${around[after]}` }
    })
    const { rows } = await sql<{ word: string; text: string }>`
      select each.word, each.text
      from unnest(${told.map(({ word }) => word)}::text[], ${told.map(({ text }) => text)}::text[],
        ${told.map(({ text }) => toVectorText(text))}::text[], ${told.map(({ word }) => toQuery(word))}::text[])
        as each (word, text, vector, query)
      where not coalesce(each.vector::tsvector @@ each.query::tsquery, false)`.execute(database.app.sql)
    expect(rows).toEqual([])
  })
})

describe('in PostgreSQL', () => {
  const text = '五里社区３号楼门口的LED路灯坏了，从11月20日起天黑后看不见台阶。Please repair the stairs.'
  test.each(['路灯', '路灯 坏了', '五里社区', '社区', 'led', 'ＬＥＤ', 'rep', 'repair stairs', '3', '台阶', '11月'])(
    '%s is found',
    async (typed) => {
      expect(await finds(text, typed)).toBe(true)
    },
  )
  test.each(['停车', '路灯 停车', 'lamp', 'pair', '12', '灯路', '五社'])('%s is not', async (typed) => {
    expect(await finds(text, typed)).toBe(false)
  })

  test('takes the vector and the query of any text, and of a very long one', async () => {
    const texts = fc.sample(fc.string({ unit: 'binary', maxLength: 60 }), 60)
    const hard = ["'", '\\', "''\\'", ':*', '!', '&', '\u0000', '\ud800', '<->', '路灯\u0000坏了', '٣', 'ﷺ', '👩‍👩‍👧']
    for (const each of [
      ...texts,
      ...hard,
      '路灯坏了三天 '.repeat(20_000),
      Array.from({ length: 30_000 }, (_, at) => `${at}`.padStart(60, 'w')).join(' '),
      Array.from({ length: 60_000 }, (_, at) =>
        String.fromCodePoint(0x4e00 + (at % 9_000), 0x4e00 + (at % 8_009)),
      ).join(''),
    ]) {
      await expect(
        sql`select ${toVectorText(each)}::tsvector, ${toQuery(each)}::tsquery, ${toQueryOfAny(each)}::tsquery`.execute(
          database.app.sql,
        ),
      ).resolves.toBeTruthy()
    }
  })
})
