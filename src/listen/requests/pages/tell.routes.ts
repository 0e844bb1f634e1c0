// Telling: the form, its pictures, and the request that comes of it. Whatever happens, the form comes back as it was filled in.

import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Act, enter } from '#kernel/access/index.ts'
import { newToken } from '#kernel/encryption/index.ts'
import {
  once,
  type PageAnswer,
  type PageInput,
  readerOf,
  registerForm,
  registerPage,
  takeLimit,
} from '#kernel/http/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import { isId } from '#kernel/http/shapes.api.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { changeDisplay, type Display, displayHeaders } from '#kernel/pages/index.ts'
import { fullName, placeNear, searchPlaces, spokenName } from '#organise/places/index.ts'
import { fileTold } from '../acts/told.ts'
import { placeOfCard } from '../telling.store.ts'
import { sendFile } from './files.ts'
import { placeOfPage } from './shown.ts'
import {
  aloneForm,
  askedAt,
  type Form,
  issuedForm,
  issueForm,
  keepsNone,
  onceAlone,
  secretLine,
  secretOf,
} from './tell.browser.ts'
import {
  type Draft,
  emptyDraft,
  faultsOf,
  fillIn,
  isFormToken,
  keepDraft,
  noteOf,
  pointOf,
  readDraft,
  type Step,
  steps,
  withPlaceFound,
} from './tell.form.ts'
import { tellPage } from './tell.page.ts'
import { mostFiles, readSent, type Sent } from './tell.sent.ts'

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
  app.get(
    '/tell/pictures/:id',
    { config: { page: true, limit: 'read' }, schema: { hide: true } as object },
    async (request, reply) => {
      await takeLimit(kernel, request, 'read')
      const { form: shown } = request.query as { form?: unknown }
      const { id } = request.params as { id: string }
      const form = issuedForm(kernel, secretOf(request), typeof shown === 'string' ? shown : undefined)
      if (!form) throw new Refusal(404, 'not-found', 'http.not-found')
      const held = await enter(kernel.database, {}, at(kernel, request), (act) => kernel.files.held(act, form.key))
      return sendFile(
        kernel,
        reply,
        held.find((file) => file.id === id),
        true,
      )
    },
  )
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
    const { search } = request.query as { search?: string }
    const surroundings = at(kernel, request)
    const { language } = surroundings
    const found = await enter(kernel.database, {}, surroundings, (act) =>
      searchPlaces(act.sql, typeof search === 'string' ? search : '', { limit: 8 }),
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
    const surroundings = at(kernel, request)
    const near = await enter(kernel.database, {}, surroundings, (act) => placeNear(act.sql, point))
    const place = near?.chain.at(-1)
    if (!near || !place) return reply.status(204).send()
    return reply.send({ code: place.id, name: fullName([...near.chain], surroundings.language, 'city') })
  })
}

const at = (kernel: Kernel, request: FastifyRequest) => ({
  now: kernel.clock.now(),
  language: readerOf(request).language,
})

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

/** Takes in what was posted and says where to go on. Each part in a transaction of its own: what was typed is safe first. */
async function takeIn(kernel: Kernel, input: PageInput): Promise<PageAnswer> {
  const { request } = input
  const posted = await readSent(kernel, request)
  const [setting = '', to = ''] = (posted.fields.display ?? '').split(':')
  const sent = setting ? { ...posted, fields: { ...posted.fields, do: 'stay' } } : posted
  const { language, type, contrast } = readerOf(request)
  const display = setting ? changeDisplay({ language, settings: { type, contrast } }, { [setting]: to }) : null
  const cookies = display ? displayHeaders(display, kernel.config.publicUrl.startsWith('https:')) : []
  const secret = secretOf(request)
  if (secret === null) return { ...(await takeAlone(kernel, input, sent, display)), cookies }
  const { form } = sent.fields
  const own = issuedForm(kernel, secret, form) ?? issueForm(kernel, secret, isFormToken(form) ? form : undefined)
  const redirect = await takeInSent(kernel, request, own, sent)
  return { redirect, cookies: [...cookies, secretLine(kernel, secret)] }
}

