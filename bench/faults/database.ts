// The database goes away, ends, or hangs.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault, Stage } from './fault.ts'
import { ask, placeId, signIn } from './people.ts'
import { ownPostgres } from './postgres.ts'
import {
  begin,
  drop,
  freshData,
  holdRegister,
  isEnded,
  port,
  postgresOf,
  postmasterOf,
  serve,
  until,
  withSuperuser,
} from './site.ts'
import { holdStatuses, type Watched, watch } from './watch.ts'

const ready = (address: string) => async () => (await ask(address, '/readyz', { seconds: 10 })).status === 200

/** Each text that was acknowledged stands there once. */
export async function holdFiled(stage: Stage, data: string, { filed }: Watched): Promise<void> {
  const rows = await withSuperuser(data, async (client) => {
    const found = await client.query<{ id: string; body: string; times: number }>(
      "select body, min(id::text) as id, count(*)::integer as times from request where body like '路灯不亮 %' group by body",
    )
    return new Map(found.rows.map((row) => [row.body, row]))
  })
  const missing = [...filed].filter(([text, id]) => rows.get(text)?.id !== id)
  const doubled = [...rows.values()].filter(({ times }) => times > 1)
  stage.hold('acknowledged and there', missing.length === 0, `${filed.size - missing.length} of ${filed.size}`)
  stage.hold('doubled', doubled.length === 0, doubled.length)
}

export const databaseAway: Fault = {
  name: 'database-away',
  what: 'a PostgreSQL of one’s own is stopped for ten seconds and started again; then a start while it is away',
  async happen(stage) {
    const data = freshData('away')
    const files = freshData('away-files')
    const postgres = ownPostgres(data, port + 5)
    await postgres.start()
    const how = { data: files, environment: postgres.environment }
    const program = await serve(stage, how)
    const place = await placeId(program.address, await signIn(program.address, data, 'community_secretary'))
    const end = watch(stage, program.address, place)
    await sleep(1_500)
    await postgres.stop()
    await sleep(1_000)
    const seen = await ask(program.address, '/readyz')
    stage.hold('/readyz while it is away', seen.status === 503, seen.status)
    stage.hold('/healthz while it is away', (await ask(program.address, '/healthz')).status === 200)
    await sleep(9_000)
    await postgres.start()
    stage.again((await until(ready(program.address), 60)) ?? 999)
    await sleep(1_500)
    const watched = await end()
    holdStatuses(stage, watched, ['200', '201', '503'])
    stage.hold('the longest answer, in ms', watched.longest < 15_000, Math.round(watched.longest))
    await holdFiled(stage, data, watched)
    stage.hold('the server never ended', program.child.exitCode === null)
    await program.end()
    await postgres.stop()
    const started = await begin(stage, how)
    stage.hold(
      'a start while it is away: exit code',
      isEnded(started) && started.code === 5,
      isEnded(started) ? String(started.code) : 'it runs',
    )
    if (isEnded(started))
      stage.saw(
        started.told
          .replace(/:[^:@/]+@/g, ':…@')
          .trim()
          .split('\n')
          .slice(-2)
          .join(' '),
      )
    drop(data)
    drop(files)
  },
}

export const databaseEnds: Fault = {
  name: 'database-ends',
  what: 'the embedded PostgreSQL is stopped from outside, as by an administrator who took it for another',
  async happen(stage) {
    const data = freshData('ends')
    const program = await serve(stage, { data })
    const place = await placeId(program.address, await signIn(program.address, data, 'community_secretary'))
    const end = watch(stage, program.address, place)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGKILL'] as const) {
      await sleep(1_000)
      const first = postmasterOf(data)
      const began = performance.now()
      process.kill(first, signal)
      // With SIGTERM it waits for those who are connected; they stay, so it has to be told more plainly.
      if (signal === 'SIGTERM') {
        await sleep(1_000)
        process.kill(first, 'SIGINT')
      }
      const again = await until(async () => postmasterOf(data) !== first && (await ready(program.address)()), 90)
      stage.hold(`it runs again after ${signal}`, again !== null)
      stage.again((performance.now() - began) / 1_000)
    }
    await sleep(1_000)
    const watched = await end()
    holdStatuses(stage, watched, ['200', '201', '503'])
    await holdFiled(stage, data, watched)
    stage.hold('the server never ended', program.child.exitCode === null)
    stage.saw(
      program
        .told()
        .split('\n')
        .find((line) => /runs again/.test(line)) ?? '',
    )
    await holdRegister(stage, data)
    await program.end()
    drop(data)
  },
}

export const databaseHangs: Fault = {
  name: 'database-hangs',
  what: 'every process of PostgreSQL is stopped in its tracks (SIGSTOP) for 45 seconds: it takes connections and answers nothing',
  async happen(stage) {
    const data = freshData('hangs')
    const program = await serve(stage, { data })
    const place = await placeId(program.address, await signIn(program.address, data, 'community_secretary'))
    const end = watch(stage, program.address, place)
    await sleep(1_500)
    const stopped = postgresOf(data)
    for (const pid of stopped) process.kill(pid, 'SIGSTOP')
    await sleep(25_000)
    const seen = await ask(program.address, '/readyz')
    stage.hold('/readyz while it hangs', seen.status === 503, seen.status)
    stage.hold('/healthz while it hangs', (await ask(program.address, '/healthz')).status === 200)
    await sleep(18_000)
    for (const pid of stopped) process.kill(pid, 'SIGCONT')
    stage.again((await until(ready(program.address), 60)) ?? 999)
    await sleep(2_000)
    const watched = await end()
    holdStatuses(stage, watched, ['200', '201', '503'])
    stage.hold(
      'the longest that anybody waited for an answer, in ms',
      watched.longest < 26_000,
      Math.round(watched.longest),
    )
    await holdFiled(stage, data, watched)
    await holdRegister(stage, data)
    await program.end()
    drop(data)
  },
}
