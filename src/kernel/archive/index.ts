/** The archive: an installation, or one part of it, in one open file, and back into an empty one. */
export {
  about,
  all,
  along,
  around,
  compareArchives,
  declareArchive,
  leftOut,
  loadArchives,
  namedBy,
  sealed,
  wholeOnly,
  within,
} from './declaring.ts'
export { type Exported, exportArchive } from './exporting.ts'
export { importArchive, settleImport } from './importing.ts'
export { type CheckedArchive, checkArchive } from './reading.ts'
export { faults } from './refusing.ts'
export { existingSequences, existingTables } from './rows.store.ts'
export type { Scope } from './shape.ts'
