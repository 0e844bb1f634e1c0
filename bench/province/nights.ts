// What is done at night, each once over the whole province; and the grid of a point.
import { startKernel } from '#app/kernel.ts'
import { allJobs } from '#app/rooms.ts'
import { registerAllWords } from '#app/words.ts'
import { enter } from '#kernel/access/index.ts'
import { openDatabase } from '#kernel/database/index.ts'
import { placeNear } from '#organise/places/index.ts'
import { processorSeconds, wanted, withOwner } from '../context.ts'
import { note, percentile, tell } from '../figures.ts'
import { seeded } from '../invented.ts'
import { anyPoint } from './grids.ts'

/** Runs every job that has an hour of its own, as it runs at night. */
export async function nights(): Promise<void> {
  if (!wanted('night')) return
  await registerAllWords()
  await withOwner(async ({ config }) => {
    const kernel = await startKernel(config)
    try {
      for (const queue of allJobs(kernel)) {
        // Those of every few minutes belong to the day.
        if (!queue.cron || !/^\d+ \d+ /.test(queue.cron) || !wanted(`night.${queue.name}`)) continue
        const began = performance.now()
        const spent = processorSeconds()
        let most = 0
        // A job that held all it works on would show here.
        const watch = setInterval(() => {
          most = Math.max(most, process.memoryUsage.rss())
        }, 100)
        try {
          await queue.handle({}, { id: queue.name, retryCount: 0 })
        } finally {
          clearInterval(watch)
        }
        const seconds = (performance.now() - began) / 1_000
        tell(`night.${queue.name}`, seconds, 's')
        if (seconds < 1) continue
        tell(`night.${queue.name}.processor-time.program`, processorSeconds() - spent, 's')
        tell(`night.${queue.name}.memory`, most / 2 ** 20, 'MB')
      }
    } finally {
      await kernel.stop()
    }
  })
}

/** The community of a point, asked as the application asks it; beside it the bare statement as owner. */
export async function points(): Promise<void> {
  if (!wanted('grid')) return
  await withOwner(async ({ config }) => {
    const app = openDatabase(config.databaseUrl, { connections: 1 })
    const owner = openDatabase(config.ownerUrl, { connections: 1 })
    try {
      const random = seeded(11)
      const asked = Array.from({ length: 10_000 }, () => anyPoint(random))
      const plain: number[] = []
      let within = 0
      // Once without being counted, so that a look is a look and not a read from the disk.
      for (const counted of [false, true])
        for (const { longitude, latitude } of asked) {
          const began = performance.now()
          const { rowCount } = await owner.pool.query({
            name: 'grid of a point',
            text: 'select place from place_shape where ring && polygon(box(point($1, $2), point($1, $2))) and ring @> point($1, $2)',
            values: [longitude, latitude],
          })
          if (!counted) continue
          plain.push(performance.now() - began)
          if (rowCount) within += 1
        }
      const limit = percentile(plain, 0.95)
      const times: number[] = []
      let found = 0
      await enter(app, {}, { now: new Date(), language: 'zh-CN' }, async (act) => {
        for (const point of asked) {
          const began = performance.now()
          const near = await placeNear(act.sql, point)
          times.push(performance.now() - began)
          if (near) found += 1
        }
      })
      note(`${within} of ${asked.length} points lie in a grid, ${found} by a community`)
      tell('grid.of-a-point.p50', percentile(plain, 0.5), 'ms')
      tell('grid.of-a-point.p95', limit, 'ms', { atMost: 1 })
      tell('grid.community-of-a-point.p95', percentile(times.slice(500), 0.95), 'ms', { limit })
    } finally {
      await app.close()
      await owner.close()
    }
  })
}
