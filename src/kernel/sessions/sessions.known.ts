// Browsers in which an account was opened before. Strangers' wrong tries must not shut its owner out, so such a browser is counted by
// itself. Its cookie opens nothing: password or code are asked all the same.
import { randomBytes } from 'node:crypto'
import { sameText } from '#kernel/encryption/index.ts'
import type { cookieNames } from './sessions.auth.ts'
import { cookieValue, header, type RequestHeaders, type SessionKeys, sessionTimes } from './sessions.rules.ts'

/** So many accounts one browser is known for, the last first: the machine at a counter serves several people. */
const mostAccounts = 5

interface Known {
  /** Random, and all that tells one browser from another. */
  readonly browser: string
  /** One for each account: a keyed digest of browser and account, from which neither account nor person can be read. */
  readonly marks: readonly string[]
}

/** Reads and writes the cookie of known browsers. An account is given as it stands in the tables: by its keyed index. */
export function knownBrowsers(keys: Pick<SessionKeys, 'browserMark'>, names: ReturnType<typeof cookieNames>) {
  function read(headers: RequestHeaders): Known | null {
    const value = cookieValue(header(headers, 'cookie'), names.known)
    if (value === null || !/^[\w-]{22}(?:\.[0-9a-f]{32}){1,5}$/.test(value)) return null
    const [browser = '', ...marks] = value.split('.')
    return { browser, marks }
  }

  return {
    /** What the tries of this browser for this account are counted by, or null where it was never opened in it. */
    keyOf(headers: RequestHeaders, index: string): string | null {
      const known = read(headers)
      if (known === null) return null
      const mark = keys.browserMark(known.browser, index)
      return known.marks.some((one) => sameText(one, mark)) ? `${known.browser} ${index}` : null
    },

    /** The `Set-Cookie` line after an account was opened. */
    cookie(headers: RequestHeaders, index: string): string {
      const known = read(headers)
      const browser = known?.browser ?? randomBytes(16).toString('base64url')
      const mark = keys.browserMark(browser, index)
      const marks = [mark, ...(known?.marks.filter((one) => one !== mark) ?? [])].slice(0, mostAccounts)
      const secure = names.secure ? '; Secure' : ''
      return `${names.known}=${[browser, ...marks].join('.')}; Max-Age=${sessionTimes.known}; Path=/; HttpOnly${secure}; SameSite=Lax`
    },
  }
}
