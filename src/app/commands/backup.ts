import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { withDatabase } from './settings.ts'
import { CommandRefusal, exitCodes, progressBar, result, say } from './terminal.ts'

/** `linli backup FILE`: the whole installation in one file, while it runs. */
export function backupCommand(program: Command): void {
  program
    .command('backup')
    .description('write the whole installation into one file, while it runs 备份')
    .argument('<file>', 'the archive; must not be there yet 备份文件，不能已存在')
    .option('--keys', 'also write FILE.keys, which opens it: move it elsewhere 另写密钥文件，须另存他处')
    .option('--data <directory>', 'data directory 数据目录')
    .option('--json', 'end with one JSON line: {file, bytes, rows, files, lost, seconds, entries, hash, digest, keys}')
    .action(async (named: string, options: { keys?: boolean; data?: string; json?: boolean }) => {
      const file = resolve(named)
      const keys = options.keys ? `${file}.keys` : null
      for (const path of [file, keys].filter((each) => each !== null)) refuseExisting(path)
      const began = performance.now()
      // At the level at which it stands: what is to be brought back may be the state before an upgrade.
      const taken = await withDatabase({ ...options, asItStands: true }, async ({ config }) => {
        const [{ takeBackup, writeKeys }, { openFileStore }] = await Promise.all([
          import('#kernel/backup/index.ts'),
          import('#kernel/files/index.ts'),
        ])
        const store = await openFileStore(config)
        const reading = progressBar({ zh: '备份（MB）', en: 'Backing up (MB)' })
        const checking = progressBar({ zh: '读回核对（MB）', en: 'Reading it back (MB)' })
        try {
          const done = await takeBackup({
            file,
            ownerUrl: config.ownerUrl,
            key: config.secret,
            program: programVersion(),
            store,
            report: inMegabytes(reading.report),
            reportCheck: inMegabytes(checking.report),
          })
          if (keys !== null) writeKeys(keys, config.secret)
          return done
        } finally {
          reading.end()
          checking.end()
          store.close()
        }
      })
      const seconds = Math.round((performance.now() - began) / 100) / 10
      tellWhatToKeep(keys, taken.lost)
      const { bytes, rows, files, entries, hash } = taken
      const size = (bytes / 1_000_000).toFixed(1)
      result(
        options.json ?? false,
        { file, ...taken, seconds, keys },
        {
          zh: `已备份到 ${file}：${rows} 行，${files} 个文件，${size} MB，${seconds} 秒，读回核对无误。请另处记下：${entries}:${hash}`,
          en: `Backed up to ${file}: ${rows} rows, ${files} files, ${size} MB, ${seconds} s; read back and whole. Note elsewhere: ${entries}:${hash}`,
        },
      )
    })
}

/** @throws CommandRefusal where a file of this name is there */
export function refuseExisting(path: string): void {
  if (!existsSync(path)) return
  throw new CommandRefusal(exitCodes.failed, [
    {
      zh: `${path} 已经有了，没有覆盖它：请另取一个名字。`,
      en: `${path} is there already and was not written over: take another name.`,
    },
  ])
}

/** What the archive does not hold and the operator must. */
function tellWhatToKeep(keys: string | null, lost: number): void {
  say(
    keys === null
      ? {
          zh: '备份里没有密钥：另存一份 secrets.json（自备数据库时是 LINLI_SECRET），没有它就恢复不了。',
          en: 'The archive holds no keys: keep a copy of secrets.json (LINLI_SECRET with a database of your own) elsewhere. Nothing can be restored without it.',
        }
      : {
          zh: `密钥在 ${keys}：请移到别处，不要和备份放在一起。`,
          en: `Its key is in ${keys}: move it elsewhere, away from the archive.`,
        },
  )
  if (lost > 0) {
    say({
      zh: `有 ${lost} 个文件数据库里记着却不在了：在备份之前就已丢失。`,
      en: `${lost} files are known to the database and are not there: they were lost before this backup.`,
    })
  }
}

/** Bars count megabytes. */
export function inMegabytes(report: (done: number, total: number) => void): (done: number, total: number) => void {
  return (done, total) => report(Math.round(done / 1_000_000), total / 1_000_000)
}

/** The version of this program. */
export function programVersion(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
