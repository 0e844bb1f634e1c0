// What others raised: versions that their reporters let be seen and a member of staff released. Search, filters, "me too".
import type { FastifyInstance } from 'fastify'
import { html } from 'hono/html'
import type { Act } from '#kernel/access/index.ts'
import { normalisePhone } from '#kernel/encryption/index.ts'
import {
  filledIn,
  one,
  type PageAnswer,
  type PageInput,
  readerOf,
  registerPage,
  show,
  switchPressed,
} from '#kernel/http/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import { isId } from '#kernel/http/shapes.api.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { addressKey } from '#kernel/limits/index.ts'
import {
  buttons,
  code,
  definitions,
  emptyState,
  entries,
  errorSummary,
  type Fault,
  field,
  notice,
  pagination,
  time,
} from '#kernel/pages/index.ts'
import { spokenMonth, spokenTime, t } from '#kernel/words/index.ts'
import { meToo } from '../acts/resident.ts'
import { formatNumber, parseNumber } from '../number.ts'
import { takesMessages } from '../phones.ts'
import {
  type Asked,
  type Raised,
  type Released,
  readRaised,
  readReleased,
  type Within,
  withins,
} from '../raised.store.ts'
import { belongingTo, type PlaceShown, placeAt, placeOfPage, publicMark } from './shown.ts'
import { categoriesAt } from './tell.options.ts'

const perPage = 20
const pressedCookie = 'linli_me_too'
/** Whether "me too" was pressed in this browser for this matter. */
const pressed = (input: PageInput): boolean => input.request.cookies[pressedCookie] !== undefined
const kinds = ['open', 'answered', 'closed'] as const
/** The month that an address asks for; null where it asks for none. */
function withinOf(query: PageInput['query']): Asked['within'] | null {
  for (const what of Object.keys(withins) as Within[]) {
    const month = query[what] ?? ''
    if (/^20\d{2}-(0[1-9]|1[0-2])$/.test(month)) return { what, month }
  }
  return null
}

/** A released request as a line of a list. */
export function raisedEntry(act: Act, raised: Raised) {
  const { language } = act
  const say = t(language)
  const open = raised.state !== 'answered' && raised.state !== 'closed'
  const about = [
    raised.category,
    say('requests.raised.told', { when: spokenTime(raised.filed_at, act.now, language).text }),
    raised.answered_at
      ? say('requests.raised.answered', { when: spokenTime(raised.answered_at, act.now, language).text })
      : null,
    open && raised.promised_at
      ? say('requests.raised.promised', { when: spokenTime(raised.promised_at, act.now, language).text })
      : null,
    raised.me_too > 0 ? say('requests.raised.me-too', { count: raised.me_too }) : null,
  ]
  const parts = about.filter((part) => part !== null)
  return {
    href: `/raised/${raised.number}`,
    title: raised.title,
    mark: publicMark(language, raised.state),
    about: parts.map((part, index) => html`${index > 0 ? ' · ' : ''}<span class="part">${part}</span>`),
  }
}

const idOr = (text: string | undefined) => (isId(text) ? text : undefined)

