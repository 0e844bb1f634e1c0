import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatNumber, isNumber, numberOf, parseNumber } from './number.ts'

const digitsOf = (number: number) => [...String(number)]

test('every wrong digit is found, in every place, for ten thousand numbers in a row', () => {
  for (let sequence = 100_001; sequence < 110_001; sequence++) {
    const digits = digitsOf(numberOf(sequence))
    for (let place = 0; place < digits.length; place++) {
      for (let digit = 0; digit < 10; digit++) {
        if (String(digit) === digits[place]) continue
        const wrong = digits.with(place, String(digit)).join('')
        if (isNumber(Number(wrong)) && wrong[0] !== '0') expect.fail(`${wrong} passed for ${digits.join('')}`)
      }
    }
  }
})

test('every exchange of neighbours is found', () => {
  for (let sequence = 100_001; sequence < 200_001; sequence++) {
    const digits = digitsOf(numberOf(sequence))
    for (let place = 0; place + 1 < digits.length; place++) {
      const [left, right] = [digits[place] ?? '', digits[place + 1] ?? '']
      if (left === right) continue
      const wrong = digits
        .with(place, right)
        .with(place + 1, left)
        .join('')
      if (wrong[0] !== '0' && isNumber(Number(wrong))) expect.fail(`${wrong} passed for ${digits.join('')}`)
    }
  }
})

test('both hold for numbers of any length', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 ** 13 }), fc.nat(), fc.integer({ min: 1, max: 9 }), (sequence, at, by) => {
      const number = numberOf(sequence)
      const digits = digitsOf(number)
      const place = at % digits.length
      const wrong = digits.with(place, String((Number(digits[place]) + by) % 10)).join('')
      expect(isNumber(number)).toBe(true)
      expect(parseNumber(wrong)).toBeNull()
    }),
  )
})

test('what is printed is read again, however it is typed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 ** 13 }), (sequence) => {
      const number = numberOf(sequence)
      const grouped = formatNumber(number)
      expect(parseNumber(grouped)).toBe(number)
      expect(parseNumber(grouped.replaceAll(' ', '-'))).toBe(number)
      expect(parseNumber(` ${grouped.replaceAll(' ', '　')} `)).toBe(number)
      const wide = [...String(number)].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join('')
      expect(parseNumber(wide)).toBe(number)
    }),
  )
})

test('groups of three from the right', () => {
  expect(formatNumber(1234567)).toBe('1 234 567')
  expect(formatNumber(123456)).toBe('123 456')
})

test('what is no number is none', () => {
  for (const text of [
    '',
    ' ',
    'abc',
    '0',
    '0000',
    '12a',
    '１２３四',
    '-',
    '9'.repeat(16),
    '1'.repeat(100),
    '٣٤٥',
    '1e9',
  ]) {
    expect(parseNumber(text)).toBeNull()
  }
  expect(() => numberOf(0)).toThrow(RangeError)
  expect(() => numberOf(1.5)).toThrow(RangeError)
  expect(() => numberOf(10 ** 14)).toThrow(RangeError)
})
