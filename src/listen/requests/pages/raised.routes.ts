// What others raised: versions that their reporters let be seen and a member of staff released. Search, filters, "me too".
import type { FastifyInstance } from 'fastify'
import { html } from 'hono/html'
import { sql } from 'kysely'
import type { Act } from '#kernel/access/index.ts'
import { normalisePhone } from '#kernel/encryption/index.ts'
import { type PageAnswer, type PageInput, registerPage } from '#kernel/http/index.ts'
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
import { cutWords } from '#kernel/search/index.ts'
import { spokenTime, t } from '#kernel/words/index.ts'
import { meToo } from '../acts/resident.ts'
import { formatNumber, parseNumber } from '../number.ts'
import type { State } from '../requests.api.ts'
import { belongingTo, one, type PlaceShown, placeAt, placeOfPage, publicMark, show } from './shown.ts'
import { categoriesAt } from './tell.page.ts'

const perPage = 20
const kinds = ['open', 'answered', 'closed'] as const
/** What can have happened within a month, by its column. */
const withins = { told: 'filed_at', answered: 'answered_at', closed: 'closed_at' } as const
type Within = keyof typeof withins

/** The month that an address asks for; null where it asks for none. */
function withinOf(query: PageInput['query']): Asked['within'] | null {
  for (const what of Object.keys(withins) as Within[]) {
    const month = query[what] ?? ''
    if (/^20\d{2}-(0[1-9]|1[0-2])$/.test(month)) return { what, month }
  }
  return null
}

export interface Raised {
  readonly request: string
  readonly number: number
  readonly title: string
  readonly state: State
  readonly filed_at: string
  readonly promised_at: string | null
  readonly answered_at: string | null
  readonly me_too: number
  readonly category: string | null
}

interface Asked {
  readonly path: string
  readonly words?: string
  readonly category?: string
  readonly state?: string
  /** Told, answered or closed within a month, as `2026-11`. */
  readonly within?: { readonly what: Within; readonly month: string }
  /** Newer or older than this request. */
  readonly after?: string
  readonly before?: string
  readonly limit: number
}

/** Released requests at a path and below, newest first. */
export async function readRaised(act: Act, asked: Asked): Promise<Raised[]> {
  const english = act.language === 'en'
  const words = [...new Set(cutWords(asked.words ?? ''))].slice(0, 8)
  const query = words.map((word) => `'${word.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`).join(' & ')
  const states = asked.state === 'answered' || asked.state === 'closed' ? [asked.state] : null
  const { within } = asked
  const start = within && sql`${`${within.month}-01`}::timestamp`
  const at = within && sql`(${sql.ref(`p.${withins[within.what]}`)} at time zone 'Asia/Shanghai')`
  const { rows } = await sql<Raised>`
    select p.request, p.number, p.title, p.state, p.filed_at, p.promised_at, p.answered_at, p.me_too,
      ${english ? sql`coalesce(c.level3_en, c.level3)` : sql`c.level3`} as category
    from publication p left join category c on c.id = p.category
    where p.withdrawn_at is null and p.path >= ${asked.path} and p.path < ${`${asked.path}~`}
      ${words.length > 0 ? sql`and p.request in (select publication_find(${query}::tsquery, ${asked.path}, null, 500))` : sql``}
      ${asked.category ? sql`and p.category = ${asked.category}::uuid` : sql``}
      ${states ? sql`and p.state = any(${states})` : sql``}
      ${within ? sql`and ${at} >= ${start} and ${at} < ${start} + interval '1 month'` : sql``}
      ${asked.state === 'open' ? sql`and p.state not in ('answered', 'closed')` : sql``}
      ${asked.after ? sql`and p.request < ${asked.after}::uuid` : sql``}
      ${asked.before ? sql`and p.request > ${asked.before}::uuid` : sql``}
    order by ${asked.before ? sql`p.request asc` : sql`p.request desc`} limit ${asked.limit}`.execute(act.sql)
  return asked.before ? rows.reverse() : rows
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
  return {
    href: `/raised/${raised.number}`,
    title: raised.title,
    mark: publicMark(language, raised.state),
    about: about.filter(Boolean).join(' · '),
  }
}

/** 2026年11月, November 2026. */
const spokenMonth = (month: string, language: 'zh-CN' | 'en'): string =>
  new Intl.DateTimeFormat(language, { year: 'numeric', month: 'long', timeZone: 'UTC' }).format(
    new Date(`${month}-01T00:00:00Z`),
  )

const idOr = (text: string | undefined) => (isId(text) ? text : undefined)

