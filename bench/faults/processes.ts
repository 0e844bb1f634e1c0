// Two application processes on one database, both at work and both at the register's order, while now one and now the other is killed.
import { setTimeout as sleep } from 'node:timers/promises'
import { seeded } from '../invented.ts'
import type { Fault } from './fault.ts'
import { ask, deskOf, isReady } from './people.ts'
import { ownPostgres } from './postgres.ts'
import { carry, emptyRecord, holdRecord } from './recorder.ts'
import { drop, freshData, holdRegister, type Program, port, serve, until, withSuperuser } from './site.ts'

const times = 6

export const twoProcesses: Fault = {
  name: 'two-processes',
  what: `two processes serve one PostgreSQL and order one register, under clients of both; ${times} × kill -9 of one or the other`,
  async happen(stage) {
    const postgres = await ownPostgres('processes')
    const { data } = postgres
    const files = freshData('processes-files')
    const start = (which: number) =>
      serve(stage, { data: files, port: port + which, environment: postgres.environment })
    const both: Program[] = [await start(0), await start(1)]
    const desk = await deskOf(`http://127.0.0.1:${port}`, data)
    const other = { ...desk, address: `http://127.0.0.1:${port + 1}` }
    stage.hold(
      'who is signed in at one is signed in at the other',
      (await ask(other.address, '/api/me', { cookie: desk.secretary })).status === 200,
    )
    const record = emptyRecord()
    const random = seeded(20_261_124)
    let going = true
    const carrying = Promise.all([carry(desk, 3, () => going, record), carry(other, 3, () => going, record)])
    let apart = 0
    try {
      for (let turn = 0; turn < times; turn += 1) {
        await sleep(1_500 + random() * 2_000)
        const which = turn % 2
        await both[which]?.end('SIGKILL')
        const began = performance.now()
        if (!(await isReady(both[1 - which]?.address ?? ''))) apart += 1
        both[which] = await start(which)
        stage.again((performance.now() - began) / 1_000)
      }
      await sleep(3_000)
    } finally {
      going = false
      await carrying
    }
    stage.hold('the other served on, at each kill', apart === 0, `${times - apart} of ${times}`)
    await holdRecord(stage, data, record)
    const order = await withSuperuser(data, async (client) => {
      const drained = await until(async () => {
        const { rows } = await client.query<{ left: number }>('select count(*)::integer as left from ledger.pending')
        return rows[0]?.left === 0
      }, 60)
      const { rows } = await client.query<{ gaps: number; unordered: number; twice: number }>(
        `select (max(place) - min(place) + 1 - count(*))::integer as gaps, (count(*) - count(distinct act))::integer as twice,
           (select count(*) from ledger.act a where not exists (select from ledger.entry e where e.act = a.id))::integer as unordered
         from ledger.entry`,
      )
      return { drained, ...rows[0] }
    })
    stage.hold('acts that no process has ordered', order.drained !== null && order.unordered === 0, order.unordered)
    stage.hold('places in the register left out', order.gaps === 0, order.gaps)
    stage.hold('acts placed twice', order.twice === 0, order.twice)
    await holdRegister(stage, files, postgres.environment)
    stage.saw(
      'at the process that was killed no answer, at the other nothing; sent again there under the same key, the answer of the first time',
    )
    for (const each of both) await each.end()
    await postgres.stop()
    drop(data)
    drop(files)
  },
}
