// Residents sign in by phone and code, staff by e-mail and password.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { html } from 'hono/html'
import type { Act } from '#kernel/access/index.ts'
import { type PageAnswer, type PageInput, readerOf, registerPage } from '#kernel/http/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { buttons, errorSummary, field, notice } from '#kernel/pages/index.ts'
import { t } from '#kernel/words/index.ts'
import { one, show } from './show.ts'

interface Tried {
  readonly ok: boolean
  readonly cookies: readonly string[]
  /** Why not, in words. */
  readonly fault: string
}

const visitor = (request: FastifyRequest) => ({ address: request.ip, headers: request.headers })
const formOf = (request: FastifyRequest) => (request.body ?? {}) as Record<string, string | string[] | undefined>

type Outcome =
  | { ok: true; cookies?: string[] }
  | { ok: false; key: string; values?: Record<string, string | number>; retryAfterSeconds?: number }

function triedOf(outcome: Outcome, language: 'zh-CN' | 'en'): Tried {
  if (outcome.ok) return { ok: true, cookies: outcome.cookies ?? [], fault: '' }
  return { ok: false, cookies: [], fault: t(language)(outcome.key, outcome.values) }
}

export function signInPages(app: FastifyInstance, kernel: Kernel): void {
  registerPage(app, kernel, {
    method: 'GET',
    url: '/sign-in',
    limit: 'read',
    handler: async (act, input) =>
      act.actor.person ? { redirect: '/my' } : phonePage(kernel, act, input, { phone: '', fault: '' }),
  })
  // Sends the code; the page after it carries the number along, so that no address and no log holds it.
  registerPage<Tried>(app, kernel, {
    method: 'POST',
    url: '/sign-in',
    limit: 'write',
    credentials: () => ({}),
    prepare: async (request) => {
      const { language } = readerOf(request)
      const phone = one(formOf(request).phone)
      return triedOf(await kernel.sessions.startPhone({ phone, language, ...visitor(request) }), language)
    },
    handler: async (act, input, tried) => {
      const phone = one(input.fields.phone)
      return tried.ok
        ? codePage(kernel, act, input, { phone, fault: '' })
        : phonePage(kernel, act, input, { phone, fault: tried.fault }, 422)
    },
  })
  registerPage(app, kernel, {
    method: 'GET',
    url: '/sign-in/code',
    limit: 'read',
    handler: async () => ({ redirect: '/sign-in' }),
  })
  registerPage<Tried>(app, kernel, {
    method: 'POST',
    url: '/sign-in/code',
    limit: 'write',
    credentials: () => ({}),
    prepare: async (request) => {
      const fields = formOf(request)
      const outcome = await kernel.sessions.finishPhone({
        phone: one(fields.phone),
        code: one(fields.code),
        ...visitor(request),
      })
      return triedOf(outcome, readerOf(request).language)
    },
    handler: async (act, input, tried) =>
      tried.ok
        ? { redirect: '/my', cookies: tried.cookies }
        : codePage(kernel, act, input, { phone: one(input.fields.phone), fault: tried.fault }, 422),
  })
  registerPage(app, kernel, {
    method: 'GET',
    url: '/staff/sign-in',
    limit: 'read',
    handler: async (act, input) =>
      act.actor.tenures.length > 0 ? { redirect: '/desk/' } : staffPage(kernel, act, input, { email: '', fault: '' }),
  })
  registerPage<Tried>(app, kernel, {
    method: 'POST',
    url: '/staff/sign-in',
    limit: 'write',
    credentials: () => ({}),
    prepare: async (request) => {
      const fields = formOf(request)
      const outcome = await kernel.sessions.signIn({
        email: one(fields.email),
        password: one(fields.password),
        remember: one(fields.remember) === 'yes',
        ...visitor(request),
      })
      return triedOf(outcome, readerOf(request).language)
    },
    handler: async (act, input, tried) =>
      tried.ok
        ? { redirect: '/desk/', cookies: tried.cookies }
        : staffPage(kernel, act, input, { email: one(input.fields.email), fault: tried.fault }, 422),
  })
  registerPage<readonly string[]>(app, kernel, {
    method: 'POST',
    url: '/sign-out',
    limit: 'write',
    credentials: () => ({}),
    prepare: (request) => kernel.sessions.signOut(request.headers),
    handler: async (_act, _input, cookies) => ({ redirect: '/', cookies }),
  })
}

