import pg from 'pg'
import type { Config } from '#kernel/config/index.ts'
import { CommandRefusal, exitCodes } from './terminal.ts'

/**
 * Writes into the store which installation it belongs to, where nobody has yet. A store that is away is asked again by the sweep, which
 * removes nothing before it has been answered.
 * @throws CommandRefusal where it is another's
 */
export async function takeStore(config: Config): Promise<void> {
  const { claimStore, installationOf, openFileStore } = await import('#kernel/files/index.ts')
  const client = new pg.Client({ connectionString: config.ownerUrl })
  client.on('error', () => undefined)
  await client.connect()
  let installation: string | null
  try {
    installation = await installationOf(client)
  } finally {
    await client.end()
  }
  if (installation === null) return
  const store = await openFileStore(config)
  try {
    if (!(await claimStore(store, installation).catch(() => true))) throw anothersStore()
  } finally {
    store.close()
  }
}

/** Why files of one installation are not kept beside those of another. */
export const anothersStore = (): CommandRefusal =>
  new CommandRefusal(exitCodes.configuration, [
    {
      zh: '照片和视频的存放处属于另一套系统：是 DATABASE_URL 写错了，还是 LINLI_FILES 或数据目录写错了？一个前缀只给一套系统用。如果这个数据库是恢复出来的，而原来那套已经停用，请先删去存放处里名为 installation 的那个小文件。',
      en: 'The store of pictures and videos belongs to another installation: is it DATABASE_URL that is wrong, or LINLI_FILES, or the data directory? One prefix is for one installation. If this database was restored and the former one is gone for good, delete the small file “installation” in the store first.',
    },
  ])
