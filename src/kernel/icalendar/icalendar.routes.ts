// The private calendar address of a person: made, shown once, ended on a page of their own; and the calendar that it leads to.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { html } from 'hono/html'
import { type Act, signedIn } from '../access/index.ts'
import { hashToken, newToken } from '../encryption/index.ts'
import {
  one,
  type PageAnswer,
  type PageInput,
  Refusal,
  readerOf,
  registerPage,
  sendUnlessKnown,
  show,
  switchPressed,
  takeLimit,
} from '../http/index.ts'
import type { Kernel } from '../kernel.ts'
import { buttons, notice } from '../pages/index.ts'
import { spokenTime, t } from '../words/index.ts'
import { entriesOf } from './entries.ts'
import { dropFeed, feedOf, feedSince, keepFeed } from './icalendar.store.ts'
import { writeCalendar } from './writing.ts'

/** How often a program asks again, in hours. */
const refreshHours = 1

export function icalendarRoutes(app: FastifyInstance, kernel: Kernel): void {
  registerPage(app, kernel, {
    method: 'GET',
    url: '/my/calendar',
    limit: 'read',
    handler: async (act, input) =>
      act.actor.person
        ? calendarPage(kernel, act, input, { ended: input.query.done === 'ended' })
        : { redirect: '/sign-in' },
  })
  registerPage(app, kernel, {
    method: 'POST',
    url: '/my/calendar',
    limit: 'write',
    handler: async (act, input) => {
      const person = signedIn(act)
      const cookies = switchPressed(kernel, input.request, input.fields.display)
      if (cookies) return { redirect: '/my/calendar', cookies }
      if (one(input.fields.do) === 'end') {
        await dropFeed(act.sql, person)
        return { redirect: '/my/calendar?done=ended' }
      }
      const token = newToken()
      await keepFeed(act, person, hashToken(token))
      // Shown by the answer itself: an address that is kept nowhere can be led to by none.
      return calendarPage(kernel, act, input, { address: `${kernel.config.publicUrl}/calendar/${token}.ics` })
    },
  })
  app.get(
    '/calendar/:file',
    { config: { page: true, limit: 'link.address' }, schema: { hide: true } as object },
    async (request, reply) => {
      await takeLimit(kernel, request, 'link.address')
      const { file = '' } = request.params as { file?: string }
      const token = /^([\w-]{43})(?:\.ics)?$/.exec(file)?.[1]
      const feed = token ? await feedOf(kernel.jobsDatabase.sql, hashToken(token)) : null
      if (!feed) throw new Refusal(404, 'not-found', 'icalendar.gone')
      const now = kernel.clock.now()
      const { publicUrl } = kernel.config
      const entries = await entriesOf(kernel.jobsDatabase.sql, { ...feed, now, publicUrl })
      const head = { name: t(feed.language)('icalendar.name'), url: publicUrl, refreshHours }
      return sendCalendar(request, reply, writeCalendar({ ...head, host: new URL(publicUrl).hostname }, entries, now))
    },
  )
}

/** Answers with a calendar, or with 304 where the program has it as it is. For one reader: no cache between may keep it. */
export function sendCalendar(request: FastifyRequest, reply: FastifyReply, calendar: string): FastifyReply {
  reply
    .header('Cache-Control', 'private, no-cache')
    .header('X-Robots-Tag', 'noindex, nofollow, noarchive')
    .header('Content-Disposition', 'inline; filename="linli.ics"')
    .type('text/calendar; charset=utf-8')
  return sendUnlessKnown(request, reply, calendar)
}

async function calendarPage(
  kernel: Kernel,
  act: Act,
  input: PageInput,
  shown: { readonly address?: string; readonly ended?: boolean },
): Promise<PageAnswer> {
  const { language } = readerOf(input.request)
  const say = t(language)
  const person = signedIn(act)
  const since = await feedSince(act.sql, person)
  const title = say('icalendar.title')
  const { address } = shown
  // Whoever subscribes to a calendar without entries would take it for broken.
  const { publicUrl } = kernel.config
  const entries =
    address || since ? await entriesOf(kernel.jobsDatabase.sql, { person, language, now: act.now, publicUrl }) : null
  const held =
    entries &&
    html`<p>${entries.length === 0 ? say('icalendar.empty') : say('icalendar.holds', { count: entries.length })}</p>`
  const state = address
    ? html`<section class="sheet" aria-labelledby="calendar-address"><h2 id="calendar-address">${say('icalendar.made-title')}</h2><p>${say('icalendar.made')}</p><p class="asit"><code>${address}</code></p>${buttons(
        [{ text: say('icalendar.open'), href: address.replace(/^https?:/, 'webcal:'), kind: 'plain' }],
      )}</section>`
    : html`<p>${since ? say('icalendar.since', { when: spokenTime(since, act.now, language).text }) : say('icalendar.none')}</p>`
  const main = html`<h1>${title}</h1><p class="lead">${say('icalendar.lead')}</p>${
    shown.ended ? notice('good', { text: say('icalendar.revoked') }) : ''
  }${state}${held ?? ''}<p class="soft">${say('icalendar.private')}</p><form method="post" action="/my/calendar">${buttons(
    [
      {
        text: say(since ? 'icalendar.anew' : 'icalendar.make'),
        name: 'do',
        value: 'make',
        ...(since ? { kind: 'plain' as const } : {}),
      },
      ...(since ? [{ text: say('icalendar.revoke'), name: 'do', value: 'end', kind: 'grave' as const }] : []),
    ],
  )}</form><p><a href="/my">${say('icalendar.back')}</a></p>`
  return show(kernel, act, input, { title, main, at: '/my/calendar' })
}
