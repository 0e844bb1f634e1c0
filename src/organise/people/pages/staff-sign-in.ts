// Staff sign in by e-mail and password, by passkey, or through the organisation's own sign-in; then by a second step, where they have one.
import type { FastifyInstance } from 'fastify'
import { html } from 'hono/html'
import type { Act } from '#kernel/access/index.ts'
import { one, type PageAnswer, type PageInput, readerOf, registerPage } from '#kernel/http/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import type { Content } from '#kernel/pages/index.ts'
import { t } from '#kernel/words/index.ts'
import { formOf, signInPage, type Tried, triedOf, visitor } from './sign-in.form.ts'

const signInPath = '/staff/sign-in'
export const secondStepPath = '/staff/sign-in/second'

/** Where to go once signed in: an address of the desk as it was asked for, and nothing else. */
export function deskPath(asked: string | undefined): string {
  if (!asked || asked.length > 500 || !/^\/desk\/[\w\-./?=&%,:~]*$/.test(asked)) return '/desk/'
  // However it is written, it has to lead there.
  return new URL(asked, 'http://here').pathname.startsWith('/desk/') ? asked : '/desk/'
}

/** The address with what travels along. */
const withTarget = (path: string, to: string) => (to === '/desk/' ? path : `${path}?to=${encodeURIComponent(to)}`)

export function staffSignInPages(app: FastifyInstance, kernel: Kernel): void {
  registerPage(app, kernel, {
    method: 'GET',
    url: signInPath,
    limit: 'read',
    handler: async (act, input) =>
      act.actor.tenures.length > 0
        ? { redirect: deskPath(input.query.to) }
        : staffPage(kernel, act, input, { email: '', to: deskPath(input.query.to), fault: '' }),
  })
  registerPage<Tried>(app, kernel, {
    method: 'POST',
    url: signInPath,
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
    handler: async (act, input, tried) => {
      const to = deskPath(one(input.fields.to))
      if (tried.ok) return { redirect: tried.second ? withTarget(secondStepPath, to) : to, cookies: tried.cookies }
      return staffPage(kernel, act, input, { email: one(input.fields.email), to, fault: tried.fault })
    },
  })
  registerPage<boolean>(app, kernel, {
    method: 'GET',
    url: secondStepPath,
    limit: 'read',
    prepare: (request) => kernel.sessions.secondWaits(request.headers),
    handler: async (act, input, waits) => {
      const to = deskPath(input.query.to)
      return waits ? secondPage(kernel, act, input, { to, fault: '' }) : { redirect: withTarget(signInPath, to) }
    },
  })
  registerPage<Tried & { readonly waits: boolean }>(app, kernel, {
    method: 'POST',
    url: secondStepPath,
    limit: 'write',
    credentials: () => ({}),
    prepare: async (request) => {
      const outcome = await kernel.sessions.finishSecond({ code: one(formOf(request).code), ...visitor(request) })
      const waits = !outcome.ok && (await kernel.sessions.secondWaits(request.headers))
      return { ...triedOf(outcome, readerOf(request).language), waits }
    },
    handler: async (act, input, tried) => {
      const to = deskPath(one(input.fields.to))
      if (tried.ok) return { redirect: to, cookies: tried.cookies }
      // What has run out cannot be tried again on this page.
      return tried.waits
        ? secondPage(kernel, act, input, { to, fault: tried.fault })
        : staffPage(kernel, act, input, { email: '', to, fault: tried.fault })
    },
  })
  // By a link and not by a form: the content-security policy lets forms lead to this server alone.
  registerPage<Tried>(app, kernel, {
    method: 'GET',
    url: '/staff/sign-in/organisation',
    limit: 'write',
    credentials: () => ({}),
    prepare: async (request) => {
      const { to, remember } = request.query as { to?: string; remember?: string }
      const outcome = await kernel.sessions.startOidcSignIn({
        to: deskPath(to),
        remember: remember === 'yes',
        ...visitor(request),
      })
      return triedOf(outcome.ok ? { ...outcome, to: outcome.address } : outcome, readerOf(request).language)
    },
    handler: async (act, input, tried) =>
      tried.ok
        ? { redirect: tried.to, cookies: tried.cookies }
        : staffPage(kernel, act, input, { email: '', to: deskPath(input.query.to), fault: tried.fault }),
  })
  registerPage<Tried>(app, kernel, {
    method: 'GET',
    url: '/staff/sign-in/oidc/back',
    limit: 'write',
    credentials: () => ({}),
    prepare: async (request) => {
      const query = new URL(request.url, 'http://here').search
      return triedOf(await kernel.sessions.finishOidc({ query, ...visitor(request) }), readerOf(request).language)
    },
    handler: async (act, input, tried) => {
      if (!tried.ok) return staffPage(kernel, act, input, { email: '', to: '/desk/', fault: tried.fault })
      return { redirect: tried.second ? withTarget(secondStepPath, tried.to) : tried.to, cookies: tried.cookies }
    },
  })
}

