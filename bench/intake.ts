// Filing over HTTP, and beside it what plain SQL does with the very same rows; how fast the register places acts in its chain.
import { loadavg } from 'node:os'
import { openDatabase } from '#kernel/database/index.ts'
import type { Outcome } from './clients.ts'
import { beside, clients, data, given, port, type State, seconds, withOwner } from './context.ts'
import { note, percentile, tell } from './figures.ts'
import type { PlainOrder } from './plain.ts'
import { memory, processorTime, start } from './program.ts'

/** Rounds of filing, each followed by plain SQL on the same tables; the best of both counts. */
export async function intake({ organisation }: State): Promise<void> {
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
          if (round === 0) await placing(owner)
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
          await owner.pool.query(
            'vacuum analyze request, request_entry, request_contact, access.token, ledger.act, ledger.salt, ledger.pending, pgboss.job_common',
          )
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

/** How long acts waited for their place in the chain while fifty filed at once, from the beginning of their transaction. */
async function placing(owner: ReturnType<typeof openDatabase>): Promise<void> {
  const { rows } = await owner.pool.query<{ p95: number; longest: number }>(`
    select percentile_cont(0.95) within group (order by waited) as p95, max(waited) as longest
    from (select extract(epoch from e.sequenced_at - a.at)::float8 as waited
      from ledger.entry e join ledger.act a on a.id = e.act order by e.place desc limit 1000) last`)
  tell('ledger.wait.p95', rows[0]?.p95 ?? Number.NaN, 's', { atMost: 1 })
  tell('ledger.wait.longest', rows[0]?.longest ?? Number.NaN, 's', { atMost: 1 })
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
