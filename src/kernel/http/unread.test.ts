import { describe, expect, test } from 'vitest'
import { meantAddress } from './unread.ts'

const request = (address: string | Buffer) =>
  Buffer.concat([Buffer.from('GET '), Buffer.from(address as string), Buffer.from(' HTTP/1.1\r\nHost: a\r\n\r\n')])

describe('an address with Chinese in it', () => {
  test('leads to the same, escaped', () => {
    expect(meantAddress(request('/?place=五里&x=1%20'))).toBe('/?place=%E4%BA%94%E9%87%8C&x=1%20')
  })
  test('in GB 18030 too', () => {
    const five = Buffer.from([0xce, 0xe5, 0xc0, 0xef])
    expect(meantAddress(request(Buffer.concat([Buffer.from('/?place='), five])))).toBe('/?place=%E4%BA%94%E9%87%8C')
  })
  test.each([
    ['another host', '//evil.example/五'],
    ['another host by a backslash', '/\\evil.example/五'],
    ['a quotation mark', '/"五'],
    ['nothing above ASCII', '/plain'],
    ['a whole address', 'http://evil.example/五'],
  ])('%s: nowhere', (_, address) => expect(meantAddress(request(address))).toBeNull())
  test('a second line in it is no address', () => {
    expect(meantAddress(Buffer.from('GET /五\r\nLocation: x HTTP/1.1\r\n'))).toBeNull()
  })
  test('a POST is not sent elsewhere', () => {
    expect(meantAddress(Buffer.from('POST /五 HTTP/1.1\r\n\r\n'))).toBeNull()
  })
})
