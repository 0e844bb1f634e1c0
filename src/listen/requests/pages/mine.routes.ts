// One's own requests once signed in, and the way back to one whose link was lost.

import type { FastifyInstance } from 'fastify'
import { html } from 'hono/html'
import type { Act } from '#kernel/access/index.ts'
import { newId } from '#kernel/database/identifiers.ts'
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
  takeLimit,
} from '#kernel/http/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import { isId } from '#kernel/http/shapes.api.ts'
import type { Kernel } from '#kernel/kernel.ts'
import {
  buttons,
  emptyState,
  entries,
  errorSummary,
  type Fault,
  field,
  notice,
  pagination,
} from '#kernel/pages/index.ts'
import { pushOffer } from '#kernel/push/index.ts'
import { tellingPath } from '#kernel/telling/index.ts'
import { spokenTime, t } from '#kernel/words/index.ts'
import { reachedBy } from '../acts/link.ts'
import { findFollowed, readMine } from '../following.store.ts'
import { formatNumber, parseNumber } from '../number.ts'
import { linkQueue } from '../reading/queues.ts'
import { stateMark } from './shown.ts'

const perPage = 20

export function mineRoutes(app: FastifyInstance, kernel: Kernel): void {
  registerPage(app, kernel, {
    method: 'GET',
    url: '/my',
    limit: 'read',
    handler: async (act, input) => {
      if (!act.actor.person) return { redirect: '/sign-in' }
      return myPage(kernel, act, input)
    },
  })
  registerPage(app, kernel, {
    method: 'GET',
    url: '/follow',
    limit: 'read',
    handler: async (act, input) => followEntry(kernel, act, input, [], {}),
  })
  registerPage(app, kernel, {
    method: 'POST',
    url: '/follow',
    limit: 'read',
    credentials: () => ({}),
    // As strictly limited as signing in: numbers must not be tried one after the other. A switch of the header tries none.
    prepare: async (request) => {
      const fields = (request.body ?? {}) as PageInput['fields']
      if (!fields.display && !byLink(fields.by, typedIn(fields))) await takeLimit(kernel, request, 'again.address')
    },
    handler: (act, input) => findAgain(kernel, act, input),
  })
}

async function myPage(kernel: Kernel, act: Act, input: PageInput): Promise<PageAnswer> {
  const { language } = input.reader
  const say = t(language)
  const after = isId(input.query.after) ? input.query.after : null
  const rows = await readMine(act, after, perPage + 1)
  const list = rows.slice(0, perPage)
  const last = list.at(-1)?.id
  const title = say('requests.mine.title')
  const main = html`<h1>${title}</h1><h2>${say('requests.mine.requests')}</h2>${
    list.length > 0
      ? entries(
          list.map((row) => ({
            href: `/my/requests/${row.id}`,
            title: row.title,
            mark: stateMark(language, row.state, row.result),
            about: `${formatNumber(row.number)} · ${spokenTime(row.filed_at, act.now, language).text}`,
          })),
        )
      : emptyState({
          title: say('requests.mine.none'),
          text: say('requests.mine.none-text'),
          action: { text: say('requests.raised.tell'), href: '/tell' },
        })
  }${pagination(language, { older: rows.length > perPage && last ? `/my?after=${last}` : null, newer: after ? '/my' : null })}
${pushOffer(kernel.push, language, 'own')}${
  // It opens the desk, whose own worker hears it.
  act.actor.tenures.length > 0
    ? pushOffer(kernel.push, language, 'work', { scope: '/desk/', worker: '/desk/shell-worker.js' })
    : ''
}<h2>${say('requests.mine.about-me')}</h2><ul class="acts"><li><a href="/my/data">${say('requests.mine.data')}</a></li><li><a href="/my/calendar">${say('requests.mine.calendar')}</a></li><li><a href="${
    act.actor.person ? tellingPath(kernel.encryption, { purpose: 'own', owner: act.actor.person }) : '/my'
  }">${say('requests.mine.telling')}</a></li><li><a href="/my/looked">${say(
    'requests.follow.looked',
  )}</a></li><li><a href="/my/sessions">${say('requests.mine.sessions')}</a></li>${
    act.actor.tenures.length > 0
      ? html`<li><a href="${tellingPath(kernel.encryption, { purpose: 'work', owner: act.actor.person ?? '' })}">${say('requests.mine.telling-work')}</a></li><li><a href="/my/security">${say('requests.mine.security')}</a></li><li><a href="/desk/">${say('requests.mine.desk')}</a></li>`
      : ''
  }</ul><form method="post" action="/sign-out">${buttons([{ text: say('requests.mine.sign-out'), kind: 'plain' }])}</form>`
  return show(kernel, act, input, { title, main })
}

