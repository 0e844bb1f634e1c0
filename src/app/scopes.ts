// What keys of other people's software may be used for: a room that takes keys is added here.
import { declareScope } from '#kernel/keys/index.ts'
import { open311Scope } from '#open/open311/index.ts'

/** Declares every room's scope, for the server and for the command that makes keys. */
export function declareScopes(): void {
  declareScope(open311Scope)
}
