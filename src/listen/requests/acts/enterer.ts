// Whoever wrote a request down does not decide in the resident's name, though the resident's link should have come into their hands.
import { sql } from 'kysely'
import { type Act, enter, type Language } from '#kernel/access/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'

/** Whether one acts by a link that staff handed out, and shows nothing else of being the reporter. */
export const isHanded = (act: Pick<Act, 'actor'>, reporter: string | null): boolean =>
  act.actor.handed_by !== null && (act.actor.person === null || act.actor.person !== reporter)

/**
 * Permission to publish is the reporter's: a link that staff handed out may have stayed in the hands it came from.
 * @throws Refusal 403
 */
export function refuseHanded(act: Pick<Act, 'actor'>, reporter: string | null): void {
  if (isHanded(act, reporter)) throw new Refusal(403, 'request-handed-link', 'requests.follow.permit-handed')
}

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
