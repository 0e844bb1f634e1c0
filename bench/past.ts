// Three years of a district: requests with their timeline, parts, answers, contacts, links and judgements, loaded by COPY as the
// owner of the tables. The register of acts is not loaded with them: what it costs is measured by filing.

import pg from 'pg'
import { createEncryption } from '#kernel/encryption/index.ts'
import { seeded } from './invented.ts'
import type { Organisation } from './organisation.ts'
import { copyAll, day, emptyRows, one, stateOf } from './past.rows.ts'

export interface Past {
  /** Ids of requests, newest first, a sample over all states, with the index of their community. */
  readonly sample: readonly { readonly id: string; readonly community: number }[]
  /** Clear tokens of secret links. */
  readonly links: readonly string[]
  readonly bytes: number
  readonly seconds: number
}

/** Loads `count` requests. Always the same for the same organisation and day. */
export async function loadPast(
  ownerUrl: string,
  secret: Buffer,
  organisation: Organisation,
  count: number,
): Promise<Past> {
  const began = performance.now()
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'linli bench' })
  await client.connect()
  const size = async () =>
    Number((await client.query('select pg_database_size(current_database()) as size')).rows[0].size)
  const before = await size()
  const encryption = createEncryption(secret)
  const random = seeded(2026)
  const now = Math.floor(Date.now() / 3_600_000) * 3_600_000
  const sample: { id: string; community: number }[] = []
  const links: string[] = []
  try {
    const first = Number((await client.query("select nextval('request_number') as n")).rows[0].n)
    for (let done = 0; done < count; done += 20_000) {
      const rows = emptyRows()
      for (let index = done; index < Math.min(count, done + 20_000); index += 1) {
        const left = 1 - index / count
        const state = stateOf(random, left)
        const filed = now - (0.02 + left * 3 * 365) * day
        one({ rows, random, organisation, encryption, sample, links }, index, first, filed, state)
      }
      await copyAll(client, rows)
    }
    await client.query("select setval('request_number', $1)", [first + count + 1])
    await client.query('vacuum analyze')
    return {
      sample: sample.reverse(),
      links,
      bytes: ((await size()) - before) / count,
      seconds: (performance.now() - began) / 1_000,
    }
  } finally {
    await client.end()
  }
}