export function raisedRoutes(app: FastifyInstance, kernel: Kernel): void {
  registerPage(app, kernel, {
    method: 'GET',
    url: '/raised',
    limit: 'search',
    handler: (act, input) => listPage(kernel, act, input, null),
  })
  registerPage(app, kernel, {
    method: 'GET',
    url: '/places/:place/raised',
    limit: 'search',
    handler: async (act, input) => listPage(kernel, act, input, await placeOfPage(act, input.params.place ?? '')),
  })
  registerPage(app, kernel, {
    method: 'GET',
    url: '/raised/:number',
    limit: 'read',
    handler: (act, input) => onePage(kernel, act, input, [], {}),
  })
  registerPage(app, kernel, {
    method: 'POST',
    url: '/raised/:number',
    limit: 'write',
    handler: async (act, input) => {
      const phone = one(input.fields.phone).trim()
      const words = one(input.fields.words).trim()
      const say = t(input.reader.language)
      const faults: Fault[] = []
      if (phone && !normalisePhone(phone)) faults.push({ field: 'phone', text: say('requests.phone-wrong') })
      if (words.length > 1_000) faults.push({ field: 'words', text: say('requests.tell.fault-long', { most: 1_000 }) })
      if (faults.length > 0) return onePage(kernel, act, input, faults, { phone, words })
      const released = await readOne(act, input.params.number ?? '')
      if (released.state === 'closed') throw new Refusal(409, 'request-state', 'requests.refusal.state')
      const taken = await kernel.limits.take('me-too.address', `${addressKey(input.request.ip)} ${released.request}`)
      if (!taken.allowed) throw new Refusal(429, 'too-many', 'requests.raised.me-too-often')
      await meToo(act, kernel, released.request, { ...(phone ? { phone } : {}), ...(words ? { words } : {}) })
      return { redirect: `/raised/${released.number}?done=1` }
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
  const found = await readRaised(act, {
    path: place?.path ?? '',
    words,
    state,
    ...(category ? { category } : {}),
    ...(within ? { within } : {}),
    ...(idOr(query.after) ? { after: idOr(query.after) as string } : {}),
    ...(before ? { before } : {}),
    limit: perPage + 1,
  })
  const more = found.length > perPage
  const list = before ? found.slice(more ? 1 : 0) : found.slice(0, perPage)
  const here = input.request.url.split('?', 1)[0] ?? ''
  const turn = (name: 'after' | 'before', id: string) =>
    `${here}?${new URLSearchParams({ ...(words ? { q: words } : {}), ...(state ? { state } : {}), ...(category ? { category } : {}), ...(within ? { [within.what]: within.month } : {}), [name]: id })}`
  const first = list[0]?.request
  const last = list.at(-1)?.request
  const categories = place ? await categoriesAt(act, place.path) : []
  const title = say('requests.raised.title')
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
})}`
  return show(kernel, act, input, { title, main, ...belongingTo(place) })
}

interface Released extends Raised {
  readonly body: string
  readonly answer: string | null
  readonly path: string
}

async function readOne(act: Act, typed: string): Promise<Released> {
  const number = parseNumber(typed)
  if (number === null) throw new Refusal(404, 'not-found', 'http.not-found')
  const english = act.language === 'en'
  const { rows } = await sql<Released>`
    select p.request, p.number, p.title, p.body, p.answer, p.path, p.state, p.filed_at, p.promised_at, p.answered_at, p.me_too,
      ${english ? sql`coalesce(c.level3_en, c.level3)` : sql`c.level3`} as category
    from publication p left join category c on c.id = p.category where p.number = ${number} and p.withdrawn_at is null`.execute(
    act.sql,
  )
  const row = rows[0]
  if (!row) throw new Refusal(404, 'not-found', 'http.not-found')
  return row
}

async function onePage(
  kernel: Kernel,
  act: Act,
  input: PageInput,
  faults: readonly Fault[],
  values: Readonly<Record<string, string>>,
): Promise<PageAnswer> {
  const { language } = input.reader
  const say = t(language)
  const released = await readOne(act, input.params.number ?? '')
  const place = await placeAt(act, released.path)
  const when = (moment: string) => time(spokenTime(moment, act.now, language))
  const fault = (name: string) => faults.find((each) => each.field === name)?.text
  const map =
    place && place.longitude !== null && place.latitude !== null
      ? html` <a href="${`geo:${place.latitude},${place.longitude}`}">${say('requests.raised.map')}</a>`
      : ''
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
  [say('requests.raised.me-too-count'), say('requests.raised.me-too', { count: released.me_too })],
])}
${
  released.state === 'closed'
    ? ''
    : html`<form class="sheet" method="post" novalidate><h2>${say('requests.raised.me-too-title')}</h2><p class="hint">${say(
        'requests.raised.me-too-hint',
      )}</p>${field(language, {
        name: 'phone',
        kind: 'tel',
        label: say('requests.tell.phone'),
        value: values.phone,
        error: fault('phone'),
        optional: true,
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
    { title: released.title, main, ...belongingTo(place) },
    faults.length > 0 ? { status: 422 } : {},
  )
}
