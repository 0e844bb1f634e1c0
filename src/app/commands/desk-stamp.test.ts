import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { clearLeftovers, isWhole, stampOf, writeStamp } from './desk-stamp.ts'

let dist = ''
beforeEach(() => {
  dist = mkdtempSync(join(tmpdir(), 'linli-desk-'))
  mkdirSync(join(dist, 'desk', 'assets'), { recursive: true })
  writeFileSync(join(dist, 'desk', 'index.html'), '<html>')
  writeFileSync(join(dist, 'desk', 'assets', 'desk-1.js'), 'run()')
  writeStamp(dist, stampOf(join(dist, 'desk'), 'of these sources'))
})
afterEach(() => rmSync(dist, { recursive: true }))

test('a build is whole while every file is what was built', () => {
  expect(isWhole(dist, 'of these sources')).toBe(true)
  expect(isWhole(dist, 'of other sources')).toBe(false)
  // What an earlier build left for pages that are still open is no part of it.
  writeFileSync(join(dist, 'desk', 'assets', 'desk-0.js'), 'old()')
  expect(isWhole(dist, 'of these sources')).toBe(true)
})

test.each([
  ['an emptied file', () => writeFileSync(join(dist, 'desk', 'assets', 'desk-1.js'), '')],
  ['a changed file', () => writeFileSync(join(dist, 'desk', 'index.html'), '<htmk>')],
  ['a file that is gone', () => rmSync(join(dist, 'desk', 'assets', 'desk-1.js'))],
  ['everything gone', () => rmSync(join(dist, 'desk'), { recursive: true })],
  ['no stamp', () => rmSync(join(dist, 'desk.stamp'))],
  ['a stamp without files', () => writeStamp(dist, 'of these sources')],
])('%s has it built anew', (_, harm) => {
  harm()
  expect(isWhole(dist, 'of these sources')).toBe(false)
})

test('what a killed build left behind goes, and what is being built stays', () => {
  const { pid: ended } = spawnSync(process.execPath, ['--version'])
  for (const name of [`desk.${ended}`, `desk.${ended}.old`, `desk.${process.pid}`, `desk.${process.ppid}`])
    mkdirSync(join(dist, name))
  clearLeftovers(dist)
  expect(readdirSync(dist).sort()).toEqual(['desk', `desk.${process.ppid}`, 'desk.stamp'].sort())
  clearLeftovers(join(dist, 'nowhere'))
})
