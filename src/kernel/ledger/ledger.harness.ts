// What the tests of the register share: a database with a chain begun anew for each test, and ways to write to it, place and look.
import { beforeEach } from 'vitest'
import { newId } from '#kernel/database/identifiers.ts'
import { type Database, transaction } from '#kernel/database/index.ts'
import { testDatabase } from '#testing/database.ts'
import { type Fact, record, sequence, verify } from './index.ts'

/** For each file of tests anew: what is kept between files ends with the first. */
export async function emptyRegister() {
  const database = await testDatabase()
  const { app, jobs, owner } = database
  const nobody = { person: null }
  // The register alone: what concerns whom is said by rooms above it, and tried with them.
  await owner.pool.query(
    'create or replace function access.concerns(record uuid, path text) returns boolean language sql stable as $$ select true $$',
  )

  /** The head is emptied with everything else, so each test begins the chain anew. */
  beforeEach(async () => {
    await owner.pool.query('delete from ledger.head')
    await owner.pool.query('insert into ledger.head default values')
  })

  const fact = (changes: Partial<Fact> = {}): Fact => ({
    kind: 'lamp.lit',
    record: newId(),
    path: '32/10/',
    ...changes,
  })

  /** Writes acts in transactions of nobody, as an anonymous request does. */
  async function write(count: number, changes: Partial<Fact> = {}, on: Database = app): Promise<string[]> {
    const ids: string[] = []
    for (let round = 0; round < count; round += 1) {
      ids.push(
        await transaction(on, (_sql, client) =>
          record(
            { client, now: new Date(), actor: nobody },
            fact({ personal: { text: `words ${round}` }, ...changes }),
          ),
        ),
      )
    }
    return ids
  }

  async function order(): Promise<void> {
    while ((await sequence(jobs)) > 0);
  }

  async function check() {
    const client = await owner.pool.connect()
    try {
      return await verify(client)
    } finally {
      client.release()
    }
  }

  const chain = async () =>
    (await owner.pool.query<{ place: number; act: string }>('select place, act from ledger.entry order by place')).rows
  return { database, app, jobs, owner, nobody, fact, write, order, check, chain }
}
