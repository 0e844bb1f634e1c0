import { sql } from 'kysely'
import type { Act } from '#kernel/access/index.ts'
import { newId } from '#kernel/database/identifiers.ts'
import type { Sql } from '#kernel/database/index.ts'
import type { Encryption } from '#kernel/encryption/index.ts'
import { normalisePhone } from '#kernel/encryption/index.ts'

/** Purposes of encryption; each value is bound to the person's id. */
export const phonePurpose = 'person.phone'
export const mailPurpose = 'person.mail'
/** The blind index of phones, the same for every room that looks a number up. */
export const phoneIndexPurpose = 'phone'

export interface NewPerson {
  /** The account of the sign-in. */
  readonly userId: string
  readonly name?: string | null
  readonly phone?: string | null
  readonly mail?: string | null
  readonly language?: 'zh-CN' | 'en'
}

/**
 * The person behind an account, made at the first time. Bears being called again for the same account. Returns the id.
 * @param on as the role of jobs: whoever passes by the program's rules as the application ties no account to a person
 */
export async function personForUser(
  on: Sql,
  encryption: Pick<Encryption, 'encrypt' | 'blindIndex'>,
  given: NewPerson,
): Promise<string> {
  const id = newId()
  const phone = given.phone ? (normalisePhone(given.phone)?.number ?? given.phone) : null
  const { rows } = await sql<{ id: string }>`select person_make(
    ${id}::uuid, ${given.userId}::text, ${given.name ?? null}::text,
    ${phone ? encryption.encrypt(phonePurpose, phone, id) : null}::bytea,
    ${phone ? encryption.blindIndex(phoneIndexPurpose, phone) : null}::bytea,
    ${given.mail ? encryption.encrypt(mailPurpose, given.mail, id) : null}::bytea,
    ${given.language ?? 'zh-CN'}::text) as id`.execute(on)
  const made = rows[0]?.id
  if (!made) throw new Error('person_make gave no person')
  return made
}

export interface PersonRow {
  id: string
  name: string | null
  phone: string | null
  mail: string | null
  language: 'zh-CN' | 'en'
  homePath: string | null
  createdAt: string
  version: number
  userId: string | null
}

/** Whoever acts, with contact in the clear: it is theirs. Null where nobody has signed in. */
export async function readMyself(act: Act, encryption: Pick<Encryption, 'decrypt'>): Promise<PersonRow | null> {
  if (!act.actor.person) return null
  const row = await act.sql
    .selectFrom('person')
    .selectAll()
    .where('id', '=', act.actor.person)
    .where('erased_at', 'is', null)
    .executeTakeFirst()
  if (!row) return null
  return {
    id: row.id,
    name: row.name,
    phone: row.phone_encrypted && encryption.decrypt(phonePurpose, row.phone_encrypted, row.id),
    mail: row.mail_encrypted && encryption.decrypt(mailPurpose, row.mail_encrypted, row.id),
    language: row.language as 'zh-CN' | 'en',
    homePath: row.home_path,
    createdAt: row.created_at,
    version: row.version,
    userId: row.auth_user,
  }
}

/** Where the owner of an account can be written to, for the roof, as the role of jobs. Null where there is nobody. */
export async function whereToWrite(
  on: Sql,
  encryption: Pick<Encryption, 'decrypt'>,
  userId: string,
): Promise<{ id: string; mail: string | null; phone: string | null; language: 'zh-CN' | 'en' } | null> {
  const row = await on
    .selectFrom('person')
    .select(['id', 'mail_encrypted', 'phone_encrypted', 'language'])
    .where('auth_user', '=', userId)
    .where('erased_at', 'is', null)
    .executeTakeFirst()
  if (!row) return null
  return {
    id: row.id,
    mail: row.mail_encrypted && encryption.decrypt(mailPurpose, row.mail_encrypted, row.id),
    phone: row.phone_encrypted && encryption.decrypt(phonePurpose, row.phone_encrypted, row.id),
    language: row.language as 'zh-CN' | 'en',
  }
}

