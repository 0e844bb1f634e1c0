// Following a request: by its secret link, or as the person who reported it. GET only shows; every act is a form that is posted.

import type { FastifyInstance, FastifyRequest } from 'fastify'
import { html } from 'hono/html'
import type { Credentials } from '#kernel/access/index.ts'
import {
  credentialsOf,
  filledIn,
  inAct,
  type PageInput,
  readerOf,
  registerPage,
  show,
  switchPressed,
  takeLimit,
} from '#kernel/http/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import { isId } from '#kernel/http/shapes.api.ts'
import { sendCalendar, writeCalendar } from '#kernel/icalendar/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { emptyState } from '#kernel/pages/index.ts'
import { pushOffer } from '#kernel/push/index.ts'
import { spokenTime, t } from '#kernel/words/index.ts'
import { refuseEnterer, refuseHanded } from '../acts/enterer.ts'
import { readLooked } from '../following.store.ts'
import { appointmentsOf } from '../reading/calendar.store.ts'
import { visitEntry } from '../requests.calendar.ts'
import { sendFile } from './files.ts'
import { doAct, type PostedAct, pageOfAct, postedActs } from './follow.acts.ts'
import { type FormPage, formPage, formPages } from './follow.forms.ts'
import { followPage, withdrawn } from './follow.page.ts'
import { type Followed, readFollowed } from './follow.view.ts'
import { openForm, sentForm } from './form.browser.ts'
import { dropKept, faultsOfNotes, fieldsTyped, keep, type Returned, readReturned } from './form.kept.ts'
import { holdSent, letAllGo } from './form.pictures.ts'
import { discardSent, readSent } from './form.sent.ts'
import { receiptPage } from './receipt.page.ts'
import { readRegistered, registeredPart, sendReceipt } from './registered.ts'
import { belongingTo } from './shown.ts'

interface WhoFollows {
  readonly link: string | null
  readonly person: string | null
}

/** A way to one's request. */
interface Way {
  readonly url: string
  readonly base: (request: FastifyRequest) => string
  readonly credentials: (request: FastifyRequest) => Credentials
  /** Which request. @throws Refusal 404, or 401 where one has to sign in */
  readonly id: (actor: WhoFollows, request: FastifyRequest) => string
  /** The secret link of the page itself, to be printed; null where it is not known. */
  readonly link: (request: FastifyRequest) => string | null
  /** Whether the request found is the asker's own. */
  readonly own: (view: Followed, person: string | null) => boolean
}

const gone = () => new Refusal(404, 'not-found', 'http.not-found')
const paramsOf = (request: FastifyRequest) => request.params as Record<string, string>

export function followRoutes(app: FastifyInstance, kernel: Kernel): void {
  const byLink: Way = {
    url: '/r/:token',
    base: (request) => `/r/${encodeURIComponent(paramsOf(request).token ?? '')}`,
    credentials: (request) => ({ link: paramsOf(request).token?.slice(0, 100) ?? null }),
    id(actor) {
      if (!actor.link) throw gone()
      return actor.link
    },
    link: (request) => paramsOf(request).token ?? null,
    own: () => true,
  }
  const signedIn: Way = {
    url: '/my/requests/:id',
    base: (request) => `/my/requests/${encodeURIComponent(paramsOf(request).id ?? '')}`,
    credentials: (request) => credentialsOf(kernel, request),
    id(actor, request) {
      if (!actor.person) throw new Refusal(401, 'sign-in-needed', 'http.sign-in-needed')
      const { id } = paramsOf(request)
      if (!isId(id)) throw gone()
      return id
    },
    link: () => null,
    // A member of staff reaches many requests; here only what they told as a resident.
    own: (view, person) => person !== null && view.loaded.row.reporter === person,
  }
  for (const way of [byLink, signedIn]) registerWay(app, kernel, way)
}

