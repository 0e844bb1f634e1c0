import { type Command, InvalidArgumentError } from 'commander'
import { placeCode } from './arguments.ts'
import { asOwner, placeGiven } from './owner.ts'
import { CommandRefusal, exitCodes, result } from './terminal.ts'

interface Common {
  data?: string
  json?: boolean
}

interface Creating extends Common {
  name: string
  scope: string[]
  place?: string
  expires?: string
  perMinute: number
}

function keyName(text: string): string {
  const name = text.trim()
  if (name.length >= 1 && name.length <= 100 && !/\p{Cc}/u.test(name)) return name
  throw new InvalidArgumentError('1 to 100 characters on one line. 1 到 100 个字，一行。')
}

function rate(text: string): number {
  if (/^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= 6_000) return Number(text)
  throw new InvalidArgumentError('A number from 1 to 6000. 1 到 6000 之间的数。')
}

function keyId(text: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) return text
  throw new InvalidArgumentError('The id as key list shows it. 请照 key list 显示的编号写。')
}

const scopesOf = (text: string, before: string[] = []): string[] => [
  ...before,
  ...text.split(',').map((one) => one.trim()),
]

/** `linli key create|list|revoke`: keys for other people's software. */
export function keyCommands(group: Command): void {
  group
    .command('create')
    .description('make a key for other software; it is shown this once 发一把密钥，只显示这一次')
    .requiredOption('--name <name>', 'whose it is and for what 给谁、做什么用', keyName)
    .requiredOption('--scope <scope>', 'what it may do; several with commas or repeated 用途，可多个', scopesOf)
    .option('--place <code>', 'good there and below only 只管这个地方及以下', placeCode)
    .option('--expires <when>', 'last day, such as 2027-06-30, or days from now, such as 365d 到哪天为止，或多少天')
    .option('--per-minute <number>', 'calls a minute 每分钟最多几次', rate, 60)
    .option('--data <directory>', 'data directory 数据目录')
    .option('--json', 'end with one JSON line: {id, key}')
    .action(async (options: Creating) => {
      const { createKey, endOf } = await import('#kernel/keys/index.ts')
      const { declareScopes } = await import('../scopes.ts')
      declareScopes()
      const made = await asOwner(options, 'linli key', async (owner, now) => {
        const expiresAt = options.expires === undefined ? null : endOf(options.expires, now)
        if (options.expires !== undefined && expiresAt === null)
          throw new CommandRefusal(exitCodes.usage, [
            {
              zh: '--expires 写一个还没过去的日子（2027-06-30）或天数（365d）。',
              en: '--expires takes a day that is not over (2027-06-30) or a number of days (365d).',
            },
          ])
        return createKey(owner, now, {
          name: options.name,
          scopes: options.scope,
          place: await placeGiven(owner, options.place),
          perMinute: options.perMinute,
          expiresAt,
        })
      })
      result(
        options.json ?? false,
        { ...made },
        {
          zh: `密钥已发，只显示这一次，请收好：\n${made.key}\n编号（吊销时用）：${made.id}`,
          en: `The key is made. It is shown this once; keep it safe:\n${made.key}\nIts id, for revoking it: ${made.id}`,
        },
      )
    })
  group
    .command('list')
    .description('every key, with its last use 列出密钥和最近使用')
    .option('--data <directory>', 'data directory 数据目录')
    .option('--json', 'end with one JSON line: {keys: [{id, name, scopes, place, …}]}')
    .action(async (options: Common) => {
      const { listKeys } = await import('#kernel/keys/index.ts')
      const keys = await asOwner(options, 'linli key', listKeys)
      const line = (zh: boolean) =>
        keys
          .map((key) =>
            [
              key.id,
              key.name,
              key.scopes.join(','),
              key.place ?? (zh ? '不限地方' : 'everywhere'),
              key.revokedAt
                ? `${zh ? '已吊销' : 'revoked'} ${key.revokedAt.slice(0, 10)}`
                : `${zh ? '到' : 'until'} ${key.expiresAt?.slice(0, 10) ?? (zh ? '不限' : 'no end')}`,
              `${zh ? '最近' : 'last used'} ${key.lastUsedAt?.slice(0, 16) ?? (zh ? '没用过' : 'never')}`,
              zh ? `30 天 ${key.calls} 次，拒绝 ${key.refused}` : `30 days: ${key.calls} calls, ${key.refused} refused`,
            ].join('  '),
          )
          .join('\n')
      result(
        options.json ?? false,
        { keys },
        {
          zh: keys.length === 0 ? '还没有密钥。用 linli key create 发一把。' : line(true),
          en: keys.length === 0 ? 'There are no keys yet. Make one with linli key create.' : line(false),
        },
      )
    })
  group
    .command('revoke')
    .description('end a key at once 吊销一把密钥，立即生效')
    .argument('<id>', 'as key list shows it 密钥编号', keyId)
    .option('--data <directory>', 'data directory 数据目录')
    .option('--json', 'end with one JSON line: {id}')
    .action(async (id: string, options: Common) => {
      const { revokeKey } = await import('#kernel/keys/index.ts')
      await asOwner(options, 'linli key', (owner, now) => revokeKey(owner, now, id))
      result(
        options.json ?? false,
        { id },
        { zh: '已吊销，下一次调用就不行了。', en: 'Revoked: the next call with it is refused.' },
      )
    })
}