/** The number that whoever acts signed in with, in the clear: it is theirs. Null where there is none. */
export async function ownPhone(act: Act, encryption: Pick<Encryption, 'decrypt'>): Promise<string | null> {
  return (await readMyself(act, encryption))?.phone ?? null
}

/** Writes a name, language or home place of whoever acts. False where the version is no longer that one. */
export async function writeMyself(
  act: Act,
  version: number,
  fields: { name?: string | null; language?: 'zh-CN' | 'en'; homePath?: string | null },
): Promise<boolean> {
  const done = await act.sql
    .updateTable('person')
    .set({
      ...(fields.name === undefined ? {} : { name: fields.name?.trim() || null }),
      ...(fields.language === undefined ? {} : { language: fields.language }),
      ...(fields.homePath === undefined ? {} : { home_path: fields.homePath }),
      version: sql<number>`version + 1`,
    })
    .where('id', '=', act.actor.person)
    .where('version', '=', version)
    .executeTakeFirst()
  return done.numUpdatedRows === 1n
}

export interface Reading {
  id: string
  at: string
  what: string
  purpose: string | null
  record_kind: string
  subject_record: string
  holder_name: string | null
  title: string | null
  title_en: string | null
  body_name: string | null
  body_name_en: string | null
}

/** Who looked at what is held about whoever acts, newest first. */
export async function readReadings(act: Act, before: string | null, limit: number): Promise<Reading[]> {
  const { rows } = await sql<Reading>`select * from readings_of_me(${before}::uuid, ${limit})`.execute(act.sql)
  return rows
}

/** The erasure of a person's own row; jobs alone may. Returns the account of the sign-in, or null where it was erased before. */
export async function erasePerson(on: Sql, person: string): Promise<string | null> {
  const before = await on
    .selectFrom('person')
    .select('auth_user')
    .where('id', '=', person)
    .where('erased_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  if (!before) return null
  await on
    .updateTable('person')
    .set({
      auth_user: null,
      name: null,
      phone_encrypted: null,
      phone_index: null,
      mail_encrypted: null,
      home_path: null,
      erased_at: sql<string>`now()`,
      version: sql<number>`version + 1`,
    })
    .where('id', '=', person)
    .execute()
  await sql`select ledger.erase_salts(${person})`.execute(on)
  return before.auth_user
}

/** Whether a person holds a post now or is to hold one. */
export async function holdsPost(on: Sql, person: string): Promise<boolean> {
  const found = await on
    .selectFrom('tenure')
    .select('id')
    .where('person', '=', person)
    .where(sql<boolean>`(upper_inf(during) or upper(during) > now())`)
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}

/** The posts of whoever acts, past ones included. */
export async function myTenures(act: Act) {
  return act.sql
    .selectFrom('tenure')
    .innerJoin('post', 'post.id', 'tenure.post')
    .innerJoin('body', 'body.id', 'post.body')
    .select([
      'tenure.id',
      'tenure.holder_name as name',
      'post.title',
      'post.title_en as titleEn',
      'body.name as bodyName',
      'body.name_en as bodyNameEn',
      sql<string>`lower(tenure.during)`.as('from'),
      sql<string | null>`upper(tenure.during)`.as('until'),
    ])
    .where('tenure.person', '=', act.actor.person)
    .orderBy('tenure.created_at')
    .execute()
}

/** How somebody is called at the desk: the name they gave, else the one under which they were given their post. */
export async function nameAtWork(on: Sql, person: string): Promise<string> {
  const { rows } = await sql<{ name: string | null }>`
    select coalesce(p.name, (select t.holder_name from tenure t where t.person = p.id and t.during @> now()
      order by t.created_at limit 1)) as name
    from person p where p.id = ${person}`.execute(on)
  return rows[0]?.name ?? ''
}

/** The account with which a person signs in, or none; null where the person is unknown or erased. As the role of jobs. */
export async function readSignIn(on: Sql, person: string): Promise<{ auth_user: string | null } | null> {
  const { rows } = await sql<{ auth_user: string | null }>`
    select auth_user from person where id = ${person} and erased_at is null`.execute(on)
  return rows[0] ?? null
}