function registerWay(app: FastifyInstance, kernel: Kernel, way: Way): void {
  const read = async (act: Parameters<typeof readFollowed>[0], input: Pick<PageInput, 'request' | 'reply'>) => {
    input.reply.header('X-Robots-Tag', 'noindex, nofollow, noarchive')
    const view = await readFollowed(act, kernel, way.id(act.actor, input.request))
    if (!way.own(view, act.actor.person)) throw gone()
    return view
  }
  // What was withdrawn, or closed together with another, has no answer that one could disagree with.
  const remedyOf = (view: Followed, language: 'zh-CN' | 'en') =>
    ['answered', 'closed'].includes(view.loaded.facts.state) && !withdrawn(view) && (view.answer || view.merged?.text)
      ? t(language)('requests.follow.remedy-line')
      : null

  registerPage(app, kernel, {
    method: 'GET',
    url: way.url,
    limit: 'link.address',
    plansKept: true,
    credentials: way.credentials,
    handler: async (act, input) => {
      const view = await read(act, input)
      const base = way.base(input.request)
      const { language } = input.reader
      // The judgement is a form of the page of its own; what was typed into it here comes back to it here.
      const { form, cookie } = openForm(kernel, input.request, input.query.form)
      const returned = view.judgeAt ? await readReturned(act, kernel, view.judgeAt, form.key) : null
      return show(
        kernel,
        act,
        input,
        {
          title: view.loaded.row.title,
          main: followPage({
            language,
            now: act.now,
            base,
            view,
            done: input.query.done ?? null,
            judging: returned && { form: form.id, ...returned },
            // Whoever signed in is told of all that is theirs: that is offered where it is listed.
            told: way.link(input.request) ? pushOffer(kernel.push, language, 'record') : null,
          }),
          remedy: remedyOf(view, language),
          ...(returned ? { within: filledIn } : {}),
          ...belongingTo(view.place),
        },
        returned ? { cookies: [cookie] } : {},
      )
    },
  })

  registerPage(app, kernel, {
    method: 'GET',
    url: `${way.url}/:page`,
    limit: 'link.address',
    credentials: way.credentials,
    handler: async (act, input) => {
      const view = await read(act, input)
      const base = way.base(input.request)
      const { language } = input.reader
      const page = input.params.page ?? ''
      if (page === 'receipt') {
        const link = way.link(input.request)
        const address = link && `${kernel.config.publicUrl}/r/${link}`
        const shown = { language, now: act.now, base }
        const registered = await registeredPart(kernel, await readRegistered(act, kernel, view.loaded.row), shown)
        const { title, main } = await receiptPage({ ...shown, view, address, registered })
        return show(kernel, act, input, { title, main, ...belongingTo(view.place) })
      }
      if (page === 'looked') {
        const say = t(language)
        const looked = await readLooked(act, view.loaded.row.id)
        const english = language === 'en'
        const title = say('requests.follow.looked')
        const rows = looked.map(
          (each) =>
            html`<tr><td>${spokenTime(each.at, act.now, language, { clock: true }).text}</td><td>${[
              (english && each.body_en) || each.body,
              (english && each.title_en) || each.title,
              each.who,
            ]
              .filter(Boolean)
              .join(' · ')}</td><td>${say(`requests.looked.${each.what === 'earlier' ? 'earlier' : 'contact'}`)}${
              each.purpose ? html`<br><small>${each.purpose}</small>` : ''
            }</td></tr>`,
        )
        const table = html`<div class="scroll" tabindex="0" role="region" aria-label="${title}"><table><thead><tr><th scope="col">${say(
          'requests.looked.when',
        )}</th><th scope="col">${say('requests.looked.who')}</th><th scope="col">${say('requests.looked.what')}</th></tr></thead><tbody>${rows}</tbody></table></div>`
        const main = html`<h1>${title}</h1><p class="lead">${say('requests.looked.lead')}</p>${
          looked.length > 0 ? table : emptyState({ title: say('requests.looked.nobody') })
        }<p><a href="${base}">${say('requests.form.back')}</a></p>`
        return show(kernel, act, input, { title, main, ...belongingTo(view.place) })
      }
      if (!(formPages as readonly string[]).includes(page)) throw gone()
      if (page === 'phone' && !view.phoneCorrected) return { redirect: base }
      if (page === 'withdraw' && withdrawn(view)) return { redirect: `${base}?done=withdrawn-already` }
      const { form, cookie } = openForm(kernel, input.request, input.query.form)
      const returned = await readReturned(act, kernel, `${base}/${page}`, form.key)
      const { title, main } = formPage(page as FormPage, {
        language,
        base,
        view,
        form: form.id,
        values: returned.values,
        faults: faultsOfNotes(language, returned.notes),
        held: page === 'add' ? await kernel.files.held(act, form.key) : [],
      })
      return show(
        kernel,
        act,
        input,
        { title, main, within: filledIn, ...belongingTo(view.place) },
        { cookies: [cookie] },
      )
    },
  })

  for (const name of postedActs) {
    registerPage<Outcome>(app, kernel, {
      method: 'POST',
      url: `${way.url}/${name}`,
      limit: 'write',
      credentials: way.credentials,
      prepare: (request) => post(kernel, way, name, request),
      handler: async (act, input, outcome) => {
        if ('redirect' in outcome) return outcome
        // A browser that keeps no cookies, for which nothing is kept in between: the form again at once.
        const { page, form, returned, picturesAgain } = outcome
        const view = await read(act, input)
        const base = way.base(input.request)
        // As it holds from now on: a switch of the header may have been pressed in the form.
        const reader = readerOf(input.request)
        const { language } = reader
        const faults = faultsOfNotes(language, returned.notes)
        const { title, main } = formPage(page, {
          language,
          base,
          view,
          form,
          values: returned.values,
          faults,
          held: [],
          picturesAgain,
        })
        return show(
          kernel,
          act,
          { ...input, reader },
          { title, main, at: `${base}/${page}`, within: filledIn, ...belongingTo(view.place) },
          { cookies: outcome.cookies, status: faults.length > 0 ? 422 : 200 },
        )
      },
    })
  }

  app.get(
    `${way.url}/visit.ics`,
    { config: { page: true, limit: 'link.address' }, schema: { hide: true } as object },
    async (request, reply) => {
      await takeLimit(kernel, request, 'link.address')
      return sendCalendar(request, reply, await visitFile(kernel, way, request))
    },
  )
  app.get(
    `${way.url}/receipt.tlog-proof`,
    { config: { page: true, limit: 'link.address' }, schema: { hide: true } as object },
    async (request, reply) => {
      await takeLimit(kernel, request, 'link.address')
      return inAct(kernel, request, way.credentials(request), async (act) => {
        const { row } = (await read(act, { request, reply })).loaded
        return sendReceipt(reply, await readRegistered(act, kernel, row), row)
      })
    },
  )
  app.get(
    `${way.url}/files/:file`,
    { config: { page: true, limit: 'read' }, schema: { hide: true } as object },
    async (request, reply) => {
      await takeLimit(kernel, request, 'read')
      const file = await inAct(kernel, request, way.credentials(request), async (act) => {
        const files = await kernel.files.filesOf(act, way.id(act.actor, request))
        return files.find((each) => each.id === paramsOf(request).file)
      })
      return sendFile(kernel, reply, file, (request.query as { small?: string }).small !== undefined)
    },
  )
}

