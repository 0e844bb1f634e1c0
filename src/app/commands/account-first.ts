import type { Command } from 'commander'
import { mailAddress, placeCode } from './arguments.ts'
import { withDatabase } from './settings.ts'
import { CommandRefusal, exitCodes, result } from './terminal.ts'

interface Options {
  place: string
  name: string
  mail: string
  port?: string
  data?: string
  json?: boolean
}

/** `linli account first`: the first post of a real installation, with a link for the one who is to hold it. */
export function accountFirstCommand(group: Command): void {
  group
    .command('first')
    .description('make the first post of a real installation and a link for its holder 建立第一个岗位并给出邀请链接')
    .requiredOption('--place <code>', 'code of the place, such as 321003001 地方的代码', placeCode)
    .requiredOption('--name <name>', 'who is to hold the post 任职人姓名')
    .requiredOption('--mail <address>', 'e-mail address of that person 任职人邮箱', mailAddress)
    .option(
      '--port <number>',
      'port of the pages for the link, where no server runs yet 还没有启动时，链接里的网页端口 (LINLI_PORT, 3000)',
    )
    .option('--data <directory>', 'data directory 数据目录')
    .option('--json', 'end with one JSON line: {place, body, post, link, expiresAt}')
    .action(async (options: Options) => {
      const { firstAccount, FirstAccountRefusal } = await import('#organise/bodies/index.ts')
      const { openDatabase } = await import('#kernel/database/index.ts')
      const { createEncryption } = await import('#kernel/encryption/index.ts')
      const { systemClock } = await import('#kernel/clock/index.ts')
      const made = await withDatabase(options, async ({ config }) => {
        const owner = openDatabase(config.ownerUrl, { connections: 1, name: 'linli account first' })
        try {
          return await firstAccount(
            {
              owner,
              encryption: createEncryption(config.secret),
              publicUrl: config.publicUrl,
              now: systemClock.now(),
            },
            { placeCode: options.place, name: options.name, mail: options.mail },
          )
        } catch (error) {
          if (error instanceof FirstAccountRefusal) throw new CommandRefusal(exitCodes.failed, [error.sentence])
          throw error
        } finally {
          await owner.close()
        }
      })
      result(
        options.json ?? false,
        { ...made },
        {
          zh: `已在${made.place}建立第一个岗位。请把这个链接交给 ${options.name} 本人，${made.expiresAt} 前有效：\n${made.link}`,
          en: `The first post at ${made.place} is made. Hand this link to ${options.name} in person; it holds until ${made.expiresAt}:\n${made.link}`,
        },
      )
    })
}
