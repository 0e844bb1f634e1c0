// Prints a slip: a POST, since each one that is printed ends the one before.
import type { FastifyInstance } from 'fastify'
import { signedIn } from '#kernel/access/index.ts'
import { registerPage, show } from '#kernel/http/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import { isId } from '#kernel/http/shapes.api.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { handSlip } from '../acts/slip.ts'
import { formatNumber } from '../number.ts'
import { belongingTo, placeAt } from './shown.ts'
import { slipPage } from './slip.page.ts'

export function slipRoutes(app: FastifyInstance, kernel: Kernel): void {
  registerPage(app, kernel, {
    method: 'POST',
    url: '/slips/:id',
    limit: 'write',
    handler: async (act, input) => {
      const { id = '' } = input.params
      signedIn(act)
      if (act.actor.tenures.length === 0) throw new Refusal(403, 'not-allowed', 'http.not-allowed')
      if (!isId(id)) throw new Refusal(404, 'not-found', 'http.not-found')
      const { token, until, loaded } = await handSlip(act, kernel, id)
      const place = await placeAt(act, loaded.facts.path)
      input.reply.header('X-Robots-Tag', 'noindex, nofollow, noarchive')
      const page = slipPage({
        language: input.reader.language,
        now: act.now,
        place: place?.full ?? '',
        number: formatNumber(loaded.row.number),
        address: `${kernel.config.publicUrl}/j/${token}`,
        until,
      })
      return show(kernel, act, input, { ...page, ...belongingTo(place) })
    },
  })
}
