export type { NewUser } from './sessions.auth.ts'
export { migrateSessions } from './sessions.migrate.ts'
export {
  codePhone,
  normalEmail,
  type RequestHeaders,
  type SessionLimit,
  sessionTimes,
} from './sessions.rules.ts'
export {
  createSessions,
  type OpenSession,
  type Outcome,
  type Sessions,
  type SessionsOptions,
  type SignedIn,
  type Visitor,
} from './sessions.ts'
export type { SessionWord } from './sessions.words.ts'
