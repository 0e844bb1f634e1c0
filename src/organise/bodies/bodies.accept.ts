import { sql } from 'kysely'
import { type Act, type Credentials, enter, type Language } from '#kernel/access/index.ts'
import { newId } from '#kernel/database/identifiers.ts'
import type { Database } from '#kernel/database/index.ts'
import { type Encryption, hashToken } from '#kernel/encryption/index.ts'
import { Refusal } from '#kernel/http/index.ts'
import { record } from '#kernel/ledger/index.ts'
import type { Sessions, Visitor } from '#kernel/sessions/index.ts'
import { personForUser } from '#organise/people/index.ts'
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
 * Whoever is signed in takes the post of an invitation. Returns the tenure's id.
 * @throws Refusal 401, 410 where it is not open any more, 409 where no seat is left or one wrote it oneself
 */
export async function takeInvitedPost(act: Act, token: string): Promise<string> {
  if (!act.actor.person) throw new Refusal(401, 'sign-in-needed', 'http.sign-in-needed')
  const tenure = newId(act.now.getTime())
  const { rows } = await guarding(() =>
    sql<{
      post: string | null
    }>`select invitation_accept(${hashToken(token.slice(0, 100))}, ${tenure}::uuid, ${act.actor.person}::uuid) as post`.execute(
      act.sql,
    ),
  )
  const post = rows[0]?.post
  if (!post) throw gone()
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

/** Takes the post with the account that one has, however often the button is pressed at once. @throws Refusal as `takeInvitedPost` */
export function takeInvitation(
  doors: Pick<AcceptingDoors, 'database'>,
  credentials: Credentials,
  surroundings: { readonly now: Date; readonly language: Language },
  token: string,
): Promise<string> {
  const same = hashToken(`${token} ${credentials.session ?? ''}`).toString('hex')
  return oneAtATime(hashToken(token).toString('hex'), same, () =>
    enter(doors.database, credentials, surroundings, (act) => takeInvitedPost(act, token)),
  )
}

export interface AcceptingDoors {
  readonly database: Database
  readonly encryption: Pick<Encryption, 'encrypt' | 'decrypt' | 'blindIndex'>
  readonly sessions: Pick<Sessions, 'createInvitation' | 'acceptInvitation' | 'revokeInvitations' | 'sessionToken'>
  readonly clock: { now(): Date }
}

export type Accepted =
  | { readonly ok: true; readonly cookies: string[]; readonly person: string; readonly tenure: string }
  | {
      readonly ok: false
      readonly key: string
      readonly values?: Record<string, string | number>
      readonly retryAfterSeconds?: number
    }

const accepting = new Map<string, Promise<unknown>>()

/**
 * One after the other for one key; whoever asks for the very same while it is being done gets the same answer. A form that is sent by
 * a double click arrives twice at once, and the browser shows the second answer.
 */
async function oneAtATime<T>(key: string, same: string, work: () => Promise<T>): Promise<T> {
  const whole = `${key} ${same}`
  const shared = accepting.get(whole) as Promise<T> | undefined
  if (shared) return shared
  const before = accepting.get(key)
  const mine = (async () => {
    await before?.catch(() => undefined)
    return work()
  })()
  accepting.set(whole, mine)
  accepting.set(key, mine)
  try {
    return await mine
  } finally {
    accepting.delete(whole)
    if (accepting.get(key) === mine) accepting.delete(key)
  }
}

/**
 * Accepts an invitation with a password: makes the account, the person and the tenure, and signs in. The link's token
 * belongs to this room; the account room gets a token of its own for the moment between two lines here, which nobody else
 * ever sees. A password that is too weak leaves everything as it was. Where the program dies between account and tenure,
 * the invitation stays open: signing in and opening the link again takes the post (`takeInvitedPost`).
 * @returns the refusal of the account room with the key of its sentence, or the `Set-Cookie` lines
 * @throws Refusal 410 where the invitation is not open any more
 */
export async function acceptInvitation(
  doors: AcceptingDoors,
  token: string,
  input: { password: string; email?: string; language: Language } & Visitor,
): Promise<Accepted> {
  const key = hashToken(token).toString('hex')
  const same = hashToken(`${token} ${input.email ?? ''} ${input.password}`).toString('hex')
  return oneAtATime(key, same, () => acceptOnce(doors, token, input))
}

async function acceptOnce(
  doors: AcceptingDoors,
  token: string,
  input: { password: string; email?: string; language: Language } & Visitor,
): Promise<Accepted> {
  const surroundings = { now: doors.clock.now(), language: input.language }
  const seen = await enter(doors.database, {}, surroundings, (act) => readInvitation(act, doors.encryption, token))
  if (!seen) throw gone()
  const reference = `invitation:${seen.id}`
  const inner = await doors.sessions.createInvitation({ reference })
  const email = input.email?.trim() || seen.mail
  const account = await doors.sessions.acceptInvitation(inner.token, {
    email,
    password: input.password,
    address: input.address,
    headers: input.headers,
  })
  if (!account.ok) {
    await doors.sessions.revokeInvitations(reference)
    return account
  }
  const cookie = account.cookies.map((line) => line.split(';')[0]).join('; ')
  const session = doors.sessions.sessionToken({ cookie })
  await enter(doors.database, {}, surroundings, (act) =>
    personForUser(act.sql, doors.encryption, {
      userId: account.userId,
      name: seen.name,
      mail: email,
      language: input.language,
    }),
  )
  return enter(doors.database, { session }, surroundings, async (act) => {
    const person = act.actor.person
    if (!person) throw new Error('the account has no person')
    // Where the roof had made the person when the account came, it knew no name.
    await act.sql
      .updateTable('person')
      .set({ name: seen.name })
      .where('id', '=', person)
      .where('name', 'is', null)
      .execute()
    const tenure = await takeInvitedPost(act, token)
    return { ok: true as const, cookies: account.cookies, person, tenure }
  })
}
