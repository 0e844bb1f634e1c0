import { sql } from 'kysely'
import type { Act, Allowed } from '#kernel/access/index.ts'
import { type Day, dayOf, startOfDay } from '#kernel/calendar/index.ts'
import { newId } from '#kernel/database/identifiers.ts'
import type { Sql } from '#kernel/database/index.ts'
import { type Encryption, hashToken, newToken } from '#kernel/encryption/index.ts'
import { Refusal } from '#kernel/http/index.ts'
import { record } from '#kernel/ledger/index.ts'
import type { Invitation } from './bodies.api.ts'
import { conflict, guarding, notFound, refused } from './bodies.refusals.ts'
import { endAfter, invitationDays, maskMail } from './bodies.rules.ts'
import { bodyOfPost, readPosts } from './bodies.store.ts'
import type { TenureKind } from './duties.ts'

/** The purpose under which the address of an invited person is encrypted, bound to the invitation's id. */
export const mailPurpose = 'invitation.mail'

/** What inviting needs of the kernel. */
export interface InvitingDoors {
  readonly publicUrl: string
  readonly encryption: Pick<Encryption, 'encrypt' | 'decrypt'>
  readonly outbox: {
    readonly channels: { readonly mail: boolean }
    queueMessage(
      act: Act,
      message: {
        channel: 'mail'
        to: string
        template: string
        values: Record<string, string>
        language: 'zh-CN' | 'en'
        record: string
        goodUntil: Date
      },
    ): Promise<string | null>
  }
}

/** Writes an invitation down. @returns its link too, of which only a hash stays here */
export async function insertInvitation(
  on: Sql,
  doors: { readonly publicUrl: string; readonly encryption: Pick<Encryption, 'encrypt'>; readonly now: Date },
  given: { post: string; name: string; mail: string; by: string | null },
): Promise<{ id: string; link: string; expiresAt: Date }> {
  const id = newId(doors.now.getTime())
  const token = newToken()
  const expiresAt = new Date(doors.now.getTime() + invitationDays * 86_400_000)
  await on
    .insertInto('invitation')
    .values({
      id,
      post: given.post,
      name: given.name,
      mail_encrypted: doors.encryption.encrypt(mailPurpose, given.mail, id),
      token_hash: hashToken(token),
      invited_by: given.by,
      created_at: doors.now.toISOString(),
      expires_at: expiresAt.toISOString(),
    })
    .execute()
  return { id, link: `${doors.publicUrl.replace(/\/$/, '')}/invitation/${token}`, expiresAt }
}

/**
 * Invites somebody to a post by mail. Returns the invitation and, only where this installation sends no mail, the link to
 * hand over; it is stored hashed and cannot be shown again.
 * @throws Refusal 409 where no seat is free, 400 where nobody could write to the address
 */
export async function inviteToPost(
  act: Act,
  doors: InvitingDoors,
  allowed: Allowed<'post.appoint'>,
  post: string,
  person: { name: string; mail: string; language?: 'zh-CN' | 'en' },
): Promise<{ invitation: Invitation; link: string | null }> {
  const found = await bodyOfPost(act.sql, post)
  if (!found?.stands) throw notFound()
  const [held] = await readPosts(act.sql, { post })
  if (!held || held.free === 0) throw refused('post-full')
  const name = person.name.trim()
  const mail = person.mail.trim()
  const { id, link, expiresAt } = await guarding(() =>
    insertInvitation(act.sql, { ...doors, now: act.now }, { post, name, mail, by: act.actor.person }),
  )
  const language = person.language ?? act.language
  const english = language === 'en'
  if (doors.outbox.channels.mail) {
    try {
      await doors.outbox.queueMessage(act, {
        channel: 'mail',
        to: mail,
        template: 'bodies.invitation-mail',
        values: {
          name,
          body: (english ? found.bodyNameEn : null) ?? found.bodyName,
          post: (english ? found.titleEn : null) ?? found.title,
          link,
          days: String(invitationDays),
        },
        language,
        record: id,
        goodUntil: expiresAt,
      })
    } catch (error) {
      if (error instanceof RangeError) throw new Refusal(400, 'invalid-field', 'bodies.refused.mail', { field: 'mail' })
      throw error
    }
  }
  await record(act, {
    kind: 'invitation.sent',
    record: id,
    path: allowed.path,
    tenure: allowed.tenure.tenure,
    times: { expires: expiresAt.toISOString() },
    facts: { post },
    personal: { name, mail },
  })
  return {
    invitation: {
      id,
      post,
      name,
      mail: maskMail(mail),
      createdAt: act.now.toISOString(),
      expiresAt: expiresAt.toISOString(),
    },
    link: doors.outbox.channels.mail ? null : link,
  }
}

