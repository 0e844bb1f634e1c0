import { type QueryExecutorProvider, sql as raw } from 'kysely'
import { queryGrams } from '#kernel/search/index.ts'
import { type PlaceKind, placeKinds } from './places.api.ts'
import { foldName, nameForms, sameNames, withoutBegunEnding } from './places.names.ts'
import { ancestorPaths, depths, isWithin, pathAt } from './places.paths.ts'
import { type KnownPlace, readPlaceText, substrings } from './places.reading.ts'
import { type PlaceRow, placeColumns, placesByPaths } from './places.store.ts'

/** A place found, with the places above it, highest first. */
export interface PlaceFound extends PlaceRow {
  ancestors: PlaceRow[]
}

export interface PlaceSearch {
  /** Path at or beneath which alone to look. */
  under?: string
  /** Path of where the asker is: what lies there comes first, then the rest of its district and city, then elsewhere. */
  near?: string
  kinds?: PlaceKind[]
  /** At most so many; 10 by default. */
  limit?: number
}

interface Hit {
  readonly id: string
  /** 1 is the very name, 2 its beginning, 3 a part of it. */
  readonly step: number
}

/**
 * Finds places by any part of their name, by the start of their code, or by words of their path, best first:
 * 五里, 五里社区 (also where the list says 五里居委会), 321003001, 邗江 五里, 扬州邗江五里社区. Abolished places are left out.
 */
export async function searchPlaces(
  sql: QueryExecutorProvider,
  text: string,
  options: PlaceSearch = {},
): Promise<PlaceFound[]> {
  const { limit = 10 } = options
  const words = text
    .slice(0, 60)
    .split(/[\s,，、/>›·]+/u)
    .map(foldName)
    .filter((word) => word !== '')
  const [word, ...more] = words
  if (word === undefined) return []
  const found = await findWords(sql, text, words, options, limit)
  const { near } = options
  // Of several words, and of a code, those before the last say already where it is.
  if (near === undefined || more.length > 0 || isCode(words)) return describe(sql, found)
  const circles = circlesRound(near)
  if (found.length < limit) {
    // This is all there is: it only has to be put in order.
    const circleOf = ({ path }: PlaceFound) => {
      const circle = circles.findIndex((each) => isWithin(path, each))
      return circle < 0 ? circles.length : circle
    }
    return (await describe(sql, found)).sort((one, other) => circleOf(one) - circleOf(other))
  }
  return describe(sql, nearestFirst(await findNear(sql, word, near, circles, options, limit), found, limit))
}

const isCode = (words: readonly string[]) => words.length === 1 && /^\d{2,12}$/.test(words[0] ?? '')

/** Where somebody looks first: the place itself, its district, its city. */
const circlesRound = (near: string): string[] => [
  ...new Set([near, pathAt(near, depths.district), pathAt(near, depths.city)]),
]

/** Those near come first; a quarter stays for what is called just so elsewhere. */
function nearestFirst(near: readonly Hit[], everywhere: readonly Hit[], limit: number): Hit[] {
  const elsewhere = everywhere.filter((hit) => !near.some((other) => other.id === hit.id))
  const kept = Math.min(elsewhere.filter((hit) => hit.step === 1).length, Math.floor(limit / 4))
  return [...near.slice(0, limit - kept), ...elsewhere].slice(0, limit)
}

/**
 * Finds by the name in the city round somebody, what lies in an inner circle first. A whole country is full of the very name: 西苑 is a
 * community of many cities, and 示例西苑 next door would never be reached among them.
 */
