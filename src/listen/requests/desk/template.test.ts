import { describe, expect, it } from 'vitest'
import { fillTemplate, holesOf } from './template.ts'

describe('templates', () => {
  it('fill what is known and leave a visible hole where it is not', () => {
    const text = fillTemplate('已于{日期}由{单位}修好。', { 日期: '3月4日', 单位: ' ' })
    expect(text).toBe('已于3月4日由{单位}修好。')
    expect(holesOf(text)).toEqual(['单位'])
  })
  it('name each hole once and know when there is none', () => {
    expect(holesOf('{a}{a}{b}')).toEqual(['a', 'b'])
    expect(holesOf('没有')).toEqual([])
  })
})
