// How I sign in: the second step, passkeys, the organisation's sign-in; what was changed lately. Every change wants a sign-in that is minutes old.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { html } from 'hono/html'
import type { Act } from '#kernel/access/index.ts'
import { one, type PageAnswer, type PageInput, readerOf, registerPage, show } from '#kernel/http/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { buttons, type Content, errorSummary, field, notice, qrCode } from '#kernel/pages/index.ts'
import type { Security } from '#kernel/sessions/index.ts'
import { authenticatorAddress } from '#kernel/sessions/index.ts'
import { spokenTime, type Translate, t } from '#kernel/words/index.ts'
import { myself } from '../people.data.ts'
import { formOf, type Tried, triedOf } from './sign-in.form.ts'

const securityPath = '/my/security'
const authenticatorPath = '/my/security/authenticator'

/** Codes that are shown once, or why there are none. */
type Shown = Tried & { readonly codes: readonly string[] }

export function securityPages(app: FastifyInstance, kernel: Kernel): void {
  const { security } = kernel.sessions

  registerPage(app, kernel, {
    method: 'GET',
    url: securityPath,
    limit: 'read',
    handler: async (act, input) =>
      act.actor.person ? securityPage(kernel, act, input, '') : { redirect: '/staff/sign-in' },
  })

  /** A form of the page: done, it shows the page again; refused, the page says why. */
  const change = (
    url: string,
    work: (
      headers: FastifyRequest['headers'],
      fields: ReturnType<typeof formOf>,
    ) => Promise<Parameters<typeof triedOf>[0]>,
  ) =>
    registerPage<Tried>(app, kernel, {
      method: 'POST',
      url,
      limit: 'write',
      prepare: async (request) => triedOf(await work(request.headers, formOf(request)), readerOf(request).language),
      handler: async (act, input, tried) =>
        tried.ok ? { redirect: `${securityPath}?done=1` } : securityPage(kernel, act, input, tried.fault),
    })

  change(`${securityPath}/confirm`, (headers, fields) =>
    security.confirm(headers, { password: one(fields.password), code: one(fields.code) }),
  )
  change(`${authenticatorPath}/off`, (headers) => security.removeAuthenticator(headers))
  change(`${securityPath}/passkeys/rename`, (headers, fields) =>
    security.renamePasskey(headers, one(fields.id), one(fields.name)),
  )
  change(`${securityPath}/passkeys/remove`, (headers, fields) => security.removePasskey(headers, one(fields.id)))
  change(`${securityPath}/organisation/confirm`, (headers) => security.confirmLinking(headers))
  change(`${securityPath}/organisation/remove`, (headers) => security.unlink(headers))

  // By a link and not by a form: the content-security policy lets forms lead to this server alone.
  registerPage<Tried>(app, kernel, {
    method: 'GET',
    url: `${securityPath}/organisation`,
    limit: 'write',
    prepare: async (request) => {
      const outcome = await security.startLinking(request.headers)
      return triedOf(outcome.ok ? { ...outcome, to: outcome.address } : outcome, readerOf(request).language)
    },
    handler: async (act, input, tried) =>
      tried.ok
        ? { redirect: tried.to, cookies: tried.cookies }
        : act.actor.person
          ? securityPage(kernel, act, input, tried.fault)
          : { redirect: '/staff/sign-in' },
  })

  registerPage(app, kernel, {
    method: 'GET',
    url: authenticatorPath,
    limit: 'read',
    handler: async (act, input) =>
      act.actor.person ? authenticatorPage(kernel, act, input, '') : { redirect: '/staff/sign-in' },
  })

  const shownOnce = (url: string, work: (request: FastifyRequest) => Promise<CodesOutcome>) =>
    registerPage<Shown>(app, kernel, {
      method: 'POST',
      url,
      limit: 'write',
      prepare: async (request) => {
        const outcome = await work(request)
        const { language } = readerOf(request)
        return outcome.ok
          ? { ...triedOf({ ok: true }, language), codes: outcome.codes }
          : { ...triedOf(outcome, language), codes: [] }
      },
      handler: async (act, input, shown) => {
        if (shown.ok) return codesPage(kernel, act, input, shown.codes)
        return url === authenticatorPath
          ? authenticatorPage(kernel, act, input, shown.fault)
          : securityPage(kernel, act, input, shown.fault)
      },
    })
  shownOnce(authenticatorPath, (request) => security.confirmAuthenticator(request.headers, one(formOf(request).code)))
  shownOnce(`${securityPath}/recovery`, (request) => security.renewRecoveryCodes(request.headers))
}

type CodesOutcome = Awaited<ReturnType<Kernel['sessions']['security']['renewRecoveryCodes']>>

const post = (action: string, inner: Content) => html`<form method="post" action="${action}">${inner}</form>`

