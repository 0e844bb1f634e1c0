// What the register costs when it is long: filled to so many entries by the program's own functions, and then asked and added to. It needs
// no requests and no server.
import { prepareDatabase } from '#app/prepare.ts'
import { newId } from '#kernel/database/identifiers.ts'
import { type Database, openDatabase, transaction } from '#kernel/database/index.ts'
import { createPublishing, lastPlace, recordMany, sequence } from '#kernel/ledger/index.ts'
import { given, withOwner } from './context.ts'
import { note, percentile, tell } from './figures.ts'

const batch = 5_000
/** Written ahead of those that are placed, so that both ends are busy. */
const ahead = 4

/** `--only ledger.tree --entries 20000000`: fills, and measures at the end. */
export async function longRegister(): Promise<void> {
  await withOwner(
    async ({ config, superuserUrl }) => {
      await prepareDatabase(config, superuserUrl)
      const jobsDatabase = openDatabase(config.jobsUrl, { connections: 3, statementSeconds: 0 })
      try {
        await fill(jobsDatabase, Number(given.entries ?? 0))
        await vacuumed(config.ownerUrl)
        await proofs(jobsDatabase)
      } finally {
        await jobsDatabase.close()
      }
    },
    { create: true },
  )
}

/** What autovacuum does within a minute after many were placed at once. */
async function vacuumed(ownerUrl: string): Promise<void> {
  const owner = openDatabase(ownerUrl, { connections: 1, statementSeconds: 0 })
  await owner.pool.query('vacuum (analyze) ledger.pending')
  await owner.close()
}

async function fill(jobsDatabase: Database, entries: number): Promise<void> {
  const began = performance.now()
  const from = await lastPlace(jobsDatabase.sql)
  let written = from
  let placed = from
  let told = began
  const writing = (async () => {
    while (written < entries) {
      // More that waits than is placed at once makes a table of it that has to be vacuumed.
      while (written - placed > ahead * batch) await new Promise((resolve) => setTimeout(resolve, 5))
      const facts = Array.from({ length: Math.min(batch, entries - written) }, (_, at) => ({
        kind: 'request.file',
        record: newId(),
        path: `32/10/03/${String(at % 20).padStart(3, '0')}/001/`,
        facts: { channel: 'web', number: written + at },
        personal: { title: 'a lamp', body: `the lamp of entry ${written + at}` },
      }))
      await transaction(jobsDatabase, (_sql, client) =>
        recordMany({ client, now: new Date(), actor: { person: null } }, facts),
      )
      written += facts.length
    }
  })()
  while (placed < entries) {
    const more = await sequence(jobsDatabase)
    placed += more
    if (more === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    if (performance.now() - told > 60_000) {
      told = performance.now()
      note(`${placed} entries of ${entries} after ${((told - began) / 1_000).toFixed(0)} s`)
    }
  }
  await writing
  const seconds = (performance.now() - began) / 1_000
  if (placed > from) tell('ledger.tree.placed-in-bulk', (seconds * 1_000) / (placed - from), 'ms', { atMost: 1 })
  tell('ledger.tree.entries', placed, '')
}

/** What one act costs that is placed alone, and what a receipt costs of any act there ever was. */
export async function proofs(jobsDatabase: Database): Promise<void> {
  const alone: number[] = []
  for (let round = 0; round < 200; round += 1) {
    await transaction(jobsDatabase, (_sql, client) =>
      recordMany({ client, now: new Date(), actor: { person: null } }, [
        { kind: 'bench.one', record: newId(), path: null },
      ]),
    )
    const began = performance.now()
    await sequence(jobsDatabase)
    alone.push(performance.now() - began)
  }
  tell('ledger.tree.placed-alone.p50', percentile(alone, 0.5), 'ms', { atMost: 1 })
  tell('ledger.tree.placed-alone.p95', percentile(alone, 0.95), 'ms', { atMost: 1 })
  const { rows: standing } = await jobsDatabase.pool.query<{ record: string; kind: string }>(`
    with last as (select place from ledger.head), drawn as (
      select (1 + floor(random() * last.place))::bigint as place from last, generate_series(1, 300))
    select a.record, a.kind from drawn join ledger.entry e on e.place = drawn.place join ledger.act a on a.id = e.act`)
  const publishing = createPublishing({ jobsDatabase, encryption: { key: () => Buffer.alloc(32, 1) }, witnesses: [] })
  const times: number[] = []
  for (const { record, kind } of standing) {
    const began = performance.now()
    const proved = await publishing.prove(record, [kind], [])
    times.push(performance.now() - began)
    if (proved.state !== 'standing') throw new Error(`an act of ${record} is ${proved.state}`)
  }
  tell('ledger.tree.proof.p50', percentile(times, 0.5), 'ms')
  tell('ledger.tree.proof.p95', percentile(times, 0.95), 'ms', { atMost: 20 })
}
