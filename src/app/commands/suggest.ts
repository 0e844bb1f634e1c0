import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import type { Sentence } from '#kernel/config/index.ts'
import { textOf } from '#kernel/decoding/index.ts'
import type { CategoryNamed, Heard, Labelled } from '#listen/suggestions/index.ts'
import { CommandRefusal, exitCodes, type Progress, progressBar, say } from './terminal.ts'

interface Options {
  learn?: string[]
  taxonomy?: string
}

// The three-level classification of what people write to governments about; its source stands beside it.
const official = join(import.meta.dirname, '..', '..', '..', 'packs', 'categories', 'official.csv')
const taxonomyBytes = 5_000_000
/** So many rows that could not be read are named. */
const mostNamed = 20

/** `linli suggest FILE`: three categories for each message, and the words that led there. Needs no database and starts none. */
export function suggestCommand(program: Command): void {
  program
    .command('suggest')
    .description('suggest three categories for each message of a file; needs no database 为每条留言建议三个分类')
    .argument('<file>', 'CSV, XLSX or NDJSON 文件')
    .option('--learn <files...>', 'messages to learn from, with and without a category 用来学习的留言，有无分类都可以')
    .option(
      '--taxonomy <file>',
      'CSV with level1,level2,level3; an official list by default 分类目录，默认用官方三级目录',
    )
    .option('--json', 'a failure too ends in a line of JSON 出错也用 JSON 说明')
    .addHelpText(
      'after',
      `
One line of JSON a message 每条留言一行: {id, suggestions: [{category: [level1, level2, level3], score, because}]}.
The three are of different first levels, so that one of them is right as often as can be; score is the chance of the first level,
because the words of the text that led there. A row without a number is called by its line.
三个建议的一级分类各不相同；score 是一级分类的可能性；because 是依据的词。没有编号的行用行号。
Columns: id, subject, body, category; headings such as 编号, 留言主题, 留言详情, 一级分类 are understood by themselves. The category of
a message in <file> is not looked at; its words are counted, like those of the files after --learn.

Exit codes 退出码: 0 every row that can be read has its line 能读的行都有结果, 1 a file cannot be used 文件无法使用.`,
    )
    .action(async (file: string, options: Options) => {
      const { Suggester } = await import('#listen/suggestions/index.ts')
      const categories = await taxonomyOf(options.taxonomy)
      const bar = progressBar({ zh: '分类建议', en: 'Suggesting' })
      // Whoever reads only the first lines closes the pipe: that is no fault.
      process.stdout.on('error', () => process.exit(exitCodes.ok))
      try {
        const asked = await textsOf(file, bar)
        const suggester = new Suggester(categories, await learnedFrom(options.learn ?? [], asked, categories, bar))
        for (const [index, { id, line, ...told }] of asked.entries()) {
          const suggestions = suggester.suggest(told).map(({ category, score, because }) => {
            const { level1 = '', level2 = '', level3 = '' } = categories[category] ?? {}
            return { category: [level1, level2, level3], score, because }
          })
          process.stdout.write(`${JSON.stringify({ id: id ?? String(line), suggestions })}\n`)
          bar.report(index + 1, asked.length)
        }
      } finally {
        bar.end()
      }
    })
}

async function taxonomyOf(file: string | undefined): Promise<CategoryNamed[]> {
  const { readCategories } = await import('#organise/settings/index.ts')
  const path = file ?? official
  const refusal = new CommandRefusal(exitCodes.failed, [
    {
      zh: `读不了 ${path}：应为 CSV，表头写 level1,level2,level3 或 一级,二级,三级。`,
      en: `${path} cannot be read: it should be CSV with the header level1,level2,level3.`,
    },
  ])
  let list: ReturnType<typeof readCategories>
  try {
    if (statSync(path).size > taxonomyBytes) throw refusal
    list = readCategories(textOf(readFileSync(path)))
  } catch {
    throw refusal
  }
  if (list.rows.length === 0) {
    throw new CommandRefusal(exitCodes.failed, [{ zh: `${path} 里没有一个分类。`, en: `${path} holds no category.` }])
  }
  return list.rows.map(({ level1, level2, level3, level1En, level2En, level3En }) => ({
    key: `${level1}/${level2}/${level3}`,
    level1,
    level2,
    level3,
    elsewhere: [level1En, level2En, level3En],
  }))
}

