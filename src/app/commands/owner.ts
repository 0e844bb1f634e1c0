// Acts of whoever runs the installation, done on the command line as the owner of the tables.
import type { Config } from '#kernel/config/index.ts'
import type { Database } from '#kernel/database/index.ts'
import { withDatabase } from './settings.ts'
import { CommandRefusal, exitCodes } from './terminal.ts'

/**
 * Does the work as the owner. What a room refuses in a sentence ends the command with that sentence.
 * @param name under which the connection stands in the database
 */
export async function asOwner<T>(
  options: { readonly data?: string },
  name: string,
  work: (owner: Database, now: Date, config: Config) => Promise<T>,
): Promise<T> {
  const { openDatabase } = await import('#kernel/database/index.ts')
  const { systemClock } = await import('#kernel/clock/index.ts')
  const { SpokenRefusal } = await import('#kernel/config/index.ts')
  return withDatabase(options, async ({ config }) => {
    const owner = openDatabase(config.ownerUrl, { connections: 1, name })
    try {
      return await work(owner, systemClock.now(), config)
    } catch (error) {
      if (error instanceof SpokenRefusal) throw new CommandRefusal(exitCodes.failed, [error.sentence])
      throw error
    } finally {
      await owner.close()
    }
  })
}

/** The place that `--place` names; null where it was not given. @throws CommandRefusal where there is none */
export async function placeGiven(
  owner: Database,
  code: string | undefined,
): Promise<{ id: string; path: string; name: string } | null> {
  if (code === undefined) return null
  const { placeByCode } = await import('#organise/places/index.ts')
  const place = await placeByCode(owner.sql, code)
  if (place && place.abolished_at === null) return { id: place.id, path: place.path, name: place.name }
  throw new CommandRefusal(exitCodes.failed, [
    { zh: `没有代码为 ${code} 的地方。`, en: `There is no place with the code ${code}.` },
  ])
}
