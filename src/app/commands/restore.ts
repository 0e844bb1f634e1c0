import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { WholeArchive } from '#kernel/backup/index.ts'
import type { Config } from '#kernel/config/index.ts'
import { openForRestore, refuseInhabited } from '#kernel/embedded/index.ts'
import { readSecrets } from '#kernel/secrets/index.ts'
import { inMegabytes } from './backup.ts'
import { settings, untilStopped } from './settings.ts'
import { CommandRefusal, exitCodes, progressBar, result, say } from './terminal.ts'

interface Options {
  keys?: string
  erasures?: string
  unsigned?: boolean
  data?: string
  json?: boolean
}

/** `linli restore FILE`: a backup back into an empty installation, verified before it may be served. */
export function restoreCommand(program: Command): void {
  program
    .command('restore')
    .description('bring a backup back into an empty installation 恢复备份')
    .argument('<file>', 'what `backup` wrote 备份文件')
    .option('--keys <file>', 'FILE.keys or a copy of secrets.json 密钥文件，或另存的 secrets.json')
    .option('--erasures <file>', 'what `erasures save` wrote: who is to be erased once more 注销清单')
    .option(
      '--unsigned',
      'take an archive of 0.1.0, which carries no seal: anybody could have altered it 0.1.0 的备份没有封印',
    )
    .option('--data <directory>', 'data directory 数据目录')
    .option(
      '--json',
      'end with one JSON line: {ok, file, rows, files, seconds, took, entries, hash, firstBroken, migrated, jobsLeft, erasures}, or {ok: false, error}',
    )
    .action(async (named: string, options: Options) => {
      const file = resolve(named)
      const began = performance.now()
      const config = settings({ dataDirectory: options.data, empty: '1' })
      const [backup, { knownMigrations }] = await Promise.all([
        import('#kernel/backup/index.ts'),
        import('#kernel/database/migrate.ts'),
      ])
      // Everything that could be in the way is looked at before anything is written.
      if (config.embedded) refuseInhabited(config.dataDirectory)
      else await backup.refuseInhabitedDatabase(config)
      const erasures = options.erasures === undefined ? null : await readList(options.erasures)
      const checking = progressBar({ zh: '核对备份（MB）', en: 'Checking the archive (MB)' })
      const archive = await backup
        .checkArchive(file, knownMigrations(), inMegabytes(checking.report))
        .finally(() => checking.end())
      const checked = performance.now() - began
      const key = await keyOf(archive.head.key, config, options.keys)
      backup.refuseUnsealed(file, archive, key, options.unsigned ?? false)
      const done = await untilStopped(
        stoppedHalfway,
        (signal) => openForRestore(config, file, key, signal),
        (database) => restored(database, file, archive, erasures),
      )
      const seconds = Math.round((performance.now() - began) / 100) / 10
      tellAfter(done)
      const { rows, files, entries, hash, firstBroken } = done
      const ok = firstBroken === null
      const register = ok
        ? {
            zh: `办事记录 ${entries} 条，完整无缺：${entries}:${hash}。`,
            en: `The register holds ${entries} entries, all whole: ${entries}:${hash}.`,
          }
        : {
            zh: `办事记录从第 ${firstBroken} 条起不对：备份之前就已如此。`,
            en: `The register is broken from entry ${firstBroken} on: it was so before the backup.`,
          }
      result(
        options.json ?? false,
        { ok, file, ...done, took: inSeconds({ checking: checked, ...done.took }), seconds },
        {
          zh: `已恢复：${rows} 行，${files} 个文件，${seconds} 秒。${register.zh}备份于 ${archive.head.takenAt}。`,
          en: `Restored: ${rows} rows, ${files} files, ${seconds} s. ${register.en} Backed up at ${archive.head.takenAt}.`,
        },
      )
      if (!ok) process.exitCode = exitCodes.failed
    })
}

interface Restored {
  readonly rows: number
  readonly files: number
  readonly entries: number
  readonly hash: string
  /** The first entry of the register that does not hold; null where all do. */
  readonly firstBroken: number | null
  /** Migrations that ran behind the level of the archive. */
  readonly migrated: string[]
  /** Jobs whose queues are no more. */
  readonly jobsLeft: number
  readonly erasures: { read: number; queued: number } | null
  /** Milliseconds of each part of the work. */
  readonly took: Readonly<Record<'loading' | 'building' | 'settling' | 'verifying', number>>
}

/** To a tenth. */
function inSeconds(took: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(took).map(([part, time]) => [part, Math.round(time / 100) / 10]))
}