async function findNear(
  sql: QueryExecutorProvider,
  word: string,
  near: string,
  circles: readonly string[],
  options: PlaceSearch,
  limit: number,
): Promise<Hit[]> {
  const forms = nameForms(word)
  const shortest = forms.at(-1) ?? ''
  const grams = queryGrams(shortest)
  const widest = circles.at(-1) ?? near
  if (grams.length === 0) return []
  const { rows } = await raw<Hit>`
    select id, case when short_name = any(${forms}::text[]) then 1 when starts_with(short_name, ${shortest}) then 2 else 3 end as step
    from (
      select id, short_name, name, kind, path from place
      where path >= ${widest} and path < ${`${widest}~`} and grams @> ${grams}::text[] and position(${shortest} in short_name) > 0
        and abolished_at is null ${narrowed(options)}
      limit 3000
    ) candidate
    order by (select count(*) from unnest(${circles}::text[]) circle where starts_with(path, circle)) desc, step,
      (select count(*) from unnest(${ancestorPaths(near)}::text[]) above where starts_with(path, above)) desc,
      name = any(${sameNames(word)}::text[]) desc, array_position(${placeKinds}::text[], kind), path
    limit ${limit}`.execute(sql)
  return rows
}

/** Finds by all the ways in which people write a place, best first. */
async function findWords(
  sql: QueryExecutorProvider,
  text: string,
  words: string[],
  options: PlaceSearch,
  limit: number,
): Promise<Hit[]> {
  const word = words.at(-1) ?? ''
  const hits = new Map<string, Hit>()
  const add = (found: readonly Hit[]) => {
    for (const hit of found) if (!hits.has(hit.id)) hits.set(hit.id, hit)
  }
  if (/^[\x20-\x7e]*[a-z][\x20-\x7e]*$/i.test(text)) add(await findByEnglish(sql, text.trim(), options, limit))
  if (isCode(words)) add(await findByCode(sql, word, options, limit))
  if (words.length > 1) {
    add(await findByPath(sql, words, options, limit))
    // People also say the place first and its district after: 五里 邗江.
    if (hits.size === 0) add(await findByPath(sql, [...words].reverse(), options, limit))
    if (hits.size === 0) add(await findByParts(sql, words, options, limit))
    // Or a space stands where none belongs.
    if (hits.size === 0) add(await findByName(sql, words.join(''), options, limit))
  } else if (hits.size < limit) {
    const named = await findByName(sql, word, options, limit)
    add(named.filter((place) => place.step === 1))
    // No place is called so: it may be several names in one breath, 扬州邗江五里.
    if (hits.size === 0 && word.length >= 3) add(await findByPath(sql, words, options, limit))
    add(named)
  }
  return [...hits.values()].slice(0, limit)
}

/** What a search is narrowed to, as further conditions. */
const narrowed = ({ kinds, under }: PlaceSearch) => raw`
  ${kinds ? raw`and kind = any(${kinds}::text[])` : raw``}
  ${under === undefined ? raw`` : raw`and path >= ${under} and path < ${`${under}~`}`}`

async function findByCode(
  sql: QueryExecutorProvider,
  code: string,
  options: PlaceSearch,
  limit: number,
): Promise<Hit[]> {
  const { rows } = await raw<{ id: string; code: string }>`
    select id, code from place
    where code >= ${code} and code < ${`${code}:`} and abolished_at is null ${narrowed(options)}
    order by code limit 200`.execute(sql)
  return rows
    .sort((one, other) => one.code.length - other.code.length)
    .slice(0, limit)
    .map(({ id }) => ({ id, step: 1 }))
}

async function findByEnglish(
  sql: QueryExecutorProvider,
  text: string,
  options: PlaceSearch,
  limit: number,
): Promise<Hit[]> {
  const { rows } = await raw<{ id: string }>`
    select id from place
    where name_en is not null and position(${text.toLowerCase()} in lower(name_en)) > 0 and abolished_at is null ${narrowed(options)}
    order by position(${text.toLowerCase()} in lower(name_en)) > 1, length(path), path limit ${limit}`.execute(sql)
  return rows.map(({ id }) => ({ id, step: 1 }))
}

