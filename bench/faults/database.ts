// The database goes away, ends, or hangs.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault, Stage } from './fault.ts'
import { ask, isReady } from './people.ts'
import { ownPostgres } from './postgres.ts'
import { drop, freshData, holdRefusedStart, holdRegister, postgresOf, postmasterOf, serve, until } from './site.ts'
import { watch } from './watch.ts'

/** Holds what those who watch over a server read while its database gives no answer. */
async function holdAway(stage: Stage, address: string, when: string): Promise<void> {
  const seen = await ask(address, '/readyz')
  stage.hold(`/readyz ${when}`, seen.status === 503, seen.status)
  stage.hold(`/healthz ${when}`, (await ask(address, '/healthz')).status === 200)
}

export const databaseAway: Fault = {
  name: 'database-away',
  what: 'a PostgreSQL of one’s own is stopped for ten seconds and started again; then a start while it is away',
  async happen(stage) {
    const postgres = await ownPostgres('away')
    const { data } = postgres
    const files = freshData('away-files')
    const how = { data: files, environment: postgres.environment }
    const program = await serve(stage, how)
    const watched = await watch(stage, program.address, data)
    await sleep(1_500)
    await postgres.stop()
    await sleep(1_000)
    await holdAway(stage, program.address, 'while it is away')
    await sleep(9_000)
    await postgres.start()
    stage.again((await until(() => isReady(program.address), 60)) ?? 999)
    await sleep(1_500)
    const longest = await watched.end()
    stage.hold('the longest answer, in ms', longest < 15_000, Math.round(longest))
    stage.hold('the server never ended', program.child.exitCode === null)
    await program.end()
    await postgres.stop()
    await holdRefusedStart(stage, how, 5, 'a start while it is away: exit code')
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
    const watched = await watch(stage, program.address, data)
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
      const again = await until(async () => postmasterOf(data) !== first && (await isReady(program.address)), 90)
      stage.hold(`it runs again after ${signal}`, again !== null)
      stage.again((performance.now() - began) / 1_000)
    }
    await sleep(1_000)
    await watched.end()
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
    const watched = await watch(stage, program.address, data)
    await sleep(1_500)
    const stopped = postgresOf(data)
    for (const pid of stopped) process.kill(pid, 'SIGSTOP')
    await sleep(25_000)
    await holdAway(stage, program.address, 'while it hangs')
    await sleep(18_000)
    for (const pid of stopped) process.kill(pid, 'SIGCONT')
    stage.again((await until(() => isReady(program.address), 60)) ?? 999)
    await sleep(2_000)
    const longest = await watched.end()
    stage.hold('the longest that anybody waited for an answer, in ms', longest < 26_000, Math.round(longest))
    await holdRegister(stage, data)
    await program.end()
    drop(data)
  },
}
