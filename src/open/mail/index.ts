/** The room of mail that comes in: it files requests, adds to them, and knows what came back. */
export { createMailIntake } from './mail.receiving.ts'
