import { createHmac } from 'node:crypto'
import { createEncryption, normalisePhone, sameText } from '#kernel/encryption/index.ts'
import type { SessionWord } from './sessions.words.ts'

/** How long things last, in seconds, and how often one may try. */
export const sessionTimes = {
  code: 10 * 60,
  codeAttempts: 5,
  /** Between password and second factor, on the way to the organisation's sign-in and back, or while a passkey is asked for. */
  step: 10 * 60,
  /** A change to how one signs in is made only so soon after signing in or giving the password again. */
  fresh: 10 * 60,
  /** What was changed is listed so long. */
  event: 180 * 24 * 3600,
  invitation: 7 * 24 * 3600,
  /** A link by which somebody sets their sign-in up anew. */
  help: 24 * 3600,
  /** A session ends this long after it was last used. */
  session: 30 * 24 * 3600,
  /** A session is moved on, and "last seen" written, at most this often. */
  renewal: 3600,
  /** A browser is known this long after an account was opened in it. */
  known: 180 * 24 * 3600,
} as const

/**
 * The limits this room takes, by the names they have in the limits room. Codes are sent under the first three; codes,
 * passwords and invitations are tried under the others.
 */
export type SessionLimit =
  | 'code.phone'
  | 'code.known'
  | 'code.address'
  | 'sign-in.address'
  | 'sign-in.person'
  | 'sign-in.known'
  | 'sign-in.failures'
  | 'second.known'
  | 'second.failures'
  | 'confirm.person'

/** What this room does with the secret of the installation; each use has a key of its own. */
export interface SessionKeys {
  /** Signs cookies: better-auth wants a text. */
  cookie: string
  /** A phone as it stands in the tables of sign-in: found by who knows number and key, readable by no one. */
  phoneIndex(phone: string): string
  /** An e-mail address likewise, in the form of an address because better-auth wants one. */
  emailIndex(email: string): string
  /** A code bound to its phone and to whoever asked; keyed, because a million codes are quickly tried. */
  codeDigest(phoneIndex: string, challenge: string, code: string): string
  /** Where the code of a phone stands that was asked for with this challenge. */
  challengeDigest(phoneIndex: string, challenge: string): string
  /** Says that an account, given by its index, was opened in a browser. */
  browserMark(browser: string, index: string): string
  invitationDigest(token: string): string
  /** Where that which waits between two requests stands in the table; only the browser holds the token. */
  heldDigest(purpose: string, token: string): string
  recoveryDigest(user: string, code: string): string
  /** Somebody as the organisation's sign-in knows them. */
  subjectDigest(issuer: string, subject: string): string
  /** What a passkey is told of the account it belongs to: 32 bytes that say nothing. */
  handle(user: string): Uint8Array<ArrayBuffer>
  /** Encrypts what has to be read again; it opens only where it was bound to. */
  seal(text: string, bound: string): string
  unseal(sealed: string, bound: string): string
}

export function sessionKeys(secret: Uint8Array): SessionKeys {
  const encryption = createEncryption(secret)
  // Half a character (an unpaired surrogate) cannot be digested; no address or token has one.
  const index = (purpose: string, text: string) => encryption.blindIndex(purpose, text.toWellFormed()).toString('hex')
  return {
    cookie: encryption.key('sessions cookie').toString('hex'),
    phoneIndex: (phone) => index('sessions phone', phone),
    emailIndex: (email) => `${index('sessions e-mail', email).slice(0, 48)}@accounts.invalid`,
    codeDigest: (phone, challenge, code) => index('sessions code', `${phone} ${challenge} ${code}`),
    challengeDigest: (phone, challenge) => index('sessions challenge', `${phone} ${challenge}`),
    browserMark: (browser, account) => index('sessions browser', `${browser} ${account}`).slice(0, 32),
    invitationDigest: (token) => index('sessions invitation', token),
    heldDigest: (purpose, token) => `${purpose}-${index('sessions held', `${purpose} ${token}`)}`,
    recoveryDigest: (user, code) => index('sessions recovery', `${user} ${code}`),
    subjectDigest: (issuer, subject) => index('sessions subject', `${issuer} ${subject}`),
    handle: (user) => new Uint8Array(encryption.blindIndex('sessions handle', user)),
    seal: (text, bound) => encryption.encrypt('sessions', text, bound).toString('base64'),
    unseal: (sealed, bound) => encryption.decrypt('sessions', Buffer.from(sealed, 'base64'), bound),
  }
}

/** The number a code can be sent to, as E.164: a mobile, or one abroad. Null for all else. */
export function codePhone(typed: string): string | null {
  const phone = normalisePhone(typed)
  return phone && (phone.kind === 'mobile' || phone.kind === 'abroad') ? phone.number : null
}

