import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fillTemplate, holesOf, strayBrace } from './templates.api.ts'

describe('a template', () => {
  test('is filled by the word in the hole, or by the field that the word names', () => {
    const text = '{姓名}您好，{事情}已于{日期}由{ 单位 }修好。'
    const filled = fillTemplate(text, { name: '张女士', 事情: '路灯', 日期: '3月4日', date: '3月5日', 单位: ' ' })
    expect(filled).toBe('张女士您好，路灯已于3月4日由{ 单位 }修好。')
    expect(holesOf(filled)).toEqual(['单位'])
  })
  test('has holes of words with spaces; each is named once', () => {
    expect(holesOf('On {date} we {what was done}. {date}')).toEqual(['date', 'what was done'])
    expect(holesOf('没有')).toEqual([])
    expect(fillTemplate('{constructor}{__proto__}', {})).toBe('{constructor}{__proto__}')
  })
  test('never reads what is filled in as a hole', () => {
    expect(fillTemplate('{姓名}：{编号}', { name: '{编号}', number: '100001' })).toBe('{编号}：100001')
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect(fillTemplate('a{姓名}b', { name })).toBe(name.trim() ? `a${name.trim()}b` : 'a{姓名}b')
      }),
    )
  })
  test.each(['{日期', '日期}', '{}', '{日\n期}', '{{日期}}'])(
    'with a brace that opens no hole is told so: %j',
    (text) => {
      expect(strayBrace(text)).toBe(true)
    },
  )
  test('with whole holes has no stray brace', () => {
    expect(strayBrace('{姓名}您好，{做了什么}。')).toBe(false)
  })
})
