import type { Command } from 'commander'
import pg from 'pg'
import type { Sentence } from '#kernel/config/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import { withDatabase } from './settings.ts'
import { anothersStore } from './store.ts'
import { CommandRefusal, exitCodes, progressBar, result, say } from './terminal.ts'

interface Options {
  readonly back?: boolean
  readonly check?: boolean
  readonly remove?: boolean
  readonly data?: string
  readonly json?: boolean
}

/** `linli files move`: from the data directory into the bucket that the settings name, or back. */
export function filesMoveCommand(group: Command): void {
  group
    .command('move')
    .description(
      'copy all files from the data directory into the bucket of LINLI_FILES 把照片和视频搬进 LINLI_FILES 的桶',
    )
    .option('--back', 'from the bucket into the data directory 从桶搬回数据目录')
    .option('--check', 'read what is there already to its end too 已在的也逐个读回核对')
    .option(
      '--remove',
      'take out of the old place what was just read back in the new one; only once the server uses the new one 核对后从旧处删去，须在服务器改用新处之后',
    )
    .option('--data <directory>', 'data directory 数据目录')
    .option(
      '--json',
      'end with one JSON line: {ok, files, copied, there, bytes, removed, swept, unknown, lost, damaged, seconds}; lost and damaged are lists of ids',
    )
    .action(async (options: Options) => {
      const began = performance.now()
      // At the level at which it stands: a server of an earlier version may be running.
      const moved = await withDatabase({ ...options, asItStands: true }, async ({ config }) => {
        if (config.files === null) throw noBucket()
        const { claimStore, diskStore, installationOf, isAnothers, moveFiles, openFileStore, Unfaithful } =
          await import('#kernel/files/index.ts')
        const disk = diskStore(config.dataDirectory)
        const bucket = await openFileStore(config)
        const client = new pg.Client({ connectionString: config.ownerUrl })
        client.on('error', () => undefined)
        await client.connect()
        const bar = progressBar({ zh: '搬移文件', en: 'Moving files' })
        const [from, to] = options.back ? [bucket, disk] : [disk, bucket]
        try {
          const installation = await installationOf(client)
          for (const store of [from, to]) if (await isAnothers(store, installation)) throw anothersStore()
          if (installation !== null) await claimStore(to, installation)
          return await moveFiles({
            client,
            from,
            to,
            check: options.check ?? false,
            remove: options.remove ?? false,
            now: new Date(),
            report: bar.report,
          })
        } catch (error) {
          throw error instanceof Unfaithful ? unfaithful(error.message) : refusedByStore(error)
        } finally {
          bar.end()
          bucket.close()
          disk.close()
          await client.end()
        }
      })
      const { files, copied, there, bytes, removed, swept, unknown, lost, damaged } = moved
      for (const [ids, zh, en] of [
        [lost, '两处都没有', 'is in neither place'],
        [damaged, '与上传时不同，没有搬', 'is not what was stored, and was left'],
      ] as const)
        for (const id of ids.slice(0, 20)) say({ zh: `${id} ${zh}`, en: `${id} ${en}` })
      const ok = lost.length + damaged.length === 0
      const seconds = Math.round((performance.now() - began) / 100) / 10
      const size = (bytes / 1_000_000).toFixed(1)
      result(
        options.json ?? false,
        { ok, ...moved, seconds },
        {
          zh: `${files} 个文件：搬了 ${copied} 个（${size} MB，逐个读回核对），原已在 ${there} 个，旧处删去 ${removed} 个，其间注销而清掉 ${swept} 个，数据库不认识而没有动 ${unknown} 个，丢失 ${lost.length} 个，损坏 ${damaged.length} 个，${seconds} 秒。`,
          en: `${files} files: ${copied} copied (${size} MB, each read back), ${there} there before, ${removed} removed from the old place, ${swept} erased meanwhile and taken out, ${unknown} unknown to the database and left, ${lost.length} lost, ${damaged.length} damaged; ${seconds} s.`,
        },
      )
      if (!ok) process.exitCode = exitCodes.failed
    })
}

const noBucket = () =>
  new CommandRefusal(exitCodes.configuration, [
    {
      zh: 'LINLI_FILES 没有写桶：搬进去和搬回来都要知道是哪一个。',
      en: 'LINLI_FILES names no bucket: the way there and the way back both need one.',
    },
  ])

const unfaithful = (key: string) =>
  new CommandRefusal(exitCodes.failed, [
    {
      zh: `${key} 写好后读回来不一样：新的存放处靠不住，停下了，旧处没有删。`,
      en: `${key} reads back otherwise than it was written: the new place is not to be trusted. Stopped; it stands in the old place as before.`,
    },
  ])

const stores: Record<string, Sentence> = {
  'files-away': { zh: 'S3 没有回应', en: 'S3 does not answer' },
  'files-forbidden': { zh: 'S3 拒绝了这个密钥', en: 'S3 refuses this key' },
  'files-missing': { zh: 'S3 没有这个桶', en: 'S3 has no such bucket' },
}

/** What a store refuses, in words for whoever runs the command; anything else stays what it is. */
function refusedByStore(error: unknown): unknown {
  const sentence =
    error instanceof Refusal ? (stores[error.type] ?? { zh: '存不下了', en: 'There is no room left' }) : null
  if (sentence === null) return error
  return new CommandRefusal(exitCodes.failed, [
    {
      zh: `${sentence.zh}，停下了。搬好的都在，再运行一次就接着搬。`,
      en: `${sentence.en}; stopped. What was copied stays: run it again and it goes on from there.`,
    },
  ])
}
