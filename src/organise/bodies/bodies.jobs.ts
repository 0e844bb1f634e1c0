import type { JobQueue } from '#kernel/jobs/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { dropOldInvitations, signInOfEnded } from './ended.store.ts'

/** The queue in which a tenure that ends on a day waits for that moment. */
export const leaveQueue = 'bodies-leave'
/** Accepted, withdrawn and expired invitations are kept so long, to answer questions about them. */
const invitationKeptDays = 30

/** Timers of this room: open sessions of those who leave end with the tenure; old invitations go with name and address. */
export function bodiesJobs(kernel: Pick<Kernel, 'jobsDatabase' | 'sessions'>): JobQueue[] {
  return [
    {
      name: leaveQueue,
      retries: 20,
      // By whoever may end that tenure.
      fromRequests: `exists (select from public.tenure t join public.post p on p.id = t.post join public.body b on b.id = p.body
        where t.id = (data ->> 'tenure')::uuid and not upper_inf(t.during)
          and access.covers((select access.reach('post.appoint')), b.path))`,
      async handle({ tenure }) {
        const user = tenure && (await signInOfEnded(kernel.jobsDatabase.sql, tenure))
        if (user) await kernel.sessions.endSessionsOf(user)
      },
    },
    {
      name: 'bodies-old-invitations',
      cron: '41 3 * * *',
      async handle() {
        await dropOldInvitations(kernel.jobsDatabase.sql, invitationKeptDays)
      },
    },
  ]
}
