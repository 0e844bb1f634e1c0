import type { Language } from './layout.words.ts'

/** How someone wishes to see the pages; kept in a cookie of their own, without an account. */
export interface Display {
  language: Language
  settings: { type: 'normal' | 'large'; contrast: 'normal' | 'high' }
}

/** One cookie holds all three wishes: language, type, contrast, such as `zh-CN.large.normal`. */
export const displayCookie = 'linli-display'
const oneYear = 365 * 24 * 60 * 60

/** Reads the wishes from the request's headers; what is missing or strange falls back to the browser's language and normal type. */
export function readDisplay(headers: { cookie?: string | undefined; 'accept-language'?: string | undefined }): Display {
  const cookie = (headers.cookie ?? '').split(/;\s*/).find((pair) => pair.startsWith(`${displayCookie}=`))
  const [language, type, contrast] = cookie?.slice(displayCookie.length + 1).split('.') ?? []
  return {
    language: language === 'en' || language === 'zh-CN' ? language : preferred(headers['accept-language']),
    settings: { type: type === 'large' ? 'large' : 'normal', contrast: contrast === 'high' ? 'high' : 'normal' },
  }
}

/** Chinese unless the browser names English before any Chinese: nobody here is shut out by a header that is missing. */
function preferred(header: string | undefined): Language {
  const first = (header ?? '')
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .find((part) => part.startsWith('zh') || part.startsWith('en'))
  return first?.startsWith('en') ? 'en' : 'zh-CN'
}

/** The wishes after one button of the header was pressed; what it does not name stays. */
export function changeDisplay(before: Display, body: Record<string, unknown>): Display {
  return {
    language: body.language === 'en' || body.language === 'zh-CN' ? body.language : before.language,
    settings: {
      type: body.type === 'large' || body.type === 'normal' ? body.type : before.settings.type,
      contrast: body.contrast === 'high' || body.contrast === 'normal' ? body.contrast : before.settings.contrast,
    },
  }
}

/** The `Set-Cookie` header that keeps the wishes for a year. No script needs it, so none may read it. */
export function displayHeader(display: Display, secure: boolean): string {
  const value = [display.language, display.settings.type, display.settings.contrast].join('.')
  return `${displayCookie}=${value}; Path=/; Max-Age=${oneYear}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
}

/** Where to go back to: a path of this site, never another's address. */
export function backPath(given: unknown): string {
  if (typeof given !== 'string' || given.length > 2000) return '/'
  // Browsers read a backslash as a slash and drop tabs and line breaks, so `/\host` and `/<tab>/host` would leave the site.
  return /^\/(?![/\\])[^\\\s\p{Cc}]*$/u.test(given) ? given : '/'
}
