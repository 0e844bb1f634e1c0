import { sql, type UpdateResult } from 'kysely'
import { type Act, type Allowed, allow, may } from '#kernel/access/index.ts'
import { newId } from '#kernel/database/identifiers.ts'
import { record } from '#kernel/ledger/index.ts'
import { holdPlace } from '#organise/places/index.ts'
import type { BodyWhole, Post } from './bodies.api.ts'
import { conflict, guarding, notFound, refused } from './bodies.refusals.ts'
import { readBody, readPosts } from './bodies.store.ts'
import type { BodyKind, Duty } from './duties.ts'

/** What a body still holds in another room, and the sentence that says so. */
export interface Holding {
  readonly room: string
  /** How many open matters the body is responsible for. */
  count(act: Act, body: string): Promise<number>
}
const holdings: Holding[] = []

/** Port for upper rooms: a body cannot be dissolved while a room says that it still holds something. The roof fills it. */
export function registerHolding(holding: Holding): void {
  if (!holdings.some(({ room }) => room === holding.room)) holdings.push(holding)
}

/** How many open matters a body has in hand, in all rooms; for those who found and appoint there. */
export async function inHandOf(act: Act, body: string): Promise<number> {
  let count = 0
  for (const holding of holdings) count += await holding.count(act, body)
  return count
}

export interface BodyFields {
  readonly name: string
  readonly nameEn?: string | null
  readonly telephone?: string | null
  readonly address?: string | null
  readonly hours?: string | null
}

export interface PostFields {
  readonly title: string
  readonly titleEn?: string | null
  readonly duties: readonly Duty[]
  readonly seats?: number
  readonly head?: boolean
  readonly shown?: boolean
}

const kept = (text: string | null | undefined): string | null => text?.trim() || null

/** A body with what the reader may do with it. @throws Refusal 404 */
export async function showBody(act: Act, id: string, moment: Date | null = null): Promise<BodyWhole> {
  const body = await readBody(act.sql, id, moment)
  if (!body) throw notFound()
  const can = body.dissolvedAt
    ? []
    : [
        ...(may(act.actor, 'body.edit', body.path) ? ['edit'] : []),
        ...(may(act.actor, 'post.appoint', body.path) ? ['appoint'] : []),
      ]
  return { ...body, can, inHand: can.length > 0 ? await inHandOf(act, id) : null }
}

/** @throws Refusal 404 */
export async function showPost(act: Act, id: string): Promise<Post> {
  const [post] = await readPosts(act.sql, { post: id })
  if (!post) throw notFound()
  return post
}

/** The path of a place, held against moves until the end of the transaction. @throws Refusal 404 */
export async function pathOfPlace(act: Act, place: string): Promise<string> {
  const path = await holdPlace(act.sql, place)
  if (!path) throw notFound()
  return path
}

/** Runs an edit that names the version it saw. @throws Refusal 412, with what stands now, where another was faster */
async function unlessOvertaken(
  edit: { executeTakeFirst(): Promise<UpdateResult> },
  present: () => Promise<BodyWhole | Post>,
): Promise<void> {
  await guarding(async () => {
    const { numUpdatedRows } = await edit.executeTakeFirst()
    if (numUpdatedRows === 0n) throw conflict(await present())
  })
}

/** Founds a body at a place. Returns its id. */
export async function foundBody(
  act: Act,
  allowed: Allowed<'body.edit'>,
  fields: BodyFields & { place: string; kind: BodyKind },
): Promise<string> {
  const id = newId(act.now.getTime())
  await act.sql
    .insertInto('body')
    .values({
      id,
      kind: fields.kind,
      name: fields.name.trim(),
      name_en: kept(fields.nameEn),
      place: fields.place,
      path: allowed.path,
      telephone: kept(fields.telephone),
      address: kept(fields.address),
      hours: kept(fields.hours),
    })
    .execute()
  await record(act, {
    kind: 'body.founded',
    record: id,
    path: allowed.path,
    category: fields.kind,
    tenure: allowed.tenure.tenure,
    personal: { name: fields.name.trim() },
  })
  return id
}

/** Changes the name of a body or how it is reached. @throws Refusal 412 where another was faster */
export async function editBody(
  act: Act,
  allowed: Allowed<'body.edit'>,
  id: string,
  version: number,
  fields: Partial<BodyFields>,
): Promise<void> {
  const edit = act.sql
    .updateTable('body')
    .set({
      ...(fields.name === undefined ? {} : { name: fields.name.trim() }),
      ...(fields.nameEn === undefined ? {} : { name_en: kept(fields.nameEn) }),
      ...(fields.telephone === undefined ? {} : { telephone: kept(fields.telephone) }),
      ...(fields.address === undefined ? {} : { address: kept(fields.address) }),
      ...(fields.hours === undefined ? {} : { hours: kept(fields.hours) }),
      version: sql<number>`version + 1`,
    })
    .where('id', '=', id)
    .where('path', '=', allowed.path)
    .where('version', '=', version)
    .where('dissolved_at', 'is', null)
  await unlessOvertaken(edit, () => showBody(act, id))
  await record(act, {
    kind: 'body.changed',
    record: id,
    path: allowed.path,
    tenure: allowed.tenure.tenure,
    facts: { version: version + 1 },
    personal: fields,
  })
}

