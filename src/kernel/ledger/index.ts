// The register of acts: every transaction appends what it did. An act is a leaf of the tree that stands over all of them.
import type { Act } from '../access/index.ts'
import { drawBytes, newId } from '../database/identifiers.ts'
import type { Database } from '../database/index.ts'
import { type Leaf, leafHash, personalDigest } from './leaf.ts'

export { canonical, leafHash, leafOfRow, personalDigest } from './leaf.ts'
export { lastPlace, type Placed, placedAfter } from './placed.store.ts'
export { MissingPlace, nameOf } from './published.store.ts'
export { createPublishing, type Newest, type Proved, type Publishing } from './publishing.ts'
export { type Break, type Held, type Verification, verify } from './verifying.ts'

/** A plain fact, without words: who did what kind of thing to which record, where, with which result. */
export interface Fact {
  readonly kind: string
  readonly record: string
  readonly path: string | null
  readonly category?: string | null
  readonly result?: string | null
  /** Times that belong to the fact (a deadline set, say), ISO 8601. */
  readonly times?: Readonly<Record<string, string>>
  readonly facts?: Readonly<Record<string, string | number | boolean | null>>
  /** Words and personal content: digested with a salt, never stored here. */
  readonly personal?: unknown
  /** The tenure under which it was done; null for people who hold none and for timers. */
  readonly tenure?: string | null
}

const appendStatement = `
  with act as (
    insert into ledger.act (id, kind, record, path, category, at, result, times, facts, actor, tenure, personal_digest, leaf)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
  ), salt as (
    insert into ledger.salt (act, salt) select $1::uuid, $14::bytea where $14::bytea is not null
  )
  insert into ledger.pending (act) values ($1)`

let counter = 0

/**
 * Ids follow the time of the act, which is the order in which the register is read; those of one moment follow one another
 * (RFC 9562 §6.2, a counter of 24 bits after the milliseconds, with the two bits of the variant within it).
 */
function idAt(moment: Date): string {
  const id = newId(moment.getTime())
  counter = (counter + 1) & 0xffffff
  const digits = counter.toString(16).padStart(6, '0')
  return `${id.slice(0, 15)}${digits.slice(0, 3)}-8${digits.slice(3)}${id.slice(23)}`
}

/** An act as it will stand, with the salt of its personal content. */
function leafOf(
  act: Pick<Act, 'now'> & { actor: { person: string | null } },
  fact: Fact,
): { leaf: Leaf; digest: Buffer | null; salt: Buffer | null } {
  const salt = fact.personal === undefined ? null : drawBytes(16)
  const digest = salt ? personalDigest(salt, fact.personal) : null
  const leaf: Leaf = {
    id: idAt(act.now),
    kind: fact.kind,
    record: fact.record,
    path: fact.path,
    category: fact.category ?? null,
    at: act.now.toISOString(),
    result: fact.result ?? null,
    times: fact.times ?? {},
    facts: fact.facts ?? {},
    actor: act.actor.person,
    tenure: fact.tenure ?? null,
    personalDigest: digest?.toString('hex') ?? null,
  }
  return { leaf, digest, salt }
}

/** Appends an act within the transaction of the work. Returns its id. */
export async function record(
  act: Pick<Act, 'client' | 'now'> & { actor: { person: string | null } },
  fact: Fact,
): Promise<string> {
  const { leaf, digest, salt } = leafOf(act, fact)
  await act.client.query({
    name: 'ledger-append',
    text: appendStatement,
    values: [
      leaf.id,
      leaf.kind,
      leaf.record,
      leaf.path,
      leaf.category,
      leaf.at,
      leaf.result,
      JSON.stringify(leaf.times),
      JSON.stringify(leaf.facts),
      leaf.actor,
      leaf.tenure,
      digest,
      leafHash(leaf),
      salt,
    ],
  })
  return leaf.id
}

/** Acts as the register stores them, for a room's own function that appends them with its rows (`ledger.append`). */
export function actsToAppend(
  act: Pick<Act, 'now'> & { actor: { person: string | null } },
  facts: readonly Fact[],
): Record<string, unknown>[] {
  return facts.map((fact) => {
    const { leaf, salt } = leafOf(act, fact)
    const row: Record<string, unknown> = { leaf: leafHash(leaf).toString('hex'), salt: salt?.toString('hex') }
    // What is not there is left out: PostgreSQL takes apart half as many keys.
    for (const [key, value] of Object.entries(leaf)) if (value !== null) row[key] = value
    return row
  })
}

/** Appends many acts with one statement, for work in bulk by jobs. Returns their ids, in order. */
export async function recordMany(
  act: Pick<Act, 'client' | 'now'> & { actor: { person: string | null } },
  facts: readonly Fact[],
): Promise<string[]> {
  const rows = actsToAppend(act, facts)
  await act.client.query({
    name: 'ledger-append-many',
    text: 'select ledger.append($1)',
    values: [JSON.stringify(rows)],
  })
  return rows.map((row) => row.id as string)
}

/** Places waiting acts in the tree. Returns how many; 0 where another process is at it or nothing waits. */
export async function sequence(jobsDatabase: Database): Promise<number> {
  const { rows } = await jobsDatabase.pool.query<{ placed: number }>('select ledger.sequence() as placed')
  return rows[0]?.placed ?? 0
}

/**
 * Drains the pending table every `milliseconds` until stopped. Any number of processes may run it: the database lets one in.
 * @param onError hears of a failing round; the next round tries again
 */
export function startSequencer(
  jobsDatabase: Database,
  options: { milliseconds?: number; onError?: (error: unknown) => void } = {},
): { stop(): Promise<void> } {
  const pause = options.milliseconds ?? 300
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let wake: () => void = () => undefined
  const running = (async () => {
    while (!stopped) {
      try {
        while ((await sequence(jobsDatabase)) >= 5_000 && !stopped);
      } catch (error) {
        options.onError?.(error)
      }
      if (stopped) break
      await new Promise<void>((resolve) => {
        wake = resolve
        timer = setTimeout(resolve, pause)
      })
    }
  })()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      wake()
      await running
    },
  }
}
