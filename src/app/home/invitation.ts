// Accepting an invitation to a post: by its secret link, with a password of one's own.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { html } from 'hono/html'
import { type Act, enter } from '#kernel/access/index.ts'
import {
  credentialsOf,
  one,
  type PageAnswer,
  type PageInput,
  readerOf,
  registerPage,
  show,
} from '#kernel/http/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { buttons, definitions, errorSummary, field } from '#kernel/pages/index.ts'
import { t } from '#kernel/words/index.ts'
import { acceptInvitation, readInvitation, takeInvitedPost } from '#organise/bodies/index.ts'

interface Tried {
  readonly cookies: readonly string[]
  readonly done: boolean
  readonly fault: string
}

const tokenOf = (request: FastifyRequest) => (request.params as { token?: string }).token ?? ''

export function invitationPages(app: FastifyInstance, kernel: Kernel): void {
  registerPage(app, kernel, {
    method: 'GET',
    url: '/invitation/:token',
    limit: 'link.address',
    handler: (act, input) => page(kernel, act, input, ''),
  })
  registerPage<Tried>(app, kernel, {
    method: 'POST',
    url: '/invitation/:token',
    limit: 'write',
    prepare: async (request) => {
      const { language } = readerOf(request)
      const body = (request.body ?? {}) as Record<string, string | string[] | undefined>
      // Somebody signed in takes the post with the account they have.
      if (one(body.as) === 'signed-in') {
        const surroundings = { now: kernel.clock.now(), language }
        await enter(kernel.database, credentialsOf(kernel, request), surroundings, (act) =>
          takeInvitedPost(act, tokenOf(request)),
        )
        return { cookies: [], done: true, fault: '' }
      }
      const password = one(body.password)
      const say = t(language)
      if (password !== one(body.again)) return { cookies: [], done: false, fault: say('home.invitation-differ') }
      const accepted = await acceptInvitation(kernel, tokenOf(request), {
        password,
        language,
        address: request.ip,
        headers: request.headers,
      })
      return accepted.ok
        ? { cookies: accepted.cookies, done: true, fault: '' }
        : { cookies: [], done: false, fault: say(accepted.key, accepted.values) }
    },
    handler: async (act, input, tried) =>
      tried.done ? { redirect: '/desk/', cookies: tried.cookies } : page(kernel, act, input, tried.fault, 422),
  })
}

async function page(kernel: Kernel, act: Act, input: PageInput, fault: string, status = 200): Promise<PageAnswer> {
  const { language } = input.reader
  const say = t(language)
  const english = language === 'en'
  input.reply.header('X-Robots-Tag', 'noindex, nofollow, noarchive')
  const seen = await readInvitation(act, kernel.encryption, input.params.token ?? '')
  if (!seen) throw new Refusal(410, 'invitation-over', 'bodies.refused.invitation-over')
  const title = say('home.invitation')
  const main = html`<h1>${title}</h1><p class="lead">${say('home.invitation-lead', { name: seen.name })}</p>${definitions(
    [
      [say('people.data.body'), (english && seen.bodyNameEn) || seen.bodyName],
      [say('people.data.post'), (english && seen.titleEn) || seen.title],
      [say('people.data.mail'), seen.mail],
    ],
  )}${
    act.actor.person
      ? html`<form class="sheet" method="post"><input type="hidden" name="as" value="signed-in"><p>${say('home.invitation-signed-in')}</p>${buttons(
          [{ text: say('home.invitation-take') }],
        )}</form>`
      : ''
  }${errorSummary(language, fault ? [{ field: 'password', text: fault }] : [])}<form class="sheet" method="post" novalidate><input type="hidden" name="email" value="${seen.mail}" autocomplete="username">${field(
    language,
    {
      name: 'password',
      kind: 'password',
      label: say('home.invitation-password'),
      hint: say('home.invitation-password-hint'),
      error: fault || undefined,
      required: true,
      autocomplete: 'new-password',
    },
  )}${field(language, {
    name: 'again',
    kind: 'password',
    label: say('home.invitation-again'),
    required: true,
    autocomplete: 'new-password',
  })}${buttons([{ text: say('home.invitation-accept') }])}</form>`
  return show(kernel, act, input, { title, main }, { status })
}