export function raisedRoutes(app: FastifyInstance, kernel: Kernel): void {
  registerPage(app, kernel, {
    method: 'GET',
    url: '/raised',
    limit: 'search',
    fromReplica: true,
    handler: (act, input) => listPage(kernel, act, input, null),
  })
  registerPage(app, kernel, {
    method: 'GET',
    url: '/places/:place/raised',
    limit: 'search',
    fromReplica: true,
    handler: async (act, input) => listPage(kernel, act, input, await placeOfPage(act, input.params.place ?? '')),
  })
  registerPage(app, kernel, {
    method: 'GET',
    url: '/raised/:number',
    limit: 'read',
    fromReplica: true,
    handler: (act, input) => onePage(kernel, act, input, [], {}),
  })
  registerPage(app, kernel, {
    method: 'POST',
    url: '/raised/:number',
    limit: 'write',
    handler: async (act, input) => {
      const phone = one(input.fields.phone).trim()
      const words = one(input.fields.words).trim()
      const cookies = switchPressed(kernel, input.request, input.fields.display)
      if (cookies) {
        const typed = { phone: one(input.fields.phone), words: one(input.fields.words) }
        return { ...(await onePage(kernel, act, { ...input, reader: readerOf(input.request) }, [], typed)), cookies }
      }
      const say = t(input.reader.language)
      const faults: Fault[] = []
      if (phone && !takesMessages(phone))
        faults.push({
          field: 'phone',
          text: say(normalisePhone(phone) ? 'requests.phone-no-message' : 'requests.phone-wrong'),
        })
      // Without a number one browser counts once; somebody else at it leaves theirs.
      if (!phone && pressed(input)) faults.push({ field: 'phone', text: say('requests.raised.me-too-again') })
      if (words.length > 1_000) faults.push({ field: 'words', text: say('requests.tell.fault-long', { most: 1_000 }) })
      if (faults.length > 0) return onePage(kernel, act, input, faults, { phone, words })
      const released = await readOne(act, input.params.number ?? '')
      if (released.state === 'closed') throw new Refusal(409, 'request-state', 'requests.refusal.state')
      const taken = await kernel.limits.take('me-too.address', `${addressKey(input.request.ip)} ${released.request}`)
      if (!taken.allowed) throw new Refusal(429, 'too-many', 'requests.raised.me-too-often')
      await meToo(act, kernel, released.request, { ...(phone ? { phone } : {}), ...(words ? { words } : {}) })
      // For this matter's page alone, and the same for everybody: it tells who pressed from nobody.
      const secure = kernel.config.publicUrl.startsWith('https:') ? '; Secure' : ''
      const cookie = `${pressedCookie}=1; Path=/raised/${released.number}; Max-Age=31536000; HttpOnly; SameSite=Lax${secure}`
      return { redirect: `/raised/${released.number}?done=1`, cookies: [cookie] }
    },
  })
}

async function listPage(kernel: Kernel, act: Act, input: PageInput, place: PlaceShown | null): Promise<PageAnswer> {
  const { language } = input.reader
  const say = t(language)
  const { query } = input
  const words = query.q?.slice(0, 60).toWellFormed() ?? ''
  const state = (kinds as readonly string[]).includes(query.state ?? '') ? (query.state ?? '') : ''
  const category = idOr(query.category)
  const before = idOr(query.before)
  const within = withinOf(query)
  const [found, categories] = await Promise.all([
    readRaised(act, {
      path: place?.path ?? '',
      words,
      state,
      ...(category ? { category } : {}),
      ...(within ? { within } : {}),
      ...(idOr(query.after) ? { after: idOr(query.after) as string } : {}),
      ...(before ? { before } : {}),
      limit: perPage + 1,
    }),
    place ? categoriesAt(act, place.path) : [],
  ])
  const more = found.length > perPage
  const list = before ? found.slice(more ? 1 : 0) : found.slice(0, perPage)
  const here = input.request.url.split('?', 1)[0] ?? ''
  const turn = (name: 'after' | 'before', id: string) =>
    `${here}?${new URLSearchParams({ ...(words ? { q: words } : {}), ...(state ? { state } : {}), ...(category ? { category } : {}), ...(within ? { [within.what]: within.month } : {}), [name]: id })}`
  const first = list[0]?.request
  const last = list.at(-1)?.request
  const title = say('requests.raised.title')
  const narrowed = new URLSearchParams({ ...(category ? { category } : {}), lang: language })
  const feed = (extension: 'atom' | 'json') => `${here}.${extension}?${narrowed}`
  const main = html`<h1>${title}</h1><p class="lead">${say('requests.raised.lead')}</p>
${
  within
    ? html`<p>${say(`requests.raised.within-${within.what}`, { month: spokenMonth(within.month, language) })} <a href="${here}">${say('requests.raised.any-month')}</a></p>`
    : ''
}<form class="sheet" method="get" action="${here}" role="search">${within ? html`<input type="hidden" name="${within.what}" value="${within.month}">` : ''}${field(
    language,
    {
      name: 'q',
      kind: 'search',
      label: say('requests.raised.search'),
      value: words,
    },
  )}<div class="grid">${field(language, {
    name: 'state',
    kind: 'select',
    label: say('requests.raised.state'),
    value: state,
    options: [
      { value: '', label: say('requests.raised.any') },
      ...kinds.map((kind) => ({ value: kind, label: say(`requests.raised.state-${kind}`) })),
    ],
  })}${
    categories.length > 0
      ? field(language, {
          name: 'category',
          kind: 'select',
          label: say('requests.tell.category'),
          value: category ?? '',
          options: [{ value: '', label: say('requests.raised.any') }, ...categories],
        })
      : ''
  }</div>${buttons([{ text: say('requests.raised.find'), kind: 'plain' }])}</form>
${
  list.length > 0
    ? entries(list.map((each) => raisedEntry(act, each)))
    : emptyState({
        title: say(words || state || category || within ? 'requests.raised.none-found' : 'requests.raised.none'),
        text: say('requests.raised.none-text'),
        action: { text: say('requests.raised.tell'), href: place ? `${place.href}/tell` : '/tell' },
      })
}${pagination(language, {
  newer: first && (query.after ? true : before && more) ? turn('before', first) : null,
  older: last && (before || more) ? turn('after', last) : null,
})}<p class="soft unprinted">${say('requests.raised.feeds')} <a href="${feed('atom')}" type="application/atom+xml">Atom</a> · <a href="${feed('json')}" type="application/feed+json">JSON Feed</a></p>`
  const alternates = [
    { type: 'application/atom+xml', title, href: feed('atom') },
    { type: 'application/feed+json', title, href: feed('json') },
  ]
  return show(kernel, act, input, { title, main, alternates, ...belongingTo(place) })
}

