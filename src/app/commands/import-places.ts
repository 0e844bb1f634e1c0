import type { Command } from 'commander'
import { placeCode } from './arguments.ts'
import { withDatabase } from './settings.ts'
import { CommandRefusal, exitCodes, progressBar, result } from './terminal.ts'

interface Options {
  under?: string
  live?: boolean
  data?: string
  json?: boolean
}

/** `linli import places`: the national list of places, or a part of it. Repeatable. */
export function importPlacesCommand(group: Command): void {
  group
    .command('places')
    .description('load the national list of places; repeatable 装入全国行政区划，可重复执行')
    .option('--under <code>', 'only the part whose codes begin so, such as 3210 只装以此开头的部分', placeCode)
    .option(
      '--live',
      'slower, but readers never wait; by itself where a server runs on this data directory 慢一些，但不中断正在运行的服务',
    )
    .option('--data <directory>', 'data directory 数据目录')
    .option('--json', 'end with one JSON line: {provinces, cities, districts, subdistricts, communities, seconds, …}')
    .action(async (options: Options) => {
      const { importPlaces, PlacesImportError } = await import('#organise/places/index.ts')
      const facts = await withDatabase({ ...options, create: true }, async ({ config, joined }) => {
        const bar = progressBar({ zh: '装入区划', en: 'Importing places' })
        try {
          return await importPlaces(config.ownerUrl, {
            ...(options.under === undefined ? {} : { under: options.under }),
            live: options.live ?? joined,
            onProgress: ({ done, total }) => bar.report(done, total),
          })
        } catch (error) {
          if (!(error instanceof PlacesImportError)) throw error
          throw new CommandRefusal(exitCodes.failed, [
            {
              zh: `区划没有装入，什么也没改：${error.message}`,
              en: `The places were not imported, nothing was changed: ${error.message}`,
            },
          ])
        } finally {
          bar.end()
        }
      })
      const { provinces, cities, districts, subdistricts, communities, seconds } = facts
      result(
        options.json ?? false,
        { ...facts },
        {
          zh: `省 ${provinces}、市 ${cities}、县区 ${districts}、乡镇街道 ${subdistricts}、村社区 ${communities}；用时 ${seconds} 秒。`,
          en: `${provinces} provinces, ${cities} cities, ${districts} districts, ${subdistricts} subdistricts, ${communities} communities in ${seconds} s.`,
        },
      )
    })
}