async function restored(
  database: Awaited<ReturnType<typeof openForRestore>>,
  file: string,
  archive: WholeArchive,
  erasures: string[] | null,
): Promise<Restored> {
  const { loadRestored, verifyRestored } = await import('../restoring.ts')
  const loading = progressBar({ zh: '恢复（MB）', en: 'Restoring (MB)' })
  const building = progressBar({ zh: '建索引、核对引用', en: 'Building indexes and checking references' })
  const verifying = progressBar({ zh: '核对办事记录', en: 'Verifying the register' })
  const began = performance.now()
  let filled = began
  try {
    const loaded = await loadRestored(database.open(), file, archive, {
      report: inMegabytes(loading.report),
      reportBuilding(done, total) {
        if (filled === began) {
          filled = performance.now()
          loading.end()
        }
        building.report(done, total)
      },
    })
    const built = performance.now()
    building.end()
    await database.settle()
    const settled = performance.now()
    const verified = await verifyRestored(database.open(), archive, erasures, verifying.report)
    database.finish()
    const took = {
      loading: filled - began,
      building: built - filled,
      settling: settled - built,
      verifying: performance.now() - settled,
    }
    return { ...loaded, ...verified, took }
  } finally {
    for (const bar of [loading, building, verifying]) bar.end()
  }
}

/**
 * The key under which the installation will run, and under which the archive was sealed: they have to be one.
 * @param sealedUnder the fingerprint of the key of the archive
 * @param what in whose words it is refused
 * @throws ArchiveRefusal, CommandRefusal
 */
export async function keyOf(
  sealedUnder: string,
  config: Config,
  keysFile: string | undefined,
  what: 'backup' | 'archive' = 'backup',
): Promise<Buffer> {
  const { fingerprint, readKeys } = await import('#kernel/backup/index.ts')
  const given = keysFile === undefined ? null : readKeys(keysFile)
  const set = config.secret.length === 32 ? config.secret : null
  const there = config.embedded ? (readSecrets(config.dataDirectory)?.application ?? null) : null
  const found = [
    { key: given, from: { zh: `${keysFile} 里的密钥`, en: `the key in ${keysFile}` } },
    { key: set, from: { zh: 'LINLI_SECRET', en: 'LINLI_SECRET' } },
    {
      key: set === null ? there : null,
      from: { zh: '数据目录里的 secrets.json', en: 'secrets.json of the data directory' },
    },
  ]
  const wrong = found.find(({ key }) => key !== null && fingerprint(key) !== sealedUnder)
  if (wrong !== undefined) {
    throw new CommandRefusal(exitCodes.directory, [
      {
        zh: `${wrong.from.zh}不是${what === 'backup' ? '这份备份' : '这个档案包'}的密钥。没有动任何东西。`,
        en: `This archive was not sealed with ${wrong.from.en}. Nothing was touched.`,
      },
    ])
  }
  const key = given ?? set ?? there
  if (key !== null) return key
  const [doneZh, doneEn] = what === 'backup' ? ['恢复', 'restored'] : ['导入', 'imported']
  throw new CommandRefusal(exitCodes.directory, [
    {
      zh: `没有密钥，电话和联系方式就读不出来，所以不${doneZh}：请用 --keys 写明另存的那份。没有动任何东西。`,
      en: `Without its key no telephone number and no contact could be read, so nothing is ${doneEn}: name the copy that was kept apart with --keys. Nothing was touched.`,
    },
  ])
}

async function readList(file: string): Promise<string[]> {
  const { readErasures } = await import('#organise/people/index.ts')
  try {
    return readErasures(readFileSync(file, 'utf8'))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new CommandRefusal(exitCodes.failed, [
      error instanceof RangeError
        ? {
            zh: `${file} 第 ${error.message} 行不是注销清单的内容。没有动任何东西。`,
            en: `Line ${error.message} of ${file} is none of a list of erasures. Nothing was touched.`,
          }
        : {
            zh: `用不了文件 ${file}（${code}）。没有动任何东西。`,
            en: `The file ${file} cannot be used (${code}). Nothing was touched.`,
          },
    ])
  }
}

function tellAfter({ jobsLeft, erasures }: Restored): void {
  if (erasures === null) {
    say({
      zh: '没有给出注销清单：备份之后注销的人又在库里了。请在开放之前执行 linli erasures again。',
      en: 'No list of erasures was given: whoever was erased since the backup stands here again. Run linli erasures again before anybody is let in.',
    })
  } else {
    say({
      zh: `清单上 ${erasures.read} 人，其中 ${erasures.queued} 人仍在库中，服务器运行后即注销。`,
      en: `${erasures.read} people on the list; ${erasures.queued} stand here again and are erased by the server as it runs.`,
    })
  }
  if (jobsLeft > 0) {
    say({
      zh: `有 ${jobsLeft} 件后台的事，这一版程序已没有人做，没有恢复。`,
      en: `${jobsLeft} jobs belong to queues that this program no longer has, and were left.`,
    })
  }
}

const stoppedHalfway = {
  zh: '停下了，只恢复了一半，不能使用：请再执行一次，它会从头来过。',
  en: 'Stopped half restored, which cannot be served: run it again, and it begins anew.',
}
