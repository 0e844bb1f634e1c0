// Keys of other people's software: made on the command line, shown with a call, counted, revoked.

export { createKey, KeyRefusal, listKeys, revokeKey } from './keys.making.ts'
export { endOf } from './keys.rules.ts'
export { declareScope, type Scope, scopesDeclared } from './keys.scopes.ts'
export { type KeyShown, noteUse, stillHolds, takeKey } from './keys.ts'
