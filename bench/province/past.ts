// Three years of a province, made and copied in by two programs side by side.

import type { Config } from '#kernel/config/index.ts'
import { beside, type State } from '../context.ts'
import { note, tell } from '../figures.ts'
import type { Organisation } from '../organisation.ts'
import { filledTables, withoutTriggers } from '../past.rows.ts'
import type { Past } from '../past.ts'
import { asSuperuser, inBulk } from './bulk.ts'
import type { Loaded, LoadOrder } from './past.loader.ts'

/** So many samples are kept, however many requests there are. */
const samples = 12_000

/** Loads requests until there are `count`. Always the same for the same organisation, day and numbers. */
export async function loadProvince(
  config: Config,
  organisation: Organisation,
  before: Past | undefined,
  count: number,
): Promise<Past & { readonly requests: number }> {
  const there = (before as (State['past'] & { requests?: number }) | undefined)?.requests ?? 0
  const more = count - there
  const began = performance.now()
  const loaded = await asSuperuser(async (client, url) => {
    await withoutTriggers(client)
    const size = async () =>
      Number((await client.query('select pg_database_size(current_database()) as size')).rows[0].size)
    const sizeBefore = await size()
    const { rows } = await client.query('select last_value::bigint + 1 as n from request_number')
    const first = Number(rows[0].n)
    await client.query("select setval('request_number', $1)", [first + more + 1])
    const orders = [0, 1].map(
      (turn): LoadOrder => ({
        url,
        secret: config.secret.toString('hex'),
        organisation: {
          communities: organisation.communities,
          categories: organisation.categories,
          cookies: { secretaries: [], dispatchers: [], leaders: [] },
        },
        first,
        count: more,
        seed: 2026 + there,
        every: Math.max(1, Math.floor(count / samples)),
        turn,
        turns: 2,
        now: Math.floor(Date.now() / 3_600_000) * 3_600_000,
      }),
    )
    let parts: Loaded[] = []
    await inBulk(client, [...filledTables, 'request_hand'], async () => {
      parts = await Promise.all(orders.map((order) => beside<Loaded>('./province/past.loader.ts', order)))
      note(`${more} requests copied in after ${((performance.now() - began) / 1_000).toFixed(0)} s`)
      // As the trigger of each line would have: who has what is open in hand.
      await client.query(
        `insert into request_hand (tenure, request)
           select distinct e.tenure, e.request from request r join request_entry e on e.request = r.id
           where r.state <> 'closed' and e.tenure is not null and e.kind = any (request_handling_kinds()) on conflict do nothing`,
      )
    })
    // As the triggers of requests and judgements would have.
    await client.query('select figures_recount()')
    await client.query('vacuum analyze request_figure, judgement_figure')
    return { parts, bytes: ((await size()) - sizeBefore) / more }
  })
  const seconds = (performance.now() - began) / 1_000
  tell('load.requests', seconds, 's', there === 0 && count === 2_000_000 ? { atMost: 900 } : {})
  tell('load.requests.per-second', more / seconds, '/s')
  tell('load.requests.memory', Math.max(...loaded.parts.map(({ megabytes }) => megabytes)), 'MB')
  const all = loaded.parts.flatMap(({ sample, links }) =>
    sample.map((each, index) => ({ each, link: links[index] ?? '' })),
  )
  all.sort((one, other) => (one.each.id < other.each.id ? 1 : -1))
  return {
    sample: [...all.map(({ each }) => each), ...(before?.sample ?? [])].slice(0, samples),
    links: [...all.map(({ link }) => link), ...(before?.links ?? [])].slice(0, samples),
    bytes: loaded.bytes,
    seconds,
    requests: count,
  }
}
