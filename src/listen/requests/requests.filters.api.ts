import { type Static, Type } from 'typebox'
import { closed, Id, IdParams, Line } from '#kernel/http/shapes.api.ts'

/** A filter of the desk under a name, as the query of its address: `queue=overdue&sort=due`. */
export const SavedFilter = Type.Object({ id: Id, name: Type.String(), query: Type.String() })
export type SavedFilter = Static<typeof SavedFilter>

/** Most that one person keeps. */
export const mostFilters = 50

export const listFilters = {
  method: 'GET',
  url: '/api/requests/filters',
  schema: {
    summary: 'The filters that the reader saved, by name',
    tags: ['requests'],
    response: { 200: Type.Object({ items: Type.Array(SavedFilter) }) },
  },
} as const

/** Under a name that is taken it replaces the earlier one. */
export const saveFilter = {
  method: 'POST',
  url: '/api/requests/filters',
  schema: {
    summary: 'Save a filter under a name',
    tags: ['requests'],
    body: Type.Object({ name: Line(40), query: Type.String({ maxLength: 1000 }) }, closed),
    response: { 200: SavedFilter },
  },
} as const

export const dropFilter = {
  method: 'DELETE',
  url: '/api/requests/filters/:id',
  schema: {
    summary: 'Drop a filter',
    tags: ['requests'],
    params: IdParams,
    response: { 204: Type.Null() },
  },
} as const
