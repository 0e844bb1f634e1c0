// `npm run bench`: measures the real program on a data directory of its own. Options: --only figure,… (prefixes), --data DIR (kept and
// used again), --requests N, --seconds N. See docs/performance.md for what each figure means.
import { fork } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { buildDesk } from '#app/commands/desk-build.ts'
import { enter } from '#kernel/access/index.ts'
import { readConfig } from '#kernel/config/index.ts'
import { openDatabase } from '#kernel/database/index.ts'
import { openForCommand } from '#kernel/embedded/index.ts'
import { verify } from '#kernel/ledger/index.ts'
import { searchPlaces } from '#organise/places/index.ts'
import type { Asked, Order, Outcome } from './clients.ts'
import { keepResults, missed, note, percentile, tell } from './figures.ts'
import { matter, name, pick, reply, seeded } from './invented.ts'
import { districtPath, makeOrganisation, type Organisation } from './organisation.ts'
import { weighPages } from './pages.ts'
import { loadPast, type Past } from './past.ts'
import type { PlainOrder } from './plain.ts'
import { command, forget, memory, processorTime, type Running, start } from './program.ts'

const { values: given } = parseArgs({
  options: {
    only: { type: 'string' },
    data: { type: 'string' },
    port: { type: 'string', default: '3240' },
    requests: { type: 'string', default: '200000' },
    seconds: { type: 'string', default: '12' },
    rounds: { type: 'string', default: '2' },
    profile: { type: 'string' },
  },
})
const only = given.only?.split(',')
const wanted = (...figures: string[]) =>
  !only || figures.some((figure) => only.some((asked) => figure.startsWith(asked) || asked.startsWith(figure)))
const port = Number(given.port)
const seconds = Number(given.seconds)
const requests = Number(given.requests)

const kept = given.data !== undefined
const root = given.data ?? mkdtempSync(join(tmpdir(), 'linli-bench-'))
mkdirSync(root, { recursive: true })
const data = join(root, 'real')
const demonstration = join(root, 'demonstration')
const stateFile = join(root, 'state.json')

interface State {
  organisation: Organisation
  past: Past
}

const settings = (directory: string) => readConfig(process.env, { dataDirectory: directory, empty: '1' })

/** Lends the database, which a running server has, or which is started for the time of the work. */
async function withOwner<T>(work: (open: Awaited<ReturnType<typeof openForCommand>>) => Promise<T>): Promise<T> {
  const open = await openForCommand(settings(data))
  try {
    return await work(open)
  } finally {
    await open.stop()
  }
}

/** Runs one of the bench's own programs beside this one. */
function beside<T>(file: string, order: unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL(file, import.meta.url)), {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    child.once('message', (answer: { outcome?: T; error?: string }) => {
      if (answer.outcome) resolve(answer.outcome)
      else reject(new Error(answer.error))
    })
    child.once('error', reject)
    child.once('exit', (code) => code && reject(new Error(`${file} ended with ${code}`)))
    child.send(order as object)
  })
}

const clients = (order: Partial<Order> & { asked: readonly Asked[] }) =>
  beside<Outcome>('./clients.ts', { port, clients: 50, think: 0, warmSeconds: 3, seconds, ...order })

async function starts(): Promise<void> {
  if (wanted('start.empty', 'start.again') || !existsSync(data)) {
    const fresh = !existsSync(data)
    const first = await start(data, { port, empty: true })
    if (fresh) tell('start.empty', first.seconds, 's', { atMost: 15 })
    await first.stop()
    const again: number[] = []
    for (let turn = 0; turn < 3; turn += 1) {
      const running = await start(data, { port, empty: true })
      again.push(running.seconds)
      await running.stop()
    }
    tell('start.again', percentile(again, 0.5), 's', { atMost: 3 })
  }
  if (wanted('start.demonstration', 'bytes')) {
    const fresh = !existsSync(demonstration)
    const first = await start(demonstration, { port })
    try {
      if (fresh) tell('start.demonstration', first.seconds, 's', { atMost: 15 })
      if (wanted('bytes')) await weigh(first)
    } finally {
      await first.stop()
    }
    const again = await start(demonstration, { port })
    tell('start.demonstration.again', again.seconds, 's', { atMost: 3 })
    await again.stop()
  }
}

