import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const version = '24.21.0'
let directory = ''

/** A project of one package, and an npm that only notes that it was asked. */
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'linli-install-'))
  mkdirSync(join(directory, 'scripts'))
  cpSync(new URL('./install.js', import.meta.url), join(directory, 'scripts', 'install.js'))
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}')
  lock('one')
  writeFileSync(
    join(directory, 'npm.mjs'),
    `import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
     appendFileSync('asked', process.argv.slice(2).join(' ') + '\\n')
     if (process.env.FAIL) process.exit(7)
     rmSync('node_modules', { recursive: true, force: true })
     mkdirSync('node_modules/.bin', { recursive: true })
     writeFileSync('node_modules/.bin/node', '#!/bin/sh\\necho v${version}\\n', { mode: 0o755 })`,
  )
})
afterEach(() => rmSync(directory, { recursive: true }))

function lock(name: string): void {
  const packages = { '': {}, 'node_modules/node': { version }, [`node_modules/${name}`]: { version: '1.0.0' } }
  writeFileSync(join(directory, 'package-lock.json'), JSON.stringify({ packages }))
}

function install(environment: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/install.js'], {
    cwd: directory,
    encoding: 'utf8',
    env: { ...process.env, npm_execpath: join(directory, 'npm.mjs'), ...environment },
  })
  return { status, stdout, stderr }
}

function asked(): number {
  const file = join(directory, 'asked')
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').length : 0
}

describe('the installation', () => {
  test('runs npm ci once, and again only when the lock file has changed', () => {
    const first = install()
    expect(first).toMatchObject({ status: 0, stderr: '' })
    expect(first.stdout.trim().split('\n')).toHaveLength(1)
    expect(readFileSync(join(directory, 'asked'), 'utf8')).toMatch(/^ci /)
    expect(install()).toEqual({ status: 0, stdout: '', stderr: '' })
    expect(asked()).toBe(1)
    lock('two')
    expect(install().stdout).toContain('package-lock.json has changed')
    expect(asked()).toBe(2)
  })

  test('that failed says so and is tried again', () => {
    const failed = install({ FAIL: '1' })
    expect(failed.status).toBe(1)
    expect(failed.stderr).toContain('The packages could not be installed')
    expect(install().status).toBe(0)
    expect(asked()).toBe(2)
  })

  test('made by hand is taken when it is what the lock file names, and not when it is something else', () => {
    install()
    rmSync(join(directory, 'node_modules', '.linli-stamp'))
    const list = join(directory, 'node_modules', '.package-lock.json')
    writeFileSync(list, readFileSync(join(directory, 'package-lock.json')))
    expect(install().stdout).toBe('')
    expect(asked()).toBe(1)
    rmSync(join(directory, 'node_modules', '.linli-stamp'))
    writeFileSync(list, '{"packages":{}}')
    expect(install().status).toBe(0)
    expect(asked()).toBe(2)
  })

  test('is not held up by one that was killed', () => {
    writeFileSync(join(directory, '.linli-installing'), '999999999')
    expect(install().status).toBe(0)
    expect(existsSync(join(directory, '.linli-installing'))).toBe(false)
  })

  test('says what is wrong when the pinned Node was not set up', () => {
    install()
    writeFileSync(join(directory, 'node_modules/.bin/node'), '#!/bin/sh\necho v20.0.0\n', { mode: 0o755 })
    const npm = join(directory, 'nothing.mjs')
    writeFileSync(npm, '')
    const { status, stderr } = install({ npm_execpath: npm })
    expect(status).toBe(1)
    expect(stderr).toContain('ignore-scripts')
  })
})
