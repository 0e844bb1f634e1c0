export { cookieNames, type NewUser } from './sessions.auth.ts'
export { migrateSessions } from './sessions.migrate.ts'
export type { Provider } from './sessions.oidc.ts'
export type { Outcome, SignedIn, Visitor } from './sessions.outcome.ts'
export {
  codePhone,
  normalEmail,
  type RequestHeaders,
  type SecurityChange,
  type SessionLimit,
  securityChanges,
  sessionTimes,
} from './sessions.rules.ts'
export type { OpenSession } from './sessions.running.ts'
export type { Security, SecurityNotice } from './sessions.security.ts'
export { authenticatorAddress } from './sessions.totp.ts'
export { createSessions, type Sessions, type SessionsOptions } from './sessions.ts'
export type { SessionWord } from './sessions.words.ts'
