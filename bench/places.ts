// The whole country's places: taken in, taken in again, searched.
import { enter } from '#kernel/access/index.ts'
import { openDatabase } from '#kernel/database/index.ts'
import { searchPlaces } from '#organise/places/index.ts'
import { data, wanted, withOwner } from './context.ts'
import { percentile, tell } from './figures.ts'
import { pick, seeded } from './invented.ts'
import { command } from './program.ts'

/** Loads the country where it is not there yet; then again, which must change nothing. */
export async function places(): Promise<void> {
  const owned = await withOwner(async ({ config }) => {
    const owner = openDatabase(config.ownerUrl, { connections: 1 })
    const { rows } = await owner.pool.query('select count(*) as places from place')
    await owner.close()
    return Number(rows[0]?.places)
  })
  if (owned < 600_000) {
    const { facts, seconds, megabytes } = await command(data, ['import', 'places'])
    tell('import.places', seconds, 's', { atMost: 20 })
    tell('import.places.without-start', Number(facts.seconds), 's')
    tell('memory.import.places', megabytes, 'MB')
  }
  if (wanted('import.places')) {
    const { facts, seconds } = await command(data, ['import', 'places'])
    const changed = ['created', 'renamed', 'restored', 'abolished'].filter((name) => facts[name] !== 0)
    if (changed.length > 0) throw new Error(`a second import of the places ${changed.join(', ')} some`)
    tell('import.places.again', seconds, 's', { atMost: 20 })
  }
  if (wanted('search.places')) await search()
}

/** Ten ways in which people ask for a place, half of them from somewhere, each through the policies as the application asks. */
async function search(): Promise<void> {
  await withOwner(async ({ config }) => {
    const app = openDatabase(config.databaseUrl, { connections: 1 })
    try {
      const random = seeded(41)
      const { rows } = await app.pool.query<{
        name: string
        short_name: string
        code: string
        path: string
        above: string
      }>(
        `select p.name, p.short_name, p.code, p.path, above.short_name as above from place p tablesample system (1) repeatable (7)
           join place above on p.path > above.path and p.path < above.path || '~' and above.kind = 'district'
         where p.kind = 'community' limit 4000`,
      )
      const asked = Array.from({ length: 2_000 }, (_, index) => {
        const place = pick(random, rows)
        const kinds = [
          place.short_name,
          place.name,
          place.short_name.slice(0, 2),
          `${place.above} ${place.short_name}`,
          `${place.above}${place.short_name}`,
          place.code,
          place.code.slice(0, 9),
          place.short_name.slice(0, 1),
          `${place.short_name}社区`,
          place.short_name.slice(-2),
        ]
        // Each of the ten is asked from nowhere, from the place itself and from somewhere else.
        const near = [undefined, place.path, undefined, pick(random, rows).path][index % 4]
        return { text: kinds[Math.floor(index / 4) % kinds.length] as string, options: { near } }
      })
      const times: number[] = []
      const surroundings = { now: new Date(), language: 'zh-CN' } as const
      const ask = ({ text, options }: (typeof asked)[number]) =>
        enter(app, {}, surroundings, (act) => searchPlaces(act.sql, text, options))
      for (const one of asked.slice(0, 200)) await ask(one)
      for (const one of asked) {
        const began = performance.now()
        await ask(one)
        times.push(performance.now() - began)
      }
      tell('search.places.p50', percentile(times, 0.5), 'ms')
      tell('search.places.p95', percentile(times, 0.95), 'ms', { atMost: 20 })
      tell('search.places.longest', percentile(times, 1), 'ms')
    } finally {
      await app.close()
    }
  })
}
