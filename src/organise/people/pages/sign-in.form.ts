// What every page of signing in is made of: who asks, what came of it, and the one form.
import type { FastifyRequest } from 'fastify'
import { html } from 'hono/html'
import type { Act } from '#kernel/access/index.ts'
import { type PageAnswer, type PageInput, show } from '#kernel/http/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { buttons, type Content, errorSummary, type Field, field } from '#kernel/pages/index.ts'
import { t } from '#kernel/words/index.ts'

export interface Tried {
  readonly ok: boolean
  readonly cookies: readonly string[]
  /** Goes with the code, in the form: only the browser that asked for it can try it. */
  readonly challenge: string
  /** Where to go next, where the room of sessions says so. */
  readonly to: string
  /** A second step is asked for before there is a session. */
  readonly second: boolean
  /** Why not, in words. */
  readonly fault: string
}

/** Who asks, for the room of sessions. */
export const visitor = (request: FastifyRequest) => ({ address: request.ip, headers: request.headers })
/** What a form sent. */
export const formOf = (request: FastifyRequest) => (request.body ?? {}) as Record<string, string | string[] | undefined>

type Outcome =
  | { ok: true; cookies?: string[]; challenge?: string; to?: string; second?: true }
  | { ok: false; key: string; values?: Record<string, string | number>; retryAfterSeconds?: number }

/** What a call of the room of sessions came to, in the reader's words. */
export function triedOf(outcome: Outcome, language: 'zh-CN' | 'en'): Tried {
  if (outcome.ok) {
    const { cookies = [], challenge = '', to = '', second = false } = outcome
    return { ok: true, cookies, challenge, to, second, fault: '' }
  }
  const fault = t(language)(outcome.key, outcome.values)
  return { ok: false, cookies: [], challenge: '', to: '', second: false, fault }
}

export interface SignInForm {
  readonly title: string
  readonly lead: string
  /** Where it is sent. */
  readonly action: string
  readonly fields: readonly Field[]
  /** Why not, in words; said of the first field. */
  readonly fault: string
  readonly button: string
  /** Beside the fields: what travels along, a tick. */
  readonly beside?: Content
  /** A second way out, next to the button. */
  readonly instead?: { readonly text: string; readonly href: string }
  /** Below the form. */
  readonly after: Content
}

/** The one form of every page of signing in: what is asked, what is wrong with it, and a button. */
export function signInPage(kernel: Kernel, act: Act, input: PageInput, form: SignInForm): PageAnswer {
  const { language } = input.reader
  const { title, fields, fault } = form
  const [first] = fields
  const asked = fields.map((each) =>
    field(language, { required: true, ...each, error: each === first ? fault || undefined : undefined }),
  )
  const main = html`<h1>${title}</h1><p class="lead">${form.lead}</p>${errorSummary(
    language,
    fault && first ? [{ field: first.name, text: fault }] : [],
  )}<form class="sheet" method="post" action="${form.action}" novalidate>${asked}${form.beside ?? ''}${buttons([
    { text: form.button },
    ...(form.instead ? [{ ...form.instead, kind: 'plain' as const }] : []),
  ])}</form>${form.after}`
  return show(kernel, act, input, { title, main }, { status: fault ? 422 : 200 })
}
