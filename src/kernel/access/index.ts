// Who is asking, where they reach, and the proof that a check was made.
import { createHash } from 'node:crypto'
import type pg from 'pg'
import { newId } from '../database/identifiers.ts'
import { commit, type Database, type Sql, sendTogether, sqlOn } from '../database/index.ts'
import { Refusal } from '../http/refusal.ts'

export interface Tenure {
  readonly tenure: string
  readonly post: string
  readonly title: string
  readonly title_en: string | null
  readonly head: boolean
  readonly body: string
  readonly body_name: string
  readonly body_name_en: string | null
  readonly body_kind: string
  readonly path: string
  readonly duties: readonly string[]
}

/** Who acts in a transaction, as the database verified it. */
export interface Actor {
  readonly person: string | null
  readonly session: string | null
  /** When the session ends, for its renewal; null without one. */
  readonly expires: string | null
  readonly user: string | null
  readonly tenures: readonly Tenure[]
  readonly bodies: readonly string[]
  /** Duty → path prefixes below which it may be done. */
  readonly reach: Readonly<Record<string, readonly string[]>>
  /** The record that a held secret link opens. */
  readonly link: string | null
  /** The tenure through which that link reached its holder; null where it went to the holder alone. */
  readonly handed_by: string | null
  /** The record that a held judge token lets its holder judge. */
  readonly judge: string | null
  /** The key of other people's software by which this is asked, where it holds at this moment. */
  readonly key?: string | null
}

/** Who acts where no person does: a timer, a loader; and whoever shows nothing. */
export const nobody: Actor = {
  person: null,
  session: null,
  expires: null,
  user: null,
  tenures: [],
  bodies: [],
  reach: {},
  link: null,
  handed_by: null,
  judge: null,
}

/** What a caller shows: a session token, the token of a secret link, a judge token. Each in clear; only hashes reach the database. */
export interface Credentials {
  readonly session?: string | null
  readonly link?: string | null
  readonly judge?: string | null
  /** The secret of the address to which a mail about a record was answered; whoever shows it shows nothing else. */
  readonly reply?: string | null
  /** Of other people's software, which shows nothing else; with a record that came by it, what the holder of its link may do. */
  readonly key?: { readonly secret: string; readonly record?: string } | null
}

export type Language = 'zh-CN' | 'en'

/** One transaction of one actor. */
export interface Act {
  readonly sql: Sql
  /** For named statements and pg-boss, on the same connection and transaction. */
  readonly client: pg.PoolClient
  readonly actor: Actor
  readonly now: Date
  readonly language: Language
  /** Last statements, whose answers nobody needs: sent along with the commit, which waits for them and fails with them. */
  readonly along: (() => Promise<unknown>)[]
}

declare const proof: unique symbol
/** Proof that the actor may do a duty at a path. Only `allow` makes it; store functions that change something ask for it. */
export interface Allowed<Duty extends string> {
  readonly duty: Duty
  readonly path: string
  /** The tenure under which it is done. */
  readonly tenure: Tenure
  readonly [proof]: true
}

/** SHA-256 of a secret token: the only form in which it is stored. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/**
 * Runs work in one transaction that begins with `access.enter`, commits it, and returns its answer.
 * @param surroundings.plansKept its statements are planned once for each connection, whatever their values
 * @throws what the work throws, after rollback
 */
export async function enter<T>(
  database: Database,
  credentials: Credentials,
  { plansKept, ...surroundings }: { now: Date; language: Language; plansKept?: boolean },
  work: (act: Act) => Promise<T>,
): Promise<T> {
  const client = await database.pool.connect()
  let broken: Error | undefined
  let begun: Promise<readonly pg.QueryResult<{ context: Actor }>[]> | undefined
  try {
    // One message begins the transaction and says who is asking.
    const anybody =
      !credentials.session && !credentials.link && !credentials.judge && !credentials.key && !credentials.reply
    if (anybody) sendTogether(client)
    begun = client.query(
      `begin${database.readOnly ? ' read only' : ''}; ${plansKept ? 'set local plan_cache_mode = force_generic_plan; ' : ''}select ${
        credentials.key
          ? `access.enter_by_key(${hashLiteral(credentials.key.secret)}, ${credentials.key.record ? client.escapeLiteral(credentials.key.record) : 'null'})`
          : credentials.reply
            ? `access.enter_by_reply(${hashLiteral(credentials.reply)})`
            : `access.enter(${[
                credentials.session ? client.escapeLiteral(credentials.session) : 'null',
                hashLiteral(credentials.link),
                hashLiteral(credentials.judge),
              ].join(', ')})`
      } as context`,
    ) as unknown as Promise<readonly pg.QueryResult<{ context: Actor }>[]>
    // Who shows nothing is nobody: what is asked first goes along in the same packet.
    if (anybody) begun.catch(() => undefined)
    const actor = anybody ? nobody : (await begun).at(-1)?.rows[0]?.context
    if (!actor) throw new Error('access.enter gave no context')
    const along: (() => Promise<unknown>)[] = []
    const result = await work({ sql: sqlOn(client), client, actor, along, ...surroundings })
    if (along.length > 0) sendTogether(client)
    await Promise.all([...along.map((last) => last()), commit(client)])
    return result
  } catch (error) {
    await client.query('rollback').catch((reason: Error) => {
      broken = reason
    })
    // Where the beginning failed, whatever came after it failed for that reason.
    await begun
    throw error
  } finally {
    client.release(broken)
  }
}

function hashLiteral(token: string | null | undefined): string {
  return token ? `'\\x${tokenHash(token).toString('hex')}'` : 'null'
}

/** Whether a path lies in a reach. */
export function covers(prefixes: readonly string[] | undefined, path: string): boolean {
  return prefixes?.some((prefix) => path.startsWith(prefix)) ?? false
}

/** Whether the actor may do the duty at the path (no proof: for showing what is possible). */
export function may(actor: Actor, duty: string, path: string): boolean {
  return covers(actor.reach[duty], path)
}

/**
 * Proof that the actor may do the duty at the path.
 * @throws Refusal 401 where nobody has signed in, 403 where the actor's tenures do not carry the duty there
 */
export function allow<Duty extends string>(act: Act, duty: Duty, path: string): Allowed<Duty> {
  const tenure = act.actor.tenures.find((held) => held.duties.includes(duty) && path.startsWith(held.path))
  if (tenure) return { duty, path, tenure } as Allowed<Duty>
  if (!act.actor.person) throw new Refusal(401, 'sign-in-needed', 'http.sign-in-needed')
  throw new Refusal(403, 'not-allowed', 'http.not-allowed')
}

/** @throws Refusal 401 unless somebody has signed in */
export function signedIn(act: Act): string {
  if (!act.actor.person) throw new Refusal(401, 'sign-in-needed', 'http.sign-in-needed')
  return act.actor.person
}

/** Writes that another person's contact or case data was read; that person sees it. */
export async function logReading(
  act: Act,
  reading: {
    subjectPerson: string | null
    subjectRecord: string
    recordKind: string
    what: string
    purpose?: string
    tenure?: string | null
  },
): Promise<void> {
  await act.sql
    .insertInto('access.log')
    .values({
      id: newId(),
      reader: act.actor.person,
      tenure: reading.tenure ?? act.actor.tenures[0]?.tenure ?? null,
      subject_person: reading.subjectPerson,
      subject_record: reading.subjectRecord,
      record_kind: reading.recordKind,
      what: reading.what,
      purpose: reading.purpose ?? null,
    })
    .execute()
}
