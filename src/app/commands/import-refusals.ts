// What an import says where a lower room would speak of a server or of a backup.
import type { Config } from '#kernel/config/index.ts'
import { sqlState } from '#kernel/database/index.ts'
import { noRoom } from '#kernel/disk/index.ts'
import { EmbeddedRefusal, refuseInhabited } from '#kernel/embedded/index.ts'
import { CommandRefusal, exitCodes } from './terminal.ts'

/** @throws CommandRefusal where the directory holds an installation, whole or in part */
export function refuseInhabitedAtImport(dataDirectory: string): void {
  try {
    refuseInhabited(dataDirectory)
  } catch (error) {
    if (!(error instanceof EmbeddedRefusal)) throw error
    throw new CommandRefusal(exitCodes[error.matter], [
      {
        zh: `${dataDirectory} 里已有邻里的数据，没有动它。档案包只能导入到空的数据目录：请用 --data 另选一个，或把原来的移走。`,
        en: `${dataDirectory} holds an installation already, which was left alone. An archive is imported into an empty data directory: choose another with --data, or move what is there away.`,
      },
    ])
  }
}

/**
 * A disk that filled up under an import, as a refusal that says what is left: nothing of it. Any other error as it is.
 * A database of one's own that could not be emptied either is marked, never served, and cleared by the next import.
 */
export function fullAtImport(error: unknown, config: Pick<Config, 'embedded' | 'dataDirectory'>): unknown {
  const { code } = (error ?? {}) as NodeJS.ErrnoException
  const saidByDatabase = sqlState(error) === '53100'
  const saidBySystem = code !== undefined && noRoom.includes(code)
  // The refusal of the directory that PostgreSQL lies in carries no more than its sentence.
  const saidByStart = error instanceof EmbeddedRefusal && /^The disk that holds .* is full/s.test(error.sentence.en)
  if (!saidByDatabase && !saidBySystem && !saidByStart) return error
  if (saidByDatabase && !config.embedded) {
    return new CommandRefusal(exitCodes.database, [
      {
        zh: '数据库所在的磁盘满了，没有导入，已导入的一部分不会被使用：请腾出空间，再执行一次导入，它会从头来过。',
        en: 'The disk of the database is full. Nothing was imported, and nothing half imported is served: make room and import again; it begins anew.',
      },
    ])
  }
  return new CommandRefusal(exitCodes.directory, [
    {
      zh: `${config.dataDirectory} 所在的磁盘满了，没有导入，档案包里的数据一点也没有留下：请腾出空间，再执行一次导入。`,
      en: `The disk that holds ${config.dataDirectory} is full. Nothing was imported, and nothing of the archive is left there: make room and import again.`,
    },
  ])
}
