// Sessions that are open: known by their cookie, moved on, listed and ended.
import type pg from 'pg'
import type { cookieNames, createAuth } from './sessions.auth.ts'
import { type Outcome, refused } from './sessions.outcome.ts'
import {
  cookieValue,
  type Device,
  header,
  type RequestHeaders,
  readDevice,
  sessionTimes,
  verifyCookie,
} from './sessions.rules.ts'

export interface OpenSession extends Device {
  id: string
  current: boolean
  signedInAt: Date
  /** To the hour: a session is touched no more often. */
  lastSeenAt: Date
  expiresAt: Date
}

/** What open sessions are read and ended with. */
export interface RunningOptions {
  readonly auth: ReturnType<typeof createAuth>
  readonly pool: pg.Pool
  /** The key under which session cookies are signed. */
  readonly cookie: Parameters<typeof verifyCookie>[1]
  readonly names: ReturnType<typeof cookieNames>
}

/** The part of the room that needs no password and no code: whoever calls shows a cookie. */
export function runningSessions({ auth, pool, cookie, names }: RunningOptions) {
  /** When this process last touched a session; only saves queries, and may be lost. */
  const touched = new Map<string, number>()

  /** Only what better-auth needs of a request reaches it: our own cookies and the device. */
  function inner(headers: RequestHeaders): Headers {
    const cookies = header(headers, 'cookie')
    const kept = [names.session, names.brief].flatMap((name) => {
      const value = cookieValue(cookies, name)
      return value === null ? [] : [`${name}=${value}`]
    })
    return new Headers({ cookie: kept.join('; '), 'user-agent': header(headers, 'user-agent').slice(0, 1000) })
  }

  /** The session this browser came with ends when it signs in anew. */
  async function replaceOld(headers: RequestHeaders): Promise<void> {
    const old = sessionToken(headers)
    if (old === null) return
    touched.delete(old)
    await (await auth.$context).internalAdapter.deleteSession(old)
  }

  /**
   * The token of the session cookie if its signature is ours; no query. Whether the session is still open is for
   * access.enter to say, in the transaction of the work.
   */
  function sessionToken(headers: RequestHeaders): string | null {
    return verifyCookie(cookieValue(header(headers, 'cookie'), names.session), cookie)
  }

  /**
   * Moves a session on and writes "last seen", at most once an hour; returns `Set-Cookie` lines, mostly none. To be
   * called after access.enter with the end it found (`actor.expires`), which spares the query in nearly every call;
   * with null for a session that has ended, whose cookie is then taken away.
   */
  async function renewal(headers: RequestHeaders, expires: string | Date | null): Promise<string[]> {
    const token = sessionToken(headers)
    if (token === null) return []
    const now = Date.now()
    const remaining = expires === null ? 0 : new Date(expires).getTime() - now
    if (remaining > (sessionTimes.session - sessionTimes.renewal) * 1000) return []
    // A session that ends with the browser is not moved on, so its end does not tell when it was last touched.
    const sinceTouched = performance.now() - (touched.get(token) ?? Number.NEGATIVE_INFINITY)
    if (sinceTouched < sessionTimes.renewal * 1000) return []
    if (touched.size >= 20_000) touched.clear()
    const answer = await auth.api.getSession({ headers: inner(headers), returnHeaders: true })
    if (answer.response !== null) {
      touched.set(token, performance.now())
      await pool.query('update session set "updatedAt" = $2 where token = $1', [token, new Date(now)])
    }
    return answer.headers.getSetCookie()
  }

  /** Ends the session of this browser; the cookie goes in any case. */
  async function signOut(headers: RequestHeaders): Promise<string[]> {
    const answer = await auth.api.signOut({ headers: inner(headers), returnHeaders: true })
    return answer.headers.getSetCookie()
  }

  /** The open session of whoever asks. */
  async function sessionOf(headers: RequestHeaders): Promise<{ id: string; userId: string; signedInAt: Date } | null> {
    if (sessionToken(headers) === null) return null
    const found = await auth.api.getSession({ headers: inner(headers), query: { disableRefresh: true } })
    return found && { id: found.session.id, userId: found.user.id, signedInAt: found.session.createdAt }
  }

  const accountOf = async (headers: RequestHeaders) => (await sessionOf(headers))?.userId ?? null

  /** Ends every session of the account, this one included. */
  async function signOutEverywhere(headers: RequestHeaders): Promise<Outcome<{ cookies: string[] }>> {
    const userId = await accountOf(headers)
    const cookies = await signOut(headers)
    if (userId === null) return refused('sessions.not-signed-in')
    await endSessionsOf(userId)
    return { ok: true, cookies }
  }

  /** The open sessions of whoever asks, newest use first; never their tokens. */
  async function listSessions(headers: RequestHeaders): Promise<Outcome<{ sessions: OpenSession[] }>> {
    const userId = await accountOf(headers)
    if (userId === null) return refused('sessions.not-signed-in')
    const token = sessionToken(headers)
    const rows = await (await auth.$context).internalAdapter.listSessions(userId, { onlyActiveSessions: true })
    const sessions = rows
      .map((row) => ({
        id: row.id,
        ...readDevice(row.userAgent),
        current: row.token === token,
        signedInAt: row.createdAt,
        lastSeenAt: row.updatedAt,
        expiresAt: row.expiresAt,
      }))
      .sort((one, other) => other.lastSeenAt.getTime() - one.lastSeenAt.getTime())
    return { ok: true, sessions }
  }

  /** Ends one of one's own sessions by its id; `cookies` holds lines only when it was this browser's. */
  async function endSession(headers: RequestHeaders, id: string): Promise<Outcome<{ cookies: string[] }>> {
    const listed = await listSessions(headers)
    if (!listed.ok) return listed
    const session = listed.sessions.find((one) => one.id === id)
    if (!session) return refused('sessions.not-found')
    if (session.current) return { ok: true, cookies: await signOut(headers) }
    const { adapter } = await auth.$context
    await adapter.delete({ model: 'session', where: [{ field: 'id', value: id }] })
    return { ok: true, cookies: [] }
  }

  /** Ends every session of an account: for someone who leaves a post, or on suspicion. */
  async function endSessionsOf(userId: string): Promise<void> {
    await (await auth.$context).internalAdapter.deleteUserSessions(userId)
  }

  return {
    sessionToken,
    sessionOf,
    replaceOld,
    renewal,
    signOut,
    signOutEverywhere,
    listSessions,
    endSession,
    endSessionsOf,
  }
}