/** The public pages, on the demonstration: places with their bodies, words and pictures. */
async function weigh(running: Running): Promise<void> {
  const open = await openForCommand(settings(demonstration))
  const owner = openDatabase(open.config.ownerUrl, { connections: 1 })
  try {
    const { rows } = await owner.pool.query<{ place: string; request: string | null; number: string | null }>(`
      select p.id as place, (select request from publication where withdrawn_at is null limit 1) as request,
        (select number from publication where withdrawn_at is null limit 1) as number
      from place p where p.code = '321003001001'`)
    const place = rows[0]?.place
    // A link of one's own to a request that has a long story.
    const link = Buffer.from(crypto.getRandomValues(new Uint8Array(24))).toString('base64url')
    await owner.pool.query(
      `insert into access.token (hash, kind, record) select sha256($1::bytea), 'follow', e.request
       from request_entry e group by e.request order by count(*) desc limit 1`,
      [Buffer.from(link)],
    )
    await weighPages(running.address, {
      home: '/',
      'home-of-place': `/places/${place}`,
      tell: `/places/${place}/tell`,
      'follow-by-number': '/follow',
      follow: `/r/${link}`,
      raised: `/places/${place}/raised`,
      'raised-everywhere': '/raised',
      'raised-one': `/raised/${rows[0]?.number}`,
      'my-page': '/my',
      'sign-in': '/sign-in',
    })
  } finally {
    await owner.close()
    await open.stop()
  }
}

async function places(): Promise<void> {
  const owned = await withOwner(async ({ config }) => {
    const owner = openDatabase(config.ownerUrl, { connections: 1 })
    const { rows } = await owner.pool.query('select count(*) as places from place')
    await owner.close()
    return Number(rows[0]?.places)
  })
  if (owned < 600_000) {
    const began = performance.now()
    await command(data, ['import', 'places'])
    tell('import.places', (performance.now() - began) / 1_000, 's', { atMost: 20 })
  }
  if (!wanted('search.places')) return
  await withOwner(async ({ config }) => {
    const app = openDatabase(config.databaseUrl, { connections: 1 })
    try {
      const random = seeded(41)
      const { rows } = await app.pool.query<{ name: string; short_name: string; code: string; above: string }>(
        `select p.name, p.short_name, p.code, above.short_name as above from place p tablesample system (1) repeatable (7)
           join place above on p.path > above.path and p.path < above.path || '~' and above.kind = 'district'
         where p.kind = 'community' limit 4000`,
      )
      const asked = Array.from({ length: 2_000 }, (_, index) => {
        const place = pick(random, rows)
        const kinds = [
          place.short_name,
          place.name,
          place.short_name.slice(0, 2),
          `${place.above} ${place.short_name}`,
          `${place.above}${place.short_name}`,
          place.code,
          place.code.slice(0, 9),
          place.short_name.slice(0, 1),
          `${place.short_name}社区`,
          place.short_name.slice(-2),
        ]
        return kinds[index % kinds.length] as string
      })
      const times: number[] = []
      const surroundings = { now: new Date(), language: 'zh-CN' } as const
      for (const text of asked.slice(0, 200)) await enter(app, {}, surroundings, (act) => searchPlaces(act.sql, text))
      for (const text of asked) {
        const began = performance.now()
        await enter(app, {}, surroundings, (act) => searchPlaces(act.sql, text))
        times.push(performance.now() - began)
      }
      tell('search.places.p50', percentile(times, 0.5), 'ms')
      tell('search.places.p95', percentile(times, 0.95), 'ms', { atMost: 20 })
      tell('search.places.longest', percentile(times, 1), 'ms')
    } finally {
      await app.close()
    }
  })
}

/** The district with its bodies and its past; made once for a data directory. */
async function prepared(): Promise<State> {
  const state: Partial<State> = existsSync(stateFile) ? JSON.parse(readFileSync(stateFile, 'utf8')) : {}
  if (state.organisation && state.past) return state as State
  return withOwner(async ({ config }) => {
    if (!state.organisation) {
      note('making the organisation of the district')
      state.organisation = await makeOrganisation(config)
      writeFileSync(stateFile, JSON.stringify(state))
    }
    note(`loading ${requests} requests over ${state.organisation.communities.length} communities`)
    state.past = await loadPast(config.ownerUrl, config.secret, state.organisation, requests)
    note(`loaded in ${state.past.seconds.toFixed(0)} s`)
    writeFileSync(stateFile, JSON.stringify(state))
    return state as State
  })
}