/** The agreed visit as a file for a calendar; it holds no secret link, since calendars lie with other people's clouds. */
const visitFile = async (kernel: Kernel, way: Way, request: FastifyRequest): Promise<string> => {
  const { language } = readerOf(request)
  const { publicUrl } = kernel.config
  const now = kernel.clock.now()
  const id = await inAct(kernel, request, way.credentials(request), async (act) => {
    const view = await readFollowed(act, kernel, way.id(act.actor, request))
    if (!way.own(view, act.actor.person)) throw gone()
    return view.loaded.row.id
  })
  // What was agreed once is told on, also that it is called off; whatever is only proposed is in nobody's calendar.
  const url = way.link(request) ? `${publicUrl}/follow` : `${publicUrl}/my/requests/${id}`
  const visits = (await appointmentsOf(kernel.jobsDatabase.sql, id)).filter(
    ({ state, told }) => state === 'agreed' || told !== null,
  )
  if (visits.length === 0) throw gone()
  const entries = visits.map((visit) => visitEntry(visit, language, url))
  return writeCalendar({ name: entries.at(-1)?.title ?? '', host: new URL(publicUrl).hostname }, entries, now)
}

/** Where a posted form leads; or the form itself, where there is nothing to keep it under. */
type Outcome =
  | { readonly redirect: string; readonly cookies?: readonly string[] }
  | {
      readonly page: FormPage
      readonly form: string
      readonly returned: Returned
      readonly picturesAgain: boolean
      readonly cookies: readonly string[]
    }

