import { expect, it } from 'vitest'
import { inLanguage, knownOf, languageOf } from './template-values.ts'

const request = {
  number: '1 000 001',
  title: '路灯不亮',
  place: { id: 'p', path: '32/', name: '五里社区', trail: '五里' },
  deadline: null,
  parts: [],
  reporter: {
    anonymous: false,
    name: '张**',
    phone: null,
    hasContact: true,
    hasEarlier: false,
    unsent: null,
    publicationPermitted: false,
  },
}
const session = {
  person: { id: 'a', name: '示例·修远' },
  posts: [{ body: 'b', name: '负责人', bodyName: '兰竹物业', placeName: '五里', path: '32/10/03/001/001/' }],
}

it('fills a hole with what the platform knows, and leaves what only a person knows', () => {
  const known = knownOf(request, session, 'zh-CN', new Date('2026-03-04T20:00:00Z'))
  expect(['编号', 'place', '单位', '经办人', '日期'].map(known)).toEqual([
    '1 000 001',
    '五里社区',
    '兰竹物业',
    '示例·修远',
    '3月5日',
  ])
  expect(['做了什么', '期限', '电话'].map(known)).toEqual(['', '', ''])
})

it('greets nobody by a masked name', () => {
  expect(knownOf(request, session, 'zh-CN')('姓名')).toBe('')
  const whole = { ...request, reporter: { ...request.reporter, name: '张三' } }
  expect(knownOf(whole, session, 'zh-CN')('name')).toBe('张三')
})

it('templates in the language of the request stand first, the others apart', () => {
  const templates = [
    { name: '已修好', language: 'zh-CN' },
    { name: 'Repaired', language: 'en' },
  ]
  expect(inLanguage(templates, languageOf('B 座 WiFi down')).own.map((one) => one.name)).toEqual(['已修好'])
  expect(inLanguage(templates, languageOf('The lamp is out')).own.map((one) => one.name)).toEqual(['Repaired'])
  expect(inLanguage(templates, 'en').others.map((one) => one.name)).toEqual(['已修好'])
})
