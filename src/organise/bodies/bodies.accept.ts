import { sql } from 'kysely'
import { type Act, enter, type Language } from '#kernel/access/index.ts'
import { newId } from '#kernel/database/identifiers.ts'
import { type Database, transaction } from '#kernel/database/index.ts'
import { type Encryption, hashToken } from '#kernel/encryption/index.ts'
import { Refusal } from '#kernel/http/index.ts'
import { record } from '#kernel/ledger/index.ts'
import type { Sessions, Visitor } from '#kernel/sessions/index.ts'
import { guarding } from './bodies.refusals.ts'
import { mailPurpose } from './bodies.tenures.ts'

/** What somebody who holds the link of an invitation is shown before accepting. */
export interface InvitationSeen {
  readonly id: string
  readonly post: string
  readonly name: string
  /** The address it was sent to, for the sign-in. */
  readonly mail: string
  readonly title: string
  readonly titleEn: string | null
  readonly bodyName: string
  readonly bodyNameEn: string | null
}

/** An open invitation by the token of its link; null where it is used, withdrawn, expired or unknown. */
export async function readInvitation(
  act: Pick<Act, 'sql'>,
  encryption: Pick<Encryption, 'decrypt'>,
  token: string,
): Promise<InvitationSeen | null> {
  const { rows } = await sql<{
    id: string
    post: string
    name: string
    mail_encrypted: Buffer
    title: string
    title_en: string | null
    body_name: string
    body_name_en: string | null
  }>`select * from invitation_read(${hashToken(token.slice(0, 100))})`.execute(act.sql)
  const row = rows[0]
  if (!row) return null
  return {
    id: row.id,
    post: row.post,
    name: row.name,
    mail: encryption.decrypt(mailPurpose, row.mail_encrypted, row.id),
    title: row.title,
    titleEn: row.title_en,
    bodyName: row.body_name,
    bodyNameEn: row.body_name_en,
  }
}

const gone = (): Refusal => new Refusal(410, 'invitation-over', 'bodies.refused.invitation-over')

/**
 * Whoever is signed in takes the post of an invitation. Returns the tenure's id, the same one where the button was pressed twice.
 * @throws Refusal 401, 410 where it is not open any more, 409 where no seat is left or one wrote it oneself
 */
export async function takeInvitedPost(act: Act, token: string): Promise<string> {
  if (!act.actor.person) throw new Refusal(401, 'sign-in-needed', 'http.sign-in-needed')
  const hash = hashToken(token.slice(0, 100))
  const { rows: open } = await sql<{ post: string }>`select post from invitation_read(${hash})`.execute(act.sql)
  const post = open[0]?.post
  if (!post) return heldTenure(act, await acceptedPost(act, hash))
  const tenure = newId(act.now.getTime())
  const { rows: taken } = await guarding(() =>
    sql<{
      post: string | null
    }>`select invitation_accept(${hash}, ${tenure}::uuid, ${act.actor.person}::uuid) as post`.execute(act.sql),
  )
  // It waited for whoever came first. If that was the same person, they have what they asked for.
  if (!taken[0]?.post) return heldTenure(act, post)
  const { path } = await act.sql
    .selectFrom('post')
    .innerJoin('body', 'body.id', 'post.body')
    .select('body.path')
    .where('post.id', '=', post)
    .executeTakeFirstOrThrow()
  await record(act, {
    kind: 'tenure.began',
    record: tenure,
    path,
    // Not under the tenure itself: when this transaction began, nobody held it yet, and the register refuses such acts.
    facts: { post, person: act.actor.person, kind: 'appointed' },
  })
  return tenure
}

/** The post of an invitation that was accepted already. @throws Refusal 410 */
async function acceptedPost(act: Act, hash: Buffer): Promise<string> {
  const { rows } = await sql<{ post: string | null }>`select invitation_accepted(${hash}) as post`.execute(act.sql)
  if (!rows[0]?.post) throw gone()
  return rows[0].post
}

