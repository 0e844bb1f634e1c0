import type { FastifyInstance } from 'fastify'
import { type Language, may, signedIn } from '#kernel/access/index.ts'
import { register } from '#kernel/http/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import {
  abolishPlace,
  createPlace,
  knownPlace,
  mergePlace,
  movePlace,
  renamePlace,
  reshapePlace,
  restorePlace,
} from './places.acts.ts'
import {
  type Place,
  type PlaceKept,
  placeAbolish,
  placeCreate,
  placeGet,
  placeHistoryGet,
  placeMerge,
  placeMove,
  placeNearGet,
  placeRename,
  placeReshape,
  placeRestore,
  placeSearch,
  placeServedGet,
} from './places.api.ts'
import { fullName, spokenName } from './places.names.ts'
import { placeNear } from './places.near.ts'
import { searchPlaces } from './places.search.ts'
import { type PlaceServed, placesServed } from './places.served.ts'
import { ringOf } from './places.shape.store.ts'
import { ancestors, children, type PlaceRow, placeHistory } from './places.store.ts'

/** The JSON API of places. Reading is open to all: places are public. */
export function placesRoutes(app: FastifyInstance, kernel: Kernel): void {
  register(app, kernel, placeSearch, {
    limit: 'read',
    handler: async (act, { query }) => {
      const { q, kind, ...where } = query
      const found = await searchPlaces(act.sql, q, { ...where, kinds: kind ? [kind] : undefined })
      return {
        places: found.map((place) => ({
          ...shown(place, act.language),
          fullName: fullName([...place.ancestors, place], act.language, 'province'),
        })),
      }
    },
  })
  register(app, kernel, placeGet, {
    limit: 'read',
    handler: async (act, { params, query }) => {
      const place = await knownPlace(act, params.id)
      const chain = await ancestors(act.sql, place.path)
      const below = await children(act.sql, place.id, query.abolished ?? false)
      return {
        ...shown(place, act.language),
        fullName: fullName(chain, act.language, 'province'),
        ancestors: chain.slice(0, -1).map((above) => shown(above, act.language)),
        children: below.map((child) => shown(child, act.language)),
        ring: (await ringOf(act.sql, place.id))?.map((point) => [...point]) ?? null,
        editable: may(act.actor, 'place.edit', place.path),
      }
    },
  })
  register(app, kernel, placeServedGet, {
    limit: 'read',
    handler: async (act) => {
      signedIn(act)
      const served = await placesServed(
        act.sql,
        act.actor.tenures.map((tenure) => tenure.path),
      )
      return { places: served.map((one) => kept(one, act.language)) }
    },
  })
  register(app, kernel, placeNearGet, {
    limit: 'read',
    handler: async (act, { body }) => {
      signedIn(act)
      const near = await placeNear(act.sql, body)
      const place = near?.chain.at(-1)
      if (!near || !place) return { place: null }
      const own = act.actor.tenures.some((tenure) => tenure.path === place.path)
      return { place: kept({ place, chain: near.chain, own }, act.language) }
    },
  })
  register(app, kernel, placeHistoryGet, {
    limit: 'read',
    handler: async (act, { params }) => {
      const place = await knownPlace(act, params.id)
      return { changes: await placeHistory(act.sql, place.id) }
    },
  })
  register(app, kernel, placeCreate, {
    limit: 'write',
    status: 201,
    handler: async (act, { body }) => {
      const { nameEn, point, ...creation } = body
      return shown(await createPlace(act, { ...creation, ...point, name_en: nameEn }), act.language)
    },
  })
  register(app, kernel, placeRename, {
    limit: 'write',
    needsVersion: true,
    handler: async (act, { params, body, ifMatch }) =>
      shown(await renamePlace(act, params.id, body.name, body.nameEn, ifMatch ?? 0, body.basis ?? null), act.language),
  })
  register(app, kernel, placeReshape, {
    limit: 'write',
    needsVersion: true,
    handler: async (act, { params, body, ifMatch }) =>
      shown(await reshapePlace(act, params.id, body.ring, ifMatch ?? 0, body.basis ?? null), act.language),
  })
  register(app, kernel, placeMove, {
    limit: 'write',
    needsVersion: true,
    handler: async (act, { params, body, ifMatch }) =>
      shown(await movePlace(act, params.id, body.parent, ifMatch ?? 0, body.basis ?? null), act.language),
  })
  register(app, kernel, placeMerge, {
    limit: 'write',
    needsVersion: true,
    handler: async (act, { params, body, ifMatch }) =>
      shown(await mergePlace(act, params.id, body.into, ifMatch ?? 0, body.basis ?? null), act.language),
  })
  register(app, kernel, placeAbolish, {
    limit: 'write',
    needsVersion: true,
    handler: async (act, { params, body, ifMatch }) =>
      shown(await abolishPlace(act, params.id, ifMatch ?? 0, body.basis ?? null), act.language),
  })
  register(app, kernel, placeRestore, {
    limit: 'write',
    needsVersion: true,
    handler: async (act, { params, body, ifMatch }) =>
      shown(await restorePlace(act, params.id, ifMatch ?? 0, body.basis ?? null), act.language),
  })
}

function kept({ place, chain, own }: PlaceServed, language: Language): PlaceKept {
  const { id, kind, name, nameEn, label, path, longitude, latitude } = shown(place, language)
  return { id, kind, name, nameEn, label, path, longitude, latitude, own, fullName: fullName([...chain], language) }
}

function shown(place: PlaceRow, language: Language): Place {
  const spoken = spokenName(place.name, place.kind)
  return {
    id: place.id,
    code: place.code,
    kind: place.kind,
    name: place.name,
    nameEn: place.name_en,
    label: language === 'en' ? (place.name_en ?? spoken) : spoken,
    path: place.path,
    parentId: place.parent_id,
    abolishedAt: place.abolished_at,
    successorId: place.successor_id,
    longitude: place.longitude,
    latitude: place.latitude,
    version: place.version,
  }
}
