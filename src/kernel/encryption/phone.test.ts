import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maskPhone, normalisePhone } from './index.ts'

describe('phones as people type them', () => {
  test.each([
    '13800138000',
    '138 0013 8000',
    '138-0013-8000',
    '+86 138 0013 8000',
    '+8613800138000',
    '008613800138000',
    '8613800138000',
    '１３８００１３８０００',
    '＋８６ １３８－００１３－８０００',
    ' (138)0013.8000 ',
    '138—0013—8000',
  ])('%s is one mobile', (typed) => {
    expect(normalisePhone(typed)).toEqual({ kind: 'mobile', number: '+8613800138000' })
  })

  test.each([
    ['0514-87654321', '+8651487654321', undefined],
    ['（0514）87654321', '+8651487654321', undefined],
    ['051487654321', '+8651487654321', undefined],
    ['+86 514 8765 4321', '+8651487654321', undefined],
    ['010-65001234', '+861065001234', undefined],
    ['02165001234', '+862165001234', undefined],
    ['0916-2221234', '+869162221234', undefined],
    ['0514-87654321-801', '+8651487654321', '801'],
    ['0514-87654321转801', '+8651487654321', '801'],
    ['0514-87654321 ext. 12', '+8651487654321', '12'],
  ])('%s is a landline', (typed, number, extension) => {
    expect(normalisePhone(typed)).toEqual({ kind: 'landline', number, ...(extension ? { extension } : {}) })
  })

  test('a number without area code takes the place’s', () => {
    expect(normalisePhone('87654321')).toBeNull()
    expect(normalisePhone('8765 4321', '0514')).toEqual({ kind: 'landline', number: '+8651487654321' })
  })

  test.each(['400-812-3456', '8008123456', '12345', '110', '95588'])('%s is a service', (typed) => {
    expect(normalisePhone(typed)?.kind).toBe('service')
  })

  test.each(['+852 2345 6789', '0085223456789', '+1 212 555 0100'])('%s is abroad', (typed) => {
    expect(normalisePhone(typed)?.kind).toBe('abroad')
  })

  test('nothing longer than can be called is read at all', () => {
    expect(normalisePhone(`13800138000${' '.repeat(28)}.`)?.number).toBe('+8613800138000')
    expect(normalisePhone(`1380013800${' '.repeat(30)}0`)).toBeNull()
  })

  test.each([
    ['+1234567', '+1234567'],
    ['+123456', null],
    ['+123456789012345', '+123456789012345'],
    ['+1234567890123456', null],
    ['00123456789', '+123456789'],
  ])('%s, of a number abroad: %s', (typed, number) => {
    expect(normalisePhone(typed)?.number ?? null).toBe(number)
  })

  test.each([
    '',
    ' ',
    'no phone',
    '1380013800',
    '138001380001',
    '12800138000',
    '13800138000转5',
    '0514',
    '051412345',
    '9999999999999999999999',
    '13800138000; drop table',
    '1380013800\u0000',
    '\ud800',
    '+',
    '138００1380',
    '1'.repeat(1_000_000),
  ])('%# is none', (typed) => {
    expect(normalisePhone(typed)).toBeNull()
  })

  test('whatever is typed, the answer is null or stays as it is when read again', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[+0-9０-９ ()—-]{0,24}$/), (typed) => {
        const phone = normalisePhone(typed)
        if (phone) expect(normalisePhone(phone.number)?.number).toBe(phone.number)
      }),
      { numRuns: 2000 },
    )
  })
})

test.each([
  ['+8613800138000', '138****8000'],
  ['+8651487654321', '0514****21'],
  ['+861065001234', '0106****34'],
  ['12345', '*****'],
  ['4008123456', '4008****56'],
  ['+85223456789', '8522****89'],
])('%s is shown as %s', (number, shown) => {
  expect(maskPhone(number)).toBe(shown)
})
