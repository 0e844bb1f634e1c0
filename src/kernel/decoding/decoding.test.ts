import { expect, test } from 'vitest'
import { textOf } from './index.ts'

test('bytes are UTF-8, or else GB18030, and never refused', () => {
  expect(textOf(Buffer.from('一级'))).toBe('一级')
  expect(textOf(Buffer.from('\ufeff一级'))).toBe('一级')
  expect(textOf(Buffer.from([0xd2, 0xbb, 0xbc, 0xb6]))).toBe('一级')
  expect(textOf(Uint8Array.from([0xd2, 0xbb, 0xbc, 0xb6]).buffer)).toBe('一级')
  // Four bytes for one character, which GBK has not.
  expect(textOf(Buffer.from([0x95, 0x32, 0x82, 0x36]))).toBe('𠀀')
  expect(textOf(Buffer.from([0xff, 0xff]))).toContain('\ufffd')
})
