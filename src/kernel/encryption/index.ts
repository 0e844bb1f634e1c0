export { createDailyHash, type DailyHash, dropOldDailyKeys } from './daily.ts'
export { passwordLength, passwordProblem } from './password.ts'
export { maskPhone, normalisePhone, type Phone } from './phone.ts'
export { createEncryption, type Encryption, hashToken, newToken, sameText, Unreadable } from './sealing.ts'
