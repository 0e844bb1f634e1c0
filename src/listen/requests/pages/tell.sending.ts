// A form of telling that was sent: taken in, kept as it was filled in, and made a request once. Whatever happens, it comes back whole.
import type { FastifyRequest } from 'fastify'
import type { Act } from '#kernel/access/index.ts'
import { inAct, once, type PageAnswer, type PageInput, readerOf, switchPressed, takeLimit } from '#kernel/http/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import { isId } from '#kernel/http/shapes.api.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { fileTold } from '../acts/told.ts'
import { aloneForm, type Form, isFormToken, onceAlone, secretLine, secretOf, sentForm } from './form.browser.ts'
import { noteOf } from './form.kept.ts'
import { holdSent, letAllGo } from './form.pictures.ts'
import { discardSent, readSent, type Sent } from './form.sent.ts'
import {
  type Draft,
  emptyDraft,
  faultsOf,
  faultsOn,
  fillIn,
  keepDraft,
  pointOf,
  readDraft,
  type Step,
  steps,
} from './tell.form.ts'
import { tellPage } from './tell.page.ts'
import { openedFrom, withPlaceFound } from './tell.place.ts'

/** Takes in what was posted and says where to go on. Each part in a transaction of its own: what was typed is safe first. */
export async function takeIn(kernel: Kernel, input: PageInput): Promise<PageAnswer> {
  const { request } = input
  const posted = await readSent(kernel, request)
  const cookies = switchPressed(kernel, request, posted.fields.display)
  const sent = cookies ? { ...posted, fields: { ...posted.fields, do: 'stay' } } : posted
  const secret = secretOf(request)
  if (secret === null) return { ...(await takeAlone(kernel, input, sent)), cookies: cookies ?? [] }
  const redirect = await takeInSent(kernel, input, sentForm(kernel, request, sent.fields.form), sent)
  return { redirect, cookies: [...(cookies ?? []), secretLine(kernel, secret)] }
}

async function takeInSent(kernel: Kernel, input: PageInput, form: Form, sent: Sent): Promise<string> {
  const { request, params } = input
  const path = request.url.split('?', 1)[0] ?? '/tell'
  const page = pageOf(sent.fields.page)
  const wanted = sent.fields.do ?? 'send'
  const draft = await inAct(kernel, request, {}, (act) => keepSent(act, kernel, form.key, page, sent, params.place))
  const back = (step: string, check = false) =>
    `${path}?${new URLSearchParams({ form: form.id, ...(step === 'all' ? {} : { step }), ...(check ? { check: '1' } : {}) })}`
  if (draft.sent) return (await fileOnce(kernel, request, form.key, draft)) ?? back('all')
  if (wanted === 'send') {
    const { language } = readerOf(request)
    if (faultsOf(language, draft).length > 0) return back(page, true)
    try {
      await takeLimit(kernel, request, 'intake')
      await takeProof(kernel, sent)
      return (await fileOnce(kernel, request, form.key, draft)) ?? back('all')
    } catch (error) {
      const notes = [noteOf(error, 'text')]
      await inAct(kernel, request, {}, async (act) => {
        const ticket = (await kernel.floods.asked()) ? keepTicket(kernel, draft, error) : null
        await keepDraft(act, kernel, form.key, { ...draft, notes, ticket })
      })
      return back(page, true)
    }
  }
  const [, other] = /^step:(\w+)$/.exec(wanted) ?? []
  if (other) return back(pageOf(other))
  if (page === 'all') return back('all', draft.notes.length > 0)
  const here = steps.indexOf(page)
  const go = wanted === 'next' ? here + 1 : wanted === 'back' ? here - 1 : here
  const asked = wanted === 'next' && faultsOn(page, faultsOf(readerOf(request).language, draft)).length > 0
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
): Promise<Pick<PageAnswer, 'html' | 'redirect' | 'status'>> {
  const { request } = input
  const { fields } = sent
  const known = fields.alone === 'yes' && isFormToken(fields.form)
  const form = aloneForm(known ? fields.form : undefined)
  const sending = known && (fields.do ?? 'send') === 'send'
  let draft = await inAct(kernel, request, {}, async (act) => {
    const card = isId(fields.card) ? fields.card : null
    // Nothing was kept: the form itself says which place stood in it, so that other words for one are not passed over.
    const given = withPlaceOf({ ...emptyDraft, card }, fields.placeWas)
    const from = await openedFrom(act, input.params.place, card)
    const filled = await withPlaceFound(act, fillIn(given, 'all', fields), from)
    const notes = sending ? await holdSent(act, kernel, form.key, sent, true) : []
    return { ...withoutPoint(filled, sent), notes, ...(fields.ticket ? { ticket: fields.ticket } : {}) }
  })
  if (!sending) await discardSent(kernel, sent)
  if (sending && faultsOf(readerOf(request).language, draft).length === 0) {
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
  return inAct(kernel, request, {}, async (act) => {
    await letAllGo(act, kernel, form.key)
    // As it holds from now on: a switch of the header may have been pressed.
    return tellPage(kernel, act, { ...input, reader: readerOf(request), query: {} }, form, draft, {
      check: sending,
      picturesAgain: sent.files.length > 0,
    })
  })
}

function pageOf(text: string | undefined): Step | 'all' {
  return (steps as readonly string[]).includes(text ?? '') ? (text as Step) : 'all'
}

async function keepSent(
  act: Act,
  kernel: Kernel,
  form: string,
  page: Step | 'all',
  sent: Sent,
  address: string | undefined,
): Promise<Draft> {
  const before = (await readDraft(act, kernel, form)) ?? emptyDraft
  if (before.sent) return before
  const card = isId(sent.fields.card) ? sent.fields.card : (before.card ?? null)
  // What the address named was kept nowhere: on "where" the form says that it stood there, so that other words for a place are not
  // passed over; on another step it travels along.
  const asked = page === 'where' || page === 'all'
  const given = before.text.place ? before : withPlaceOf(before, asked ? sent.fields.placeWas : sent.fields.place)
  const from = await openedFrom(act, address, card)
  const filled = await withPlaceFound(act, fillIn({ ...given, card }, page, sent.fields), from)
  const notes = await holdSent(act, kernel, form, sent, true)
  const draft = { ...withoutPoint(filled, sent), notes }
  await keepDraft(act, kernel, form, draft)
  return draft
}

const withoutPoint = (draft: Draft, sent: Sent): Draft =>
  sent.fields.do === 'drop-point' ? { ...draft, text: { ...draft.text, longitude: '', latitude: '' } } : draft

const withPlaceOf = (draft: Draft, place: string | undefined): Draft =>
  isId(place) ? { ...draft, text: { ...draft.text, place } } : draft

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
  return inAct(kernel, request, { session }, async (act) => {
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