/** The texts of a file. What cannot be read is told, by its line. @throws CommandRefusal where none can */
async function textsOf(file: string, bar: Progress) {
  const { ImportRefusal, readTexts } = await import('#listen/requests/index.ts')
  const { rows, refused } = await readTexts(file, bar.report).catch((error: unknown) => {
    throw error instanceof ImportRefusal ? new CommandRefusal(exitCodes.failed, error.sentences) : error
  })
  for (const { line, why } of refused.slice(0, mostNamed)) {
    say({ zh: `${file} 第 ${line} 行没有读：${why.zh}。`, en: `${file}, line ${line} was not read: ${why.en}.` })
  }
  if (refused.length > mostNamed) {
    const more = refused.length - mostNamed
    say({ zh: `${file} 还有 ${more} 行没有读。`, en: `${file}: ${more} more rows were not read.` })
  }
  if (rows.length === 0) {
    throw new CommandRefusal(exitCodes.failed, [
      { zh: `${file} 里没有一条能读的留言。`, en: `${file} holds no message that can be read.` },
    ])
  }
  return rows
}

/** What the files teach; null where they teach nothing, which is said. */
async function learnedFrom(
  files: readonly string[],
  asked: readonly Heard[],
  categories: readonly CategoryNamed[],
  bar: Progress,
) {
  if (files.length === 0) return null
  const { labelFinder, learn } = await import('#listen/suggestions/index.ts')
  const find = labelFinder(categories)
  const labelled: Labelled[] = []
  const texts: Heard[] = [...asked]
  const unknown = new Map<string, number>()
  for (const file of files) {
    for (const { title, body, category } of await textsOf(file, bar)) {
      const label = category === null ? null : find(category)
      if (label !== null) labelled.push({ title, body, ...label })
      else texts.push({ title, body })
      if (category !== null && label === null) unknown.set(category, (unknown.get(category) ?? 0) + 1)
    }
  }
  const missing = notThere(unknown)
  if (missing !== null && labelled.length === 0) throw new CommandRefusal(exitCodes.failed, [missing])
  if (missing !== null) say(missing)
  const lesson = learn(categories, labelled, texts, (share) => bar.report(Math.round(share * 100), 100))
  bar.end()
  if (lesson === null) {
    say({
      zh: `有分类的留言只有 ${labelled.length} 条，或都属于同一个一级分类，学不到什么：只按分类的名称建议。`,
      en: `Only ${labelled.length} messages have a category, or all the same first level; nothing is learned from them: the names of the categories alone decide.`,
    })
    return null
  }
  const { rows, first, three } = lesson.levels
  const percent = (share: number): string => `${Math.round(share * 1_000) / 10} %`
  say({
    zh: `学了 ${rows} 条有分类的和 ${texts.length} 条没有分类的留言。留出来检验时，一级分类第一个就对的占 ${percent(first)}，三个里有对的占 ${percent(three)}。`,
    en: `Learned from ${rows} messages with a category and the words of ${texts.length} without. Of those left out in turn, the first suggestion had the right first level for ${percent(first)}, one of three for ${percent(three)}.`,
  })
  return lesson.learned
}

/** Names that stand in the files and not in the list, the most frequent first. */
function notThere(unknown: ReadonlyMap<string, number>): Sentence | null {
  if (unknown.size === 0) return null
  const rows = [...unknown.values()].reduce((sum, count) => sum + count, 0)
  const names = [...unknown].sort(([, a], [, b]) => b - a).slice(0, 5)
  const shown = names.map(([name]) => [...name].slice(0, 40).join(''))
  return {
    zh: `${rows} 条留言的分类不在目录里，或对得上好几个，只当没有分类：${shown.join('、')}${unknown.size > 5 ? ' 等' : ''}。`,
    en: `${rows} messages have a category that is not in the list, or could be several of it; they count as having none: ${shown.join(', ')}${unknown.size > 5 ? ' …' : ''}.`,
  }
}