function phonePage(
  kernel: Kernel,
  act: Act,
  input: PageInput,
  given: { phone: string; fault: string },
  status = 200,
): PageAnswer {
  const { language } = input.reader
  const say = t(language)
  const title = say('people.sign-in.title')
  const { available, reason } = kernel.sessions.phoneSignIn
  const main = html`<h1>${title}</h1><p class="lead">${say('people.sign-in.lead')}</p>${
    available
      ? html`${errorSummary(language, given.fault ? [{ field: 'phone', text: given.fault }] : [])}<form class="sheet" method="post" action="/sign-in" novalidate>${field(
          language,
          {
            name: 'phone',
            kind: 'tel',
            label: say('people.sign-in.phone'),
            value: given.phone,
            error: given.fault || undefined,
            required: true,
            autocomplete: 'tel',
            short: true,
          },
        )}${buttons([{ text: say('people.sign-in.send') }])}</form>`
      : notice('warning', {
          title: say('people.sign-in.off-title'),
          text: html`${say(reason ?? 'sessions.phone-off')} <a href="/follow">${say('people.sign-in.follow')}</a>`,
        })
  }<p class="soft"><a href="/staff/sign-in">${say('people.sign-in.staff')}</a>${
    kernel.config.demonstration && kernel.config.loopback
      ? html` · <a href="/demonstration/messages">${say('people.sign-in.messages')}</a>`
      : ''
  }</p>`
  return show(kernel, act, input, { title, main }, { status })
}

function codePage(
  kernel: Kernel,
  act: Act,
  input: PageInput,
  given: { phone: string; fault: string },
  status = 200,
): PageAnswer {
  const { language } = input.reader
  const say = t(language)
  const title = say('people.sign-in.code-title')
  const main = html`<h1>${title}</h1><p class="lead">${say('people.sign-in.code-lead', { phone: given.phone })}</p>${errorSummary(
    language,
    given.fault ? [{ field: 'code', text: given.fault }] : [],
  )}<form class="sheet" method="post" action="/sign-in/code" novalidate><input type="hidden" name="phone" value="${given.phone}">${field(
    language,
    {
      name: 'code',
      label: say('people.sign-in.code'),
      error: given.fault || undefined,
      required: true,
      autocomplete: 'one-time-code',
      inputmode: 'numeric',
      maxlength: 12,
      short: true,
    },
  )}${buttons([{ text: say('people.sign-in.enter') }, { text: say('people.sign-in.other-number'), href: '/sign-in', kind: 'plain' }])}</form>${
    kernel.config.demonstration && kernel.config.loopback
      ? html`<p><a href="/demonstration/messages" target="_blank">${say('people.sign-in.messages')}</a></p>`
      : ''
  }`
  return show(kernel, act, input, { title, main }, { status })
}

function staffPage(
  kernel: Kernel,
  act: Act,
  input: PageInput,
  given: { email: string; fault: string },
  status = 200,
): PageAnswer {
  const { language } = input.reader
  const say = t(language)
  const title = say('people.staff.title')
  const main = html`<h1>${title}</h1><p class="lead">${say('people.staff.lead')}</p>${errorSummary(
    language,
    given.fault ? [{ field: 'email', text: given.fault }] : [],
  )}<form class="sheet" method="post" action="/staff/sign-in" novalidate>${field(language, {
    name: 'email',
    kind: 'email',
    label: say('people.data.mail'),
    value: given.email,
    error: given.fault || undefined,
    required: true,
    autocomplete: 'username',
  })}${field(language, {
    name: 'password',
    kind: 'password',
    label: say('people.staff.password'),
    required: true,
    autocomplete: 'current-password',
  })}<div class="field choice"><label><input type="checkbox" name="remember" value="yes"> <span>${say(
    'people.staff.remember',
  )}<small>${say('people.staff.remember-hint')}</small></span></label></div>${buttons([{ text: say('people.staff.enter') }])}</form><p class="soft">${say(
    'people.staff.no-account',
  )}</p>`
  return show(kernel, act, input, { title, main }, { status })
}
