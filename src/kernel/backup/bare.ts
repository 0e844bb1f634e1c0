// Loads rows into bare tables: what holds them together is taken down, they are filled, and it is put up again.
import { totalmem } from 'node:os'
import pg from 'pg'
import { takeDown } from './bonds.ts'
import { copySession, type FoundTable, travellingTables } from './tables.ts'

/** Tables with nothing that holds them together. */
export interface Bare {
  readonly pool: pg.Pool
  /** One of the pool, for what is done between. */
  readonly client: pg.PoolClient
  /** Those that a backup carries. */
  readonly tables: readonly FoundTable[]
}

/** What was filled in, and what is still to be done around putting up again. */
interface Filled<T> {
  /** Once indexes and references stand, before it is looked at whether they lead somewhere. */
  settle(): Promise<void>
  finish(): Promise<void>
  readonly result: T
}

/**
 * Takes keys, references, indexes and triggers down, lets `fill` fill the tables, and puts them up again.
 * @param options.workers connections beside that of `client`
 * @param options.largestFirst tables in the order in which they are worth beginning with
 * @param report statements that put up again, and look at what was loaded
 * @throws what `fill` throws, and what PostgreSQL says of rows that do not fit together
 */
export async function loadBare<T>(
  ownerUrl: string,
  {
    name,
    workers,
    largestFirst,
  }: { readonly name: string; readonly workers: number; readonly largestFirst: readonly string[] },
  report: (done: number, total: number) => void,
  fill: (bare: Bare) => Promise<Filled<T>>,
): Promise<T> {
  const onConnect = async (client: pg.ClientBase): Promise<void> => {
    await client.query(`${copySession}; ${generous(workers)}`)
  }
  const pool = new pg.Pool({ connectionString: ownerUrl, max: workers + 1, application_name: name, onConnect })
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  const client = await pool.connect()
  try {
    const tables = await travellingTables(client)
    const down = await takeDown(client, largestFirst)
    const filled = await fill({ pool, client, tables })
    const validations = down.validations.flat()
    const total = [down.indexes, down.constraints, down.references, validations, down.triggers].flat().length
    let done = 0
    const told = (): void => report(++done, total)
    const alone = down.indexes.map((statement) => [statement])
    await eachOnOne(pool, workers, alone, told)
    // These take whole tables, some two at once: one after the other nobody waits in a circle.
    for (const statement of [...down.constraints, ...down.references, ...down.triggers]) {
      await client.query(statement)
      told()
    }
    await filled.settle()
    await eachOnOne(pool, workers, down.validations, told)
    await filled.finish()
    return filled.result
  } finally {
    client.release()
    await pool.end()
  }
}

/**
 * Indexes are sorted in memory as far as there is some, each by one process: as many are made at once as there are processors, and several
 * processes for one index would hand its rows to each other over temporary files. What is not yet written through is written with the next.
 */
function generous(workers: number): string {
  const megabytes = Math.max(64, Math.min(1024, Math.floor(totalmem() / 1_048_576 / 8 / workers)))
  return `set maintenance_work_mem = '${megabytes}MB'; set work_mem = '${megabytes}MB'; set max_parallel_maintenance_workers = 0;
    set synchronous_commit = off`
}

/** Groups of statements, several groups at once. */
async function eachOnOne(
  pool: pg.Pool,
  workers: number,
  groups: readonly (readonly string[])[],
  told: () => void,
): Promise<void> {
  const waiting = [...groups]
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (let group = waiting.shift(); group !== undefined; group = waiting.shift()) {
        for (const statement of group) {
          await pool.query(statement)
          told()
        }
      }
    }),
  )
}
