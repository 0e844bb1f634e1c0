import { describe, expect, test } from 'vitest'
import { cookieNames } from './sessions.auth.ts'
import { knownBrowsers } from './sessions.known.ts'
import { normalEmail, sessionKeys } from './sessions.rules.ts'

const keys = sessionKeys(Buffer.alloc(32, 7))
const known = knownBrowsers(keys, cookieNames('http://127.0.0.1:3161'))
const account = (turn: number) => keys.emailIndex(`li${turn}@example.org`)
const headers = (line: string) => ({ cookie: line.split(';')[0] })

describe('a known browser', () => {
  test('is known for the account that was opened in it and for no other', () => {
    const line = known.cookie({}, account(0))
    expect(line).toMatch(/^linli\.known=[\w-]{22}\.[0-9a-f]{32}; Max-Age=15552000; Path=\/; HttpOnly; SameSite=Lax$/)
    expect(known.keyOf(headers(line), account(0))).toMatch(/^[\w-]{22} /)
    expect(known.keyOf(headers(line), account(1))).toBeNull()
    expect(known.keyOf({}, account(0))).toBeNull()
    expect(line).not.toContain(account(0).slice(0, 8))
    const safe = knownBrowsers(keys, cookieNames('https://linli.example'))
    expect(safe.cookie({}, account(0))).toMatch(/^__Host-linli\.known=.*; HttpOnly; Secure; SameSite=Lax$/)
  })

  test('is known for five accounts at most, the last ones', () => {
    let line = ''
    for (let turn = 0; turn < 7; turn++) line = known.cookie(headers(line), account(turn))
    line = known.cookie(headers(line), account(3))
    expect([0, 1, 2, 3, 4, 5, 6].filter((turn) => known.keyOf(headers(line), account(turn)) !== null)).toEqual([
      2, 3, 4, 5, 6,
    ])
  })

  test('is not made by hand', () => {
    const line = known.cookie({}, account(0))
    const changed = (at: number) => line.slice(0, at) + (line[at] === '0' ? '1' : '0') + line.slice(at + 1)
    const start = 'linli.known='.length
    for (const made of [changed(start), changed(start + 23), line.slice(0, 60), `linli.known=.${'0'.repeat(32)}`])
      expect(known.keyOf(headers(made), account(0)), made).toBeNull()
    const other = knownBrowsers(sessionKeys(Buffer.alloc(32, 8)), cookieNames('http://127.0.0.1:3161'))
    expect(other.keyOf(headers(line), account(0))).toBeNull()
  })

  test('an address is one in any case and width', () => {
    for (const typed of ['LI@Example.org', ' li@example.org ', 'ｌｉ＠ｅｘａｍｐｌｅ．ｏｒｇ'])
      expect(normalEmail(typed)).toBe('li@example.org')
    expect(normalEmail('li+1@example.org')).toBe('li+1@example.org')
  })
})
