import { around, declareArchive } from '#kernel/archive/index.ts'

/** How each table goes into an archive. */
export const lawsArchive = declareArchive('organise/laws', {
  law: around('path', { pulled: true }),
})
