// Whose form it is, without knowing who: a form belongs to the browser it was opened in. The address carries its id alone, which may
// be sent about; a secret in a cookie of that browser is the other half, and only both together find what was typed.
import { createHash, createHmac } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { newToken, sameText } from '#kernel/encryption/index.ts'
import type { Kernel } from '#kernel/kernel.ts'

const shape = /^[A-Za-z0-9_-]{43}$/
export const isFormToken = (token: string | undefined): token is string => token !== undefined && shape.test(token)

type Sealing = Pick<Kernel, 'encryption'>

/** A form as a page knows it. */
export interface Form {
  /** What its address and its fields carry. */
  readonly id: string
  /** What the draft, the pictures and the receipt are found by. Never leaves the server. */
  readonly key: string
  /** Whether the browser keeps cookies; without, nothing is kept between two pages. */
  readonly kept: boolean
}

const cookieName = 'linli_form'
const oneDay = 24 * 60 * 60
/** So long a browser may take to come back with the cookie that it was given. */
const comingBack = 60_000

/** The half that this browser holds; null where it showed none. */
export function secretOf(request: Pick<FastifyRequest, 'cookies'>): string | null {
  const shown = request.cookies?.[cookieName]
  return isFormToken(shown) ? shown : null
}

/** The `Set-Cookie` line that keeps the secret for another day. It says nothing of anybody and no record holds it. */
export function secretLine(kernel: Pick<Kernel, 'config'>, secret: string): string {
  const secure = kernel.config.publicUrl.startsWith('https:') ? '; Secure' : ''
  return `${cookieName}=${secret}; Path=/; Max-Age=${oneDay}; HttpOnly; SameSite=Lax${secure}`
}

const sign = (kernel: Sealing, secret: string, what: string, text: string) =>
  createHmac('sha256', kernel.encryption.key('form id')).update(`${what}|${text}|${secret}`).digest('base64url')

const withSign = (kernel: Sealing, secret: string, start: string) =>
  start + sign(kernel, secret, 'issued', start).slice(0, 22)

/**
 * A new form of this browser.
 * @param instead an id that was sent with a whole form and is none of this browser's: the same new one each time, so that a form
 * that is sent twice is one
 */
export function issueForm(kernel: Sealing, secret: string, instead?: string): Form {
  const start = (instead === undefined ? newToken() : sign(kernel, secret, 'instead', instead)).slice(0, 21)
  return formOf(withSign(kernel, secret, start), secret)
}

/** The form of an id that was issued to this browser; null for any other. */
export function issuedForm(kernel: Sealing, secret: string | null, id: string | undefined): Form | null {
  if (secret === null || !isFormToken(id)) return null
  return sameText(withSign(kernel, secret, id.slice(0, 21)), id) ? formOf(id, secret) : null
}

const formOf = (id: string, secret: string): Form => ({
  id,
  key: createHash('sha256').update(`${id}.${secret}`).digest('base64url'),
  kept: true,
})

/** The form that a page is opened with: the one of its address if this browser was given it, else a new one. */
export function openForm(
  kernel: Sealing & Pick<Kernel, 'config'>,
  request: Pick<FastifyRequest, 'cookies'>,
  id: string | undefined,
): { readonly form: Form; readonly cookie: string } {
  const secret = secretOf(request) ?? newToken()
  return { form: issuedForm(kernel, secret, id) ?? issueForm(kernel, secret), cookie: secretLine(kernel, secret) }
}

/** The form that was sent, by the id among its fields; one that nothing is kept for where the browser shows no cookie. */
export function sentForm(kernel: Sealing, request: Pick<FastifyRequest, 'cookies'>, id: string | undefined): Form {
  const secret = secretOf(request)
  if (secret === null) return aloneForm()
  return issuedForm(kernel, secret, id) ?? issueForm(kernel, secret, isFormToken(id) ? id : undefined)
}

/** A form on a page of its own for a browser without cookies: its id stands in the page alone, never in an address. */
export function aloneForm(id: string = newToken()): Form {
  return { id, key: newToken(), kept: false }
}

/** What such a form is sent once by: what it says belongs to it, so that other words are another matter. */
export const onceAlone = (id: string, said: unknown): string =>
  createHash('sha256')
    .update(`${id}.${JSON.stringify(said)}`)
    .digest('base64url')

/** When a browser was last asked to keep the cookie, for the address. */
export const askedAt = (now: Date): string => now.getTime().toString(36)

/** Whether it was asked a moment ago and came back without: it keeps none. */
export function keepsNone(asked: string | undefined, now: Date): boolean {
  const at = /^[0-9a-z]{1,11}$/.test(asked ?? '') ? Number.parseInt(asked ?? '', 36) : 0
  return Math.abs(now.getTime() - at) < comingBack
}
