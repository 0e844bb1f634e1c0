// How much of everything lies below a path: what decides whether a list is found in its own order or by its places.
import { sql } from 'kysely'
import type { Act } from '#kernel/access/index.ts'
import { depthOf, depths } from '#organise/places/index.ts'

/** From this share on, walking in the order of a list finds a page sooner than looking up its paths, also where something narrows it. */
const wideFrom = 0.03
const kept = 10 * 60_000

/** Shares as they were told last; a district does not become a tenth of itself in ten minutes. */
const known = new Map<string, { readonly share: number | null; readonly at: number }>()
const mostKnown = 10_000

/** Learns how wide some paths are, so that `isWide` and `shareOf` can say it. */
export async function knowWidths(act: Pick<Act, 'sql' | 'now'>, prefixes: readonly string[]): Promise<void> {
  const now = act.now.getTime()
  // Also anew where the clock was set back.
  const unknown = [...new Set(prefixes)].filter((prefix) => {
    const age = now - (known.get(prefix)?.at ?? Number.NEGATIVE_INFINITY)
    return age < 0 || age >= kept
  })
  if (unknown.length === 0) return
  const { rows } = await sql<{ prefix: string; share: number | null }>`
    select prefix, request_share(prefix) as share from unnest(${unknown}::text[]) prefix`.execute(act.sql)
  if (known.size > mostKnown) known.clear()
  for (const { prefix, share } of rows) known.set(prefix, { share, at: now })
}

/** Forgets what was told: by another database, say, where one program has several after each other. */
export const forgetWidths = (): void => known.clear()

/** The share of all requests that lies below a path. Where it is not known, or there are few of them: a district and above are everything. */
export const shareOf = (prefix: string): number =>
  known.get(prefix)?.share ?? (depthOf(prefix) <= depths.district ? 1 : 0)

/** Nearly everything lies within, so that the order of a list finds a page sooner than the path. */
export const isWide = (prefix: string): boolean => shareOf(prefix) >= wideFrom