async function intake({ organisation }: State): Promise<void> {
  const places = organisation.communities.map(({ id }) => id)
  const over: Outcome[] = []
  const plain: number[] = []
  const cost = { server: [] as number[], database: [] as number[] }
  for (let round = 0; round < Number(given.rounds); round += 1) {
    const running = await start(data, {
      port,
      empty: true,
      flags: given.profile ? ['--cpu-prof', `--cpu-prof-dir=${given.profile}`] : [],
    })
    const before = memory(running.process, data)
    const began = processorTime(running.process, data)
    try {
      const outcome = await clients({
        asked: [{ method: 'POST', path: '/api/requests', headers: { accept: 'application/json' } }],
        places,
      })
      if (Object.keys(outcome.statuses).join() !== '201')
        throw new Error(`intake answered ${JSON.stringify(outcome.statuses)}`)
      over.push(outcome)
      note(`over HTTP: ${outcome.perSecond.toFixed(0)} a second, p95 ${percentile(outcome.times, 0.95).toFixed(0)} ms`)
      const spent = processorTime(running.process, data)
      if (began && spent) {
        // Of all requests, those of the warming up included.
        cost.server.push(((spent.server - began.server) * 1_000) / outcome.answered)
        cost.database.push(((spent.database - began.database) * 1_000) / outcome.answered)
      }
      const after = memory(running.process, data)
      if (round === 0 && before && after) {
        tell('memory.server.idle', before.server, 'MB')
        tell('memory.server.loaded', after.server, 'MB')
        tell('memory.database.idle', before.database, 'MB')
        tell('memory.database.loaded', after.database, 'MB')
      }
      // The chain catches up before the server stops.
      await new Promise((resolve) => setTimeout(resolve, 2_000))
    } finally {
      await running.stop()
    }
    // Right after it, on the same PostgreSQL and the same tables, without the server.
    plain.push(
      await withOwner(async ({ config }) => {
        const owner = openDatabase(config.ownerUrl, { connections: 1, statementSeconds: 0 })
        try {
          const order: PlainOrder = {
            ownerUrl: config.ownerUrl,
            connections: config.connections,
            warmSeconds: 3,
            seconds,
          }
          const { perSecond } = await beside<{ perSecond: number }>('./plain.ts', order)
          note(`plain SQL: ${perSecond.toFixed(0)} a second`)
          if (round === 0) await sequencing(owner)
          // Copies are taken away again: their acts are no true leaves of the chain.
          await owner.pool.query(`
            create temp table copied as select a.id, a.record from ledger.pending p join ledger.act a on a.id = p.act;
            analyze copied;
            delete from ledger.pending where act in (select id from copied);
            delete from ledger.salt where act in (select id from copied);
            delete from ledger.act where id in (select id from copied);
            delete from request_entry where request in (select record from copied);
            delete from request_contact where request in (select record from copied);
            delete from access.token where record in (select record from copied);
            delete from pgboss.job_common where data ->> 'request' in (select record::text from copied);
            delete from request where id in (select record from copied);
            drop table copied`)
          await owner.pool.query('vacuum analyze')
          return perSecond
        } finally {
          await owner.close()
        }
      }),
    )
    note(
      `round ${round + 1}: ${over.at(-1)?.perSecond.toFixed(0)} over HTTP, ${plain.at(-1)?.toFixed(0)} by plain SQL, load ${loadavg()[0]?.toFixed(1)}`,
    )
  }
  const best = over.reduce((one, other) => (other.perSecond > one.perSecond ? other : one))
  const limit = Math.max(...plain)
  tell('intake.per-second', best.perSecond, '/s', { atLeast: 1_500, limit })
  tell('intake.p50', percentile(best.times, 0.5), 'ms')
  tell('intake.p95', percentile(best.times, 0.95), 'ms')
  tell('intake.processor-time.server', Math.min(...cost.server), 'ms')
  tell('intake.processor-time.database', Math.min(...cost.database), 'ms')
  tell('intake.plain-sql.per-second', limit, '/s')
  tell('intake.share-of-plain-sql', best.perSecond / limit, 'of 1', { atLeast: 0.5 })
}

