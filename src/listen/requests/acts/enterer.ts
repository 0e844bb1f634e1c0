// Whoever wrote a request down does not decide in the resident's name, though the resident's link should have come into their hands.
import { sql } from 'kysely'
import { enter, type Language } from '#kernel/access/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'

/**
 * Refuses whoever is signed in and wrote down the request that a link or token opens. Asked in a transaction of its own, which writes
 * nothing: what is done by a link is done by nobody's session.
 * @throws Refusal 403
 */
export async function refuseEnterer(
  kernel: Pick<Kernel, 'database' | 'sessions'>,
  headers: Parameters<Kernel['sessions']['sessionToken']>[0],
  held: { readonly link?: string | null; readonly judge?: string | null },
  surroundings: { readonly now: Date; readonly language: Language },
): Promise<void> {
  const session = kernel.sessions.sessionToken(headers)
  if (!session) return
  const entered = await enter(kernel.database, { ...held, session }, surroundings, async (act) => {
    if (!act.actor.person) return false
    const { rows } = await sql<{ entered: boolean }>`
      select exists (select from request r join tenure t on t.id = r.entered_by
        where r.id = ${act.actor.link ?? act.actor.judge}::uuid and t.person = ${act.actor.person}::uuid) as entered`.execute(
      act.sql,
    )
    return rows[0]?.entered ?? false
  })
  if (entered) throw new Refusal(403, 'request-not-enterer', 'requests.refusal.not-enterer')
}
