import { type QueryExecutorProvider, sql as raw } from 'kysely'
import { queryGrams } from '#kernel/search/index.ts'
import type { PlaceKind } from './places.api.ts'
import { foldName, nameForms, sameNames, withoutBegunEnding } from './places.names.ts'
import { ancestorPaths } from './places.paths.ts'
import { type KnownPlace, readPlaceText, substrings } from './places.reading.ts'
import { type PlaceRow, placeColumns, placesByPaths } from './places.store.ts'

/** A place found, with the places above it, highest first. */
export interface PlaceFound extends PlaceRow {
  ancestors: PlaceRow[]
}

export interface PlaceSearch {
  /** Path of where the asker is: nearer places come first; nothing is left out. */
  under?: string
  /** Path below which alone to look. */
  within?: string
  kinds?: PlaceKind[]
  /** At most so many; 10 by default. */
  limit?: number
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
  const limit = options.limit ?? 10
  const words = text
    .slice(0, 60)
    .split(/[\s,，、/>›·]+/u)
    .map(foldName)
    .filter((word) => word !== '')
  const word = words.at(-1)
  if (word === undefined) return []
  const ids = new Map<string, number>()
  const add = (found: { id: string; step: number }[]) => {
    for (const { id, step } of found) if (!ids.has(id)) ids.set(id, step)
  }
  if (/^[\x20-\x7e]*[a-z][\x20-\x7e]*$/i.test(text)) add(await findByEnglish(sql, text.trim(), options, limit))
  if (words.length === 1 && /^\d{2,12}$/.test(word)) add(await findByCode(sql, word, options, limit))
  if (words.length > 1) {
    add(await findByPath(sql, words, options, limit))
    // People also say the place first and its district after: 五里 邗江.
    if (ids.size === 0) add(await findByPath(sql, [...words].reverse(), options, limit))
    if (ids.size === 0) add(await findByParts(sql, words, options, limit))
    // Or a space stands where none belongs.
    if (ids.size === 0) add(await findByName(sql, words.join(''), options, limit))
  } else if (ids.size < limit) {
    const named = await findByName(sql, word, options, limit)
    add(named.filter((place) => place.step === 1))
    // No place is called so: it may be several names in one breath, 扬州邗江五里.
    if (ids.size === 0 && word.length >= 3) add(await findByPath(sql, words, options, limit))
    add(named)
  }
  return describe(sql, [...ids.keys()].slice(0, limit))
}

/** What a search is narrowed to, as further conditions. */
const narrowed = ({ kinds, within }: PlaceSearch) => raw`
  ${kinds ? raw`and kind = any(${kinds}::text[])` : raw``}
  ${within === undefined ? raw`` : raw`and path >= ${within} and path < ${`${within}~`}`}`

async function findByCode(
  sql: QueryExecutorProvider,
  code: string,
  options: PlaceSearch,
  limit: number,
): Promise<{ id: string; step: number }[]> {
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
): Promise<{ id: string; step: number }[]> {
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
  below: string[] | null = options.within ? [options.within] : null,
): Promise<{ id: string; step: number }[]> {
  const find = async (forms: string[], spoken: string | null) => {
    const { rows } = await raw<{ id: string; step: number }>`
      select id, step from place_find(
        ${forms}::text[], ${queryGrams(forms.at(-1) ?? '')}::text[], ${sameNames(word)}::text[], ${spoken}::text,
        ${below}::text[], ${options.under ? ancestorPaths(options.under) : []}::text[],
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
): Promise<{ id: string; step: number }[]> {
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
      const { within = '' } = options
      // Where one alone is looked in, higher names that hold it say no more than it does.
      const below = reading.paths
        .map((path) => (within.startsWith(path) ? within : path))
        .filter((path) => path.startsWith(within))
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
): Promise<{ id: string; step: number }[]> {
  const above = words.slice(0, -1)
  const found = await findByName(sql, words.at(-1) as string, options, 300)
  const places = await describe(
    sql,
    found.map(({ id }) => id),
  )
  return places
    .filter((place) =>
      above.every((word) => place.ancestors.some((ancestor) => foldName(ancestor.name).includes(word))),
    )
    .slice(0, limit)
    .map(({ id }) => ({ id, step: 2 }))
}

/** Rows of the places in the order of the ids, with what lies above each. */
async function describe(sql: QueryExecutorProvider, ids: string[]): Promise<PlaceFound[]> {
  if (ids.length === 0) return []
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
