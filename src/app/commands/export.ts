import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Scope } from '#kernel/archive/index.ts'
import { placeCode } from './arguments.ts'
import { inMegabytes, programVersion, refuseExisting } from './backup.ts'
import { placeGiven } from './owner.ts'
import { withDatabase } from './settings.ts'
import { progressBar, result, say } from './terminal.ts'

interface Options {
  under?: string
  keys?: boolean
  data?: string
  json?: boolean
}

/** `linli export FILE`: the installation, or one part of it, in an open archive, while it runs. */
export function exportCommand(program: Command): void {
  program
    .command('export')
    .description('write the installation, or one part of it, into an open archive, while it runs 导出档案包')
    .argument('<file>', 'the archive; must not be there yet 档案包，不能已存在')
    .option(
      '--under <code>',
      'only this place and what lies below it, such as 321003001 只导出这个地方及以下',
      placeCode,
    )
    .option('--keys', 'also write FILE.keys, which opens what is sealed; always written with --under 另写密钥文件')
    .option('--data <directory>', 'data directory 数据目录')
    .option(
      '--json',
      'end with one JSON line: {file, bytes, rows, files, lost, acts, entries, root, key, scope, keys, seconds}',
    )
    .action(async (named: string, options: Options) => {
      const file = resolve(named)
      const keys = options.keys || options.under !== undefined ? `${file}.keys` : null
      for (const path of [file, keys].filter((each) => each !== null)) refuseExisting(path)
      const began = performance.now()
      const done = await withDatabase(options, async ({ config }) => {
        const [{ exportArchive, checkArchive }, { writeKeys }, { openFileStore }] = await Promise.all([
          import('#kernel/archive/index.ts'),
          import('#kernel/backup/index.ts'),
          import('#kernel/files/index.ts'),
        ])
        const scope = await scopeOf(config.ownerUrl, options.under)
        const store = await openFileStore(config)
        const writing = progressBar({ zh: '导出（行）', en: 'Exporting (rows)' })
        const checking = progressBar({ zh: '读回核对（MB）', en: 'Reading it back (MB)' })
        try {
          const { sealedUnder, ...written } = await exportArchive({
            file,
            ownerUrl: config.ownerUrl,
            key: config.secret,
            program: programVersion(),
            store,
            scope,
            report: writing.report,
            check: (draft) => checkArchive(draft, null, inMegabytes(checking.report)),
          })
          if (keys !== null) writeKeys(keys, sealedUnder ?? config.secret)
          return { ...written, scope }
        } finally {
          writing.end()
          checking.end()
          store.close()
        }
      })
      const seconds = Math.round((performance.now() - began) / 100) / 10
      tellWhatToKeep(keys, done.lost)
      const { bytes, rows, files, acts, key, scope } = done
      const size = (bytes / 1_000_000).toFixed(1)
      const of = scope === null ? { zh: '', en: '' } : { zh: `（${scope.name}）`, en: ` of ${scope.name}` }
      result(
        options.json ?? false,
        { file, ...done, keys, seconds },
        {
          zh: `已导出${of.zh}到 ${file}：${rows} 行，${files} 个文件，${acts} 条办事记录，${size} MB，${seconds} 秒，读回核对无误。登记簿公钥：${key}`,
          en: `Exported${of.en} to ${file}: ${rows} rows, ${files} files, ${acts} acts, ${size} MB, ${seconds} s; read back and whole. Key of the register: ${key}`,
        },
      )
    })
}

async function scopeOf(ownerUrl: string, code: string | undefined): Promise<Scope | null> {
  if (code === undefined) return null
  const { openDatabase } = await import('#kernel/database/index.ts')
  const owner = openDatabase(ownerUrl, { connections: 1, name: 'linli export' })
  try {
    const place = await placeGiven(owner, code)
    return place && { code, path: place.path, name: place.name }
  } finally {
    await owner.close()
  }
}

/** What the archive does not hold and the operator must. */
function tellWhatToKeep(keys: string | null, lost: number): void {
  say(
    keys === null
      ? {
          zh: '档案包里没有密钥：全部的档案包要用 secrets.json（自备数据库时是 LINLI_SECRET）才能导入。',
          en: 'The archive holds no keys: a whole one is imported with secrets.json (LINLI_SECRET with a database of your own).',
        }
      : {
          zh: `密钥在 ${keys}：请移到别处，不要和档案包放在一起。`,
          en: `Its key is in ${keys}: move it elsewhere, away from the archive.`,
        },
  )
  if (lost > 0) {
    say({
      zh: `有 ${lost} 个文件数据库里记着却不在了：在导出之前就已丢失。`,
      en: `${lost} files are known to the database and are not there: they were lost before this export.`,
    })
  }
}
