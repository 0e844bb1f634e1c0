import { Type } from 'typebox'
import { closed } from '../http/shapes.api.ts'

/** What a device is told of: one record, what concerns oneself, one's work. The database checks the same words. */
export const pushPurposes = ['record', 'own', 'work'] as const
export type PushPurpose = (typeof pushPurposes)[number]

const Endpoint = Type.String({ minLength: 10, maxLength: 1_000 })
const Key = (bytes: number) =>
  Type.String({ pattern: `^[A-Za-z0-9_-]{${Math.ceil((bytes * 4) / 3)}}=*$`, maxLength: 100 })

/** This device wants to be told, or still does; `again`: only if it is known as a device of whoever asks. */
export const keepPush = {
  method: 'PUT',
  url: '/api/push',
  schema: {
    summary:
      'Have this device told when something happens: of the record of a secret link, or of what concerns oneself',
    tags: ['push'],
    body: Type.Object(
      {
        purpose: Type.Enum(pushPurposes),
        endpoint: Endpoint,
        keys: Type.Object({ p256dh: Key(65), auth: Key(16) }, closed),
        again: Type.Optional(Type.Boolean()),
      },
      closed,
    ),
    response: { 200: Type.Object({ told: Type.Boolean() }, closed) },
  },
} as const

/** This device does not want to be told any more. */
export const dropPush = {
  method: 'DELETE',
  url: '/api/push',
  schema: {
    summary: 'Have this device told no more',
    tags: ['push'],
    body: Type.Object({ purpose: Type.Enum(pushPurposes), endpoint: Endpoint }, closed),
    response: { 204: Type.Null() },
  },
} as const
