export {
  bounceAddress,
  type Destination,
  destinationOf,
  type MailAddress,
  replyAddress,
  replyToken,
} from './addresses.ts'
export type { Attached, Letter } from './letter.ts'
export { type Declined, type Mailbox, mailboxLimits, openMailbox, type Receiving } from './listener.ts'
export { withoutQuoted } from './said.ts'
