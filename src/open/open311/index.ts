/** The room of Open311 GeoReport v2: other people's software files requests and reads what is released. */

export { statusAfter, type UpdateKind, w3cMoment } from './open311.rules.ts'
export { open311Scope } from './open311.scope.ts'
