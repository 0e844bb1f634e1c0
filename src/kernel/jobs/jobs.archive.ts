import { about, declareArchive } from '#kernel/archive/index.ts'

/** How each table goes into an archive. */
export const jobsArchive = declareArchive('kernel/jobs', {
  // Those that still have to be done; in a part those about a record of it.
  'pgboss.job': about('data'),
})