/** Invitations to a post that can still be accepted. Beneath the policies: only who appoints there sees any. */
export async function openInvitations(
  act: Act,
  encryption: Pick<Encryption, 'decrypt'>,
  post: string,
): Promise<Invitation[]> {
  const rows = await act.sql
    .selectFrom('invitation')
    .select(['id', 'post', 'name', 'mail_encrypted', 'created_at', 'expires_at'])
    .where('post', '=', post)
    .where('accepted_at', 'is', null)
    .where('withdrawn_at', 'is', null)
    .where('expires_at', '>', sql<string>`now()`)
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    post: row.post,
    name: row.name,
    mail: maskMail(encryption.decrypt(mailPurpose, row.mail_encrypted, row.id)),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }))
}

/** The post of an invitation, for the check of who may withdraw it. */
export async function postOfInvitation(act: Act, id: string): Promise<string> {
  const found = await act.sql.selectFrom('invitation').select('post').where('id', '=', id).executeTakeFirst()
  if (!found) throw notFound()
  return found.post
}

/** Withdraws an open invitation: its link leads nowhere from now on. @throws Refusal 409 where it is no longer open */
export async function withdrawInvitation(act: Act, allowed: Allowed<'post.appoint'>, id: string): Promise<void> {
  const done = await guarding(() =>
    act.sql
      .updateTable('invitation')
      .set({ withdrawn_at: act.now.toISOString() })
      .where('id', '=', id)
      .where('accepted_at', 'is', null)
      .where('withdrawn_at', 'is', null)
      .executeTakeFirst(),
  )
  if (done.numUpdatedRows === 0n) throw refused('invitation-over')
  await record(act, { kind: 'invitation.withdrawn', record: id, path: allowed.path, tenure: allowed.tenure.tenure })
}

/**
 * Gives a post to a person who holds one already (a concurrent post), from today or a day to come. Returns the tenure's id.
 * @throws Refusal 409 where no seat is free, the person holds it already, or it would be one's own
 */
export async function appointTo(
  act: Act,
  allowed: Allowed<'post.appoint'>,
  post: string,
  given: { person: string; kind?: TenureKind; from?: Day; until?: Day; basis?: string | null },
): Promise<string> {
  if (given.person === act.actor.person) throw refused('own-duty', 'person')
  const today = dayOf(act.now)
  if (given.from !== undefined && given.from < today) throw refused('past', 'from')
  if (given.until !== undefined && given.until < (given.from ?? today)) throw refused('ends-before', 'until')
  const named = await act.sql
    .selectFrom('tenure')
    .select('holder_name')
    .where('person', '=', given.person)
    .where(sql<boolean>`person_stands(person)`)
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!named) throw refused('unknown-person', 'person')
  const later = given.from !== undefined && given.from > today
  const from = later ? sql`${startOfDay(given.from as Day).toISOString()}::timestamptz` : sql`now()`
  const until = given.until === undefined ? sql`null` : sql`${endAfter(given.until).toISOString()}::timestamptz`
  const during = sql<string>`tstzrange(${from}, ${until})`
  const id = newId(act.now.getTime())
  await guarding(async () => {
    const { rows } = await sql<{ seat: number | null }>`select post_free_seat(${post}, ${during}) as seat`.execute(
      act.sql,
    )
    const seat = rows[0]?.seat
    if (!seat) throw refused('post-full')
    await act.sql
      .insertInto('tenure')
      .values({
        id,
        post,
        seat,
        person: given.person,
        holder_name: named.holder_name,
        kind: given.kind ?? 'concurrent',
        during,
        basis: given.basis?.trim() || null,
        appointed_by: act.actor.person,
      })
      .execute()
  })
  await record(act, {
    kind: 'tenure.began',
    record: id,
    path: allowed.path,
    tenure: allowed.tenure.tenure,
    facts: { post, person: given.person, kind: given.kind ?? 'concurrent' },
    times: {
      ...(later ? { from: startOfDay(given.from as Day).toISOString() } : {}),
      ...(given.until ? { until: endAfter(given.until).toISOString() } : {}),
    },
  })
  return id
}

