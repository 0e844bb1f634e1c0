import { sql } from 'kysely'
import type { Act } from '#kernel/access/index.ts'
import { hashToken } from '#kernel/encryption/index.ts'

/** What the secret of an address for answers is of; null for one that never was. */
export async function readReply(
  act: Pick<Act, 'sql'>,
  token: string,
): Promise<{ readonly record: string; readonly ended: boolean } | null> {
  const { rows } = await sql<{ record: string; ended: boolean }>`
    select record, ended from access.reply_known(${hashToken(token)})`.execute(act.sql)
  return rows[0] ?? null
}
