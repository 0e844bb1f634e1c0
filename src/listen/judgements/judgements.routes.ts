// What residents said, over JSON: for supervision one by one, for those who handled only in totals.
import type { FastifyInstance } from 'fastify'
import { signedIn } from '#kernel/access/index.ts'
import { Refusal, register } from '#kernel/http/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { listJudgements, readTotals } from './judgements.api.ts'
import { monthOf } from './judgements.rules.ts'
import { pageOfJudgements, totalsOf } from './judgements.store.ts'

export function judgementsRoutes(app: FastifyInstance, kernel: Kernel): void {
  register(app, kernel, listJudgements, {
    limit: 'read',
    handler: async (act, { query }) => {
      signedIn(act)
      if (!act.actor.reach['judgement.read']?.length) throw new Refusal(403, 'not-allowed', 'http.not-allowed')
      return pageOfJudgements(act, query)
    },
  })
  register(app, kernel, readTotals, {
    limit: 'read',
    handler: async (act, { query }) => {
      signedIn(act)
      if (act.actor.bodies.length === 0) throw new Refusal(403, 'not-allowed', 'http.not-allowed')
      const month = query.month ? `${query.month}-01` : previousMonth(monthOf(act.now))
      const named = new Map(
        act.actor.tenures.map((held) => [held.body, (act.language === 'en' && held.body_name_en) || held.body_name]),
      )
      const bodies = await Promise.all(
        [...named].map(async ([id, name]) => ({ id, name, totals: await totalsOf(act, id, month) })),
      )
      return { month: month.slice(0, 7), bodies }
    },
  })
}

/** The first day of the month before. */
function previousMonth(first: string): string {
  const [year = 0, month = 1] = first.split('-').map(Number)
  return month === 1 ? `${year - 1}-12-01` : `${year}-${String(month - 1).padStart(2, '0')}-01`
}