/** Dissolves a body; its posts and tenures end with it. Nothing may be left in its hands. */
export async function dissolveBody(
  act: Act,
  allowed: Allowed<'body.edit'>,
  id: string,
  version: number,
  basis: string,
): Promise<void> {
  const count = await inHandOf(act, id)
  if (count > 0) throw refused('body-holds', undefined, { count })
  const body = await readBody(act.sql, id)
  if (!body) throw notFound()
  if (body.posts.some((post) => post.holders.length > 0)) {
    // Whoever ends tenures must be allowed to; the duty to edit bodies alone does not take a post from anybody.
    const appointing = allow(act, 'post.appoint', body.path)
    for (const post of body.posts) await endAllOf(act, appointing, post.id)
  }
  const edit = act.sql
    .updateTable('body')
    .set({ dissolved_at: act.now.toISOString(), dissolved_basis: basis.trim(), version: sql<number>`version + 1` })
    .where('id', '=', id)
    .where('path', '=', allowed.path)
    .where('version', '=', version)
    .where('dissolved_at', 'is', null)
  await unlessOvertaken(edit, () => showBody(act, id))
  await record(act, {
    kind: 'body.dissolved',
    record: id,
    path: allowed.path,
    tenure: allowed.tenure.tenure,
    personal: { basis: basis.trim() },
  })
}

/** Ends every tenure of a post now, each with an act of its own. */
async function endAllOf(act: Act, allowed: Allowed<'post.appoint'>, post: string): Promise<void> {
  const ended = await guarding(() =>
    act.sql
      .updateTable('tenure')
      .set({
        during: sql<string>`tstzrange(lower(during), greatest(now(), lower(during) + interval '1 microsecond'))`,
        ended_by: allowed.tenure.tenure,
        version: sql<number>`version + 1`,
      })
      .where('post', '=', post)
      .where(sql<boolean>`(upper_inf(during) or upper(during) > now())`)
      .returning('id')
      .execute(),
  )
  for (const { id } of ended)
    await record(act, {
      kind: 'tenure.ended',
      record: id,
      path: allowed.path,
      tenure: allowed.tenure.tenure,
      facts: { post },
    })
}

/** Adds a post to a body. Returns its id. */
export async function addPost(
  act: Act,
  allowed: Allowed<'body.edit'>,
  body: string,
  fields: PostFields,
): Promise<string> {
  const id = newId(act.now.getTime())
  await guarding(() =>
    act.sql
      .insertInto('post')
      .values({
        id,
        body,
        title: fields.title.trim(),
        title_en: kept(fields.titleEn),
        duties: [...fields.duties],
        seats: fields.seats ?? 1,
        is_head: fields.head ?? false,
        shown: fields.shown ?? false,
      })
      .execute(),
  )
  await record(act, {
    kind: 'post.added',
    record: id,
    path: allowed.path,
    tenure: allowed.tenure.tenure,
    facts: { body, duties: [...fields.duties].sort().join(' '), seats: fields.seats ?? 1 },
    personal: { title: fields.title.trim() },
  })
  return id
}

/** Changes a post. Fewer seats than holders are refused, and so is a duty added to a post of one's own. */
export async function editPost(
  act: Act,
  allowed: Allowed<'body.edit'>,
  id: string,
  version: number,
  fields: Partial<PostFields>,
): Promise<void> {
  const edit = act.sql
    .updateTable('post')
    .set({
      ...(fields.title === undefined ? {} : { title: fields.title.trim() }),
      ...(fields.titleEn === undefined ? {} : { title_en: kept(fields.titleEn) }),
      ...(fields.duties === undefined ? {} : { duties: [...fields.duties] }),
      ...(fields.seats === undefined ? {} : { seats: fields.seats }),
      ...(fields.head === undefined ? {} : { is_head: fields.head }),
      ...(fields.shown === undefined ? {} : { shown: fields.shown }),
      version: sql<number>`version + 1`,
    })
    .where('id', '=', id)
    .where('version', '=', version)
    .where('abolished_at', 'is', null)
  await unlessOvertaken(edit, () => showPost(act, id))
  await record(act, {
    kind: 'post.changed',
    record: id,
    path: allowed.path,
    tenure: allowed.tenure.tenure,
    facts: {
      version: version + 1,
      ...(fields.duties ? { duties: [...fields.duties].sort().join(' ') } : {}),
      ...(fields.seats ? { seats: fields.seats } : {}),
    },
  })
}

/** Abolishes a post; whoever holds it holds it no more. */
export async function abolishPost(act: Act, allowed: Allowed<'body.edit'>, id: string, version: number): Promise<void> {
  const post = await showPost(act, id)
  if (post.holders.length > 0) await endAllOf(act, allow(act, 'post.appoint', allowed.path), id)
  const edit = act.sql
    .updateTable('post')
    .set({ abolished_at: act.now.toISOString(), version: sql<number>`version + 1` })
    .where('id', '=', id)
    .where('version', '=', version)
    .where('abolished_at', 'is', null)
  await unlessOvertaken(edit, () => showPost(act, id))
  await record(act, { kind: 'post.abolished', record: id, path: allowed.path, tenure: allowed.tenure.tenure })
}
