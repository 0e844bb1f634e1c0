import { type ExpressionBuilder, sql } from 'kysely'
import type { DB, Sql } from '#kernel/database/index.ts'
import { Refusal } from '#kernel/http/index.ts'
import { isId } from '#kernel/http/shapes.api.ts'
import { lineUp } from '#organise/places/index.ts'
import type { BodyRow, BodyWhole, Holder, Post, Receiver, Serving } from './bodies.api.ts'
import { chooseReceiver } from './bodies.rules.ts'
import type { BodyKind, Duty } from './duties.ts'

const under = (column: string, path: string) => {
  const at = sql.ref(column)
  return sql<boolean>`${at} >= ${path}::text collate "C" and ${at} < ${path}::text || '~'`
}

/** `%` and `_` of what was typed stand for themselves. */
const containing = (typed: string): string => `%${typed.trim().replace(/[\\%_]/g, '\\$&')}%`

const bodyColumns = [
  'body.id',
  'body.kind',
  'body.name',
  'body.name_en as nameEn',
  'body.place',
  'place.name as placeName',
  'place.name_en as placeNameEn',
  'body.path',
  'body.telephone',
  'body.address',
  'body.hours',
  'body.dissolved_at as dissolvedAt',
  'body.version',
] as const

const postsOf = (eb: ExpressionBuilder<DB, 'body'>) =>
  eb
    .selectFrom('post')
    .whereRef('post.body', '=', 'body.id')
    .where('post.abolished_at', 'is', null)
    .select((inner) => inner.fn.countAll<number>().as('n'))

const holdersOf = (eb: ExpressionBuilder<DB, 'body'>) =>
  eb
    .selectFrom('post')
    .innerJoin('tenure', 'tenure.post', 'post.id')
    .whereRef('post.body', '=', 'body.id')
    .where('post.abolished_at', 'is', null)
    .where(sql<boolean>`tenure.during @> now()`)
    .select((inner) => inner.fn.countAll<number>().as('n'))

export interface BodiesAsked {
  readonly under?: string
  readonly only?: boolean
  readonly kind?: BodyKind
  readonly search?: string
  readonly dissolved?: boolean
  readonly after?: string
  readonly limit?: number
}

/** Bodies at a path and below it, by path and id; `next` is what `after` takes for the following page. */
export async function listBodies(on: Sql, asked: BodiesAsked): Promise<{ bodies: BodyRow[]; next: string | null }> {
  const limit = asked.limit ?? 50
  let query = on
    .selectFrom('body')
    .innerJoin('place', 'place.id', 'body.place')
    .select([...bodyColumns])
    .select((eb) => [postsOf(eb).$asScalar().as('posts'), holdersOf(eb).$asScalar().as('holders')])
    .orderBy('body.path')
    .orderBy('body.id')
    .limit(limit + 1)
  if (asked.under !== undefined)
    query = asked.only ? query.where('body.path', '=', asked.under) : query.where(under('body.path', asked.under))
  if (asked.kind) query = query.where('body.kind', '=', asked.kind)
  if (asked.search?.trim()) {
    const typed = containing(asked.search)
    query = query.where((eb) => eb.or([eb('body.name', 'ilike', typed), eb('body.name_en', 'ilike', typed)]))
  }
  if (!asked.dissolved) query = query.where('body.dissolved_at', 'is', null)
  if (asked.after) {
    const [path = '', id = ''] = asked.after.split('|')
    if (!isId(id))
      throw new Refusal(400, 'invalid-field', 'http.invalid-field', { field: 'after', values: { field: 'after' } })
    query = query.where(sql<boolean>`(body.path, body.id) > (${path}::text, ${id}::uuid)`)
  }
  const rows = await query.execute()
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    bodies: page.map((row) => ({ ...row, posts: Number(row.posts ?? 0), holders: Number(row.holders ?? 0) })),
    next: rows.length > limit && last ? `${last.path}|${last.id}` : null,
  }
}

/** A body with its posts and holders at a moment (null: now). Null where there is none. */
export async function readBody(
  on: Sql,
  id: string,
  moment: Date | null = null,
): Promise<Omit<BodyWhole, 'can' | 'inHand'> | null> {
  const body = await on
    .selectFrom('body')
    .innerJoin('place', 'place.id', 'body.place')
    .select([...bodyColumns, 'body.created_at as foundedAt', 'body.dissolved_basis as dissolvedBasis'])
    .where('body.id', '=', id)
    .executeTakeFirst()
  if (!body) return null
  return { ...body, posts: await readPosts(on, { body: id }, moment) }
}

