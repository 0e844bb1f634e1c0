import type { FastifyInstance } from 'fastify'
import { type Act, allow } from '#kernel/access/index.ts'
import { register } from '#kernel/http/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import * as api from './settings.api.ts'
import * as items from './settings.items.ts'
import * as store from './settings.store.ts'

/** The endpoints of a place's settings. */
export function settingsRoutes(app: FastifyInstance, kernel: Kernel): void {
  register(app, kernel, api.readValues, {
    limit: 'read',
    handler: async (act, { query }) => {
      const place = await store.settingsPlace(act, query.place)
      return { values: await store.shownValues(act, place), editable: store.editable(act, place), place }
    },
  })
  register(app, kernel, api.writeValue, {
    limit: 'write',
    needsVersion: true,
    handler: async (act, { params, query, body, ifMatch }) => {
      const place = await store.settingsPlace(act, query.place)
      return store.writeSetting(
        act,
        allowedIn(act, place),
        place,
        params.name as api.SettingName,
        body.value,
        ifMatch ?? 0,
      )
    },
  })
  register(app, kernel, api.giveUpValue, {
    limit: 'write',
    needsVersion: true,
    handler: async (act, { params, query, ifMatch }) => {
      const place = await store.settingsPlace(act, query.place)
      return store.giveUpSetting(act, allowedIn(act, place), place, params.name as api.SettingName, ifMatch ?? 0)
    },
  })

  register(app, kernel, api.categories.list, {
    limit: 'read',
    handler: async (act, { query }) => {
      const place = await store.settingsPlace(act, query.place as string | undefined)
      const found = await items.effectiveCategories(act.sql, place.path, act.language)
      const below = found.length > 0 ? [] : await items.placesWithCategories(act, place.path)
      return { items: found, editable: store.editable(act, place), place, below }
    },
  })
  register(app, kernel, api.categories.add, {
    limit: 'write',
    status: 201,
    handler: async (act, { query, body }) => {
      const place = await store.settingsPlace(act, query.place)
      return items.addCategory(act, allowedIn(act, place), body)
    },
  })
  register(app, kernel, api.categories.edit, {
    limit: 'write',
    needsVersion: true,
    handler: async (act, { params, body, ifMatch }) => {
      return items.editCategory(act, await allowedAt(act, 'category', params.id), params.id, ifMatch ?? 0, body)
    },
  })
  register(app, kernel, api.importCategories, {
    limit: 'write',
    handler: async (act, { query, body }) => {
      const place = await store.settingsPlace(act, query.place)
      return items.importCategoryList(act, allowedIn(act, place), place.id, body.csv)
    },
  })

  register(app, kernel, api.templates.list, {
    limit: 'read',
    handler: async (act, { query }) => {
      const place = await store.settingsPlace(act, query.place as string | undefined)
      return {
        items: await items.effectiveTemplates(act.sql, place.path, act.language),
        editable: store.editable(act, place),
        place,
      }
    },
  })
  register(app, kernel, api.templates.add, {
    limit: 'write',
    status: 201,
    handler: async (act, { query, body }) => {
      const place = await store.settingsPlace(act, query.place)
      return items.addTemplate(act, allowedIn(act, place), body)
    },
  })
  register(app, kernel, api.templates.edit, {
    limit: 'write',
    needsVersion: true,
    handler: async (act, { params, body, ifMatch }) => {
      return items.editTemplate(act, await allowedAt(act, 'template', params.id), params.id, ifMatch ?? 0, body)
    },
  })
  for (const { kind, end } of [
    { kind: 'category', end: api.categories.end },
    { kind: 'template', end: api.templates.end },
  ] as const)
    register(app, kernel, end, {
      limit: 'write',
      needsVersion: true,
      handler: async (act, { params, ifMatch }) =>
        store.retireItem(act, await allowedAt(act, kind, params.id), kind, params.id, ifMatch ?? 0),
    })
}

/** The proof that whoever asks may change what holds at a place. @throws Refusal 401, 403 */
const allowedIn = (act: Act, place: { path: string }) => allow(act, 'place.settings', place.path)

/** The proof that whoever asks may change an item, where it stands. @throws Refusal 401, 403, 404 */
const allowedAt = async (act: Act, kind: Parameters<typeof store.pathOfItem>[1], id: string) =>
  allow(act, 'place.settings', await store.pathOfItem(act, kind, id))
