import { Type } from 'typebox'
import { OfRequest, OneOf, Uuid } from './requests.acts.api.ts'

/** Pictures of a request that is still being written down. They are held for its writer for a day, and go with it when it is filed. */

const closed = { additionalProperties: false } as const

export const HeldFile = Type.Object({ id: Uuid, kind: OneOf(['picture', 'video'] as const), url: Type.String() })
const OfFile = Type.Object({ id: Uuid, file: Uuid }, closed)

/** One file as `multipart/form-data`. */
export const addDraftFile = {
  method: 'POST',
  url: '/api/requests/drafts/:id/files',
  schema: {
    summary: 'Hold a picture or video for a request that is being written down',
    tags: ['requests'],
    params: OfRequest,
    response: { 201: HeldFile },
  },
} as const

export const listDraftFiles = {
  method: 'GET',
  url: '/api/requests/drafts/:id/files',
  schema: { params: OfRequest, response: { 200: Type.Object({ items: Type.Array(HeldFile) }) } },
} as const

export const dropDraftFile = {
  method: 'DELETE',
  url: '/api/requests/drafts/:id/files/:file',
  schema: { params: OfFile, response: { 204: Type.Null() } },
} as const
