// Open requests that may be about the same as one: found in the database, weighed by the rules of likeness.
import { sql } from 'kysely'
import type { Static } from 'typebox'
import type { Act } from '#kernel/access/index.ts'
import { firstIdOf } from '#kernel/database/identifiers.ts'
import { toQueryOfAny } from '#kernel/search/index.ts'
import { depths, pathAt } from '#organise/places/index.ts'
import { placeOf } from '../acts/file.ts'
import { formatNumber } from '../number.ts'
import type { findAlike, SimilarRequest } from '../requests.desk.api.ts'
import { loadRequest } from '../requests.store.ts'
import {
  type Counted,
  leastLikeness,
  likeness,
  mostRead,
  readThrough,
  scoreOf,
  sharesOf,
  type Told,
} from './likeness.ts'

const dayOfMilliseconds = 24 * 3_600_000
/** So many days apart nobody means the same thing any more. */
const mostDays = 90
/** So many that share the most words are weighed, and so many shown. */
const mostWeighed = 30
const mostShown = 5

interface Row {
  id: string
  number: number
  title: string
  body: string
  spot: string | null
  path: string
  state: string
  filed_at: string
  category: string | null
  longitude: number | null
  latitude: number | null
}

/** Title, words and spot of a request as they are compared: of long words the beginning, so that the spot is read too. */
function wholeText(told: { title: string; body: string; spot: string | null }): string {
  const title = told.body.startsWith(told.title) ? '' : told.title
  const spot = told.spot ?? ''
  const body = told.body.slice(0, Math.max(0, mostRead - title.length - spot.length - 2))
  return [title, body, spot].filter(Boolean).join('\n')
}

/** Its community and its subdistrict, or the path itself where it lies higher. */
function placesAround(path: string): string[] {
  return [...new Set([pathAt(path, depths.community), pathAt(path, depths.subdistrict)])]
}

/** Open requests of the last 90 days nearby that are alike, the most alike first; none below a likeness that is worth showing. */
async function similarTo(act: Act, told: Told, but: string | null): Promise<SimilarRequest[]> {
  const own = readThrough(told)
  // What is said of everything finds everything.
  const query = toQueryOfAny(own.said)
  if (query === null) return []
  const around = placesAround(told.path)
  const since = firstIdOf(act.now.getTime() - mostDays * dayOfMilliseconds)
  const { rows } = await sql<Row>`
    select r.id, r.number, r.title, r.body, r.spot, r.path, r.state, r.filed_at, r.category, r.longitude, r.latitude
    from request_alike(${query}::tsquery, ${around}, ${since}::uuid, ${mostWeighed + 1}) as alike (id)
    join request r on r.id = alike.id
    where r.id is distinct from ${but} and r.filed_at > ${act.now}::timestamptz - make_interval(days => ${mostDays})`.execute(
    act.sql,
  )
  if (rows.length === 0) return []
  const read = rows.map((row) => ({ row, other: readThrough(toldOf(row)) }))
  const pieces = [...new Set([own, ...read.map(({ other }) => other)].flatMap((each) => [...each.matter]))]
  const { rows: everywhere } = await sql<Counted>`select word, share from request_word_shares(${pieces})`.execute(
    act.sql,
  )
  const { rows: nearby } = await sql<Counted>`
    select word, share from request_words_nearby(${pieces}, ${around}, ${since}::uuid)`.execute(act.sql)
  const shares = sharesOf(everywhere, nearby)
  return read
    .map(({ row, other }) => ({ row, other, score: scoreOf(own, other, shares) }))
    .filter(({ score }) => score >= leastLikeness)
    .toSorted((one, two) => two.score - one.score)
    .slice(0, mostShown)
    .map(({ row, other }) => ({ row, alike: likeness(own, other, shares) }))
    .map(({ row, alike }) => ({
      id: row.id,
      number: formatNumber(row.number),
      title: row.title,
      state: row.state,
      filedAt: row.filed_at,
      ...alike,
      words: [...alike.words],
      score: Math.round(alike.score * 100) / 100,
    }))
}

function toldOf(row: Omit<Row, 'id' | 'number' | 'state'>): Told {
  return {
    text: wholeText(row),
    path: row.path,
    point:
      row.longitude !== null && row.latitude !== null ? { longitude: row.longitude, latitude: row.latitude } : null,
    filedAt: Date.parse(row.filed_at),
    category: row.category,
  }
}

/**
 * What is like a request that stands.
 * @throws Refusal 404 where it is not the reader's to see
 */
export async function similarToRequest(act: Act, id: string): Promise<SimilarRequest[]> {
  const { row, facts } = await loadRequest(act, id)
  return similarTo(act, toldOf({ ...row, path: facts.path, filed_at: facts.filedAt }), id)
}

/**
 * What is like a matter that is being taken down.
 * @throws Refusal 422 where there is no such place
 */
export async function similarToTold(act: Act, told: Static<typeof findAlike.schema.body>): Promise<SimilarRequest[]> {
  const { title = '', text: body, spot = null, category = null, longitude = null, latitude = null } = told
  const { path } = await placeOf(act, told.place)
  const filed_at = act.now.toISOString()
  return similarTo(act, toldOf({ title, body, spot, path, filed_at, category, longitude, latitude }), null)
}