/** Where a tenure stands: its post and the path of its body. @throws Refusal 404 */
export async function tenureAt(act: Act, id: string): Promise<{ post: string; path: string }> {
  const found = await act.sql
    .selectFrom('tenure')
    .innerJoin('post', 'post.id', 'tenure.post')
    .innerJoin('body', 'body.id', 'post.body')
    .select(['tenure.post', 'body.path'])
    .where('tenure.id', '=', id)
    .executeTakeFirst()
  if (!found) throw notFound()
  return found
}

/** Whose running tenure this is, for who appoints to it; `covered` where that holds for every post of theirs. Null for anybody else. */
export async function tenureHelped(
  act: Act,
  tenure: string,
): Promise<{ person: string; signIn: string | null; covered: boolean } | null> {
  const { rows } = await sql<{ person: string; sign_in: string | null; covered: boolean }>`
    select * from tenure_helped(${tenure})`.execute(act.sql)
  const [row] = rows
  return row ? { person: row.person, signIn: row.sign_in, covered: row.covered } : null
}

/**
 * Ends a tenure: at once, or after its last day. Returns the sign-in of whoever leaves, so that open sessions can be ended;
 * `at` is null where it ended at once.
 * @throws Refusal 409 for the last person who may appoint there, or a last day that has passed; 412 on another's change
 */
export async function endTenure(
  act: Act,
  allowed: Allowed<'post.appoint'>,
  id: string,
  version: number,
  given: { lastDay?: Day; basis?: string | null } = {},
): Promise<{ signIn: string | null; at: Date | null }> {
  if (given.lastDay !== undefined && given.lastDay < dayOf(act.now)) throw refused('past', 'lastDay')
  const at = given.lastDay === undefined ? null : endAfter(given.lastDay)
  const end = at === null ? sql`now()` : sql`${at.toISOString()}::timestamptz`
  await guarding(async () => {
    const done = await act.sql
      .updateTable('tenure')
      .set({
        // One that has not begun yet ends in its first moment: what was resolved stays written.
        during: sql<string>`tstzrange(lower(during), greatest(${end}, lower(during) + interval '1 microsecond'))`,
        ended_by: allowed.tenure.tenure,
        version: sql<number>`version + 1`,
      })
      .where('id', '=', id)
      .where('version', '=', version)
      .where(sql<boolean>`(upper_inf(during) or upper(during) > now())`)
      .executeTakeFirst()
    if (done.numUpdatedRows === 0n) {
      const { post } = await tenureAt(act, id)
      throw conflict((await readPosts(act.sql, { post }))[0])
    }
  })
  const { rows } = await sql<{ user: string | null }>`select tenure_sign_in(${id}) as user`.execute(act.sql)
  await record(act, {
    kind: 'tenure.ended',
    record: id,
    path: allowed.path,
    tenure: allowed.tenure.tenure,
    times: { at: (at ?? act.now).toISOString() },
    personal: given.basis?.trim() ? { basis: given.basis.trim() } : undefined,
  })
  return { signIn: rows[0]?.user ?? null, at }
}
