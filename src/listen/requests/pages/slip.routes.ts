// The slip with which a resident judges an answer: printed at the desk, in both languages, since nobody knows who will read it.
import type { FastifyInstance } from 'fastify'
import { html } from 'hono/html'
import { signedIn } from '#kernel/access/index.ts'
import { registerPage } from '#kernel/http/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import { isId } from '#kernel/http/shapes.api.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { code, type Markup } from '#kernel/pages/index.ts'
import { type Language, spokenDay, t } from '#kernel/words/index.ts'
import { handSlip } from '../acts/slip.ts'
import { formatNumber } from '../number.ts'
import { qrCode } from './receipt.page.ts'
import { belongingTo, placeAt, show } from './shown.ts'

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
      const slip = await handSlip(act, kernel, id)
      const { row, facts } = slip.loaded
      const say = t(input.reader.language)
      const place = await placeAt(act, facts.path)
      const address = `${kernel.config.publicUrl}/j/${slip.token}`
      const about = (language: Language): Markup =>
        html`<p lang="${language}">${t(language)('requests.slip.about', { until: spokenDay(slip.until, act.now, language) })}</p>`
      input.reply.header('X-Robots-Tag', 'noindex, nofollow, noarchive')
      const title = say('requests.slip.title')
      const main = html`<div class="unprinted"><h1>${title}</h1><p class="lead">${say('requests.slip.lead')}</p><p>${say('requests.slip.print')}</p></div>
<div class="contact-cards"><section class="contact-card"><p class="soft">${place?.full ?? ''}</p><p><strong>${t(
        'zh-CN',
      )(
        'requests.slip.ask',
      )}<br><span lang="en">${t('en')('requests.slip.ask')}</span></strong></p>${about('zh-CN')}${about('en')}<div class="scan">${qrCode(
        address,
        say('requests.slip.qr'),
      )}<p>${t('zh-CN')('requests.slip.number')} <span lang="en">${t('en')('requests.slip.number')}</span><br>${code(
        formatNumber(row.number),
      )}</p></div><p class="typed"><span class="link" translate="no">${address}</span></p></section></div>`
      return show(kernel, act, input, { title, main, ...belongingTo(place) })
    },
  })
}
