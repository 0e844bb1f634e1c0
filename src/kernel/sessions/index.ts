export type { NewUser } from './sessions.auth.ts'
export { migrateSessions } from './sessions.migrate.ts'
export type { Provider } from './sessions.oidc.ts'
export type { Outcome } from './sessions.outcome.ts'
export {
  codePhone,
  normalEmail,
  type RequestHeaders,
  type SessionLimit,
  sessionTimes,
} from './sessions.rules.ts'
export type { OpenSession } from './sessions.running.ts'
export { type Security, type SecurityChange, type SecurityNotice, securityChanges } from './sessions.security.ts'
export { authenticatorAddress } from './sessions.totp.ts'
export {
  createSessions,
  type Sessions,
  type SessionsOptions,
  type SignedIn,
  type Visitor,
} from './sessions.ts'
export type { SessionWord } from './sessions.words.ts'
