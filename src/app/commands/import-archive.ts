import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { CheckedArchive } from '#kernel/archive/index.ts'
import type { Config } from '#kernel/config/index.ts'
import { openForRestore } from '#kernel/embedded/index.ts'
import { readSecrets } from '#kernel/secrets/index.ts'
import { inMegabytes } from './backup.ts'
import { fullAtImport, refuseInhabitedAtImport } from './import-refusals.ts'
import { keyOf } from './restore.ts'
import { settings, untilStopped } from './settings.ts'
import { CommandRefusal, exitCodes, progressBar, result, say } from './terminal.ts'

interface Options {
  keys?: string
  data?: string
  json?: boolean
}

/** `linli import archive FILE`: an archive into an empty installation, checked before and behind; or nothing at all. */
export function importArchiveCommand(group: Command): void {
  group
    .command('archive')
    .description('bring an archive into an empty installation 导入档案包到空的系统')
    .argument('<file>', 'what `export` wrote 档案包')
    .option('--keys <file>', 'FILE.keys, or for a whole archive a copy of secrets.json 密钥文件')
    .option('--data <directory>', 'data directory 数据目录')
    .option(
      '--json',
      'end with one JSON line: {ok, file, scope, rows, files, entries, hash, migrated, jobsLeft, seconds}, or {ok: false, error}',
    )
    .action(async (named: string, options: Options) => {
      const file = resolve(named)
      const began = performance.now()
      const config = settings({ dataDirectory: options.data, empty: '1' })
      const [archives, backup, { knownMigrations }] = await Promise.all([
        import('#kernel/archive/index.ts'),
        import('#kernel/backup/index.ts'),
        import('#kernel/database/migrate.ts'),
      ])
      // Everything that could be in the way is looked at before anything is written.
      if (config.embedded) refuseInhabitedAtImport(config.dataDirectory)
      else await backup.refuseInhabitedDatabase(config)
      const checking = progressBar({ zh: '核对档案包（MB）', en: 'Checking the archive (MB)' })
      const archive = await archives
        .checkArchive(file, null, inMegabytes(checking.report))
        .finally(() => checking.end())
      refuseNewer(archive, knownMigrations(), archives.faults.newer)
      const keys = await keysOf(archive, config, options.keys)
      const done = await untilStopped(
        stoppedHalfway,
        (signal) => openForRestore(config, file, keys.own, signal),
        async (database) => {
          try {
            return await imported(database, archive, keys)
          } catch (error) {
            await database.discard()
            throw error
          }
        },
      ).catch((error: unknown) => {
        throw fullAtImport(error, config)
      })
      const seconds = Math.round((performance.now() - began) / 100) / 10
      const { scope } = archive.manifest
      const { rows, files, migrated, jobsLeft, register } = done
      const { entries, hash } = register
      const noted = hash === null ? '' : ` ${entries}:${hash}`
      if (jobsLeft > 0) {
        say({
          zh: `有 ${jobsLeft} 件后台的事，这一版程序已没有人做，没有导入。`,
          en: `${jobsLeft} jobs belong to queues that this program no longer has, and were left.`,
        })
      }
      result(
        options.json ?? false,
        { ok: true, file, scope, rows, files, entries, hash, migrated, jobsLeft, seconds },
        {
          zh: `已导入：${rows} 行，${files} 个文件，${seconds} 秒。办事记录 ${entries} 条，完整无缺。${noted && `请另处记下：${noted}`}`,
          en: `Imported: ${rows} rows, ${files} files, ${seconds} s. The register holds ${entries} entries, all whole.${noted && ` Note elsewhere:${noted}`}`,
        },
      )
    })
}

async function imported(
  database: Awaited<ReturnType<typeof openForRestore>>,
  archive: CheckedArchive,
  keys: { readonly sealedUnder: Buffer; readonly own: Buffer },
) {
  const { importInto } = await import('../archiving.ts')
  const loading = progressBar({ zh: '导入（MB）', en: 'Importing (MB)' })
  const building = progressBar({ zh: '建索引、核对引用', en: 'Building indexes and checking references' })
  const verifying = progressBar({ zh: '核对办事记录', en: 'Verifying the register' })
  try {
    const reports = {
      report: inMegabytes(loading.report),
      reportBuilding: building.report,
      reportRegister: verifying.report,
    }
    const done = await importInto(database.open, archive, keys, reports, database.settle)
    database.finish()
    return done
  } finally {
    for (const bar of [loading, building, verifying]) bar.end()
  }
}

function refuseNewer(
  { file, manifest }: CheckedArchive,
  known: readonly string[],
  refusal: (file: string, migration: string) => Error,
): void {
  const strange = manifest.migrations.find((name, index) => name !== known[index])
  if (strange !== undefined) throw refusal(file, strange)
}

/**
 * A whole archive goes on under its own key, which its register signs with. A part is sealed under a key made for it alone, and becomes an
 * installation with a key that only its operator has.
 * @throws ArchiveRefusal, CommandRefusal
 */
async function keysOf(
  archive: CheckedArchive,
  config: Config,
  file: string | undefined,
): Promise<{ sealedUnder: Buffer; own: Buffer }> {
  const { scope, sealedUnder } = archive.manifest
  if (scope === null) {
    const key = await keyOf(sealedUnder, config, file, 'archive')
    await refuseForeign(archive, key)
    return { sealedUnder: key, own: key }
  }
  const { fingerprint, readKeys } = await import('#kernel/backup/index.ts')
  const given = file === undefined ? null : readKeys(file)
  if (given === null || fingerprint(given) !== sealedUnder) {
    throw new CommandRefusal(exitCodes.directory, [
      {
        zh: '没有这个档案包的密钥，电话和联系方式就读不出来，所以不导入：请用 --keys 写明导出时另写的那份。没有动任何东西。',
        en: 'Without the key of this archive no telephone number and no contact could be read, so nothing is imported: name the file that was written beside it with --keys. Nothing was touched.',
      },
    ])
  }
  const set = config.secret.length === 32 ? config.secret : null
  const there = config.embedded ? (readSecrets(config.dataDirectory)?.application ?? null) : null
  return { sealedUnder: given, own: set ?? there ?? randomBytes(32) }
}

/** Whoever made a whole archive has the key that it is imported under. @throws ArchiveRefusal */
async function refuseForeign({ file, manifest }: CheckedArchive, key: Buffer): Promise<void> {
  const [{ faults }, { createEncryption }, { parseKey, registerSigner, sha256, writeKey }] = await Promise.all([
    import('#kernel/archive/index.ts'),
    import('#kernel/encryption/index.ts'),
    import('#kernel/tree/index.ts'),
  ])
  const named = parseKey(sha256, manifest.register.key)
  const own = registerSigner(createEncryption(key), named?.name ?? '')
  if (writeKey(sha256, own.key) !== manifest.register.key) throw faults.seal(file)
}

const stoppedHalfway = {
  zh: '停下了，只导入了一半，不能使用：请再执行一次，它会从头来过。',
  en: 'Stopped half imported, which cannot be served: run it again, and it begins anew.',
}
