// What goes wrong at the start: a port that is taken, a directory that is in use, a start that is killed.
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { knownMigrations } from '#kernel/database/migrate.ts'
import { seeded } from '../invented.ts'
import type { Fault, Stage } from './fault.ts'
import { isReady } from './people.ts'
import {
  begin,
  countOf,
  drop,
  emptyData,
  freshData,
  holdRefusedStart,
  holdRegister,
  isEnded,
  newerProgram,
  port,
  postmasterOf,
  serve,
  until,
  withSuperuser,
} from './site.ts'

export const portTaken: Fault = {
  name: 'port-taken',
  what: 'another program has the port',
  async happen(stage) {
    const data = freshData('port')
    const other = createServer()
    await new Promise<void>((resolve) => other.listen({ host: '127.0.0.1', port }, resolve))
    await holdRefusedStart(stage, { data }, 4)
    stage.hold('PostgreSQL was not started', postmasterOf(data) === 0)
    await new Promise((resolve) => other.close(resolve))
    const program = await serve(stage, { data })
    stage.again(program.seconds)
    await program.end()
    drop(data)
  },
}

export const twoServers: Fault = {
  name: 'two-servers',
  what: 'a second server is started on a data directory that one serves, six times, twice of them at the same moment',
  async happen(stage) {
    const data = freshData('two')
    const program = await serve(stage, { data })
    const tries = [
      ...[await begin(stage, { data, port: port + 1 }), await begin(stage, { data, port: port + 1 })],
      ...(await Promise.all([1, 2, 3, 4].map((at) => begin(stage, { data, port: port + at })))),
    ]
    const codes = tries.map((each) => (isEnded(each) ? each.code : 'it runs'))
    stage.hold(
      'exit codes of the others',
      codes.every((code) => code === 4),
      codes.join(' '),
    )
    const [first] = tries
    if (first && isEnded(first)) stage.saw(first.told.trim().split('\n').slice(-2).join(' '))
    stage.hold('the first serves on', await isReady(program.address))
    await holdRegister(stage, data)
    await program.end()
    // Both at once, and nobody there yet: one of them has it.
    const both = await Promise.all([begin(stage, { data }), begin(stage, { data, port: port + 1 })])
    const running = both.filter((each) => !isEnded(each))
    stage.hold('of two started at the same moment one serves', running.length === 1, running.length)
    for (const each of running) if (!isEnded(each)) await each.end()
    drop(data)
  },
}

export const migrationInterrupted: Fault = {
  name: 'migration-interrupted',
  what: 'the first start is killed (-9, server or PostgreSQL or both) at one moment after the other, on the same directory; and the upgrade of one with rows, in the middle of its second migration',
  async happen(stage) {
    const random = seeded(11)
    const data = emptyData('migration')
    let killed = 0
    let unfinished = 0
    const said = new Set<string>()
    for (let turn = 0; turn < 16; turn += 1) {
      // Sometimes from nothing again, so that the making of the cluster is met as well.
      const after = 300 + turn * 190 + random() * 150
      let wasKilled = false
      const begun = await begin(stage, {
        data,
        command: 'start',
        environment: { LINLI_EMPTY: '1' },
        onSpawn(child) {
          void (async () => {
            await sleep(after)
            if (child.exitCode !== null) return
            wasKilled = true
            const postgres = postmasterOf(data)
            if (turn % 3 !== 1) child.kill('SIGKILL')
            if (turn % 3 !== 0 && postgres > 0) {
              try {
                process.kill(postgres, 'SIGKILL')
              } catch {
                // It had not come yet, or was gone.
              }
            }
          })()
        },
      })
      if (wasKilled) killed += 1
      if (isEnded(begun)) {
        unfinished += 1
        const last = begun.told.trim().split('\n').at(-1) ?? ''
        if (turn % 3 === 1 && last) said.add(`${begun.code}: ${last}`)
      } else await begun.end('SIGKILL')
    }
    stage.hold('starts that were killed', killed > 8, `${killed}, ${unfinished} of them before they were ready`)
    for (const line of [...said].slice(0, 3)) stage.saw(line)
    const program = await serve(stage, { data, command: 'start', environment: { LINLI_EMPTY: '1' } })
    stage.again(program.seconds)
    stage.hold('the next start goes on and serves', await isReady(program.address))
    await holdMigrations(stage, data, knownMigrations())
    await holdRegister(stage, data)
    await program.end()
    drop(data)
    await upgradeInterrupted(stage)
  },
}

/** Holds that these migrations have run, each once, and left nothing half made. */
async function holdMigrations(stage: Stage, data: string, wanted: readonly string[], when = ''): Promise<void> {
  const { run, invalid } = await withSuperuser(data, async (client) => {
    const { rows: names } = await client.query<{ run: string[] }>('select migrations_run() as run')
    const { rows: indexes } = await client.query('select from pg_index where not indisvalid')
    return { run: names[0]?.run ?? [], invalid: indexes.length }
  })
  const whole = run.toSorted().join() === wanted.join()
  stage.hold(`${when}every migration has run once`, whole, `${run.length} of ${wanted.length}`)
  stage.hold(`${when}indexes left invalid`, invalid === 0, invalid)
}

const later = ['29991231000000_first', '29991231000100_second', '29991231000200_third'] as const

/** An installation with rows meets a newer program, which is killed while its second migration has done half of what it does. */
async function upgradeInterrupted(stage: Stage): Promise<void> {
  const data = freshData('upgrade')
  const newer = newerProgram('newer', {
    [later[0]]: `-- Up Migration\nalter table request add column first text default 'one';`,
    [later[1]]: `-- Up Migration
      alter table request add column second text default 'two';
      create table second as select id, second from request;
      create index second_id on second (id);
      select pg_sleep(3);
      alter table second add primary key (id);`,
    [later[2]]: `-- Up Migration\nalter table second add column third text default 'three';`,
  })
  const before = await serve(stage, { data })
  const rows = await countOf(data, 'request')
  await before.end()
  let inside = 0
  // The server alone last: what it leaves running still sleeps when the next one comes.
  for (const struck of ['both', 'database', 'server'] as const) {
    const begun = await begin(stage, {
      data,
      program: newer,
      onSpawn(child) {
        void until(async () => {
          const { rows: asleep } = await withSuperuser(data, (client) =>
            client.query("select from pg_stat_activity where wait_event = 'PgSleep'"),
          )
          if (asleep.length === 0) return false
          inside += 1
          const postgres = postmasterOf(data)
          if (struck !== 'database') child.kill('SIGKILL')
          if (struck !== 'server' && postgres > 0) process.kill(postgres, 'SIGKILL')
          return true
        }, 60)
      },
    })
    if (!isEnded(begun)) await begun.end('SIGKILL')
  }
  stage.hold('upgrades killed within a migration', inside === 3, inside)
  const program = await serve(stage, { data, program: newer })
  stage.again(program.seconds)
  await holdMigrations(stage, data, [...knownMigrations(), ...later], 'after the upgrade ')
  const whole = await countOf(
    data,
    `request r join second s on s.id = r.id where (r.first, r.second, s.second, s.third) = ('one', 'two', 'two', 'three')`,
  )
  stage.hold(
    'every request is there, with what the migrations gave it',
    whole === rows && rows > 0,
    `${whole} of ${rows}`,
  )
  await program.end()
  await holdRegister(stage, data, {}, newer)
  drop(data)
  drop(newer)
}
