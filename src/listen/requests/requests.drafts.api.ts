import { Type } from 'typebox'
import { closed, Id, oneOf } from '#kernel/http/shapes.api.ts'
import { OfRequest } from './requests.acts.api.ts'

/** Pictures of a request that is still being written down. They are held for its writer for a day, and go with it when it is filed. */

export const HeldFile = Type.Object({ id: Id, kind: oneOf(['picture', 'video'] as const), url: Type.String() })
const OfFile = Type.Object({ id: Id, file: Id }, closed)

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
  schema: {
    summary: 'Files held for a request that is being written down',
    tags: ['requests'],
    params: OfRequest,
    response: { 200: Type.Object({ items: Type.Array(HeldFile) }) },
  },
} as const

export const dropDraftFile = {
  method: 'DELETE',
  url: '/api/requests/drafts/:id/files/:file',
  schema: {
    summary: 'Drop a file that is held',
    tags: ['requests'],
    params: OfFile,
    response: { 204: Type.Null() },
  },
} as const
