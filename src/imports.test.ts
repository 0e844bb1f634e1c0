import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

// The house keeps its order by this test: imports run down, and into another room through its door alone.
const source = fileURLToPath(new URL('.', import.meta.url))
const wings = [
  'kernel',
  'organise',
  'act',
  'discuss',
  'listen',
  'evaluate',
  'learn',
  'oversee',
  'plan',
  'appoint',
  'open',
  'app',
]
const heights: Record<string, number> = {
  kernel: 0,
  organise: 1,
  act: 1.5,
  discuss: 2,
  listen: 3,
  evaluate: 4,
  learn: 4,
  oversee: 4,
  plan: 5,
  appoint: 5,
  open: 5,
  app: 6,
}

/** Light parts of rooms whose main door brings in a server or a driver, which pure code must not. */
const sideDoors = [
  'kernel/calendar/days.ts',
  'kernel/database/identifiers.ts',
  'kernel/database/migrate.ts',
  'kernel/http/refusal.ts',
  'organise/places/places.paths.ts',
]

interface Place {
  wing: string
  room: string
  /** Path inside the room. */
  file: string
}

function placeOf(path: string): Place {
  const [wing = '', room = '', ...file] = path.split(sep)
  return file.length === 0 ? { wing, room: '', file: room } : { wing, room, file: file.join('/') }
}

