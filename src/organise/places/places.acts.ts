import { type Act, type Allowed, allow } from '#kernel/access/index.ts'
import { newId } from '#kernel/database/identifiers.ts'
import { Refusal } from '#kernel/http/index.ts'
import { record } from '#kernel/ledger/index.ts'
import type { PlaceKind } from './places.api.ts'
import { mayAbolish, mayCreate, mayMerge, mayMove, mayRename, mayRestore, type PlaceRefusal } from './places.rules.ts'
import { reshape, ringOf } from './places.shape.store.ts'
import { type Ring, ringFault, tidyRing } from './places.shape.ts'
import {
  appendHistory,
  children,
  insertPlace,
  mergePlaceRows,
  movePlaceRows,
  type PlaceRow,
  placeById,
  updateEnd,
  updateName,
} from './places.store.ts'

/** A place that must exist. Throws a refusal (404). */
export async function knownPlace(act: Act, id: string): Promise<PlaceRow> {
  const place = await placeById(act.sql, id)
  if (place === null) throw new Refusal(404, 'place-unknown', 'places.unknown')
  return place
}

function refuse(reason: PlaceRefusal | null): void {
  if (reason !== null) throw new Refusal(409, `place-${reason}`, `places.refused-${reason}`)
}

function conflict(done: boolean): void {
  if (!done) throw new Refusal(409, 'version-conflict', 'http.version-conflict')
}

function edit(act: Act, place: PlaceRow): Allowed<'place.edit'> {
  return allow(act, 'place.edit', place.path)
}

async function after(
  act: Act,
  proof: Allowed<'place.edit'>,
  kind: string,
  id: string,
  path: string,
): Promise<PlaceRow> {
  await record(act, { kind, record: id, path, tenure: proof.tenure.tenure })
  return knownPlace(act, id)
}

export interface PlaceCreation {
  parent: string
  kind: PlaceKind
  name: string
  name_en?: string | null
  longitude?: number | null
  latitude?: number | null
  basis?: string | null
}

/** Adds a grid, a building or a station below a place. */
export async function createPlace(act: Act, creation: PlaceCreation): Promise<PlaceRow> {
  const parent = await knownPlace(act, creation.parent)
  const proof = edit(act, parent)
  refuse(mayCreate(parent, creation.kind))
  const id = newId()
  const path = await insertPlace(act.sql, proof, parent, {
    id,
    kind: creation.kind,
    name: creation.name.trim(),
    name_en: creation.name_en?.trim() || null,
    longitude: creation.longitude ?? null,
    latitude: creation.latitude ?? null,
  })
  await appendHistory(act.sql, proof, {
    place: id,
    at: act.now.toISOString(),
    kind: 'created',
    after: { name: creation.name.trim(), path },
    basis: creation.basis ?? null,
  })
  return after(act, proof, 'place.created', id, path)
}

/** Renames a place; an import of the national list then leaves its name alone. Without `nameEn` the English name stays. */
export async function renamePlace(
  act: Act,
  id: string,
  name: string,
  nameEn: string | null | undefined,
  version: number,
  basis: string | null,
): Promise<PlaceRow> {
  const place = await knownPlace(act, id)
  const proof = edit(act, place)
  const said = name.trim()
  const saidEn = nameEn === undefined ? place.name_en : nameEn?.trim() || null
  refuse(mayRename(place, said, saidEn))
  conflict(await updateName(act.sql, proof, id, place.kind, said, saidEn, version))
  await appendHistory(act.sql, proof, {
    place: id,
    at: act.now.toISOString(),
    kind: 'renamed',
    before: { name: place.name, name_en: place.name_en },
    after: { name: said, name_en: saidEn },
    basis,
  })
  return after(act, proof, 'place.renamed', id, place.path)
}

/** Moves a place with all below it; the mover reaches both ends. All current paths of records move along. */
export async function movePlace(
  act: Act,
  id: string,
  parentId: string,
  version: number,
  basis: string | null,
): Promise<PlaceRow> {
  const place = await knownPlace(act, id)
  const parent = await knownPlace(act, parentId)
  const proofs = { here: edit(act, place), there: edit(act, parent) }
  conflict(place.version === version)
  refuse(mayMove(place, parent))
  const path = await movePlaceRows(act.sql, proofs, place, parent, basis)
  return after(act, proofs.here, 'place.moved', id, path)
}

/** Merges a place into another of its kind; what lies below it moves over, it is abolished with that successor. */
export async function mergePlace(
  act: Act,
  id: string,
  intoId: string,
  version: number,
  basis: string | null,
): Promise<PlaceRow> {
  const place = await knownPlace(act, id)
  const into = await knownPlace(act, intoId)
  const proofs = { here: edit(act, place), there: edit(act, into) }
  conflict(place.version === version)
  refuse(mayMerge(place, into))
  await mergePlaceRows(act.sql, proofs, place, into, basis)
  return after(act, proofs.here, 'place.merged', id, place.path)
}

/** Marks a place as abolished. It stays readable, with its history, and is no longer found by search. */
export async function abolishPlace(act: Act, id: string, version: number, basis: string | null): Promise<PlaceRow> {
  const place = await knownPlace(act, id)
  const proof = edit(act, place)
  refuse(mayAbolish({ ...place, has_children: (await children(act.sql, id)).length > 0 }))
  const at = act.now.toISOString()
  conflict(await updateEnd(act.sql, proof, id, at, version))
  await appendHistory(act.sql, proof, { place: id, at, kind: 'abolished', before: { name: place.name }, basis })
  return after(act, proof, 'place.abolished', id, place.path)
}

/** Draws the line around a place, or takes it away with null. What was drawn before stands in the history. */
export async function reshapePlace(
  act: Act,
  id: string,
  drawn: Ring | null,
  version: number,
  basis: string | null,
): Promise<PlaceRow> {
  const place = await knownPlace(act, id)
  const proof = edit(act, place)
  const ring = drawn && tidyRing(drawn)
  const fault = ring && ringFault(ring)
  if (fault) throw new Refusal(422, `place-${fault}`, `places.refused-${fault}`, { field: 'ring' })
  refuse(place.abolished_at === null ? null : 'has-abolished')
  const before = await ringOf(act.sql, id)
  const at = act.now.toISOString()
  conflict(await reshape(act.sql, proof, place, ring, version, at))
  await appendHistory(act.sql, proof, {
    place: id,
    at,
    kind: 'reshaped',
    before: { ring: before },
    after: { ring },
    basis,
  })
  return after(act, proof, 'place.reshaped', id, place.path)
}

/** Undoes an abolition. */
export async function restorePlace(act: Act, id: string, version: number, basis: string | null): Promise<PlaceRow> {
  const place = await knownPlace(act, id)
  const proof = edit(act, place)
  refuse(mayRestore(place, place.parent_id === null ? null : await placeById(act.sql, place.parent_id)))
  conflict(await updateEnd(act.sql, proof, id, null, version))
  await appendHistory(act.sql, proof, {
    place: id,
    at: act.now.toISOString(),
    kind: 'restored',
    before: { abolished_at: place.abolished_at, successor_id: place.successor_id },
    basis,
  })
  return after(act, proof, 'place.restored', id, place.path)
}