/** Posts of a body, or one post, with who holds them at a moment; abolished ones only where the moment lies before. */
export async function readPosts(
  on: Sql,
  of: { body: string } | { post: string },
  moment: Date | null = null,
): Promise<Post[]> {
  const at = moment === null ? sql<string>`now()` : sql<string>`${moment}::timestamptz`
  let query = on
    .selectFrom('post')
    .select([
      'id',
      'body',
      'title',
      'title_en as titleEn',
      'duties',
      'seats',
      'is_head as head',
      'shown',
      'abolished_at as abolishedAt',
      'version',
    ])
    .orderBy('is_head', 'desc')
    .orderBy('created_at')
    .orderBy('id')
  if ('post' in of) query = query.where('id', '=', of.post)
  else {
    query = query
      .where('body', '=', of.body)
      .where((eb) => eb.or([eb('abolished_at', 'is', null), eb('abolished_at', '>', at)]))
    if (moment) query = query.where('created_at', '<=', at)
  }
  const posts = await query.execute()
  const ids = posts.map(({ id }) => id)
  const holders = ids.length
    ? await on
        .selectFrom('tenure')
        .select([
          'id as tenure',
          'post',
          'seat',
          'person',
          'holder_name as name',
          'kind',
          sql<string>`lower(during)`.as('from'),
          sql<string | null>`upper(during)`.as('until'),
          'basis',
          'version',
        ])
        .where('post', 'in', ids)
        // Those to come are shown with those of today: a seat that is promised is not free.
        .where(
          moment
            ? sql<boolean>`during @> ${moment}::timestamptz`
            : sql<boolean>`(upper_inf(during) or upper(during) > now())`,
        )
        .orderBy('seat')
        .orderBy('id')
        .execute()
    : []
  return posts.map((post) => {
    const own: Holder[] = holders.filter((holder) => holder.post === post.id).map(({ post: _, ...holder }) => holder)
    return { ...post, holders: own, free: Math.max(0, post.seats - new Set(own.map(({ seat }) => seat)).size) }
  })
}

/** The body that a post belongs to, its place in the tree, and whether both still stand. */
export async function bodyOfPost(on: Sql, post: string) {
  return on
    .selectFrom('post')
    .innerJoin('body', 'body.id', 'post.body')
    .select([
      'post.id',
      'post.title',
      'post.title_en as titleEn',
      'post.version',
      'body.id as body',
      'body.name as bodyName',
      'body.name_en as bodyNameEn',
      'body.path',
      sql<boolean>`post.abolished_at is null and body.dissolved_at is null`.as('stands'),
    ])
    .where('post.id', '=', post)
    .executeTakeFirst()
}

const receiverColumns = [
  'body.id',
  'body.name',
  'body.name_en as nameEn',
  'body.kind',
  'body.path',
  'place.name as placeName',
  'place.name_en as placeNameEn',
] as const

const hasHolder = (duty: Duty) => sql<boolean>`body_has_holder(body.id, ${duty})`

/**
 * The body that receives a request filed at a path: the nearest one, going up from the path, that has somebody at present
 * with the duty to accept; at one place a committee or office that receives residents comes before others
 * (`receiverPreference`). So a community that takes no part yet falls to its subdistrict, and that to its district.
 * @param excluded bodies that must not receive it (it is about them)
 * @throws Refusal 409 `no-receiver` where nobody accepts requests anywhere above
 */
export async function firstReceiver(on: Sql, path: string, excluded: readonly string[] = []): Promise<Receiver> {
  let query = on
    .selectFrom('body')
    .innerJoin('place', 'place.id', 'body.place')
    .select([...receiverColumns])
    .where('body.path', 'in', lineUp(path))
    .where('body.dissolved_at', 'is', null)
    .where(hasHolder('request.accept'))
  if (excluded.length > 0) query = query.where('body.id', 'not in', [...excluded])
  const found = chooseReceiver(await query.execute())
  if (!found) throw new Refusal(409, 'no-receiver', 'bodies.refused.no-receiver')
  return found
}

/**
 * Bodies to which a request at a path can be dispatched: at the path, below it or in the line above it, with somebody at
 * present who handles or accepts. Nearest first.
 */
