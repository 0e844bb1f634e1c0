import { readFileSync, statSync } from 'node:fs'
import type { Command } from 'commander'
import { textOf } from '#kernel/decoding/index.ts'
import { placeCode } from './arguments.ts'
import { withDatabase } from './settings.ts'
import { CommandRefusal, exitCodes, result, say } from './terminal.ts'

interface Options {
  place: string
  data?: string
  json?: boolean
}

const why: Record<string, { zh: string; en: string }> = {
  empty: { zh: '没有一级分类', en: 'it has no first level' },
  'too-long': { zh: '名称超过 60 个字', en: 'a name has more than 60 characters' },
  days: { zh: '办理天数应为 1 至 60', en: 'the days promised are 1 to 60' },
  twice: { zh: '与前面的一行相同', en: 'it stands there twice' },
}

/** `linli import categories FILE`: an official list of categories, in three levels. Repeatable. */
export function importCategoriesCommand(group: Command): void {
  group
    .command('categories')
    .description(
      'take in a list of categories: level1,level2,level3 or 一级,二级,三级; repeatable 导入分类目录，可重复执行',
    )
    .argument('<file>', 'CSV, UTF-8 or GB18030 文件')
    .requiredOption('--place <code>', 'code of the place for which it holds 适用地的代码', placeCode)
    .option('--data <directory>', 'data directory 数据目录')
    .option('--json', 'end with one JSON line: {read, added, changed, same, rejected}')
    .action(async (file: string, options: Options) => {
      const { readCategories, writeCategories } = await import('#organise/settings/index.ts')
      let list: ReturnType<typeof readCategories>
      try {
        if (statSync(file).size > 5_000_000) throw new RangeError('length')
        list = readCategories(textOf(readFileSync(file)))
      } catch {
        throw new CommandRefusal(exitCodes.failed, [
          {
            zh: `读不了 ${file}：应为 CSV，表头写 level1,level2,level3 或 一级,二级,三级。`,
            en: `${file} cannot be read: it should be CSV with the header level1,level2,level3.`,
          },
        ])
      }
      const counts = await withDatabase(options, async ({ config }) => {
        const { openDatabase, transaction } = await import('#kernel/database/index.ts')
        const { newId } = await import('#kernel/database/identifiers.ts')
        const { record, sequence } = await import('#kernel/ledger/index.ts')
        const { placeByCode } = await import('#organise/places/index.ts')
        const owner = openDatabase(config.ownerUrl, { connections: 1, name: 'linli import' })
        const jobs = openDatabase(config.jobsUrl, { connections: 1, name: 'linli import' })
        try {
          const written = await transaction(owner, async (sql, client) => {
            const place = await placeByCode(sql, options.place)
            if (!place || place.abolished_at) {
              throw new CommandRefusal(exitCodes.failed, [
                {
                  zh: `没有代码为 ${options.place} 的地方，或它已撤销。`,
                  en: `There is no place with the code ${options.place}, or it was abolished.`,
                },
              ])
            }
            const done = await writeCategories(sql, place.path, list.rows, newId)
            await record(
              { client, now: new Date(), actor: { person: null } },
              {
                kind: 'category.list-taken-in',
                record: place.id,
                path: place.path,
                facts: { read: list.read, ...done, rejected: list.rejected.length },
              },
            )
            return done
          })
          while ((await sequence(jobs)) > 0);
          return written
        } finally {
          await owner.close()
          await jobs.close()
        }
      })
      for (const { line, reason } of list.rejected.slice(0, 20)) {
        say({
          zh: `第 ${line} 行没有导入：${why[reason]?.zh ?? reason}。`,
          en: `Line ${line} was not taken in: ${why[reason]?.en ?? reason}.`,
        })
      }
      const { added, changed, same } = counts
      const facts = { read: list.read, added, changed, same, rejected: list.rejected.length }
      result(options.json ?? false, facts, {
        zh: `读到 ${facts.read} 类：新增 ${added}、改动 ${changed}、不变 ${same}、退回 ${facts.rejected}。`,
        en: `${facts.read} categories: ${added} added, ${changed} changed, ${same} the same, ${facts.rejected} rejected.`,
      })
    })
}