async function securityPage(kernel: Kernel, act: Act, input: PageInput, fault: string): Promise<PageAnswer> {
  const { language } = input.reader
  const say = t(language)
  const seen = await kernel.sessions.security.overview(input.request.headers)
  if (!seen.ok) throw new Refusal(401, 'sign-in-needed', seen.key)
  const { security } = seen
  const when = (at: Date) => spokenTime(at, act.now, language).text
  const title = say('people.security.title')
  const main = html`<h1>${title}</h1><p class="lead">${say('people.security.lead')}</p>${
    fault
      ? notice('bad', { text: fault })
      : input.query.done
        ? notice('good', { text: say('people.security.done') })
        : ''
  }${security.fresh ? '' : confirmForm(language, say, security)}${security.fresh ? linkingForm(kernel, say, security) : ''}
<h2>${say('people.security.second')}</h2>${secondPart(say, security, when)}
<h2>${say('people.security.passkeys')}</h2>${passkeyPart(kernel, language, say, security, when)}
${organisationPart(kernel, say, security, when)}
<h2>${say('people.security.events')}</h2>${
    security.events.length === 0
      ? html`<p class="soft">${say('people.security.no-events')}</p>`
      : html`<ul class="entries">${security.events.map(
          (event) =>
            html`<li><strong>${say(`sessions.event.${event.kind}`)}</strong><small>${when(event.at)} · ${say(event.browser)} · ${say(
              event.system,
            )}</small></li>`,
        )}</ul>`
  }<p><a href="/my/sessions">${say('people.mine.sessions')}</a></p><p><a href="/my">${say('people.mine.back')}</a></p>`
  return show(kernel, act, input, { title, main, at: securityPath }, { status: fault ? 422 : 200 })
}

/** The password once more, and the code where there is one: the only thing that can be done while the sign-in is not fresh. */
function confirmForm(language: 'zh-CN' | 'en', say: Translate, security: Security): Content {
  if (!security.password && security.authenticator === null)
    return notice('plain', { title: say('people.security.confirm'), text: say('sessions.confirm-anew') })
  return html`<section class="sheet"><h2>${say('people.security.confirm')}</h2><p>${say('people.security.confirm-text')}</p>${post(
    `${securityPath}/confirm`,
    html`${
      security.password
        ? field(language, {
            name: 'password',
            kind: 'password',
            label: say('people.staff.password'),
            autocomplete: 'current-password',
            required: true,
          })
        : ''
    }${
      security.authenticator === null
        ? ''
        : field(language, {
            name: 'code',
            label: say('people.second.code'),
            autocomplete: 'one-time-code',
            maxlength: 20,
            required: true,
            short: true,
          })
    }${buttons([{ text: say('people.security.confirm-do') }])}`,
  )}</section>`
}

/** Who came back from the organisation's sign-in, to be joined to this account only if its owner says so here. */
function linkingForm(kernel: Kernel, say: Translate, security: Security): Content {
  const name = kernel.sessions.ways.organisation
  if (security.linking === null || name === null) return ''
  return html`<section class="sheet"><h2>${say('people.security.linking', { name })}</h2><p>${say(
    'people.security.linking-text',
    {
      name,
      called: security.linking,
    },
  )}</p>${post(`${securityPath}/organisation/confirm`, buttons([{ text: say('people.security.linking-do') }]))}</section>`
}

function secondPart(say: Translate, security: Security, when: (at: Date) => string): Content {
  const { authenticator, fresh } = security
  if (authenticator === null) {
    return html`<p>${say('people.security.second-off')}</p>${
      fresh ? buttons([{ text: say('people.security.second-start'), href: authenticatorPath }]) : ''
    }`
  }
  return html`<p>${say('people.security.second-on', { when: when(authenticator) })}</p><p>${say(
    'people.security.recovery-left',
    {
      count: security.recoveryLeft,
    },
  )}</p>${
    fresh
      ? html`${post(`${securityPath}/recovery`, buttons([{ text: say('people.security.recovery-new'), kind: 'plain' }]))}${post(
          `${authenticatorPath}/off`,
          buttons([{ text: say('people.security.second-stop'), kind: 'grave' }]),
        )}`
      : ''
  }`
}