async function takeInSent(kernel: Kernel, request: FastifyRequest, form: Form, sent: Sent): Promise<string> {
  const path = request.url.split('?', 1)[0] ?? '/tell'
  const page = pageOf(sent.fields.page)
  const wanted = sent.fields.do ?? 'send'
  const draft = await enter(kernel.database, {}, at(kernel, request), (act) =>
    keepSent(act, kernel, form.key, page, sent),
  )
  const back = (step: string, check = false) =>
    `${path}?${new URLSearchParams({ form: form.id, ...(step === 'all' ? {} : { step }), ...(check ? { check: '1' } : {}) })}`
  if (draft.sent) return (await fileOnce(kernel, request, form.key, draft)) ?? back('all')
  if (wanted === 'send') {
    const { language } = at(kernel, request)
    if (faultsOf(language, draft).length > 0) return back(page, true)
    try {
      await takeLimit(kernel, request, 'intake')
      await takeProof(kernel, sent)
      return (await fileOnce(kernel, request, form.key, draft)) ?? back('all')
    } catch (error) {
      const notes = [noteOf(error, 'text')]
      await enter(kernel.database, {}, at(kernel, request), async (act) => {
        const ticket = (await kernel.floods.asked()) ? keepTicket(kernel, draft, error) : null
        await keepDraft(act, kernel, form.key, { ...draft, notes, ticket })
      })
      return back(page, true)
    }
  }
  if (page === 'all') return back('all', draft.notes.length > 0)
  const here = steps.indexOf(page)
  const go = wanted === 'next' ? here + 1 : wanted === 'back' ? here - 1 : here
  const asked = wanted === 'next' && stepFaults(draft, page, at(kernel, request).language)
  return asked || draft.notes.length > 0 ? back(page, true) : back(steps[go] ?? page)
}

/**
 * A form from a browser that showed no cookie: it is sent, or comes back at once with all that was typed, and nothing stays in
 * between. One that was opened while there was a cookie comes back once more, to be sent under an id that no address ever held.
 */
async function takeAlone(
  kernel: Kernel,
  input: PageInput,
  sent: Sent,
  display: Display | null,
): Promise<Pick<PageAnswer, 'html' | 'redirect' | 'status'>> {
  const { request } = input
  const { fields } = sent
  const known = fields.alone === 'yes' && isFormToken(fields.form)
  const form = aloneForm(known ? fields.form : undefined)
  const surroundings = { ...at(kernel, request), ...(display ? { language: display.language } : {}) }
  const sending = known && (fields.do ?? 'send') === 'send'
  let draft = await enter(kernel.database, {}, surroundings, async (act) => {
    const card = isId(fields.card) ? fields.card : null
    const filled = await withPlaceFound(act, fillIn({ ...emptyDraft, card }, 'all', fields))
    const notes = sending ? await holdAll(act, kernel, form.key, sent) : []
    return { ...withoutPoint(filled, sent), notes, ...(fields.ticket ? { ticket: fields.ticket } : {}) }
  })
  if (!sending) for (const file of sent.files) await kernel.files.discard(file)
  if (sending && faultsOf(surroundings.language, draft).length === 0) {
    try {
      await takeLimit(kernel, request, 'intake')
      await takeProof(kernel, sent)
      const redirect = await fileOnce(kernel, request, onceAlone(form.id, [draft.text, draft.tick]), draft, form.key)
      if (redirect) return { redirect }
    } catch (error) {
      const ticket = (await kernel.floods.asked()) ? keepTicket(kernel, draft, error) : null
      draft = { ...draft, notes: [noteOf(error, 'text')], ticket }
    }
  }
  return enter(kernel.database, {}, surroundings, async (act) => {
    for (const file of await kernel.files.held(act, form.key)) await kernel.files.letGo(act, form.key, file.id)
    const reader = display ? { language: display.language, ...display.settings } : input.reader
    return tellPage(kernel, act, { ...input, reader, query: {} }, form, draft, {
      check: sending,
      picturesAgain: sent.files.length > 0,
    })
  })
}

function pageOf(text: string | undefined): Step | 'all' {
  return (steps as readonly string[]).includes(text ?? '') ? (text as Step) : 'all'
}

const fieldsOfStep: Readonly<Record<Step, readonly string[]>> = {
  what: ['text'],
  where: ['placeWords', 'spot'],
  pictures: ['pictures'],
  who: ['name', 'phone', 'anonymous', 'about'],
  send: ['category'],
}

/** Only what this page asks holds one up on it. */
export function stepFaults(draft: Draft, step: Step, language: 'zh-CN' | 'en'): boolean {
  return faultsOf(language, draft).some((fault) => fieldsOfStep[step].includes(fault.field))
}

async function keepSent(act: Act, kernel: Kernel, form: string, page: Step | 'all', sent: Sent): Promise<Draft> {
  const before = (await readDraft(act, kernel, form)) ?? emptyDraft
  if (before.sent) return before
  const card = isId(sent.fields.card) ? sent.fields.card : (before.card ?? null)
  // On a step other than "where", the place that the address named travels along.
  const given =
    before.text.place || page === 'where' || page === 'all' ? before : withPlaceOf(before, sent.fields.place)
  const filled = await withPlaceFound(act, fillIn({ ...given, card }, page, sent.fields))
  const [button, drop] = (sent.fields.do ?? '').split(':')
  if (button === 'drop' && isId(drop)) await kernel.files.letGo(act, form, drop)
  const notes = await holdAll(act, kernel, form, sent)
  const draft = { ...withoutPoint(filled, sent), notes }
  await keepDraft(act, kernel, form, draft)
  return draft
}