/** Why a file may not import another; null where it may. */
function objection(from: string, to: string): string | null {
  const here = placeOf(from)
  const there = placeOf(to)
  const isTest = /\.(test|harness)\.tsx?$/.test(from)
  if (there.wing === 'testing') {
    return isTest || here.wing === 'testing' ? null : 'only tests import src/testing'
  }
  // The builders of tests put a whole database together; tests may use whatever they test with.
  if (here.wing === 'testing' || here.wing === '') return null
  if (here.wing === there.wing && here.room === there.room) return null
  const rise = (heights[there.wing] ?? 9) - (heights[here.wing] ?? -1)
  if (rise > 0) return 'runs up'
  if (rise === 0 && here.wing !== there.wing) return 'runs across'
  // The roof is one room of many folders.
  if (here.wing === 'app' && there.wing === 'app') return null
  const doors = /^(index\.ts|[^/]*\.(api|words)\.ts|desk\/index\.tsx?|web\/index\.ts)$/
  // What the roof assembles (kernel/kernel.ts) stands beside the rooms, and names parts of each.
  if (there.room === '' || (here.wing === 'kernel' && here.room === '') || doors.test(there.file)) return null
  if (
    here.wing === 'app' &&
    /\.(routes|jobs|words|api|personal|privacy|opendata|feed)\.ts$|^(pages|desk|web)\//.test(there.file)
  )
    return null
  // A test may look at what its subject writes through another room's store.
  if (isTest) return null
  if (sideDoors.includes(`${there.wing}/${there.room}/${there.file}`)) return null
  return 'passes by the door of the room (index.ts, .api.ts or .words.ts)'
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(source, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')
  const pattern =
    /(?:^|[;\n])\s*(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]|(?:^|[^.\w])import\(?\s*['"]([^'"]+)['"]/g
  return [...text.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? '')
}

/** The imported file from src/, or null where it is a package or lies outside. */
function target(file: string, specifier: string): string | null {
  if (specifier.startsWith('.')) {
    const path = relative(source, resolve(dirname(join(source, file)), specifier))
    return path.startsWith('..') ? null : path
  }
  const [, wing, rest] = /^#([a-z]+)\/(.+)$/.exec(specifier) ?? []
  return wing && rest ? join(wing, rest) : null
}

const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((path) => /\.tsx?$/.test(path))

describe('the house', () => {
  test('has only wings that are drawn', () => {
    const folders = readdirSync(source, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
    expect(folders.filter((name) => !wings.includes(name) && name !== 'testing')).toEqual([])
  })

  test('has no drawer for what belongs nowhere', () => {
    const drawers = /(^|\/)(utils?|helpers?|services?|dtos?|types|common|misc)(\/|\.tsx?$)/
    expect(files.map((path) => path.split(sep).join('/')).filter((path) => drawers.test(path))).toEqual([])
  })

  // A kernel that speaks of the field serves one room and is in the way of the next.
  test('speaks no word of the field in its kernel', () => {
    const english =
      /^(residents?|citizens?|reporters?|(re)?dispatch(es|ed|er)?|judge(s|d|ments?)?|complain(s|ts?)?|petitions?|hotlines?|overdue|urgency|grids?|secretary|me-too)$/
    const chinese = /诉求|居民|派单|派发|评价|办理|网格|街道|投诉|举报|信访/g
    /** What stands there all the same, and why. */
    const known: Record<string, string> = {
      'access/index.ts judge': 'the second kind of secret token; the sealed context and the policies call it so',
      'floods/floods.ts judge': 'not the field: whether a proof of work holds',
      'floods/floods.ts judges': 'not the field: whether a proof of work holds',
      'floods/floods.ts judged': 'not the field: whether a proof of work holds',
      'floods/floods.ts hotlines': 'the figure that a threshold was chosen by',
      'floods/index.ts judged': 'not the field: whether a proof of work holds',
      'limits/limits.ts residents': 'whom a count at one address must not turn away',
      'limits/limits.ts me-too': 'limits stand by name in one table, whichever room counts under them',
      'privacy/columns.ts 办理': 'what a record is kept for, as the law puts it',
      'sessions/sessions.auth.ts residents': 'the domain of the mail addresses that nobody has',
      'sessions/sessions.passkeys.ts resident': 'what WebAuthn calls a key that its device keeps by itself',
    }
    const found = files
      .map((path) => path.split(sep).join('/'))
      .filter((path) => path.startsWith('kernel/') && !/\.(test|fixture|harness)\.tsx?$|\/schema\.ts$/.test(path))
      .flatMap((path) => {
        const text = readFileSync(join(source, path), 'utf8')
        const words =
          text
            .replace(/([a-z])([A-Z])/g, '$1 $2')
            .toLowerCase()
            .match(/[a-z]+(-[a-z]+)*/g) ?? []
        const said = [
          ...words.flatMap((word) => [word, ...word.split('-')]).filter((word) => english.test(word)),
          ...(text.match(chinese) ?? []),
        ]
        return [...new Set(said)].map((word) => `${path.slice('kernel/'.length)} ${word}`)
      })
    expect(found.toSorted()).toEqual(Object.keys(known).toSorted())
  })

  test('imports only down, and only through doors', () => {
    const found: string[] = []
    for (const file of files) {
      for (const specifier of importsOf(file)) {
        const to = target(file, specifier)
        const reason = to === null ? null : objection(file, to)
        if (reason) found.push(`${file} imports ${to}: ${reason}`)
      }
    }
    expect(found).toEqual([])
  })

  test.each([
    ['kernel/http/index.ts', 'organise/places/index.ts', 'runs up'],
    ['organise/places/places.store.ts', 'listen/requests/index.ts', 'runs up'],
    ['evaluate/rates/index.ts', 'learn/study/index.ts', 'runs across'],
    ['listen/requests/requests.store.ts', 'organise/places/places.store.ts', 'passes by the door'],
    ['listen/requests/requests.store.ts', 'listen/judgements/judgements.rules.ts', 'passes by the door'],
    ['listen/requests/requests.store.ts', 'organise/places/places.routes.ts', 'passes by the door'],
    ['listen/requests/requests.store.ts', 'testing/database.ts', 'only tests'],
  ])('objects to %s importing %s', (from, to, reason) => {
    expect(objection(from, to)).toContain(reason)
  })

  test.each([
    ['listen/requests/requests.store.ts', 'organise/places/index.ts'],
    ['listen/requests/desk/list.tsx', 'organise/places/places.api.ts'],
    ['listen/requests/requests.store.ts', 'listen/requests/requests.rules.ts'],
    ['app/server.ts', 'listen/requests/requests.routes.ts'],
    ['listen/requests/requests.http.test.ts', 'testing/database.ts'],
    ['listen/requests/requests.store.ts', 'kernel/kernel.ts'],
  ])('lets %s import %s', (from, to) => {
    expect(objection(from, to)).toBeNull()
  })
})

describe('SQL stands in the rooms', () => {
  /** A query written out or put together. The types and the connections that are handed on are none. */
  const query = /\bsql(?:<[^`]*?>)?`|\.(?:selectFrom|insertInto|updateTable|deleteFrom|mergeInto)\(/
  // The loader writes a past that no door would let in.
  const roof = files.filter((file) => file.startsWith(`app${sep}`) && !file.startsWith(join('app', 'demonstration')))
  const none = roof.filter((file) => !/\.test\.ts$/.test(file))

  test('the roof asks the rooms by their doors', () => {
    expect(none.length).toBeGreaterThan(30)
    expect(none.filter((file) => query.test(readFileSync(join(source, file), 'utf8')))).toEqual([])
  })

  /** Stores, readings, the rows that an act writes of its own, and the port of personal data. */
  const home = /\.store\.ts$|\/reading\/[^/]+\.ts$|\/acts\/[^/]+\.ts$|\.personal\.ts$/
  /** Written for tests, or by hand. */
  const tests = /\.(?:test|harness|fixture)\.tsx?$|^testing\//
  /** Where else it stands, as docs/architecture.md says; elsewhere a query goes to a store. */
  const elsewhere = [
    // The machinery of the kernel: connections, backups, sessions, limits, queues and the register are made of statements.
    /^kernel\/(?:access|backup|database|encryption|floods|http|jobs|ledger|limits|sessions)\/[\w.]+\.ts$/,
    // A store of bodies that is several files, by what is asked of the chart.
    /^organise\/bodies\/bodies\.(?:accept|chart|first|tenures)\.ts$/,
    /^organise\/settings\/settings\.items\.ts$/,
    // Lists that are sent to a table by COPY, and the lock under which messages are.
    /^organise\/places\/places\.(?:import|list)\.ts$/,
    /^listen\/requests\/importing\/import-messages\.ts$/,
    // The roof's: what the database calls out (LISTEN), and a past that no door would let in.
    /^app\/events\.ts$/,
    /^app\/demonstration\//,
  ]
  const asks = new RegExp(`${query.source}|\\.query(?:<[^(]*>)?\\(\\s*[\`'"{]`)
  const stray = (file: string) => {
    const path = file.split(sep).join('/')
    return ![home, tests, ...elsewhere].some((place) => place.test(path))
  }

  test('a room asks the database in its stores alone', () => {
    const strays = files.filter(stray)
    expect(strays.length).toBeGreaterThan(300)
    expect(strays.filter((file) => asks.test(readFileSync(join(source, file), 'utf8')))).toEqual([])
  })

  test.each([
    ["await client.query('select 1')", true],
    ['await client.query<{ a: string }>(`select', true],
    ['(act, { query }) => query.place', false],
    ['new QueryClient()', false],
  ])('asks by %s: %s', (text, found) => {
    expect(asks.test(text)).toBe(found)
  })

  test.each([
    ['listen/requests/pages/raised.routes.ts', true],
    ['listen/requests/requests.jobs.ts', true],
    ['kernel/pages/index.ts', true],
    ['listen/requests/timers.store.ts', false],
    ['listen/requests/reading/list.ts', false],
    ['listen/requests/acts/answer.ts', false],
    ['kernel/access/index.ts', false],
  ])('%s is no place for a query: %s', (path, found) => {
    expect(stray(path.split('/').join(sep))).toBe(found)
  })

  test('pure rules and what is shared with the web ask nothing', () => {
    const pure = files.filter(
      (file) => /\.(?:rules(?:\.\w+)?|api|words)\.ts$|[/\\]rules[/\\][^/\\]+\.ts$/.test(file) && !tests.test(file),
    )
    expect(pure.length).toBeGreaterThan(30)
    expect(pure.filter((file) => query.test(readFileSync(join(source, file), 'utf8')))).toEqual([])
  })

  test.each([
    ['await sql`select 1`', true],
    ['await sql<{ a: string }>`\n select', true],
    ['act.sql.selectFrom("place")', true],
    ['kernel.jobsDatabase.sql', false],
    ['// by sql alone', false],
  ])('%s', (text, found) => {
    expect(query.test(text)).toBe(found)
  })
})
