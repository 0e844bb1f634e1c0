export {
  type Accepted,
  type AcceptingDoors,
  acceptInvitation,
  type InvitationSeen,
  readInvitation,
  takeInvitedPost,
} from './bodies.accept.ts'
export type { Receiver, Serving } from './bodies.api.ts'
export {
  addPost,
  type BodyFields,
  foundBody,
  type Holding,
  type PostFields,
  registerHolding,
  showBody,
} from './bodies.chart.ts'
export { type FirstAccount, FirstAccountRefusal, firstAccount } from './bodies.first.ts'
export { maskMail, receiverPreference } from './bodies.rules.ts'
export { bodyNames, firstReceiver, listBodies, readBody, receivers, whoServes } from './bodies.store.ts'
export { appointTo, endTenure, type InvitingDoors, inviteToPost } from './bodies.tenures.ts'
export { type BodyKind, bodyKinds, type Duty, duties, type TenureKind, tenureKinds } from './duties.ts'
export { type ShownHolder, servedPlaces, shownHolder } from './served.store.ts'
