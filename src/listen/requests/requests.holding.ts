// What a body has in hand of this room, for the room of bodies: it asks before it lets a body or a holder go.
import type { Holding } from '#organise/bodies/index.ts'
import { countHeld } from './requests.store.ts'

export const requestsHolding: Holding = { room: 'requests', count: (act, body) => countHeld(act.sql, body) }