/** How fast waiting acts get their place in the chain: the copies that plain SQL left, placed and rolled back. */
async function sequencing(owner: ReturnType<typeof openDatabase>): Promise<void> {
  const client = await owner.pool.connect()
  try {
    await client.query('begin')
    await client.query('analyze ledger.pending, ledger.act')
    const began = performance.now()
    let placed = 0
    for (;;) {
      const { rows } = await client.query<{ placed: number }>('select ledger.sequence() as placed')
      if (!rows[0]?.placed) break
      placed += rows[0].placed
    }
    tell('ledger.placed-per-second', placed / ((performance.now() - began) / 1_000), '/s', { atLeast: 1_500 })
    await client.query('rollback')
  } finally {
    client.release()
  }
}

async function pages({ organisation, past }: State): Promise<void> {
  const { secretaries, dispatchers, leaders } = organisation.cookies
  const staff = [...secretaries, ...dispatchers, ...leaders.slice(0, 1)]
  const compressed = { 'accept-encoding': 'gzip, deflate, br' }
  const seen = (cookie: string) => ({ cookie, accept: 'application/json', ...compressed })
  const page = { accept: 'text/html', 'accept-language': 'zh-CN', ...compressed }
  const secretaryOf = (community: number) => secretaries[Math.floor(community / 16)] ?? ''
  const own = past.sample.filter(({ community }) => community % 16 === 0 && secretaryOf(community)).slice(0, 2_000)
  const lists: Asked[] = staff.flatMap((cookie) =>
    ['queue=all', 'queue=to-accept', 'queue=to-dispatch', 'queue=overdue', 'queue=due-today', 'queue=mine'].map(
      (query) => ({
        method: 'GET' as const,
        path: `/api/requests?${query}`,
        headers: seen(cookie),
      }),
    ),
  )
  const watched: Record<string, readonly Asked[]> = {
    'home-page': organisation.communities.map(({ id }) => ({ method: 'GET', path: `/places/${id}`, headers: page })),
    'raised-page': organisation.communities.map(({ id }) => ({
      method: 'GET',
      path: `/places/${id}/raised`,
      headers: page,
    })),
    'follow-page': past.links.slice(0, 3_000).map((link) => ({ method: 'GET', path: `/r/${link}`, headers: page })),
    'tell-page': organisation.communities.map(({ id }) => ({
      method: 'GET',
      path: `/places/${id}/tell?form=AAAAAAAAAAAAAAAAAAAAAA`,
      headers: page,
    })),
    'desk-list': lists,
    'desk-counts': staff.map((cookie) => ({ method: 'GET', path: '/api/requests/queues', headers: seen(cookie) })),
    'desk-request': own.map(({ id, community }) => ({
      method: 'GET',
      path: `/api/requests/${id}`,
      headers: seen(secretaryOf(community)),
    })),
  }
  const running = await start(data, {
    port,
    empty: true,
    flags: given.profile ? ['--cpu-prof', `--cpu-prof-dir=${given.profile}`] : [],
  })
  try {
    for (const [name, asked] of Object.entries(watched)) {
      if (!wanted(`page.${name}`)) continue
      const first = await fetch(`${running.address}${asked[0]?.path}`, {
        headers: asked[0]?.headers ?? {},
        redirect: 'manual',
      })
      if (first.status !== 200) {
        note(`${name}: ${asked[0]?.path} answered ${first.status} and was not measured`)
        continue
      }
      for (const [load, think] of [
        ['thinking', 1_000],
        ['without-pause', 0],
      ] as const) {
        const began = processorTime(running.process, data)
        const outcome = await clients({ asked, think })
        const spent = processorTime(running.process, data)
        const wrong = Object.entries(outcome.statuses).filter(([status]) => status !== '200')
        if (wrong.length > 0) note(`${name}: ${JSON.stringify(outcome.statuses)}`)
        tell(`page.${name}.${load}.p50`, percentile(outcome.times, 0.5), 'ms')
        tell(`page.${name}.${load}.p95`, percentile(outcome.times, 0.95), 'ms', think ? { atMost: 25 } : {})
        if (think || !began || !spent) continue
        tell(`page.${name}.${load}.per-second`, outcome.perSecond, '/s')
        tell(`page.${name}.processor-time.server`, ((spent.server - began.server) * 1_000) / outcome.answered, 'ms')
        tell(
          `page.${name}.processor-time.database`,
          ((spent.database - began.database) * 1_000) / outcome.answered,
          'ms',
        )
      }
    }
  } finally {
    await running.stop()
  }
}

