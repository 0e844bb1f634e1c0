export { type Channel, channels, type Message } from './message.ts'
export { eraseMessagesOf } from './outbox.store.ts'
export { createOutbox, type Outbox, type ReadableMessage } from './outbox.ts'
export type { Letter, Outcome, Sender } from './senders.ts'
