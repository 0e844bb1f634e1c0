// Residents sign in by phone and code.
import type { FastifyInstance } from 'fastify'
import { html } from 'hono/html'
import type { Act } from '#kernel/access/index.ts'
import { normalisePhone } from '#kernel/encryption/index.ts'
import { one, type PageAnswer, type PageInput, readerOf, registerPage, show } from '#kernel/http/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { type Content, notice } from '#kernel/pages/index.ts'
import { type Translate, t } from '#kernel/words/index.ts'
import { spokenPhone } from '../people.spoken.ts'
import { formOf, signInPage, type Tried, triedOf, visitor } from './sign-in.form.ts'
import { secondStepPath } from './staff-sign-in.ts'

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
        ? codePage(kernel, act, input, { phone, challenge: tried.challenge, fault: '' })
        : phonePage(kernel, act, input, { phone, fault: tried.fault })
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
        challenge: one(fields.challenge),
        ...visitor(request),
      })
      return triedOf(outcome, readerOf(request).language)
    },
    handler: async (act, input, tried) =>
      tried.ok
        ? { redirect: tried.second ? secondStepPath : '/my', cookies: tried.cookies }
        : codePage(kernel, act, input, {
            phone: one(input.fields.phone),
            challenge: one(input.fields.challenge),
            fault: tried.fault,
          }),
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

/** In the demonstration, and there alone, the messages can be read. */
const messagesLink = (kernel: Kernel, say: Translate): Content =>
  kernel.config.demonstration && kernel.config.loopback
    ? html`<p class="soft"><a href="/demonstration/messages" target="_blank">${say('people.sign-in.messages')}</a></p>`
    : ''

function phonePage(kernel: Kernel, act: Act, input: PageInput, given: { phone: string; fault: string }): PageAnswer {
  const say = t(input.reader.language)
  const title = say('people.sign-in.title')
  const lead = say('people.sign-in.lead')
  const after = html`<p class="soft"><a href="/staff/sign-in">${say('people.sign-in.staff')}</a></p>`
  const { available, reason } = kernel.sessions.phoneSignIn
  if (!available) {
    const main = html`<h1>${title}</h1><p class="lead">${lead}</p>${notice('warning', {
      title: say('people.sign-in.off-title'),
      text: html`${say(reason ?? 'sessions.phone-off')} <a href="/follow">${say('people.sign-in.follow')}</a>`,
    })}${after}`
    return show(kernel, act, input, { title, main })
  }
  return signInPage(kernel, act, input, {
    title,
    lead,
    action: '/sign-in',
    fields: [
      {
        name: 'phone',
        kind: 'tel',
        label: say('people.sign-in.phone'),
        value: given.phone,
        autocomplete: 'tel',
        short: true,
      },
    ],
    fault: given.fault,
    button: say('people.sign-in.send'),
    after: html`${after}${messagesLink(kernel, say)}`,
  })
}

function codePage(
  kernel: Kernel,
  act: Act,
  input: PageInput,
  given: { phone: string; challenge: string; fault: string },
): PageAnswer {
  const say = t(input.reader.language)
  return signInPage(kernel, act, input, {
    title: say('people.sign-in.code-title'),
    lead: say('people.sign-in.code-lead', { phone: spokenPhone(normalisePhone(given.phone)?.number ?? given.phone) }),
    action: '/sign-in/code',
    fields: [
      {
        name: 'code',
        label: say('people.sign-in.code'),
        autocomplete: 'one-time-code',
        inputmode: 'numeric',
        maxlength: 12,
        short: true,
      },
    ],
    fault: given.fault,
    button: say('people.sign-in.enter'),
    beside: html`<input type="hidden" name="phone" value="${given.phone}"><input type="hidden" name="challenge" value="${given.challenge}">`,
    instead: { text: say('people.sign-in.other-number'), href: '/sign-in' },
    after: messagesLink(kernel, say),
  })
}