async function registers({ past }: State): Promise<void> {
  await withOwner(async ({ config }) => {
    const owner = openDatabase(config.ownerUrl, { connections: 1, statementSeconds: 0 })
    try {
      if (wanted('ledger.verified')) {
        const client = await owner.pool.connect()
        const began = performance.now()
        const found = await verify(client)
        client.release()
        if (!found.ok) throw new Error(`the register does not hold at ${found.firstBroken}: ${found.reason}`)
        tell('ledger.verified-per-second', found.entries / ((performance.now() - began) / 1_000), '/s')
      }
      const { rows } = await owner.pool.query('select pg_database_size(current_database()) as size')
      tell('database.megabytes', Number(rows[0]?.size) / 2 ** 20, 'MB')
      tell('database.bytes-per-loaded-request', past.bytes, 'bytes')
      if (wanted('place.move')) {
        // Moved to another city and back, each time for good.
        const { rows: ends } = await owner.pool.query<{ path: string; id: string }>(
          `select path, id from place where path in ($1, '32/10/', '32/11/')`,
          [districtPath],
        )
        const at = (path: string) => ends.find((end) => end.path === path)?.id
        const times: number[] = []
        for (const to of ['32/11/', '32/10/']) {
          const began = performance.now()
          await owner.pool.query('select place_move($1, $2, $3)', [at(districtPath), at(to), 'bench'])
          times.push((performance.now() - began) / 1_000)
        }
        tell('place.move', percentile(times, 1), 's')
      }
    } finally {
      await owner.close()
    }
  })
}

async function messages(): Promise<void> {
  const file = join(root, 'messages.csv')
  const random = seeded(90)
  const lines = ['编号,留言主题,留言时间,留言详情,答复意见,答复时间,点赞数']
  for (let index = 0; index < 100_000; index += 1) {
    const { title, body } = matter(random)
    const told = new Date(Date.UTC(2024, 0, 1) + Math.floor(index * 8 * 60_000))
    const answered = new Date(told.getTime() + 3 * 24 * 3_600_000)
    const time = (moment: Date) => moment.toISOString().slice(0, 16).replace('T', ' ')
    lines.push(
      `B${index},${title},${time(told)},"${body}",${index % 5 ? `"${name(random)}：${reply(random)}",${time(answered)}` : ','},${Math.floor(random() * 30)}`,
    )
  }
  writeFileSync(file, `${lines.join('\n')}\n`)
  const began = performance.now()
  const { imported, rejected } = await command(data, ['import', 'messages', file, '--place', '321002'])
  if (imported !== 100_000) throw new Error(`${imported} imported, ${rejected} rejected`)
  tell('import.messages', (performance.now() - began) / 1_000, 's', { atMost: 30 })
}

note(
  `load average at the start: ${loadavg()
    .map((each) => each.toFixed(1))
    .join(' ')}`,
)
// The desk is built once for each version, not at each start.
await buildDesk()
try {
  await starts()
  await places()
  if (wanted('page', 'intake', 'memory', 'ledger', 'database', 'place.move')) {
    const state = await prepared()
    if (wanted('page')) await pages(state)
    if (wanted('intake', 'memory', 'ledger')) await intake(state)
    if (wanted('ledger', 'database', 'place.move')) await registers(state)
  }
  if (wanted('import.messages')) await messages()
} finally {
  keepResults()
  if (!kept) forget(root)
}
for (const { figure, value, unit, target, good } of missed())
  note(`missed: ${figure} is ${value} ${unit}, ${good} ${target}`)
