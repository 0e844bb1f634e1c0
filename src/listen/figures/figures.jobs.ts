// What keeps the figures: every minute promises that passed are written down and changes folded, and at night everything is counted anew.
import { openDatabase } from '#kernel/database/index.ts'
import type { JobQueue } from '#kernel/jobs/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { foldFigures, markMissed, recountFigures } from './figures.store.ts'

/** So many changes are folded in one transaction. */
const batch = 20_000

/** So many passed promises are written down in one transaction: each holds its request for a moment. */
const fewMissed = 500

/** The recount is one statement over every request there is. */
const recountSeconds = 1_800

export function figuresJobs(kernel: Kernel): JobQueue[] {
  return [
    { name: 'figures.fold', cron: '* * * * *', handle: () => foldAll(kernel) },
    {
      name: 'figures.recount',
      cron: '50 2 * * *',
      retries: 2,
      secondsPerTry: recountSeconds + 60,
      handle: () => recount(kernel),
    },
  ]
}

/** Writes down which promises passed, and folds what has changed, until little is left. */
async function foldAll({ jobsDatabase, clock }: Pick<Kernel, 'jobsDatabase' | 'clock'>): Promise<void> {
  while ((await markMissed(jobsDatabase.sql, clock.now(), fewMissed)) >= fewMissed);
  while ((await foldFigures(jobsDatabase.sql, batch)) === batch);
}

/** Counts anew, on a connection of its own: it lasts longer than a statement otherwise may. */
async function recount({ config, log, clock }: Pick<Kernel, 'config' | 'log' | 'clock'>): Promise<void> {
  const database = openDatabase(config.jobsUrl, {
    connections: 1,
    statementSeconds: recountSeconds,
    name: 'linli recount',
  })
  try {
    while ((await markMissed(database.sql, clock.now(), batch, true)) >= batch);
    const mended = await recountFigures(database.sql)
    if (mended > 0) log.warn({ mended }, 'figures differed from what they count, and were mended')
  } finally {
    await database.close()
  }
}