/** Finds by the name alone; `below` limits to subtrees. Step 1 is the very name, 2 its beginning, 3 a part. */
async function findByName(
  sql: QueryExecutorProvider,
  word: string,
  options: PlaceSearch,
  limit: number,
  below: string[] | null = options.under ? [options.under] : null,
): Promise<Hit[]> {
  const find = async (forms: string[], spoken: string | null) => {
    const { rows } = await raw<Hit>`
      select id, step from place_find(
        ${forms}::text[], ${queryGrams(forms.at(-1) ?? '')}::text[], ${sameNames(word)}::text[], ${spoken}::text,
        ${below}::text[], ${options.near ? ancestorPaths(options.near) : []}::text[],
        ${options.kinds ?? null}::text[], ${limit}::integer)`.execute(sql)
    return rows
  }
  const found = await find(nameForms(word), null)
  if (found.length > 0) return found
  // 五里居 is on the way to 五里居委会: found by 五里, kept if the whole name goes on so.
  const begun = withoutBegunEnding(word)
  return begun === null ? [] : find([begun], word)
}

/** Finds 邗江五里: reads words that name a higher place, then looks for the rest below it. */
async function findByPath(
  sql: QueryExecutorProvider,
  words: string[],
  options: PlaceSearch,
  limit: number,
): Promise<Hit[]> {
  const names = [...new Set(words.flatMap((word) => substrings(word)))]
  if (names.length === 0) return []
  const higher: PlaceKind[] = ['province', 'city', 'district', 'subdistrict']
  // A grid or a building is named after its community, which only then is worth looking up.
  for (const kinds of [higher, ['community'] as PlaceKind[]]) {
    const { rows: known } = await raw<KnownPlace>`
      select name, short_name, path from place
      where short_name = any(${names}::text[]) and kind = any(${kinds}::text[])
        and (${kinds[0] === 'province'} or exists (select from place child where child.parent_id = place.id))
      limit 2000`.execute(sql)
    for (const reading of readPlaceText(words, known).slice(0, 4)) {
      const { under = '' } = options
      // Where one alone is looked in, higher names that hold it say no more than it does.
      const below = reading.paths
        .map((path) => (under.startsWith(path) ? under : path))
        .filter((path) => path.startsWith(under))
      if (below.length === 0) continue
      const found = await findByName(sql, reading.rest, options, limit, below)
      // The place itself is no part of what lies below it: 邗江 江 means something under 邗江.
      if (found.length > 0) return found
    }
  }
  return []
}

/** Finds 邗 五里: the last word by name, each other word somewhere in the names above it. */
async function findByParts(
  sql: QueryExecutorProvider,
  words: string[],
  options: PlaceSearch,
  limit: number,
): Promise<Hit[]> {
  const above = words.slice(0, -1)
  const found = await findByName(sql, words.at(-1) as string, options, 300)
  const places = await describe(sql, found)
  return places
    .filter((place) =>
      above.every((word) => place.ancestors.some((ancestor) => foldName(ancestor.name).includes(word))),
    )
    .slice(0, limit)
    .map(({ id }) => ({ id, step: 2 }))
}

/** Rows of the places found, in their order, with what lies above each. */
async function describe(sql: QueryExecutorProvider, found: readonly Hit[]): Promise<PlaceFound[]> {
  if (found.length === 0) return []
  const ids = found.map(({ id }) => id)
  const { rows } = await raw<PlaceRow>`
    select ${placeColumns} from place where id = any(${ids}::uuid[])`.execute(sql)
  const byId = new Map(rows.map((row) => [row.id, row]))
  const places = ids.map((id) => byId.get(id)).filter((row) => row !== undefined)
  const above = await placesByPaths(
    sql,
    places.flatMap((place) => ancestorPaths(place.path).slice(0, -1)),
  )
  return places.map((place) => ({
    ...place,
    ancestors: ancestorPaths(place.path)
      .slice(0, -1)
      .map((path) => above.get(path))
      .filter((row) => row !== undefined),
  }))
}
