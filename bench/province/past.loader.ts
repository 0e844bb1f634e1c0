// One of the programs that make a province's past: takes every second batch, makes its rows and copies them in.

import pg from 'pg'
import { createEncryption } from '#kernel/encryption/index.ts'
import { seeded } from '../invented.ts'
import type { Organisation } from '../organisation.ts'
import { copyAll, day, emptyRows, one, stateOf, withoutTriggers } from '../past.rows.ts'
import { rareWords } from './words.ts'

/** Requests of a batch: what each program holds in memory at once. */
const batch = 5_000

export interface LoadOrder {
  readonly url: string
  readonly secret: string
  readonly organisation: Organisation
  /** The number of the first of all. */
  readonly first: number
  readonly count: number
  readonly seed: number
  readonly every: number
  /** Which of the programs this is, and how many there are. */
  readonly turn: number
  readonly turns: number
  readonly now: number
}

export interface Loaded {
  readonly sample: { id: string; community: number }[]
  readonly links: string[]
  /** The most memory of this program. */
  readonly megabytes: number
}

async function load(order: LoadOrder): Promise<Loaded> {
  const { organisation, first, count, every, now } = order
  const client = new pg.Client({ connectionString: order.url, application_name: 'linli bench' })
  await client.connect()
  await withoutTriggers(client)
  const encryption = createEncryption(Buffer.from(order.secret, 'hex'))
  const sample: Loaded['sample'] = []
  const links: string[] = []
  for (let number = order.turn; number * batch < count; number += order.turns) {
    // Each batch has a seed of its own: the same rows, however many programs make them.
    const random = seeded(order.seed + number)
    const rows = emptyRows()
    for (let index = number * batch; index < Math.min(count, (number + 1) * batch); index += 1) {
      const left = 1 - index / count
      const filed = now - (0.02 + left * 3 * 365) * day
      one(
        { rows, random, organisation, encryption, sample, links, every },
        index,
        first,
        filed,
        stateOf(random, left),
        rareWords(index),
      )
    }
    await client.query('begin')
    await copyAll(client, rows)
    await client.query('commit')
  }
  await client.end()
  return { sample, links, megabytes: process.resourceUsage().maxRSS / 1_024 }
}

if (process.send) {
  process.once('message', (order: LoadOrder) => {
    load(order).then(
      (outcome) => process.send?.({ outcome }, () => process.exit(0)),
      (error: Error) => process.send?.({ error: error.stack }, () => process.exit(1)),
    )
  })
}
