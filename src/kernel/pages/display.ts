import { chooseLanguage, type Language, languageCookie } from '../words/index.ts'

/** How someone wishes to see the pages; kept in two cookies, without an account. */
export interface Display {
  language: Language
  settings: { type: 'normal' | 'large'; contrast: 'normal' | 'high' }
}

/** Type and contrast, such as `large.normal`. The language has the kernel's own cookie. */
export const displayCookie = 'linli_display'
const oneYear = 365 * 24 * 60 * 60

/** Reads the wishes from a request; what is missing or strange falls back to the browser's language and normal type. */
export function readDisplay(request: {
  headers: { cookie?: string | undefined; 'accept-language'?: string | undefined }
  query?: unknown
}): Display {
  const cookies = Object.fromEntries(
    (request.headers.cookie ?? '').split(/;\s*/).map((pair) => pair.split('=', 2) as [string, string]),
  )
  const [type, contrast] = (cookies[displayCookie] ?? '').split('.')
  const { language } = chooseLanguage({
    query: (request.query as { lang?: unknown } | undefined)?.lang,
    cookie: cookies[languageCookie],
    acceptLanguage: request.headers['accept-language'],
  })
  return {
    language,
    settings: { type: type === 'large' ? 'large' : 'normal', contrast: contrast === 'high' ? 'high' : 'normal' },
  }
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

/** The `Set-Cookie` headers that keep the wishes for a year. No script needs them, so none may read them. */
export function displayHeaders(display: Display, secure: boolean): string[] {
  const rest = `Path=/; Max-Age=${oneYear}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
  return [
    `${languageCookie}=${display.language}; ${rest}`,
    `${displayCookie}=${display.settings.type}.${display.settings.contrast}; ${rest}`,
  ]
}

/** Where to go back to: a path of this site, never another's address. */
export function backPath(given: unknown): string {
  if (typeof given !== 'string' || given.length > 2000) return '/'
  // Browsers read a backslash as a slash and drop tabs and line breaks, so `/\host` and `/<tab>/host` would leave the site.
  // A header carries ASCII alone; the addresses our pages hand in are percent-encoded.
  return /^\/(?!\/)[!-[\]-~]*$/.test(given) ? given : '/'
}
