// The contact card of somebody whom residents see: printed, handed out, put up. Its code opens the form with place and officer.
import type { FastifyInstance } from 'fastify'
import { html } from 'hono/html'
import { registerPage, show } from '#kernel/http/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import { isId } from '#kernel/http/shapes.api.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { type Content, definitions, type Markup, qrCode } from '#kernel/pages/index.ts'
import { type Language, t } from '#kernel/words/index.ts'
import { type ShownHolder, shownHolder } from '#organise/bodies/index.ts'
import { belongingTo, type PlaceShown, placeOfPage } from './shown.ts'

export function cardRoutes(app: FastifyInstance, kernel: Kernel): void {
  registerPage(app, kernel, {
    method: 'GET',
    url: '/cards/:tenure',
    limit: 'read',
    fromReplica: true,
    handler: async (act, input) => {
      const { tenure = '' } = input.params
      // Whoever is not shown to residents, or holds the post no more, has no card.
      const holder = isId(tenure) ? await shownHolder(act.sql, tenure) : null
      if (!holder) throw new Refusal(404, 'not-found', 'http.not-found')
      const { language } = input.reader
      const say = t(language)
      const place = await placeOfPage(act, holder.place)
      const four = input.query.paper === 'a4'
      const card = cardShown(language, holder, place, `${kernel.config.publicUrl}${place.href}/tell?card=${tenure}`)
      const here = `/cards/${tenure}`
      const size = (href: string, text: string, chosen: boolean): Markup =>
        html`<a href="${href}"${chosen ? html` aria-current="page"` : ''}>${text}</a>`
      const main = html`<div class="unprinted"><h1>${say('requests.card.title')}</h1><p class="lead">${say('requests.card.lead')}</p><p>${say(
        'requests.card.choose',
      )}</p><p>${size(here, say('requests.card.one'), !four)} · ${size(`${here}?paper=a4`, say('requests.card.four'), four)}</p></div>
<div class="${four ? 'contact-cards four' : 'contact-cards'}">${card}${four ? [card, card, card].map((copy) => html`<div aria-hidden="true">${copy}</div>`) : ''}</div>`
      return show(kernel, act, input, { title: say('requests.card.title'), main, ...belongingTo(place) })
    },
  })
}

function cardShown(language: Language, holder: ShownHolder, place: PlaceShown, address: string): Markup {
  const say = t(language)
  const english = language === 'en'
  const facts: [Content, Content][] = []
  if (holder.telephone) facts.push([say('requests.card.telephone'), holder.telephone])
  if (holder.address) facts.push([say('requests.card.address'), holder.address])
  if (holder.hours) facts.push([say('requests.card.hours'), holder.hours])
  return html`<section class="contact-card"><p class="soft">${place.full}</p><p class="holder">${holder.name}</p><p>${
    (english && holder.titleEn) || holder.title
  }<br>${(english && holder.bodyNameEn) || holder.bodyName}</p>${facts.length > 0 ? definitions(facts) : ''}<div class="scan">${qrCode(
    address,
    say('requests.card.qr', { name: holder.name }),
  )}<p><strong>${say('requests.card.call')}</strong><br>${say('requests.card.about')}</p></div><p class="typed">${say(
    'requests.card.typed',
  )}<br><span class="link" translate="no">${address}</span></p></section>`
}
