/** The room of forwarding: requests of a category are sent on to another city's Open311 server, and followed there. */
export {
  createForwarding,
  type ForwardingWanted,
  revokeForwarding,
  settleForwarded,
} from './forwarding.making.ts'
export { readDeliveries, readForwardings } from './forwarding.store.ts'