async function readOne(act: Act, typed: string): Promise<Released> {
  const number = parseNumber(typed)
  const released = number === null ? null : await readReleased(act, number)
  if (!released) throw new Refusal(404, 'not-found', 'http.not-found')
  return released
}

async function onePage(
  kernel: Kernel,
  entered: Act,
  input: PageInput,
  faults: readonly Fault[],
  values: Readonly<Record<string, string>>,
): Promise<PageAnswer> {
  const { language } = input.reader
  // As it holds from now on: a switch of the header may have been pressed in the form.
  const act = { ...entered, language }
  const say = t(language)
  const released = await readOne(act, input.params.number ?? '')
  const place = await placeAt(act, released.path)
  const when = (moment: string) => time(spokenTime(moment, act.now, language))
  const fault = (name: string) => faults.find((each) => each.field === name)?.text
  const map =
    place && place.longitude !== null && place.latitude !== null
      ? html` <a href="${`geo:${place.latitude},${place.longitude}`}">${say('requests.raised.map')}</a>`
      : ''
  const asks = released.state !== 'closed' && !(input.query.done && faults.length === 0)
  const main = html`<h1>${released.title}</h1>
<p class="lead">${say('requests.follow.number')} ${code(formatNumber(released.number))} ${publicMark(language, released.state)}</p>
${input.query.done ? notice('good', { text: say('requests.raised.me-too-done') }) : ''}${errorSummary(language, [...faults])}
<div class="said asit">${released.body}</div>
${released.answer ? html`<h2>${say('requests.follow.answer')}</h2><div class="sheet"><div class="said asit">${released.answer}</div></div>` : ''}
${definitions([
  [say('requests.follow.where'), html`${place?.full ?? ''}${map}`],
  [say('requests.follow.told-at'), when(released.filed_at)],
  ...(released.answered_at
    ? [[say('requests.raised.answered-at'), when(released.answered_at)] as [string, ReturnType<typeof when>]]
    : []),
  ...(released.promised_at && !released.answered_at
    ? [[say('requests.raised.promised-at'), when(released.promised_at)] as [string, ReturnType<typeof when>]]
    : []),
  ...(released.me_too > 0
    ? [
        [say('requests.raised.me-too-count'), say('requests.raised.me-too', { count: released.me_too })] as [
          string,
          string,
        ],
      ]
    : []),
])}
${
  !asks
    ? ''
    : html`<form class="sheet" id="${filledIn.form}" method="post" action="${`/raised/${released.number}`}" novalidate><h2>${say('requests.raised.me-too-title')}</h2><p class="hint">${say(
        pressed(input) ? 'requests.raised.me-too-again' : 'requests.raised.me-too-hint',
      )}</p>${field(language, {
        name: 'phone',
        kind: 'tel',
        label: say('requests.tell.phone'),
        value: values.phone,
        error: fault('phone'),
        ...(pressed(input) ? { required: true } : { optional: true }),
        autocomplete: 'tel',
        short: true,
      })}${field(language, {
        name: 'words',
        kind: 'area',
        rows: 3,
        label: say('requests.raised.me-too-words'),
        value: values.words,
        error: fault('words'),
        optional: true,
      })}${buttons([{ text: say('requests.raised.me-too-send') }])}</form>`
}
<p><a href="${place ? `${place.href}/raised` : '/raised'}">${say('requests.raised.back')}</a></p>`
  return show(
    kernel,
    act,
    input,
    { title: released.title, main, ...(asks ? { within: filledIn } : {}), ...belongingTo(place) },
    faults.length > 0 ? { status: 422 } : {},
  )
}
