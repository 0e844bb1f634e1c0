import type { TFunction } from 'i18next'
import { expect, it } from 'vitest'
import { requestsDeskWords } from '../requests.desk.words.ts'
import { toldOf } from './act-told.ts'

const speaking = (language: 'zh-CN' | 'en') => {
  const words: Record<string, string> = requestsDeskWords[language]
  return ((key: string, options?: { defaultValue?: string }) => words[key] ?? options?.defaultValue ?? key) as TFunction
}
const visit = {
  from: '2026-11-24T10:00:00+08:00',
  until: '2026-11-24T12:00:00+08:00',
  note: '带梯子',
  visit: '01900000-0000-7000-8000-000000000001',
}

it('a visit is told by its day and its hours, with labels and without anything that a program put there', () => {
  expect(toldOf('move-visit', visit, speaking('zh-CN'), 'zh-CN')).toBe(
    '约好的上门：11月24日周二 10:00–12:00\n备注：带梯子',
  )
  expect(toldOf('arrange-visit', visit, speaking('en'), 'en')).toMatch(
    /^Visit: .*Nov.* 24.* 10:00–12:00\nNote: 带梯子$/,
  )
})

it('choices are told in words, a single text stands alone', () => {
  const t = speaking('zh-CN')
  expect(toldOf('note', { text: '灯座松了' }, t, 'zh-CN')).toBe('灯座松了')
  expect(toldOf('answer', { text: '修好了' }, t, 'zh-CN')).toBe('修好了')
  expect(toldOf('extend', { workingDays: 3, reason: '等配件' }, t, 'zh-CN')).toBe(
    '延几个工作日：3 个工作日\n理由：等配件',
  )
  expect(toldOf('acknowledge', { part: 'p' }, t, 'zh-CN')).toBe('')
})