/** The other ways in: a passkey, where the browser has a script and can use one, and the organisation's sign-in, where there is one. */
function otherWays(kernel: Kernel, input: PageInput, to: string): Content {
  const say = t(input.reader.language)
  const { passkeys, origin, organisation } = kernel.sessions.ways
  return html`${
    passkeys
      ? html`<div class="passkey" hidden data-passkey="enter" data-origin="${origin}" data-to="${to}"><button class="button plain" type="button">${say(
          'people.staff.passkey',
        )}</button><p class="soft" role="status" data-failed="${say('people.staff.passkey-failed')}"></p></div>`
      : ''
  }${
    organisation
      ? html`<p><a class="button plain" href="${withTarget('/staff/sign-in/organisation', to)}">${say(
          'people.staff.organisation',
          { name: organisation },
        )}</a></p>`
      : ''
  }`
}

function staffPage(
  kernel: Kernel,
  act: Act,
  input: PageInput,
  given: { email: string; to: string; fault: string },
): PageAnswer {
  const say = t(input.reader.language)
  return signInPage(kernel, act, input, {
    title: say('people.staff.title'),
    lead: say('people.staff.lead'),
    action: signInPath,
    fields: [
      { name: 'email', kind: 'email', label: say('people.data.mail'), value: given.email, autocomplete: 'username' },
      {
        name: 'password',
        kind: 'password',
        label: say('people.staff.password'),
        autocomplete: 'current-password',
      },
    ],
    fault: given.fault,
    button: say('people.staff.enter'),
    beside: html`<input type="hidden" name="to" value="${given.to}"><div class="field"><div class="choice"><label><input type="checkbox" name="remember" value="yes"> <span>${say(
      'people.staff.remember',
    )}<small>${say('people.staff.remember-hint')}</small></span></label></div></div>`,
    after: html`${otherWays(kernel, input, given.to)}<p class="soft">${say('people.staff.no-account')}</p>`,
  })
}

function secondPage(kernel: Kernel, act: Act, input: PageInput, given: { to: string; fault: string }): PageAnswer {
  const say = t(input.reader.language)
  return signInPage(kernel, act, input, {
    title: say('people.second.title'),
    lead: say('people.second.lead'),
    action: secondStepPath,
    fields: [
      {
        name: 'code',
        label: say('people.second.code'),
        hint: say('people.second.hint'),
        autocomplete: 'one-time-code',
        maxlength: 20,
        short: true,
      },
    ],
    fault: given.fault,
    button: say('people.staff.enter'),
    beside: html`<input type="hidden" name="to" value="${given.to}">`,
    instead: { text: say('people.second.back'), href: withTarget(signInPath, given.to) },
    after: html`<p class="soft">${say('people.second.lost')}</p>`,
  })
}
