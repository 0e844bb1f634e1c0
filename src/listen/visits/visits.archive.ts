import { along, declareArchive } from '#kernel/archive/index.ts'

/** How each table goes into an archive. */
export const visitsArchive = declareArchive('listen/visits', {
  visit: along('request', 'request'),
})