/** Brings an e-mail address to one form, or null where it cannot be one. */
export function normalEmail(typed: string): string | null {
  const text = typed.slice(0, 400).normalize('NFKC').trim().toLowerCase()
  return text.length <= 254 && /^[^\s@<>"\p{Cc}]{1,64}@[^\s@<>"\p{Cc}]+\.[^\s@.<>"\p{Cc}]+$/u.test(text) ? text : null
}

/** A code as people type it, spaces and full-width digits included; null where it cannot be one. */
export function normalCode(typed: string): string | null {
  const text = typed.slice(0, 20).normalize('NFKC').replace(/[\s-]/g, '')
  return /^\d{6}$/.test(text) ? text : null
}

/** A recovery code as people copy it; null where it cannot be one. Letters that look like digits are read as those. */
export function normalRecovery(typed: string): string | null {
  const text = typed
    .slice(0, 40)
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s-]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')
  return /^[0-9A-HJKMNP-TV-Z]{12}$/.test(text) ? text : null
}

const browsers: [RegExp, SessionWord][] = [
  [/MicroMessenger/i, 'sessions.browser.wechat'],
  [/DingTalk/i, 'sessions.browser.dingtalk'],
  [/AlipayClient/i, 'sessions.browser.alipay'],
  [/QQBrowser|\bQQ\//i, 'sessions.browser.qq'],
  [/UCBrowser/i, 'sessions.browser.uc'],
  [/\bEdg(?:e|A|iOS)?\//, 'sessions.browser.edge'],
  [/Firefox|FxiOS/, 'sessions.browser.firefox'],
  [/Chrome|CriOS/, 'sessions.browser.chrome'],
  [/Safari/, 'sessions.browser.safari'],
]

const systems: [RegExp, SessionWord][] = [
  [/OpenHarmony|HarmonyOS/i, 'sessions.system.harmony'],
  [/iPhone|iPod/, 'sessions.system.iphone'],
  [/iPad/, 'sessions.system.ipad'],
  [/Android/, 'sessions.system.android'],
  [/Windows/, 'sessions.system.windows'],
  [/Macintosh|Mac OS X/, 'sessions.system.mac'],
  [/Linux|X11|CrOS/, 'sessions.system.linux'],
]

/** The two words kept of a browser's long description: enough to recognise one's own device, too little to track one. */
export interface Device {
  browser: SessionWord
  system: SessionWord
}

export function deviceOf(userAgent: string): Device {
  const text = userAgent.slice(0, 1000)
  return {
    browser: browsers.find(([shape]) => shape.test(text))?.[1] ?? 'sessions.browser.other',
    system: systems.find(([shape]) => shape.test(text))?.[1] ?? 'sessions.system.other',
  }
}

/** How a device stands in the table. */
export const writeDevice = (device: Device) => `${device.browser} ${device.system}`

export function readDevice(stored: string | null | undefined): Device {
  const [browser, system] = (stored ?? '').split(' ')
  return {
    browser: browsers.find(([, word]) => word === browser)?.[1] ?? 'sessions.browser.other',
    system: systems.find(([, word]) => word === system)?.[1] ?? 'sessions.system.other',
  }
}

/** Headers of a request, as Node's or Fastify's or the platform's. */
export type RequestHeaders = Headers | Record<string, string | string[] | undefined>

export function header(headers: RequestHeaders, name: string): string {
  if (headers instanceof Headers) return headers.get(name) ?? ''
  const value = headers[name]
  return (Array.isArray(value) ? value.join('; ') : value) ?? ''
}

/** The value of a cookie, still encoded; null when absent or sent twice with different values (someone is planting). */
export function cookieValue(cookies: string, name: string): string | null {
  let found: string | null = null
  for (const part of cookies.split(';')) {
    const at = part.indexOf('=')
    if (at < 0 || part.slice(0, at).trim() !== name) continue
    const value = part.slice(at + 1).trim()
    if (found !== null && found !== value) return null
    found = value
  }
  return found
}

/**
 * What a cookie signed by better-auth carries, or null when the signature is not ours.
 * The form is `encodeURIComponent(value + '.' + base64(HMAC-SHA256(secret, value)))`.
 */
export function verifyCookie(encoded: string | null, secret: string): string | null {
  if (!encoded || encoded.length > 400) return null
  let text: string
  try {
    text = decodeURIComponent(encoded)
  } catch {
    return null
  }
  const at = text.lastIndexOf('.')
  if (at < 1) return null
  const value = text.slice(0, at)
  const expected = createHmac('sha256', secret).update(value).digest('base64')
  return sameText(text.slice(at + 1), expected) ? value : null
}

/** What happens to the ways in which somebody signs in. */
export const securityChanges = [
  'authenticator-on',
  'authenticator-off',
  'recovery-new',
  'recovery-used',
  'passkey-added',
  'passkey-renamed',
  'passkey-removed',
  'oidc-linked',
  'oidc-unlinked',
  'second-failed',
  'reset',
] as const
export type SecurityChange = (typeof securityChanges)[number]
