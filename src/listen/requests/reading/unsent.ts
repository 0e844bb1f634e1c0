// Whether the last message to whoever told a matter was not sent: whoever works on it then calls.
import { sql } from 'kysely'
import type { Act } from '#kernel/access/index.ts'
import { inTheirName, messaged } from '../notices/messaged.ts'

export interface Unsent {
  readonly channel: 'sms' | 'mail'
  /** False while it is still tried. */
  readonly givenUp: boolean
  readonly at: string
}

/** Everything that is written to the reporter of a matter about it; links that they asked for themselves are between them and the page. */
const toReporter: readonly string[] = [
  ...[...messaged, ...inTheirName, 'asked', 'entered', 'mailed', 'merge-known', 'merged-answered'].map(
    (name) => `requests.notice.${name}`,
  ),
]

/** The last message to the reporter, where it could not be sent; null where it was, or where there is none. */
export async function unsentTo(act: Pick<Act, 'sql'>, id: string): Promise<Unsent | null> {
  const { rows } = await sql<Unsent>`
    select channel, given_up as "givenUp", at from request_unsent(${id}, ${toReporter})`.execute(act.sql)
  return rows[0] ?? null
}