/** The tenure under which whoever acts holds a post at this very moment. @throws Refusal 410 */
async function heldTenure(act: Act, post: string): Promise<string> {
  const held = await act.sql
    .selectFrom('tenure')
    .select('id')
    .where('post', '=', post)
    .where('person', '=', act.actor.person)
    .where(sql<boolean>`during @> clock_timestamp()`)
    .executeTakeFirst()
  if (!held) throw gone()
  return held.id
}

export interface AcceptingDoors {
  readonly database: Database
  readonly encryption: Pick<Encryption, 'decrypt'>
  readonly sessions: Pick<
    Sessions,
    'createInvitation' | 'acceptInvitation' | 'revokeInvitations' | 'signIn' | 'sessionToken'
  >
  readonly clock: { now(): Date }
}

/** The `Set-Cookie` lines, or why the password was not taken: the key of a sentence with its values. */
export type Accepted =
  | { readonly ok: true; readonly cookies: string[] }
  | {
      readonly ok: false
      readonly key: string
      readonly values?: Record<string, string | number>
      readonly retryAfterSeconds?: number
    }

const accepting = new WeakMap<Database, Promise<unknown>>()

/**
 * One after the other for an invitation, whichever process it reaches: a form that is sent by a double click arrives twice at once.
 * The lock holds a connection while the work takes others, so that in one pool there is one at a time.
 */
function inTurn<T>(database: Database, invitation: string, work: () => Promise<T>): Promise<T> {
  const locked = () =>
    transaction(database, async (on) => {
      await sql`select pg_advisory_xact_lock(hashtextextended(${invitation}, 0))`.execute(on)
      return work()
    })
  const mine = (accepting.get(database) ?? Promise.resolve()).then(locked, locked)
  accepting.set(database, mine)
  return mine
}

/**
 * Accepts an invitation with a password: makes the account (and the roof its person), then the tenure, and signs in. The link's
 * token belongs to this room; the account room gets a token of its own for the moment between two lines here, which nobody else
 * ever sees. A password that is too weak leaves everything as it was. Where the program dies between account and tenure,
 * the invitation stays open: signing in and opening the link again takes the post (`takeInvitedPost`).
 * @throws Refusal 410 where the invitation is not open any more
 */
export async function acceptInvitation(
  doors: AcceptingDoors,
  token: string,
  input: { password: string; language: Language } & Visitor,
): Promise<Accepted> {
  const { language, ...rest } = input
  const surroundings = { now: doors.clock.now(), language }
  const look = () => enter(doors.database, {}, surroundings, (act) => readInvitation(act, doors.encryption, token))
  const seen = await look()
  if (!seen) throw gone()
  const given = { ...rest, email: seen.mail }
  return inTurn(doors.database, seen.id, async () => {
    if ((await look()) === null) {
      // Accepted since it was looked at. Whoever has the account's password pressed twice, and is signed in here too.
      const again = await doors.sessions.signIn(given)
      if (!again.ok) throw gone()
      return again
    }
    const account = await openAccount(doors, seen.id, given)
    if (!account.ok) return account
    const cookie = account.cookies.map((line) => line.split(';')[0]).join('; ')
    await enter(doors.database, { session: doors.sessions.sessionToken({ cookie }) }, surroundings, async (act) => {
      // Where the roof made the person, when the account came, it knew neither.
      await act.sql
        .updateTable('person')
        .set({ name: seen.name, language })
        .where('id', '=', act.actor.person)
        .where('name', 'is', null)
        .execute()
      await takeInvitedPost(act, token)
    })
    return account
  })
}

/** An account with the address that was invited. One that is refused leaves no token behind. */
async function openAccount(
  doors: Pick<AcceptingDoors, 'sessions'>,
  invitation: string,
  given: { email: string; password: string } & Visitor,
) {
  const reference = `invitation:${invitation}`
  const inner = await doors.sessions.createInvitation({ reference })
  const account = await doors.sessions.acceptInvitation(inner.token, given)
  if (!account.ok) await doors.sessions.revokeInvitations(reference)
  return account
}
