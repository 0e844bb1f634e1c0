export type { FileRow } from './files.store.ts'
export { createFiles, type Files, type Prepared } from './files.ts'
export type { FileKind } from './intake.ts'
export { mostBytes } from './refusals.ts'