async function post(kernel: Kernel, way: Way, name: PostedAct, request: FastifyRequest): Promise<Outcome> {
  const surroundings = { now: kernel.clock.now(), language: readerOf(request).language }
  // Here one acts as a resident on one's own; what the duties of a post allow on others' is done at the desk.
  await inAct(kernel, request, way.credentials(request), async (act) => {
    const view = await readFollowed(act, kernel, way.id(act.actor, request))
    if (!way.own(view, act.actor.person)) throw gone()
    if (name === 'permit-publication') refuseHanded(act, view.loaded.row.reporter)
  })
  if (
    name === 'correct' ||
    name === 'phone' ||
    name === 'withdraw' ||
    name === 'reopen' ||
    name === 'permit-publication'
  )
    await refuseEnterer(kernel, request.headers, way.credentials(request), surroundings)
  const sent = await readSent(kernel, request)
  const fields = request.isMultipart() ? sent.fields : ((request.body ?? {}) as typeof sent.fields)
  const form = sentForm(kernel, request, sent.fields.form)
  const cookies = switchPressed(kernel, request, sent.fields.display)
  const asked = cookies !== null || sent.fields.do?.startsWith('drop:') === true
  // Held only where they are kept for the next page, or sent now.
  const pictures =
    name === 'add' && (form.kept || !asked)
      ? await inAct(kernel, request, {}, (act) => holdSent(act, kernel, form.key, sent, false))
      : await discardSent(kernel, sent)
  const base = way.base(request)
  const doer = {
    kernel,
    credentials: way.credentials(request),
    surroundings,
    base,
    idOf: (actor: WhoFollows) => way.id(actor, request),
  }
  const done =
    asked || pictures.length > 0
      ? { notes: pictures }
      : // The visit that stands: forms need not name it, since there is one at a time.
        await doAct(doer, name, form.key, { ...fields, visit: await standingVisit(kernel, way, name, request) })
  const page = pageOfAct[name]
  if ('redirect' in done) {
    if (page && form.kept) await inAct(kernel, request, {}, (act) => dropKept(act, `${base}/${page}`, form.key))
    return done
  }
  // A single button that was refused: back to the request as it now stands, with the reason.
  if (!page) throw new Refusal(409, 'request-state', 'requests.refusal.state')
  const returned = { values: fieldsTyped(fields), notes: done.notes }
  await inAct(kernel, request, {}, (act) =>
    form.kept ? keep(act, kernel, `${base}/${page}`, form.key, returned) : letAllGo(act, kernel, form.key),
  )
  // See other, so that going back from what comes next finds a page and no question about sending twice.
  if (form.kept) return { redirect: `${base}/${page}?form=${form.id}`, cookies: cookies ?? [] }
  return { page, form: form.id, returned, picturesAgain: sent.files.length > 0, cookies: cookies ?? [] }
}

async function standingVisit(kernel: Kernel, way: Way, name: PostedAct, request: FastifyRequest): Promise<string> {
  if (!name.endsWith('-visit') || name === 'arrange-visit') return ''
  return inAct(kernel, request, way.credentials(request), async (act) => {
    const view = await readFollowed(act, kernel, way.id(act.actor, request))
    return view.visit?.id ?? ''
  })
}
