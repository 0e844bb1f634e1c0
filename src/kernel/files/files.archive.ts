import { about, declareArchive } from '#kernel/archive/index.ts'

/** How each table goes into an archive. */
export const filesArchive = declareArchive('kernel/files', {
  file: about('record'),
})
