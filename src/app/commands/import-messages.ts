import { readFileSync, statSync } from 'node:fs'
import type { Command } from 'commander'
import { placeCode } from './arguments.ts'
import { withDatabase } from './settings.ts'
import { CommandRefusal, exitCodes, inTerminalLanguage, progressBar, result, say } from './terminal.ts'

interface Options {
  place: string
  map?: string
  report?: string
  dryRun?: boolean
  data?: string
  json?: boolean
}

/** `linli import messages FILE`: messages of another hotline become requests. What is already here is left alone. */
export function importMessagesCommand(group: Command): void {
  group
    .command('messages')
    .description(
      'take in messages of another hotline; run again, it goes on where it stopped 导入其他热线的留言，可重复执行',
    )
    .argument('<file>', 'CSV, XLSX or NDJSON 文件')
    .requiredOption('--place <code>', 'code of the place to which they belong 归属地的代码', placeCode)
    .option('--map <file>', 'YAML or JSON that says which column means what 列对照表')
    .option('--report <file>', 'where rejected rows are listed; beside the file by default 退回清单的位置')
    .option('--dry-run', 'read and check everything, write nothing into the database 只检查，不写入')
    .option('--data <directory>', 'data directory 数据目录')
    .option('--json', 'end with one JSON line: {read, imported, duplicates, rejected, seconds, …}')
    .addHelpText(
      'after',
      `
Meanings of columns 列的含义: id, subject, created_at, body, answer, answered_at, likes, category, spot, name, phone.
Headings such as 编号, 留言主题, 留言时间, 留言详情, 答复意见, 答复时间, 点赞数 are understood by themselves;
a mapping says the others, one a line (“body: 来电内容”; null: do not take), and encoding, delimiter, sheet.
Names and phones are taken only where a mapping names their column. 姓名和电话只有在对照表写明时才导入。

Exit codes 退出码: 0 every row is accounted for 每行都有交代, 1 the file cannot be taken in, or no row could 文件无法导入.`,
    )
    .action(async (file: string, options: Options) => {
      const { importConnections, importMessages, ImportRefusal, readable, readMapping } = await import(
        '#listen/requests/index.ts'
      )
      const asRefusal = (error: unknown): unknown =>
        error instanceof ImportRefusal ? new CommandRefusal(exitCodes.failed, error.sentences) : error
      let mapping: ReturnType<typeof readMapping> | undefined
      try {
        // Before a database is started for it.
        await readable(file)
        mapping = options.map === undefined ? undefined : readMapping(mappingText(options.map))
      } catch (error) {
        throw asRefusal(error)
      }
      const facts = await withDatabase(options, async ({ config }) => {
        const { openDatabase } = await import('#kernel/database/index.ts')
        const { createEncryption } = await import('#kernel/encryption/index.ts')
        const { startJobs } = await import('#kernel/jobs/index.ts')
        const { systemClock } = await import('#kernel/clock/index.ts')
        const jobsDatabase = openDatabase(config.jobsUrl, {
          connections: importConnections,
          statementSeconds: 120,
          name: 'linli import',
        })
        const jobs = await startJobs(config.jobsUrl, 1)
        const bar = progressBar({ zh: '导入留言', en: 'Importing messages' })
        try {
          return await importMessages(
            { jobsDatabase, jobs, encryption: createEncryption(config.secret), clock: systemClock },
            {
              file,
              place: options.place,
              dryRun: options.dryRun ?? false,
              language: inTerminalLanguage({ zh: 'zh-CN', en: 'en' }) as 'zh-CN' | 'en',
              onProgress: bar.report,
              ...(mapping ? { mapping } : {}),
              ...(options.report === undefined ? {} : { report: options.report }),
            },
          )
        } catch (error) {
          throw asRefusal(error)
        } finally {
          bar.end()
          await jobs.stop()
          await jobsDatabase.close()
        }
      })
      const taken = Object.entries(facts.columns)
      const left = shortened(facts.ignored)
      say({
        zh: `认出的列：${taken.map(([field, heading]) => `${heading}→${field}`).join('、')}${left === '' ? '' : `；没有导入的列：${left}`}。`,
        en: `Columns: ${taken.map(([field, heading]) => `${heading} → ${field}`).join(', ')}${left === '' ? '' : `; not taken: ${left}`}.`,
      })
      if (facts.otherSheets.length > 0) {
        say({
          zh: `读的是工作表“${facts.sheet}”；没有读：${facts.otherSheets.join('、')}（在 --map 里写 sheet 可换）。`,
          en: `Read was the sheet “${facts.sheet}”, not: ${facts.otherSheets.join(', ')} (name one as sheet in --map).`,
        })
      }
      if (facts.report !== null) {
        say({
          zh: `退回的行连同原因列在 ${facts.report}：改好，另存一个名字，再导入。里面有个人信息，用完请删除。`,
          en: `The rejected rows and why stand in ${facts.report}: mend them, save under another name, import that. It holds personal data; delete it when done.`,
        })
      }
      if (!facts.attended) {
        say({
          zh: '注意：当地还没有人有受理诉求的职责，请尽快任命，未办的留言在等人。',
          en: 'Mind: nobody there has the duty to accept requests yet. Appoint somebody soon; open messages are waiting.',
        })
      }
      const { read, imported, duplicates, rejected, seconds, dryRun } = facts
      result(
        options.json ?? false,
        { ...facts },
        {
          zh: `读到 ${read} 行：${dryRun ? '可导入' : '导入'} ${imported}、已有 ${duplicates}、退回 ${rejected}；用时 ${seconds} 秒。`,
          en: `${read} rows: ${imported} ${dryRun ? 'would be imported' : 'imported'}, ${duplicates} already here, ${rejected} rejected, in ${seconds} s.`,
        },
      )
      if (imported + duplicates === 0) process.exitCode = exitCodes.failed
    })
}

/** So many headings are read at a glance; --json has them all. */
const mostShown = 15

function shortened(headings: readonly string[]): string {
  const more = headings.length > mostShown ? ` … (${headings.length})` : ''
  return headings.slice(0, mostShown).join('、') + more
}

const mappingBytes = 100_000

function mappingText(path: string): string {
  try {
    if (statSync(path).size <= mappingBytes) return readFileSync(path, 'utf8')
  } catch {
    // Said below.
  }
  throw new CommandRefusal(exitCodes.usage, [
    { zh: `读不了对照表 ${path}。`, en: `The mapping ${path} cannot be read.` },
  ])
}
