import { expect, test } from 'vitest'
import { refusalOf } from './problem.ts'

test.each(['ENOSPC', 'EDQUOT'])('a file that finds no room (%s) is told as a full disk', (code) => {
  expect(refusalOf(Object.assign(new Error(code), { code }))).toMatchObject({ status: 503, type: 'disk-full' })
})

test('any other error is one of ours', () => {
  expect(refusalOf(new Error('lost'))).toMatchObject({ status: 500, type: 'internal' })
})
