/** Backups: a whole installation in one file, and back again. */
export { fingerprint, readKeys, refuseUnsealed, writeKeys } from './keys.ts'
export { loadArchive } from './loading.ts'
export { markRestoring, refuseInhabitedDatabase, refuseMarkedDatabase, unmark } from './mark.ts'
export { checkArchive, type WholeArchive } from './reading.ts'
export { ArchiveRefusal } from './refusal.ts'
export { type Taken, takeBackup } from './taking.ts'