const withoutPoint = (draft: Draft, sent: Sent): Draft =>
  sent.fields.do === 'drop-point' ? { ...draft, text: { ...draft.text, longitude: '', latitude: '' } } : draft

/** Holds the pictures that came with a form; why others are not held stands at their field. */
async function holdAll(act: Act, kernel: Kernel, form: string, sent: Sent): Promise<Draft['notes']> {
  const notes = sent.refused.map(({ refusal, file }) => noteOf(refusal, 'pictures', file))
  for (const file of sent.files) {
    try {
      const held = await kernel.files.held(act, form)
      const alone = file.kind === 'video' ? held.length > 0 : held.some((each) => each.kind === 'video')
      if (alone) throw new Refusal(422, 'file-mixed', 'requests.tell.fault-video', { field: 'file' })
      await kernel.files.hold(act, form, file, 'request', mostFiles)
    } catch (error) {
      await kernel.files.discard(file)
      notes.push(noteOf(error, 'pictures', file.name))
    }
  }
  return notes
}

const withPlaceOf = (draft: Draft, place: string | undefined): Draft =>
  place ? { ...draft, text: { ...draft.text, place } } : draft

/** @throws Refusal where the installation is flooded and the form brings no good proof */
async function takeProof(kernel: Kernel, sent: Sent): Promise<void> {
  kernel.floods.count()
  const judged = await kernel.floods.judge({ altcha: sent.fields.proof, ticket: sent.fields.ticket })
  if (!judged.accepted) throw new Refusal(429, 'proof-needed', judged.key)
}

/** A ticket goes on waiting where it only came too early. */
function keepTicket(kernel: Kernel, draft: Draft, error: unknown): string {
  const early = error instanceof Refusal && error.key === 'floods.early'
  return early && draft.ticket ? draft.ticket : kernel.floods.ticket().ticket
}

/**
 * The request that comes of a form, made once however often the form is sent: what it is found by is the key, whoever is signed in
 * meanwhile. Anonymous means it: whoever is signed in is not even asked of the database.
 * @param holding what its pictures are held under, where nothing else of it is kept
 * @returns the address of its receipt; null where it was sent and its receipt is not known any more
 */
async function fileOnce(
  kernel: Kernel,
  request: FastifyRequest,
  key: string,
  draft: Draft,
  holding: string | null = null,
): Promise<string | null> {
  const { text, tick } = draft
  const session = tick.anonymous ? null : kernel.sessions.sessionToken(request.headers)
  return enter(kernel.database, { session }, at(kernel, request), async (act) => {
    const done = await once(
      act,
      kernel.config.secret,
      key,
      'tell',
      null,
      async () => {
        // Sent and emptied: nothing of it is filed a second time.
        if (draft.sent) return { status: 303, answer: null }
        const filed = await fileTold(act, kernel, {
          channel: draft.card ? 'card' : 'web',
          text: text.text?.trim() ?? '',
          place: text.place ?? '',
          anonymous: tick.anonymous ?? false,
          publicationPermitted: tick.public ?? false,
          ...(pointOf(text) ?? {}),
          ...optional('spot', oneLine(text.spot)),
          ...optional('category', text.category),
          ...optional('name', tick.anonymous ? '' : oneLine(text.name)),
          ...optional('phone', tick.anonymous ? '' : oneLine(text.phone)),
          ...aboutOf(text.about),
          ...optional('card', draft.card ?? ''),
        })
        const held = await kernel.files.held(act, holding ?? key)
        await kernel.files.attach(
          act,
          holding ?? key,
          held.map((file) => file.id),
          filed.id,
        )
        return { status: 303, answer: { link: filed.link, spoken: filed.spoken } }
      },
      'form',
    )
    if (done.answer === null) return null
    // What was typed goes at once; only that it was sent stays for the day, for whoever comes back to the form.
    if (holding === null && !draft.sent)
      await keepDraft(act, kernel, key, {
        ...emptyDraft,
        tick: { anonymous: tick.anonymous ?? false },
        sent: done.answer.spoken,
      })
    return `/r/${done.answer.link}/receipt`
  })
}

/** Whom it is about: `t:` and a tenure, or `b:` and a body. */
function aboutOf(chosen: string | undefined): { aboutTenure?: string; aboutBody?: string } {
  const [kind, id] = (chosen ?? '').split(':')
  if (!isId(id)) return {}
  return kind === 't' ? { aboutTenure: id } : kind === 'b' ? { aboutBody: id } : {}
}

const oneLine = (text: string | undefined) => (text ?? '').replace(/\s+/g, ' ').trim()
const optional = <N extends string>(name: N, value: string | undefined) =>
  (value ? { [name]: value } : {}) as Partial<Record<N, string>>