function followEntry(
  kernel: Kernel,
  act: Act,
  input: PageInput,
  faults: readonly Fault[],
  values: Readonly<Record<string, string>>,
  status = 200,
): PageAnswer {
  const { language } = input.reader
  const say = t(language)
  const fault = (name: string) => faults.find((each) => each.field === name)?.text
  const title = say('requests.again.title')
  const texts = kernel.outbox.channels.sms
  const main = html`<h1>${title}</h1><p class="lead">${say('requests.again.lead')}</p>${errorSummary(language, [...faults])}
${input.query.sent ? notice('good', { title: say('requests.again.sent-title'), text: say('requests.again.sent') }) : ''}
${
  act.actor.person
    ? html`<p><a href="/my">${say('requests.again.signed-in')}</a></p>`
    : html`<p><a href="/sign-in">${say('requests.again.sign-in')}</a></p>`
}
<form id="${filledIn.form}" method="post" novalidate><section class="sheet"><h2>${say('requests.again.link-title')}</h2>${field(
    language,
    {
      name: 'link',
      label: say('requests.again.link'),
      hint: say('requests.again.link-hint'),
      value: values.link,
      error: fault('link'),
    },
  )}${buttons([{ text: say('requests.receipt.follow'), name: 'by', value: 'link' }])}</section>
<section class="sheet"><h2>${say('requests.again.lost-title')}</h2>${
    texts
      ? html`<p class="hint">${say('requests.again.lost-hint')}</p>${field(language, {
          name: 'number',
          label: say('requests.follow.number'),
          hint: say('requests.again.number-hint'),
          value: values.number,
          error: fault('number'),
          inputmode: 'numeric',
          short: true,
        })}${field(language, {
          name: 'phone',
          kind: 'tel',
          label: say('requests.again.phone'),
          value: values.phone,
          error: fault('phone'),
          autocomplete: 'tel',
          short: true,
        })}${buttons([{ text: say('requests.again.send'), kind: 'plain', name: 'by', value: 'number' }])}`
      : html`<p>${say('requests.again.no-texts')}</p>`
  }</section></form>`
  return show(kernel, act, input, { title, main, within: filledIn }, { status })
}

/** The token in a link that was pasted, with or without its address. */
function tokenIn(text: string): string | null {
  return /(?:^|\/r\/)([A-Za-z0-9_-]{43})(?:$|[/?#\s])/.exec(text.trim())?.[1] ?? null
}

const typedIn = (fields: PageInput['fields']) => ({
  link: one(fields.link).slice(0, 500),
  number: one(fields.number).slice(0, 60),
  phone: one(fields.phone).slice(0, 40),
})

/** By which half of the form it is looked for: the button says so, and without one what was filled in. */
function byLink(pressed: PageInput['fields'][string], typed: Readonly<Record<string, string>>): boolean {
  if (pressed !== undefined) return one(pressed) === 'link'
  return Boolean(typed.link?.trim()) || !(typed.number?.trim() || typed.phone?.trim())
}

async function findAgain(kernel: Kernel, act: Act, input: PageInput): Promise<PageAnswer> {
  const say = t(input.reader.language)
  const values = typedIn(input.fields)
  const cookies = switchPressed(kernel, input.request, input.fields.display)
  if (cookies)
    return { ...followEntry(kernel, act, { ...input, reader: readerOf(input.request) }, [], values), cookies }
  if (byLink(input.fields.by, values)) {
    const token = tokenIn(values.link)
    if (token) return { redirect: `/r/${token}` }
    return followEntry(kernel, act, input, [{ field: 'link', text: say('requests.again.fault-link') }], values, 422)
  }
  const faults: Fault[] = []
  const number = parseNumber(values.number)
  const phone = normalisePhone(values.phone)
  if (number === null) faults.push({ field: 'number', text: say('requests.again.fault-number') })
  if (!phone || phone.kind === 'service') faults.push({ field: 'phone', text: say('requests.again.fault-phone') })
  if (!kernel.outbox.channels.sms) throw new Refusal(409, 'no-texts', 'requests.again.no-texts')
  if (faults.length > 0 || number === null || !phone) return followEntry(kernel, act, input, faults, values, 422)
  const index = kernel.encryption.blindIndex('phone', phone.number)
  const id = await findFollowed(act.sql, number, index)
  // Whether there was such a request or not, the page says the same. The link goes to the phone that stands in the record; only what is
  // sent there counts, so that a stranger who tries the phone of somebody takes no link from them.
  if (
    id &&
    reachedBy(kernel.outbox, { phone: phone.number }) &&
    (await kernel.limits.take('again.phone', index.toString('hex'))).allowed
  )
    await kernel.jobs.enqueue(act, linkQueue, { request: id, again: newId() })
  return { redirect: '/follow?sent=1' }
}
