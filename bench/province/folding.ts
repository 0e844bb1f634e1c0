// What it takes to put changes into the figures of places.
import { openDatabase } from '#kernel/database/index.ts'
import { foldFigures } from '#listen/figures/figures.store.ts'
import { wanted, withOwner } from '../context.ts'
import { note, percentile, tell } from '../figures.ts'

const changes = 10_000
const rounds = 6

/** Folds 10,000 changes: requests that are accepted, and the same back again, so that nothing is changed in the end. */
export async function folding(): Promise<void> {
  if (!wanted('rollup')) return
  await withOwner(async ({ config }) => {
    const owner = openDatabase(config.ownerUrl, { connections: 1, statementSeconds: 0 })
    const jobs = openDatabase(config.jobsUrl, { connections: 1, statementSeconds: 0 })
    try {
      while ((await foldFigures(jobs.sql, changes)) === changes);
      const times: number[] = []
      for (let round = 0; round < rounds; round += 1) {
        await owner.pool.query(
          `insert into request_figure_change
             select r.path, figure_month(r.filed_at), c.level1, w.state, null, null, w.weight
             from (select * from request order by id desc limit $1) r left join category c on c.id = r.category
               cross join (values ('received', -$2::integer), ('accepted', $2)) w (state, weight)`,
          [changes / 2, round % 2 === 0 ? 1 : -1],
        )
        const began = performance.now()
        const folded = await foldFigures(jobs.sql, changes)
        times.push(performance.now() - began)
        if (folded !== changes) note(`${folded} of ${changes} changes were folded`)
      }
      tell('rollup.fold', percentile(times, 0.5), 'ms')
    } finally {
      await owner.close()
      await jobs.close()
    }
  })
}
