import { type Command, InvalidArgumentError } from 'commander'
import { placeCode } from './arguments.ts'
import { asOwner, placeGiven } from './owner.ts'
import { result } from './terminal.ts'

interface Common {
  data?: string
  json?: boolean
}

interface Creating extends Common {
  url: string
  kind: string[]
  place?: string
  inner?: boolean
}

function webhookId(text: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) return text
  throw new InvalidArgumentError('The id as webhook list shows it. 请照 webhook list 显示的编号写。')
}

const kindsOf = (text: string, before: string[] = []): string[] => [
  ...before,
  ...text.split(',').map((one) => one.trim()),
]

/** `linli webhook create|list|revoke|deliveries`: other software that is told of what the public may see. */
export function webhookCommands(group: Command): void {
  group
    .command('create')
    .description('tell other software of what is public; its secret is shown this once 推送公开的变化，密钥只显示一次')
    .requiredOption('--url <address>', 'where it listens, https 接收的网址')
    .requiredOption('--kind <kind>', 'request.released, request.changed, request.withdrawn; several 哪些变化', kindsOf)
    .option('--place <code>', 'of this place and below only 只管这个地方及以下', placeCode)
    .option('--inner', 'it lies within your own network 接收方在自己的内网')
    .option('--data <directory>', 'data directory 数据目录')
    .option('--json', 'end with one JSON line: {id, secret}')
    .action(async (options: Creating) => {
      const { createWebhook } = await import('#kernel/webhooks/index.ts')
      const { createEncryption } = await import('#kernel/encryption/index.ts')
      const { toldKinds } = await import('../told.ts')
      const made = await asOwner(options, 'linli webhook', async (owner, now, config) =>
        createWebhook({ owner, encryption: createEncryption(config.secret), now }, toldKinds, {
          url: options.url,
          kinds: options.kind,
          place: await placeGiven(owner, options.place),
          inner: options.inner ?? false,
        }),
      )
      result(
        options.json ?? false,
        { ...made },
        {
          zh: `推送已建立。核对签名的密钥只显示这一次，请交给接收方：\n${made.secret}\n编号（停用时用）：${made.id}`,
          en: `The webhook is made. The secret to check its signatures is shown this once; hand it to the receiver:\n${made.secret}\nIts id, for revoking it: ${made.id}`,
        },
      )
    })
  group
    .command('list')
    .description('every webhook, and what waits for it 列出推送')
    .option('--data <directory>', 'data directory 数据目录')
    .option('--json', 'end with one JSON line: {webhooks: [{id, url, kinds, place, …}]}')
    .action(async (options: Common) => {
      const { readWebhooks } = await import('#kernel/webhooks/index.ts')
      const webhooks = await asOwner(options, 'linli webhook', (owner) => readWebhooks(owner.sql))
      const lines = (zh: boolean) =>
        webhooks
          .map(({ id, url, kinds, place, revokedAt, waiting, dead }) =>
            [
              id,
              url,
              kinds.join(','),
              place ?? (zh ? '不限地方' : 'everywhere'),
              revokedAt ? (zh ? '已停用' : 'revoked') : zh ? `待推送 ${waiting}` : `${waiting} waiting`,
              zh ? `没送到 ${dead}` : `${dead} given up`,
            ].join('  '),
          )
          .join('\n')
      result(
        options.json ?? false,
        { webhooks },
        webhooks.length === 0
          ? { zh: '还没有推送。', en: 'There are no webhooks yet.' }
          : { zh: lines(true), en: lines(false) },
      )
    })
  group
    .command('revoke')
    .description('end a webhook at once, with what waits for it 停用一个推送')
    .argument('<id>', 'as webhook list shows it 推送编号', webhookId)
    .option('--data <directory>', 'data directory 数据目录')
    .option('--json', 'end with one JSON line: {id}')
    .action(async (id: string, options: Common) => {
      const { revokeWebhook } = await import('#kernel/webhooks/index.ts')
      await asOwner(options, 'linli webhook', (owner, now) => revokeWebhook(owner, now, id))
      result(options.json ?? false, { id }, { zh: '已停用，不再推送。', en: 'Revoked: nothing is sent any more.' })
    })
  group
    .command('deliveries')
    .description('the last deliveries, with what became of them 最近的推送记录')
    .argument('[id]', 'of one webhook alone 只看一个推送', webhookId)
    .option('--data <directory>', 'data directory 数据目录')
    .option('--json', 'end with one JSON line: {deliveries: [{id, kind, state, attempts, reason, …}]}')
    .action(async (id: string | undefined, options: Common) => {
      const { readDeliveries } = await import('#kernel/webhooks/index.ts')
      const deliveries = await asOwner(options, 'linli webhook', (owner) => readDeliveries(owner.sql, id ?? null, 100))
      const lines = deliveries
        .map(({ createdAt, kind, subject, state, attempts, reason }) =>
          [createdAt.slice(0, 19), kind, subject, state, attempts, reason ?? ''].join('  '),
        )
        .join('\n')
      result(
        options.json ?? false,
        { deliveries },
        deliveries.length === 0 ? { zh: '还没有推送过。', en: 'Nothing was sent yet.' } : { zh: lines, en: lines },
      )
    })
}
