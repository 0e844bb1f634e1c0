// The register verified, the size of what was loaded, and a district with all its requests moved to another city.
import { newId } from '#kernel/database/identifiers.ts'
import { type Database, openDatabase, transaction } from '#kernel/database/index.ts'
import { createPublishing, recordMany, sequence, verify } from '#kernel/ledger/index.ts'
import { type State, wanted, withOwner } from './context.ts'
import { note, percentile, tell } from './figures.ts'
import { districtPath } from './organisation.ts'

/** Works on the district as it stands; a move is undone by moving back. */
export async function registers({ past }: State): Promise<void> {
  await withOwner(async ({ config }) => {
    const owner = openDatabase(config.ownerUrl, { connections: 1, statementSeconds: 0 })
    try {
      if (wanted('ledger.verified')) {
        const client = await owner.pool.connect()
        const began = performance.now()
        const found = await verify(client)
        client.release()
        if (found.entries === 0) note('the register is empty: nothing was verified')
        if (!found.ok) throw new Error(`the register does not hold at ${found.firstBroken}: ${found.reason}`)
        const seconds = (performance.now() - began) / 1_000
        if (found.entries > 0) tell('ledger.verified-per-second', found.entries / seconds, '/s')
      }
      if (wanted('ledger.tree')) {
        const jobsDatabase = openDatabase(config.jobsUrl, { connections: 2 })
        try {
          await proofs(jobsDatabase)
        } finally {
          await jobsDatabase.close()
        }
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
          const client = await owner.pool.connect()
          try {
            // As somebody whose post edits the places of the province: the move asks for it.
            await client.query('begin')
            await client.query('select access.settle($1::jsonb)', [JSON.stringify(editorOf('32/'))])
            const began = performance.now()
            await client.query('select place_move($1, $2, $3)', [at(districtPath), at(to), 'bench'])
            await client.query('commit')
            times.push((performance.now() - began) / 1_000)
          } finally {
            client.release()
          }
        }
        tell('place.move', percentile(times, 1), 's')
      }
    } finally {
      await owner.close()
    }
  })
}

/** What one act costs that is placed alone, and what a receipt costs of any act there ever was. */
async function proofs(jobsDatabase: Database): Promise<void> {
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
    if (proved.state === 'missing') throw new Error(`an act of ${record} has no place`)
  }
  tell('ledger.tree.proof.p50', percentile(times, 0.5), 'ms')
  tell('ledger.tree.proof.p95', percentile(times, 0.95), 'ms', { atMost: 20 })
}

/** Who is asking, as the database keeps it for a transaction: one post that edits the places below a path. */
function editorOf(path: string) {
  return {
    person: newId(),
    tenures: [{ tenure: newId(), body: newId(), duties: ['place.edit'], path }],
    bodies: [],
    reach: { 'place.edit': [path] },
  }
}
