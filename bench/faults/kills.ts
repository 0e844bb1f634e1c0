// kill -9 of the server and of PostgreSQL, in turn, at random moments, under clients that write down what was acknowledged.
import { setTimeout as sleep } from 'node:timers/promises'
import { percentile } from '../figures.ts'
import { seeded } from '../invented.ts'
import type { Fault } from './fault.ts'
import { deskOf, isReady } from './people.ts'
import { carry, emptyRecord, holdRecord } from './recorder.ts'
import {
  begin,
  drop,
  freshData,
  holdRegister,
  isEnded,
  type Program,
  postgresOf,
  postmasterOf,
  serve,
  until,
} from './site.ts'

/** How many kills; fewer to try the campaign itself. */
const times = Number(process.env.FAULTS_KILLS ?? 100)
/** Where a machine is so busy that the kills would take longer, there are fewer, and the figures say so. */
const most = Number(process.env.FAULTS_MINUTES ?? 15) * 60_000

export const kills: Fault = {
  name: 'kills',
  what: `${times} × kill -9, of the server and of PostgreSQL in turn, while residents and staff file, act and judge`,
  async happen(stage) {
    const data = freshData('kills')
    const random = seeded(20_261_123)
    let program: Program = await serve(stage, { data })
    const desk = await deskOf(program.address, data)
    const record = emptyRecord()
    let going = true
    const carrying = carry(desk, 6, () => going, record)
    let orphans = 0
    let done = 0
    const first = performance.now()
    const waits = { server: [] as number[], database: [] as number[] }
    try {
      for (let turn = 0; turn < times && performance.now() - first < most; turn += 1) {
        await sleep(400 + random() * 1_600)
        const began = performance.now()
        // Gone, and come again: a PostgreSQL that was just killed is answered from for a moment still.
        let gone = async (): Promise<boolean> => true
        if (turn % 2 === 0) {
          await program.end('SIGKILL')
          const next = await begin(stage, { data })
          if (isEnded(next))
            throw new Error(`kill ${turn}: the next start ended with ${next.code}: ${next.told.slice(-800)}`)
          program = next
        } else {
          // The first process of PostgreSQL, or by chance one of those that serve a connection: then it recovers by itself.
          const [postmaster = 0, ...others] = postgresOf(data)
          const struck = random() < 0.7 ? postmaster : (others[Math.floor(random() * others.length)] ?? postmaster)
          try {
            // Zero would be this process itself.
            if (struck > 0) process.kill(struck, 'SIGKILL')
          } catch {
            // It had just ended.
          }
          if (struck === postmaster) gone = async () => postmasterOf(data) !== struck
          else await sleep(200)
        }
        const again = await until(async () => (await gone()) && (await isReady(program.address)), 90)
        if (again === null) {
          stage.hold(`it works again after kill ${turn + 1}`, false)
          break
        }
        done += 1
        const seconds = (performance.now() - began) / 1_000
        stage.again(seconds)
        waits[turn % 2 === 0 ? 'server' : 'database'].push(seconds)
        if (program.child.exitCode !== null) orphans += 1
      }
    } finally {
      going = false
      await carrying
    }
    stage.hold('kills', done === times, done === times ? times : `${done} of ${times}`)
    if (done < times) stage.limited(`${Math.round(most / 60_000)} minutes were over after ${done} kills`)
    for (const [of, seconds] of Object.entries(waits))
      stage.hold(
        `seconds until it worked again after a kill of the ${of}, in the middle`,
        true,
        percentile(seconds, 0.5).toFixed(1),
      )
    stage.hold('the server never ended by itself', orphans === 0, orphans)
    stage.hold('sent again because no answer came', record.repeated > 0, record.repeated)
    await holdRecord(stage, data, record)
    await holdRegister(stage, data)
    await program.end()
    stage.saw('no answer, or 503 with Retry-After; sent again under the same key, the answer of the first time')
    drop(data)
  },
}
