// The register verified, the size of what was loaded, and a district with all its requests moved to another city.
import { newId } from '#kernel/database/identifiers.ts'
import { openDatabase } from '#kernel/database/index.ts'
import { verify } from '#kernel/ledger/index.ts'
import { type State, wanted, withOwner } from './context.ts'
import { proofs } from './entries.ts'
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

/** Who is asking, as the database keeps it for a transaction: one post that edits the places below a path. */
function editorOf(path: string) {
  return {
    person: newId(),
    tenures: [{ tenure: newId(), body: newId(), duties: ['place.edit'], path }],
    bodies: [],
    reach: { 'place.edit': [path] },
  }
}
