import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { linesTo } from './index.ts'

const directory = mkdtempSync(join(tmpdir(), 'linli-log-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

test('lines are written in their order, those that wait at the end too', async () => {
  const file = join(directory, 'log')
  const descriptor = openSync(file, 'a')
  const log = linesTo(descriptor)
  const lines = Array.from({ length: 500 }, (_, at) => `第${at}行 ${'x'.repeat(at)}\n`)
  for (const line of lines) log.write(line)
  await expect.poll(() => readFileSync(file, 'utf8')).toBe(lines.join(''))
  // Both in one breath: the first is on its way, the second waits.
  log.write('last but one\n')
  log.write('last\n')
  log.flush()
  expect(readFileSync(file, 'utf8')).toContain('last\n')
  await expect.poll(() => readFileSync(file, 'utf8')).toContain('last but one\n')
  closeSync(descriptor)
})

// A device on which every write finds the disk full.
test.runIf(existsSync('/dev/full'))('on a full disk lines are left out, and nothing fails or waits', async () => {
  const descriptor = openSync('/dev/full', 'a')
  const log = linesTo(descriptor)
  for (let line = 0; line < 20; line += 1) {
    log.write('a line\n')
    await sleep(1)
  }
  log.write('a line\n')
  log.write('a line\n')
  log.flush()
  closeSync(descriptor)
})
