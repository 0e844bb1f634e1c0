// Following a request: by its secret link, or as the person who reported it. GET only shows; every act is a form that is posted.

import type { FastifyInstance, FastifyRequest } from 'fastify'
import { html } from 'hono/html'
import { type Credentials, enter } from '#kernel/access/index.ts'
import { credentialsOf, type PageInput, readerOf, registerPage, takeLimit } from '#kernel/http/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import { isId } from '#kernel/http/shapes.api.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { emptyState } from '#kernel/pages/index.ts'
import { spokenTime, t } from '#kernel/words/index.ts'
import { refuseEnterer, refuseHanded } from '../acts/enterer.ts'
import { readLooked } from '../following.store.ts'
import { filledIn, switchPressed } from './display.ts'
import { sendFile } from './files.ts'
import { doAct, type Outcome, type PostedAct, pageOfAct, postedActs } from './follow.acts.ts'
import { type FormPage, formPage, formPages } from './follow.forms.ts'
import { followPage, withdrawn } from './follow.page.ts'
import { type Followed, readFollowed } from './follow.view.ts'
import { receiptPage } from './receipt.page.ts'
import { belongingTo, show } from './shown.ts'
import { readSent } from './tell.sent.ts'

/** A way to one's request. */
interface Way {
  readonly url: string
  readonly base: (request: FastifyRequest) => string
  readonly credentials: (request: FastifyRequest) => Credentials
  /** Which request. @throws Refusal 404, or 401 where one has to sign in */
  readonly id: (actor: { link: string | null; person: string | null }, request: FastifyRequest) => string
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
  const remedyOf = (view: Followed, language: 'zh-CN' | 'en') =>
    view.loaded.facts.state === 'answered' || view.loaded.facts.state === 'closed'
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
      return show(kernel, act, input, {
        title: view.loaded.row.title,
        main: followPage({ language, now: act.now, base, view, done: input.query.done ?? null }),
        remedy: remedyOf(view, language),
        ...belongingTo(view.place),
      })
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
        const { title, main } = await receiptPage({ language, now: act.now, base, view, address })
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
      if (page === 'withdraw' && withdrawn(view)) return { redirect: `${base}?done=withdrawn-already` }
      const { title, main } = formPage(page as FormPage, { language, base, view, values: {}, faults: [] })
      return show(kernel, act, input, { title, main, within: filledIn, ...belongingTo(view.place) })
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
        if (outcome.ok) return { redirect: outcome.redirect }
        const view = await read(act, input)
        const base = way.base(input.request)
        // As it holds from now on: a switch of the header may have been pressed in the form.
        const reader = readerOf(input.request)
        const { language } = reader
        const page = pageOfAct[name]
        // A single button that was refused: back to the request as it now stands, with the reason.
        if (!page) throw new Refusal(409, 'request-state', 'requests.refusal.state')
        const { title, main } = formPage(page, { ...outcome, language, base, view })
        return show(
          kernel,
          act,
          { ...input, reader },
          { title, main, at: `${base}/${page}`, within: filledIn, ...belongingTo(view.place) },
          outcome.cookies ? { cookies: outcome.cookies } : { status: 422 },
        )
      },
    })
  }

  app.get(
    `${way.url}/files/:file`,
    { config: { page: true, limit: 'read' }, schema: { hide: true } as object },
    async (request, reply) => {
      await takeLimit(kernel, request, 'read')
      const surroundings = { now: kernel.clock.now(), language: readerOf(request).language }
      const file = await enter(kernel.database, way.credentials(request), surroundings, async (act) => {
        const files = await kernel.files.filesOf(act, way.id(act.actor, request))
        return files.find((each) => each.id === paramsOf(request).file)
      })
      return sendFile(kernel, reply, file, (request.query as { small?: string }).small !== undefined)
    },
  )
}

async function post(kernel: Kernel, way: Way, name: PostedAct, request: FastifyRequest): Promise<Outcome> {
  const surroundings = { now: kernel.clock.now(), language: readerOf(request).language }
  // Here one acts as a resident on one's own; what the duties of a post allow on others' is done at the desk.
  await enter(kernel.database, way.credentials(request), surroundings, async (act) => {
    const view = await readFollowed(act, kernel, way.id(act.actor, request))
    if (!way.own(view, act.actor.person)) throw gone()
    if (name === 'permit-publication') refuseHanded(act, view.loaded.row.reporter)
  })
  if (name === 'correct' || name === 'withdraw' || name === 'reopen' || name === 'permit-publication')
    await refuseEnterer(kernel, request.headers, way.credentials(request), surroundings)
  const sent = await readSent(kernel, request)
  const fields = request.isMultipart() ? sent.fields : ((request.body ?? {}) as typeof sent.fields)
  const cookies = switchPressed(kernel, request, fields.display)
  if (cookies) {
    for (const file of sent.files) await kernel.files.discard(file)
    return { ok: false, faults: [], values: fields, cookies, picturesAgain: sent.files.length > 0 }
  }
  const credentials = way.credentials(request)
  // The visit that stands: forms need not name it, since there is one at a time.
  const visit = name.endsWith('-visit') && name !== 'arrange-visit' ? await standingVisit(kernel, way, request) : ''
  return doAct(
    {
      kernel,
      credentials,
      surroundings,
      base: way.base(request),
      idOf: (actor) => way.id(actor, request),
    },
    name,
    sent,
    { ...fields, visit },
  )
}

async function standingVisit(kernel: Kernel, way: Way, request: FastifyRequest): Promise<string> {
  const surroundings = { now: kernel.clock.now(), language: readerOf(request).language }
  return enter(kernel.database, way.credentials(request), surroundings, async (act) => {
    const view = await readFollowed(act, kernel, way.id(act.actor, request))
    return view.visit?.id ?? ''
  })
}
