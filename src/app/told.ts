// What other software may be told of by webhooks: a room that tells is added here.
import { publicKinds } from '#listen/requests/requests.told.api.ts'

export const toldKinds: readonly string[] = [...publicKinds]
