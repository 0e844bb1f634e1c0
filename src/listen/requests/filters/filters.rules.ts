// What may be kept as a filter: what a list can be asked for, and nothing about a resident.
import { Value } from 'typebox/value'
import { Refusal } from '#kernel/http/refusal.ts'
import { redactionKinds, suggestRedactions } from '../redaction.ts'
import { KeptFilter } from '../requests.lists.api.ts'

/** Kinds of words that point at somebody; a building or a place is what lists are narrowed by. */
const personal: readonly string[] = redactionKinds.filter((kind) => kind !== 'building' && kind !== 'address')

const pointsAtSomebody = (text: string): boolean =>
  suggestRedactions(text).some((found) => personal.includes(found.kind)) ||
  // Digits that are no whole number of anything may still be a telephone; a request's own number has twelve and opens it at once.
  /\d{7,}/.test(text.normalize('NFKC').replace(/[\s().·‐-―−+-]/gu, ''))

/**
 * The query of a filter in one order, so that equal filters read alike.
 * @throws Refusal 422 for what no list can be asked for, or what holds a telephone or another's particulars
 */
export function filterKept(name: string, query: string): string {
  const asked = new URLSearchParams(query)
  const filter = Object.fromEntries(asked)
  if (Object.keys(filter).length !== asked.size || !Value.Check(KeptFilter, filter))
    throw new Refusal(422, 'filter-unknown', 'requests.refusal.filter-unknown', { field: 'query' })
  if (pointsAtSomebody(name))
    throw new Refusal(422, 'filter-personal', 'requests.refusal.filter-personal', { field: 'name' })
  asked.sort()
  return asked.toString()
}
