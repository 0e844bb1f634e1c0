import type { Command } from 'commander'
import { placeCode } from './arguments.ts'
import { asOwner, placeGiven } from './owner.ts'
import { result } from './terminal.ts'

interface Listing {
  place: string
  data?: string
  json?: boolean
}

/** `linli category list --place CODE`: the codes by which forwardings and Open311 name the categories of a place. */
export function categoryCommands(group: Command): void {
  group
    .command('list')
    .description('categories that hold anywhere within a place, with their codes 列出一个地方的类别和代码')
    .requiredOption('--place <code>', 'code of the place 地方的代码', placeCode)
    .option('--data <directory>', 'data directory 数据目录')
    .option('--json', 'end with one JSON line: {categories: [{code, level1, level2, level3, place, placeName}]}')
    .action(async (options: Listing) => {
      const { categoriesWithin } = await import('#organise/settings/index.ts')
      const categories = await asOwner(options, 'linli category', async (owner) => {
        const place = await placeGiven(owner, options.place)
        return categoriesWithin(owner.sql, place?.path ?? '')
      })
      const lines = categories
        .map((one) =>
          [
            one.code,
            one.place ?? '',
            one.placeName ?? '',
            [one.level1, one.level2, one.level3].filter((level) => level !== '').join(' / '),
          ].join('  '),
        )
        .join('\n')
      result(
        options.json ?? false,
        { categories },
        categories.length === 0
          ? {
              zh: '这个地方和它上下都还没有类别。用 linli import categories 导入。',
              en: 'No category holds within this place yet. See linli import categories.',
            }
          : { zh: lines, en: lines },
      )
    })
}
