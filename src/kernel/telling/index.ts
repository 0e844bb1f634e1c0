export { type List, listOf, tellingPath } from './lists.ts'
export { isDue } from './telling.rules.ts'
export { forgetTelling, forgetTellingOf, heldOwners, hold, isStopped, oftenOf, takeHeld } from './telling.store.ts'
