// Setting a sign-in up anew, by the link that somebody who appoints has had sent: a new password, and nothing of the old one stays.
import type { FastifyInstance } from 'fastify'
import { html } from 'hono/html'
import { type Act, enter } from '#kernel/access/index.ts'
import { one, type PageAnswer, type PageInput, readerOf, registerPage } from '#kernel/http/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { record } from '#kernel/ledger/index.ts'
import { t } from '#kernel/words/index.ts'
import { whereToWrite } from '../people.store.ts'
import { formOf, signInPage, type Tried, triedOf, visitor } from './sign-in.form.ts'

const url = '/staff/sign-in/anew/:token'

/** Whose sign-in a link sets up and where they are written to. @throws Refusal 410 */
async function heldBy(kernel: Kernel, token: string): Promise<{ user: string; mail: string }> {
  const user = await kernel.sessions.readHelp(token)
  const reached = user === null ? null : await whereToWrite(kernel.jobsDatabase.sql, kernel.encryption, user)
  if (user === null || !reached?.mail) throw new Refusal(410, 'invitation-over', 'people.anew.over')
  return { user, mail: reached.mail }
}

export function anewPages(app: FastifyInstance, kernel: Kernel): void {
  const tokenOf = (request: { params: unknown }) => (request.params as { token?: string }).token ?? ''
  registerPage<{ mail: string }>(app, kernel, {
    method: 'GET',
    url,
    limit: 'link.address',
    prepare: (request) => heldBy(kernel, tokenOf(request)),
    handler: async (act, input, { mail }) => anewPage(kernel, act, input, mail, ''),
  })
  registerPage<Tried & { mail: string }>(app, kernel, {
    method: 'POST',
    url,
    limit: 'write',
    credentials: () => ({}),
    prepare: async (request) => {
      const { language } = readerOf(request)
      const { mail } = await heldBy(kernel, tokenOf(request))
      const fields = formOf(request)
      const password = one(fields.password)
      if (password !== one(fields.again))
        return { ...triedOf({ ok: false, key: 'people.anew.differ' }, language), mail }
      const outcome = await kernel.sessions.acceptHelp(tokenOf(request), { email: mail, password, ...visitor(request) })
      if (outcome.ok) {
        const cookie = outcome.cookies.map((line) => line.split(';')[0]).join('; ')
        const credentials = { session: kernel.sessions.sessionToken({ cookie }) }
        await enter(kernel.database, credentials, { now: kernel.clock.now(), language }, async (act) => {
          if (act.actor.person) await record(act, { kind: 'sign-in.set-anew', record: act.actor.person, path: null })
        })
      }
      return { ...triedOf(outcome, language), mail }
    },
    handler: async (act, input, tried) =>
      tried.ok
        ? { redirect: '/my/security', cookies: tried.cookies }
        : anewPage(kernel, act, input, tried.mail, tried.fault),
  })
}

function anewPage(kernel: Kernel, act: Act, input: PageInput, mail: string, fault: string): PageAnswer {
  const say = t(input.reader.language)
  input.reply.header('X-Robots-Tag', 'noindex, nofollow, noarchive')
  return signInPage(kernel, act, input, {
    title: say('people.anew.title'),
    lead: say('people.anew.lead', { mail }),
    action: `/staff/sign-in/anew/${encodeURIComponent(input.params.token ?? '')}`,
    fields: [
      {
        name: 'password',
        kind: 'password',
        label: say('people.anew.password'),
        hint: say('people.anew.hint'),
        autocomplete: 'new-password',
      },
      { name: 'again', kind: 'password', label: say('people.anew.again'), autocomplete: 'new-password' },
    ],
    fault,
    button: say('people.anew.do'),
    beside: html`<input type="hidden" name="email" value="${mail}" autocomplete="username">`,
    after: html`<p class="soft">${say('people.anew.after')}</p>`,
  })
}