export async function receivers(on: Sql, path: string, search = '', limit = 50): Promise<Receiver[]> {
  let query = on
    .selectFrom('body')
    .innerJoin('place', 'place.id', 'body.place')
    .select([...receiverColumns])
    .where('body.dissolved_at', 'is', null)
    .where((eb) => eb.or([eb('body.path', 'in', lineUp(path)), under('body.path', path)]))
    .where((eb) => eb.or([hasHolder('request.handle'), hasHolder('request.accept')]))
    .orderBy(sql`length(body.path)`, 'desc')
    .orderBy('body.name')
    .orderBy('body.id')
    .limit(limit)
  if (search.trim()) {
    const typed = containing(search)
    query = query.where((eb) => eb.or([eb('body.name', 'ilike', typed), eb('body.name_en', 'ilike', typed)]))
  }
  return query.execute()
}

/** Names of bodies by id, for those who show records that name them. */
export async function bodyNames(on: Sql, ids: readonly string[]): Promise<Map<string, Receiver>> {
  if (ids.length === 0) return new Map()
  const rows = await on
    .selectFrom('body')
    .innerJoin('place', 'place.id', 'body.place')
    .select([...receiverColumns])
    .where('body.id', 'in', [...new Set(ids)])
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}

/**
 * Who serves a place, as residents see it: bodies at the place and in the line above it up to the district, nearest first,
 * with the posts that are shown and who holds them today.
 */
export async function whoServes(on: Sql, path: string): Promise<Serving[]> {
  const line = lineUp(path)
  // A province and a city do not serve at the door; the district is the third level.
  const near = line.length > 3 ? line.slice(0, line.length - 2) : line.slice(0, 1)
  const bodies = await on
    .selectFrom('body')
    .select(['id', 'kind', 'name', 'name_en as nameEn', 'path', 'telephone', 'address', 'hours'])
    .where('path', 'in', near)
    .where('dissolved_at', 'is', null)
    .where(sql<boolean>`exists (select from post p where p.body = body.id and p.shown and p.abolished_at is null)`)
    .orderBy(sql`length(path)`, 'desc')
    .orderBy('created_at')
    .orderBy('id')
    .limit(60)
    .execute()
  if (bodies.length === 0) return []
  const rows = await on
    .selectFrom('post')
    .leftJoin('tenure', (join) => join.onRef('tenure.post', '=', 'post.id').on(sql<boolean>`tenure.during @> now()`))
    .select([
      'post.id',
      'post.body',
      'title',
      'title_en as titleEn',
      'is_head as head',
      'tenure.id as tenure',
      'holder_name as name',
    ])
    .where(
      'post.body',
      'in',
      bodies.map(({ id }) => id),
    )
    .where('post.shown', '=', true)
    .where('post.abolished_at', 'is', null)
    .orderBy('is_head', 'desc')
    .orderBy('post.created_at')
    .orderBy('post.id')
    .orderBy('seat')
    .execute()
  return bodies.map((body) => {
    const posts = new Map<string, Serving['posts'][number]>()
    for (const row of rows.filter((one) => one.body === body.id)) {
      const post = posts.get(row.id) ?? { title: row.title, titleEn: row.titleEn, head: row.head, holders: [] }
      if (row.tenure && row.name) post.holders.push({ tenure: row.tenure, name: row.name })
      posts.set(row.id, post)
    }
    return { ...body, posts: [...posts.values()] }
  })
}

/** People who hold a post at or below one of the paths, by name: whom an appointer may give a further post. */
export async function listHolders(on: Sql, prefixes: readonly string[], search: string, limit = 20) {
  if (prefixes.length === 0) return []
  return on
    .selectFrom('tenure')
    .innerJoin('post', 'post.id', 'tenure.post')
    .innerJoin('body', 'body.id', 'post.body')
    .distinctOn('tenure.person')
    .select([
      'tenure.person',
      'tenure.holder_name as name',
      'post.title',
      'post.title_en as titleEn',
      'body.name as bodyName',
      'body.name_en as bodyNameEn',
    ])
    .where(sql<boolean>`tenure.during @> now()`)
    .where('tenure.holder_name', 'ilike', containing(search))
    .where((eb) => eb.or(prefixes.map((prefix) => under('body.path', prefix))))
    .orderBy('tenure.person')
    .orderBy('body.path')
    .limit(limit)
    .execute()
}
