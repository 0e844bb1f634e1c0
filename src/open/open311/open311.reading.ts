// Requests as they are asked for: what is released, and what came in by the key that is shown.
import type { Act } from '#kernel/access/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { KeyShown } from '#kernel/keys/index.ts'
import { parseNumber } from '#listen/requests/index.ts'
import { ancestorPaths, type PlaceRow, placesByPaths } from '#organise/places/index.ts'
import { generalCode } from './open311.answers.ts'
import { type Fields, momentOf, numbersOf, pageOf, textOf } from './open311.asking.ts'
import { jurisdictionOf } from './open311.filing.ts'
import { type Window, windowOf } from './open311.rules.ts'
import { type RequestRow, readOwn, readReleased } from './open311.store.ts'

const wrong = (key: string, field: string) => new Refusal(400, 'invalid-field', key, { field, values: { field } })

/** The time that is asked for. @throws Refusal 400 where it is longer than ninety days, or turned round */
export function timeOf(fields: Fields, now: Date): Window {
  // What was told a moment ago is in it, though the clock of the database should go before this one.
  const soon = new Date(now.getTime() + 3_600_000)
  const window = windowOf(momentOf(fields, 'start_date'), momentOf(fields, 'end_date'), soon)
  if (!window) throw wrong('open311.span', 'start_date')
  return window
}

/** Open or closed; null for both. */
function statusOf(fields: Fields): 'open' | 'closed' | null {
  const given = new Set(
    (textOf(fields, 'status', 60)?.toLowerCase() ?? 'open,closed').split(',').map((one) => one.trim()),
  )
  for (const one of given) if (one !== 'open' && one !== 'closed') throw wrong('open311.status', 'status')
  return given.size === 2 ? null : given.has('open') ? 'open' : 'closed'
}

/**
 * Requests by number, or by time, service and status. What is not released is not there, but for the key that brought it in, which
 * learns how it stands by its number.
 */
export async function listRequests(act: Act, fields: Fields, key: KeyShown | null): Promise<RequestRow[]> {
  // Whether a list is of a place is the client's word; a key bound to a place reads what everybody reads.
  const place = await jurisdictionOf(act, fields, null)
  const numbers = numbersOf(fields)
  const updated = { after: momentOf(fields, 'updated_after'), before: momentOf(fields, 'updated_before') }
  const codes =
    textOf(fields, 'service_code', 10_000)
      ?.split(',')
      .map((one) => one.trim()) ?? null
  const asked = {
    path: place?.path ?? null,
    numbers,
    codes: codes?.filter((code) => code !== generalCode) ?? null,
    uncategorised: codes?.includes(generalCode) ?? false,
    status: statusOf(fields),
    // Numbers that are named are told however old they are; so is what changed lately.
    filed: numbers !== null || updated.after !== null ? null : timeOf(fields, act.now),
    updated,
    ...pageOf(fields),
  }
  const released = await readReleased(act, asked)
  if (numbers === null || key === null) return released
  const known = new Set(released.map(({ number }) => Number(number)))
  const own = await readOwn(
    act,
    numbers.filter((number) => !known.has(number)),
  )
  return [...released, ...own.filter((row) => place === null || row.path.startsWith(place.path))]
}

/** One request. @throws Refusal 404 where it is not released and did not come in by this key */
export async function oneRequest(act: Act, named: string, fields: Fields, key: KeyShown | null): Promise<RequestRow> {
  const number = parseNumber(named)
  const place = await jurisdictionOf(act, fields, null)
  const numbers = number === null ? [] : [number]
  const everything = {
    path: place?.path ?? null,
    codes: null,
    uncategorised: false,
    status: null,
    filed: null,
    updated: { after: null, before: null },
  }
  const [released] = await readReleased(act, { ...everything, numbers, most: 1, skip: 0 })
  const row = released ?? (key === null ? undefined : (await readOwn(act, numbers))[0])
  if (!row) throw new Refusal(404, 'not-found', 'open311.no-request', { field: 'service_request_id' })
  return row
}

/** The places that requests lie in, with those above them, by path. */
export function placesOf(act: Act, rows: readonly RequestRow[]): Promise<Map<string, PlaceRow>> {
  return placesByPaths(
    act.sql,
    rows.flatMap(({ path }) => ancestorPaths(path).slice(0, 5)),
  )
}
