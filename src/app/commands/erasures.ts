import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { withDatabase } from './settings.ts'
import { CommandRefusal, exitCodes, result } from './terminal.ts'

function moment(text: string): string {
  const time = Date.parse(text)
  if (Number.isNaN(time)) throw new InvalidArgumentError('a time such as 2026-11-22T03:00+08:00 时间写法如示例')
  return new Date(time).toISOString()
}

/** `linli erasures save FILE` and `linli erasures again FILE`: deletions outlive the restoring of a backup. */
export function erasuresCommand(group: Command): void {
  group
    .command('save')
    .description('write down who was erased and when, ids alone, to keep apart from the backups 存下已注销的编号')
    .argument('<file>', 'is written anew, one JSON line for each 清单文件')
    .option('--since <time>', 'only those since then 只要此时之后的', moment)
    .option('--data <directory>', 'data directory 数据目录')
    .option('--json', 'end with one JSON line: {saved}')
    .action(async (file: string, options: { since?: string; data?: string; json?: boolean }) => {
      const { listErasures, writeErasures } = await import('#organise/people/index.ts')
      const found = await withJobsDatabase(options, ({ jobsDatabase }) =>
        listErasures(jobsDatabase.sql, options.since ?? null),
      )
      try {
        replaceWhole(file, writeErasures(found))
      } catch (error) {
        throw unusable(file, error)
      }
      const saved = found.length
      result(options.json ?? false, { saved }, { zh: `存下 ${saved} 条注销。`, en: `${saved} erasures written down.` })
    })
  group
    .command('again')
    .description('after a restore: erase once more everybody on a saved list 恢复备份后，按清单重新注销')
    .argument('<file>', 'what `erasures save` wrote 清单文件')
    .option('--data <directory>', 'data directory 数据目录')
    .option('--json', 'end with one JSON line: {read, queued}')
    .action(async (file: string, options: { data?: string; json?: boolean }) => {
      const { eraseAgain, readErasures } = await import('#organise/people/index.ts')
      let people: string[]
      try {
        people = readErasures(readFileSync(file, 'utf8'))
      } catch (error) {
        if (!(error instanceof RangeError)) throw unusable(file, error)
        throw new CommandRefusal(exitCodes.failed, [
          {
            zh: `${file} 第 ${error.message} 行不是注销清单的内容，什么都没有做。`,
            en: `Line ${error.message} of ${file} is none of a list of erasures; nothing was done.`,
          },
        ])
      }
      const done = await withJobsDatabase(options, (doors) => eraseAgain(doors, people))
      result(options.json ?? false, done, {
        zh: `清单上 ${done.read} 人，其中 ${done.queued} 人仍在库中，服务器运行后即注销。`,
        en: `${done.read} people on the list; ${done.queued} stand here again and are erased by the server as it runs.`,
      })
    })
}

/** The list of the day before stands until the new one is whole on the disk. */
function replaceWhole(file: string, text: string): void {
  const draft = `${file}.${process.pid}.new`
  try {
    const opened = openSync(draft, 'wx')
    try {
      writeFileSync(opened, text)
      fsyncSync(opened)
    } finally {
      closeSync(opened)
    }
    renameSync(draft, file)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
  const folder = openSync(dirname(file), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

function unusable(file: string, error: unknown): CommandRefusal {
  const { code } = error as NodeJS.ErrnoException
  return new CommandRefusal(exitCodes.failed, [
    { zh: `用不了文件 ${file}（${code}）。`, en: `The file ${file} cannot be used (${code}).` },
  ])
}

async function withJobsDatabase<T>(
  options: { data?: string | undefined },
  work: (doors: Parameters<typeof import('#organise/people/index.ts').eraseAgain>[0]) => Promise<T>,
): Promise<T> {
  return withDatabase(options, async ({ config }) => {
    const { openDatabase } = await import('#kernel/database/index.ts')
    const { startJobs } = await import('#kernel/jobs/index.ts')
    const jobsDatabase = openDatabase(config.jobsUrl, { connections: 1, name: 'linli erasures' })
    const jobs = await startJobs(config.jobsUrl, 1)
    try {
      return await work({ jobsDatabase, jobs })
    } finally {
      await jobs.stop()
      await jobsDatabase.close()
    }
  })
}
