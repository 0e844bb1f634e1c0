export { createDailyHash, type DailyHash, dropOldDailyKeys } from './daily.ts'
export { passwordLength, passwordProblem } from './password.ts'
export { maskPhone, normalisePhone, type Phone } from './phone.ts'
export { createSecrets, hashToken, newToken, type Secrets, sameBytes, Unreadable } from './secrets.ts'