function passkeyPart(
  kernel: Kernel,
  language: 'zh-CN' | 'en',
  say: Translate,
  security: Security,
  when: (at: Date) => string,
): Content {
  const { passkeys, origin } = kernel.sessions.ways
  if (!passkeys) return html`<p class="soft">${say('sessions.passkey-off')}</p>`
  const list = security.passkeys.map(
    (key) =>
      html`<li><strong>${key.name}</strong><small>${say('people.security.passkey-added', { when: when(key.createdAt) })}${
        key.lastUsedAt ? html` · ${say('people.mine.last-seen', { when: when(key.lastUsedAt) })}` : ''
      }</small>${
        security.fresh
          ? html`<details><summary>${say('people.security.passkey-change')}</summary>${post(
              `${securityPath}/passkeys/rename`,
              html`<input type="hidden" name="id" value="${key.id}"><div class="field short"><label>${say(
                'people.security.passkey-name',
              )} <input type="text" name="name" value="${key.name}" maxlength="60" required></label></div>${buttons([
                { text: say('people.security.passkey-rename'), kind: 'plain' },
              ])}`,
            )}${post(
              `${securityPath}/passkeys/remove`,
              html`<input type="hidden" name="id" value="${key.id}">${buttons([
                { text: say('people.security.passkey-remove'), kind: 'grave' },
              ])}`,
            )}</details>`
          : ''
      }</li>`,
  )
  return html`<p>${say('people.security.passkeys-text')}</p>${list.length > 0 ? html`<ul class="entries">${list}</ul>` : ''}${
    security.fresh
      ? html`<div class="passkey" hidden data-passkey="add" data-origin="${origin}">${field(language, {
          name: 'passkey-name',
          label: say('people.security.passkey-new'),
          hint: say('people.security.passkey-name-hint'),
          maxlength: 60,
          short: true,
        })}<button class="button main" type="button">${say('people.security.passkey-add')}</button><p class="soft" role="status" data-failed="${say(
          'people.security.passkey-failed',
        )}"></p></div><noscript><p class="soft">${say('people.security.passkey-script')}</p></noscript>`
      : ''
  }`
}

function organisationPart(kernel: Kernel, say: Translate, security: Security, when: (at: Date) => string): Content {
  const name = kernel.sessions.ways.organisation
  if (name === null) return ''
  const { linkedAt, fresh } = security
  const act =
    linkedAt === null
      ? buttons([{ text: say('people.security.link', { name }), href: `${securityPath}/organisation`, kind: 'plain' }])
      : post(`${securityPath}/organisation/remove`, buttons([{ text: say('people.security.unlink'), kind: 'grave' }]))
  return html`<h2>${name}</h2><p>${
    linkedAt === null
      ? say('people.security.unlinked', { name })
      : say('people.security.linked', { name, when: when(linkedAt) })
  }</p>${fresh ? act : ''}`
}

async function authenticatorPage(kernel: Kernel, act: Act, input: PageInput, fault: string): Promise<PageAnswer> {
  const { language } = input.reader
  const say = t(language)
  const started = await kernel.sessions.security.startAuthenticator(input.request.headers)
  if (!started.ok) {
    if (started.key === 'sessions.not-signed-in') throw new Refusal(401, 'sign-in-needed', started.key)
    return securityPage(kernel, act, input, fault || say(started.key, started.values))
  }
  const me = await myself(act, kernel.encryption)
  const { secret } = started
  const address = authenticatorAddress({ issuer: 'Linli 邻里', account: me.mail ?? me.name ?? me.phone ?? '', secret })
  const title = say('people.authenticator.title')
  const main = html`<h1>${title}</h1><p class="lead">${say('people.authenticator.lead')}</p>${errorSummary(
    language,
    fault ? [{ field: 'code', text: fault }] : [],
  )}<div class="sheet"><ol><li>${say('people.authenticator.app')}</li><li>${say('people.authenticator.scan')}</li></ol>${qrCode(
    address,
    say('people.authenticator.picture'),
  )}<p>${say('people.authenticator.secret')}<br><code class="secret">${secret.match(/.{1,4}/g)?.join(' ') ?? secret}</code></p>${post(
    authenticatorPath,
    html`${field(language, {
      name: 'code',
      label: say('people.authenticator.code'),
      error: fault || undefined,
      autocomplete: 'one-time-code',
      inputmode: 'numeric',
      maxlength: 12,
      required: true,
      short: true,
    })}${buttons([
      { text: say('people.authenticator.on') },
      { text: say('people.authenticator.leave'), href: securityPath, kind: 'plain' },
    ])}`,
  )}</div>`
  return show(kernel, act, input, { title, main }, { status: fault ? 422 : 200 })
}

/** Ten codes, this once. */
function codesPage(kernel: Kernel, act: Act, input: PageInput, codes: readonly string[]): PageAnswer {
  const say = t(input.reader.language)
  const title = say('people.recovery.title')
  const main = html`<h1>${title}</h1><p class="lead">${say('people.recovery.lead')}</p><ol class="sheet codes">${codes.map(
    (code) => html`<li><code>${code}</code></li>`,
  )}</ol><p>${say('people.recovery.keep')}</p>${buttons([{ text: say('people.recovery.kept'), href: securityPath }])}`
  return show(kernel, act, input, { title, main, at: securityPath })
}
