import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openSecrets, readSecrets } from './index.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'linli-secrets-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

describe('secrets of a data directory', () => {
  test('are made once, for their owner alone, and nothing else is left', () => {
    expect(readSecrets(directory)).toBeNull()
    const made = openSecrets(directory)
    expect(made.application).toHaveLength(32)
    expect(new Set(Object.values(made.passwords)).size).toBe(5)
    expect(openSecrets(directory)).toEqual(made)
    expect(statSync(join(directory, 'secrets.json')).mode & 0o777).toBe(0o600)
    expect(readdirSync(directory)).toEqual(['secrets.json'])
  })

  test('that others can read are refused', () => {
    openSecrets(directory)
    chmodSync(join(directory, 'secrets.json'), 0o644)
    expect(() => openSecrets(directory)).toThrow(/chmod 600/)
  })

  test.each(['', '{', '{}', '[]', 'null', '{"application":"YQ==","passwords":{}}'])(
    'broken (%s) are never replaced',
    (text) => {
      writeFileSync(join(directory, 'secrets.json'), text, { mode: 0o600 })
      expect(() => openSecrets(directory)).toThrow(/restore it from the copy/)
    },
  )
})
