// Telling: where the form is opened and sent to, and what its script asks.

import type { FastifyInstance } from 'fastify'
import type { Act } from '#kernel/access/index.ts'
import { newToken } from '#kernel/encryption/index.ts'
import { inAct, type PageInput, readerOf, registerForm, registerPage, takeLimit } from '#kernel/http/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import { isId } from '#kernel/http/shapes.api.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { fullName, placeNear, spokenName } from '#organise/places/index.ts'
import { placeOfCard } from '../telling.store.ts'
import { aloneForm, askedAt, issuedForm, issueForm, keepsNone, secretLine, secretOf } from './form.browser.ts'
import { heldPictureRoutes } from './form.pictures.ts'
import { placeOfPage } from './shown.ts'
import { type Draft, emptyDraft, pointOf, readDraft } from './tell.form.ts'
import { tellPage } from './tell.page.ts'
import { openedFrom, placesMeant } from './tell.place.ts'
import { takeIn } from './tell.sending.ts'

export function tellRoutes(app: FastifyInstance, kernel: Kernel): void {
  for (const url of ['/tell', '/places/:place/tell']) {
    registerPage(app, kernel, {
      method: 'GET',
      url,
      limit: 'read',
      handler: async (act, input) => {
        const secret = secretOf(input.request)
        const form = issuedForm(kernel, secret, input.query.form)
        if (form) {
          const draft = (await readDraft(act, kernel, form.key)) ?? (await begun(act, input))
          const page = await tellPage(kernel, act, input, form, draft)
          return { ...page, cookies: [secretLine(kernel, secret ?? '')] }
        }
        if (!secret && keepsNone(input.query.asked, act.now))
          return tellPage(kernel, act, input, aloneForm(), await begun(act, input))
        // The form's id stands in its address, so that going back finds the same form again; another browser gets one of its own.
        const own = secret ?? newToken()
        const asked = !secret && input.query.form ? askedAt(act.now) : null
        return {
          redirect: withForm(input.request.url, issueForm(kernel, own).id, asked),
          cookies: [secretLine(kernel, own)],
        }
      },
    })
    registerForm(app, kernel, { url, limit: 'write', handler: (input) => takeIn(kernel, input) })
  }
  heldPictureRoutes(app, kernel)
  app.get(
    '/tell/proof',
    { config: { limit: 'challenge.address' }, schema: { hide: true } as object },
    async (request, reply) => {
      await takeLimit(kernel, request, 'challenge.address')
      reply.header('Cache-Control', 'no-store')
      return (await kernel.floods.asked()) ? reply.send(await kernel.floods.challenge()) : reply.status(204).send()
    },
  )
  // What the script suggests while a place is typed; without it the form looks the words up when it is sent.
  app.get('/tell/places', { config: { limit: 'search' }, schema: { hide: true } as object }, async (request, reply) => {
    await takeLimit(kernel, request, 'search')
    const { search, near } = request.query as { search?: unknown; near?: unknown }
    const { language } = readerOf(request)
    const found = await inAct(kernel, request, {}, async (act) =>
      placesMeant(act, typeof search === 'string' ? search : '', isId(near) ? await openedFrom(act, near, null) : null),
    )
    return reply.header('Cache-Control', 'no-store').send(
      found.map((place) => ({
        name: (language === 'en' && place.name_en) || spokenName(place.name, place.kind),
        code: place.id,
        above: fullName(place.ancestors, language, 'city'),
      })),
    )
  })
  // Where a device says it is, as the community there. Posted, so that no address and no log of a proxy holds the point.
  app.post('/tell/near', { config: { limit: 'search' }, schema: { hide: true } as object }, async (request, reply) => {
    await takeLimit(kernel, request, 'search')
    const { longitude, latitude } = (request.body ?? {}) as Record<string, unknown>
    const point = pointOf({ longitude: String(longitude ?? ''), latitude: String(latitude ?? '') })
    reply.header('Cache-Control', 'no-store')
    if (!point) throw new Refusal(422, 'point-abroad', 'requests.tell.position-abroad')
    const near = await inAct(kernel, request, {}, (act) => placeNear(act.sql, point))
    const place = near?.chain.at(-1)
    if (!near || !place) return reply.status(204).send()
    return reply.send({ code: place.id, name: fullName([...near.chain], readerOf(request).language, 'city') })
  })
}

function withForm(url: string, form: string, askedWhen: string | null): string {
  const [path, query] = url.split('?', 2)
  const asked = new URLSearchParams(query)
  asked.delete('asked')
  // What another browser's form was found fault with is not said of a new one.
  if (asked.has('form')) asked.delete('check')
  asked.set('form', form)
  if (askedWhen !== null) asked.set('asked', askedWhen)
  return `${path}?${asked}`
}

/** A form that nothing was typed into yet: its place from the address, or place and officer from a contact card. */
async function begun(act: Act, input: PageInput): Promise<Draft> {
  const { card } = input.query
  if (isId(card)) {
    const place = await placeOfCard(act.sql, card)
    // A card whose holder has left still leads to the form.
    return place ? { ...emptyDraft, text: { place }, card } : emptyDraft
  }
  const { place } = input.params
  return place ? { ...emptyDraft, text: { place: (await placeOfPage(act, place)).id } } : emptyDraft
}
