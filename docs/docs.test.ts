// The documents speak of files, commands and settings: each has to be there.
import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { variables } from '../src/kernel/config/index.ts'
import { limits } from '../src/kernel/limits/index.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')

const documents = [
  'README.md',
  'README.zh-CN.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]
const examples = readdirSync(join(root, 'deploy')).map((name) => `deploy/${name}`)
const scripts = (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts

/** The address that a heading gets: small letters, spaces as dashes, no other signs. */
const anchorOf = (heading: string) =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')

const anchorsOf = (text: string) =>
  new Set([...text.replace(/```[\s\S]*?```/g, '').matchAll(/^#{1,6} (.+)$/gm)].map((match) => anchorOf(match[1] ?? '')))

describe('links', () => {
  test.each(documents)('of %s lead to something', (path) => {
    const broken: string[] = []
    for (const [, href = ''] of read(path)
      .replace(/```[\s\S]*?```/g, '')
      .matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(href)) continue
      const [file = '', anchor] = href.split('#')
      const target = file === '' ? path : relative(root, resolve(root, dirname(path), file))
      if (!existsSync(join(root, target))) broken.push(href)
      else if (anchor !== undefined && !anchorsOf(read(target)).has(decodeURIComponent(anchor))) broken.push(href)
    }
    expect(broken).toEqual([])
  })
})

/** Files of the example in CONTRIBUTING, which are written by whoever follows it. */
const ofTheExample = /^(src\/act\/|migrations\/2099)/

describe('files', () => {
  test.each([...documents, ...examples])('named in %s are there', (path) => {
    const named = [
      ...read(path).matchAll(/\b(?:src|scripts|docs|deploy|e2e|bench|packs|migrations)\/[\w./-]*[\w/]/g),
    ].map(([name]) => name)
    const missing = named.filter(
      (name) =>
        !ofTheExample.test(name) && !existsSync(join(root, name)) && !existsSync(join(root, dirname(path), name)),
    )
    expect([...new Set(missing)]).toEqual([])
  })

  test('of the room of requests that the architecture walks through are there', () => {
    const walk = read('docs/architecture.md').split('## One request')[1]?.split('\n## ')[0] ?? ''
    const room = join(root, 'src/listen/requests')
    const named = [...walk.matchAll(/`((?:[a-z]+\/)?[a-z][\w-]*(?:\.[a-z-]+)*\.ts)`/g)].map((match) => match[1] ?? '')
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter((name) => !existsSync(join(room, name)) && !existsSync(join(room, 'pages', name)))).toEqual([])
  })
})

describe('commands', () => {
  test.each([...documents, ...examples])('named in %s exist', (path) => {
    const text = read(path)
    const run = [...text.matchAll(/npm run ([a-z]+)/g)].map((match) => match[1] ?? '')
    if (text.includes('npm start')) run.push('start')
    if (text.includes('npm test')) run.push('test')
    expect(run.filter((name) => !(name in scripts))).toEqual([])
  })

  test('of linli are those of its help, with the options that are shown', { timeout: 60_000 }, async () => {
    const named = new Map<string, Set<string>>()
    for (const path of [...documents, ...examples]) {
      for (const [, command = '', rest = ''] of read(path).matchAll(
        /(?:linli --|src\/app\/cli\.ts) ((?:import|account|erasures|files|key|webhook|forwarding|category) [a-z]+|[a-z]+)([^\n`]*)/g,
      )) {
        const options = named.get(command) ?? new Set<string>()
        for (const [option] of rest.matchAll(/--[a-z-]+/g)) options.add(option)
        named.set(command, options)
      }
    }
    expect([...named.keys()]).toContain('account first')
    const found = await Promise.all(
      [...named].map(async ([command, options]) => {
        const program = ['src/app/cli.ts', ...command.split(' '), '--help']
        const { stdout } = await promisify(execFile)(process.execPath, program, { cwd: root })
        return [
          ...(stdout.includes(`Usage: linli ${command}`) ? [] : [command]),
          ...[...options].filter((option) => !stdout.includes(option)).map((option) => `${command} ${option}`),
        ]
      }),
    )
    expect(found.flat()).toEqual([])
  })
})

describe('settings and figures', () => {
  // The last belongs to the browser tests.
  const known = new Set<string>([...Object.values(variables).map((variable) => variable.name), 'LINLI_PICTURES'])
  test.each([...documents, ...examples])('variables named in %s are read', (path) => {
    const named = [...read(path).matchAll(/\b(?:LINLI_[A-Z_]*[A-Z]|DATABASE_URL)\b/g)].map(([name]) => name)
    expect(named.filter((name) => !known.has(name))).toEqual([])
  })

  test('the limits printed are the limits', () => {
    const table = read('docs/operations.md').split('## Limits')[1]?.split('\n## ')[0] ?? ''
    const printed = Object.fromEntries(
      [...table.matchAll(/^\| `([\w.-]+)`[^|]*\| (\d+) in (\d+) s(, always)?/gm)].map(
        ([, name, count, seconds, always]) => [
          name,
          { count: Number(count), seconds: Number(seconds), ...(always === undefined ? {} : { fixed: true }) },
        ],
      ),
    )
    expect(printed).toEqual(limits)
  })

  test('both READMEs show the same commands and files', () => {
    const shown = (path: string) =>
      [...read(path).matchAll(/\]\((?!#|README)([^)#]+)|`(npm [^`]+|linli [^`]+)`/g)]
        .map((match) => match[1] ?? match[2] ?? '')
        .sort()
    expect(shown('README.zh-CN.md')).toEqual(shown('README.md'))
  })
})

describe('publiccode.yml', () => {
  // The fields that the standard (yml.publiccode.tools, version 0.5) asks for, and the bounds it sets.
  const code = parse(read('publiccode.yml')) as Record<string, never> & {
    description: Record<string, { shortDescription: string; longDescription: string; features: string[] }>
  }
  test('has every field that is asked for', () => {
    const asked = ['publiccodeYmlVersion', 'name', 'url', 'platforms', 'developmentStatus', 'softwareType', 'legal']
    for (const key of [...asked, 'maintenance', 'localisation', 'description']) expect(code).toHaveProperty([key])
    expect(code).toMatchObject({
      legal: { license: 'Apache-2.0' },
      maintenance: { contacts: [{ name: expect.any(String) }] },
      localisation: { localisationReady: true, availableLanguages: ['zh-CN', 'en'] },
    })
  })
  test.each(Object.keys(code.description))('describes itself within bounds: %s', (language) => {
    const { shortDescription, longDescription, features } = code.description[language] ?? ({} as never)
    expect(shortDescription.length).toBeLessThanOrEqual(150)
    expect(longDescription.length).toBeGreaterThanOrEqual(150)
    expect(longDescription.length).toBeLessThanOrEqual(10_000)
    expect(features.length).toBeGreaterThan(0)
  })
  test('names no place that belongs to somebody, and a release only where there was one', () => {
    expect(new URL(code.url ?? '').hostname).toBe('example.org')
    const { version } = JSON.parse(read('package.json')) as { version: string }
    expect([undefined, version]).toContain(code.softwareVersion)
    expect(code.releaseDate === undefined).toBe(code.softwareVersion === undefined)
  })
})

test('the times of nightly work in operations.md are those of the queues', () => {
  const [, section = ''] = /\n## Time\n([\s\S]*?)\n## /.exec(read('docs/operations.md')) ?? []
  const said = (cron: string): string => {
    const [minute = '', hour = ''] = cron.split(' ')
    if (minute === '*') return 'Every minute'
    if (minute.startsWith('*/')) return `Every ${minute.slice(2)} minutes`
    return hour === '*' ? `${minute} minutes past` : `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`
  }
  const crons = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.jobs.ts'))
    .flatMap((path) => [...read(`src/${path}`).matchAll(/cron: '([^']+)'/g)].map(([, cron = '']) => said(cron)))
  expect(crons.length).toBeGreaterThan(8)
  expect(crons.filter((time) => !section.includes(time))).toEqual([])
  const times = section.match(/\b\d\d:\d\d\b/g) ?? []
  expect(times.filter((time) => !crons.includes(time))).toEqual([])
})
