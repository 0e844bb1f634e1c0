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
  url: string
  place: string
  category: string
  service: string
  jurisdiction?: string
  keyFile?: string
  format: 'xml' | 'json'
  outline?: boolean
  steps?: boolean
  again: 'look' | 'listed' | 'same'
  language: 'zh-CN' | 'en'
  inner?: boolean
}

function line(text: string): string {
  const said = text.trim()
  if (said.length >= 1 && said.length <= 100 && !/\p{Cc}/u.test(said)) return said
  throw new InvalidArgumentError('1 to 100 characters on one line. 1 到 100 个字，一行。')
}

function identifier(text: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) return text
  throw new InvalidArgumentError('The id as the list shows it. 请照列表里的编号写。')
}

const oneOf =
  <T extends string>(...words: readonly T[]) =>
  (text: string): T => {
    const found = words.find((word) => word === text)
    if (found !== undefined) return found
    throw new InvalidArgumentError(`One of: ${words.join(', ')}. 只能是其中之一。`)
  }

/** The key stands in a file and not in the command, where every process of the machine reads it. `-` is standard input. */
async function keyIn(file: string | undefined): Promise<string | null> {
  if (file === undefined) return null
  const { readFile } = await import('node:fs/promises')
  const text = (await readFile(file === '-' ? '/dev/stdin' : file, 'utf8').catch(() => '')).trim()
  if (text !== '' && text.length <= 1_000 && !/\s/.test(text)) return text
  throw new CommandRefusal(exitCodes.failed, [
    {
      zh: `读不到密钥：${file} 里应只有对方给的 api_key 一行。`,
      en: `No key can be read: ${file} should hold the api_key that was given, on one line.`,
    },
  ])
}

/** `linli forwarding create|list|revoke|deliveries|settle`: requests of a category are sent on to another city's Open311 server. */
export function forwardingCommands(group: Command): void {
  group
    .command('create')
    .description('send requests of a category on to another Open311 server 把一类诉求转给别处的 Open311 平台')
    .requiredOption('--name <name>', 'what it is called in the lines of a request 在进展里怎么称呼对方', line)
    .requiredOption('--url <address>', 'the base of GeoReport v2 there, https 对方 GeoReport v2 的网址')
    .requiredOption('--place <code>', 'of this place and below 哪个地方及以下', placeCode)
    .requiredOption('--category <code>', 'the code of our category 我们的类别代码', line)
    .requiredOption('--service <code>', 'the service_code there 对方的 service_code', line)
    .option('--jurisdiction <id>', 'the jurisdiction_id there 对方的 jurisdiction_id', line)
    .option('--key-file <file>', 'a file with the api_key of theirs; - is standard input 存着对方密钥的文件')
    .option('--format <format>', 'xml or json 格式', oneOf('xml', 'json'), 'xml')
    .option('--outline', 'also what is not released: category and community alone 未公开的也转，只转类别和社区')
    .option('--steps', 'tell our steps there 把我们的进展也告诉对方')
    .option(
      '--again <how>',
      'after a lost answer: look, listed, same 没等到回答时怎么办',
      oneOf('look', 'listed', 'same'),
      'look',
    )
    .option('--language <language>', 'of what we write there 用哪种语言写', oneOf('zh-CN', 'en'), 'zh-CN')
    .option('--inner', 'it lies within your own network 对方在自己的内网')
    .option('--data <directory>', 'data directory 数据目录')
    .option('--json', 'end with one JSON line: {id}')
    .action(async (options: Creating) => {
      const { createForwarding } = await import('#open/forwarding/index.ts')
      const { createEncryption } = await import('#kernel/encryption/index.ts')
      const key = await keyIn(options.keyFile)
      const made = await asOwner(options, 'linli forwarding', async (owner, now, config) => {
        const place = await placeGiven(owner, options.place)
        if (!place) throw new Error('a place is required')
        return createForwarding(
          { owner, encryption: createEncryption(config.secret), now, publicUrl: config.publicUrl },
          {
            name: options.name,
            url: options.url,
            inner: options.inner ?? false,
            jurisdiction: options.jurisdiction ?? null,
            service: options.service,
            key,
            format: options.format,
            place,
            category: options.category,
            outline: options.outline ?? false,
            steps: options.steps ?? false,
            again: options.again,
            language: options.language,
          },
        )
      })
      result(
        options.json ?? false,
        { ...made },
        {
          zh: `转办已建立，从现在起公开的这类诉求会转过去。编号（停用时用）：${made.id}`,
          en: `The forwarding is made: what is released in this category from now on is sent there. Its id, for revoking it: ${made.id}`,
        },
      )
    })
  group
    .command('list')
    .description('every forwarding, and how it goes 列出转办')
    .option('--data <directory>', 'data directory 数据目录')
    .option('--json', 'end with one JSON line: {forwardings: [{id, name, url, place, category, …}]}')
    .action(async (options: Common) => {
      const { readForwardings } = await import('#open/forwarding/index.ts')
      const forwardings = await asOwner(options, 'linli forwarding', (owner) => readForwardings(owner.sql))
      const lines = (zh: boolean) =>
        forwardings
          .map((one) =>
            [
              one.id,
              one.name,
              one.url,
              one.place ?? '',
              `${one.category} → ${one.service}`,
              one.revokedAt ? (zh ? '已停用' : 'revoked') : zh ? `待转 ${one.waiting}` : `${one.waiting} waiting`,
              zh ? `已转 ${one.delivered}，没转成 ${one.dead}` : `${one.delivered} delivered, ${one.dead} given up`,
              one.hearReason === null ? '' : zh ? `收不到消息：${one.hearReason}` : `hears nothing: ${one.hearReason}`,
            ].join('  '),
          )
          .join('\n')
      result(
        options.json ?? false,
        { forwardings },
        forwardings.length === 0
          ? { zh: '还没有转办。', en: 'There are no forwardings yet.' }
          : { zh: lines(true), en: lines(false) },
      )
    })
  group
    .command('revoke')
    .description('end a forwarding at once, with what waits for it 停用一个转办')
    .argument('<id>', 'as forwarding list shows it 转办编号', identifier)
    .option('--data <directory>', 'data directory 数据目录')
    .option('--json', 'end with one JSON line: {id}')
    .action(async (id: string, options: Common) => {
      const { revokeForwarding } = await import('#open/forwarding/index.ts')
      await asOwner(options, 'linli forwarding', (owner, now) => revokeForwarding(owner, now, id))
      result(
        options.json ?? false,
        { id },
        { zh: '已停用，不再转、也不再收消息。', en: 'Revoked: nothing is sent or heard any more.' },
      )
    })
  group
    .command('deliveries')
    .description('the last that was sent on, with what became of it 最近的转办记录')
    .argument('[id]', 'of one forwarding alone 只看一个转办', identifier)
    .option('--data <directory>', 'data directory 数据目录')
    .option('--json', 'end with one JSON line: {deliveries: [{id, request, kind, state, number, reason, …}]}')
    .action(async (id: string | undefined, options: Common) => {
      const { readDeliveries } = await import('#open/forwarding/index.ts')
      const deliveries = await asOwner(options, 'linli forwarding', (owner) =>
        readDeliveries(owner.sql, id ?? null, 100),
      )
      const lines = (zh: boolean) =>
        deliveries
          .map((one) =>
            [
              one.id,
              one.createdAt.slice(0, 19),
              one.name,
              one.request,
              one.kind,
              one.state,
              one.attempts,
              one.number ?? '',
              one.reason ?? '',
              one.unsure ? (zh ? '对方可能已收到' : 'it may stand there') : '',
            ].join('  '),
          )
          .join('\n')
      result(
        options.json ?? false,
        { deliveries },
        deliveries.length === 0
          ? { zh: '还没有转过。', en: 'Nothing was sent on yet.' }
          : { zh: lines(true), en: lines(false) },
      )
    })
  group
    .command('settle')
    .description('say what became of one whose answer was lost 弄清一件没等到回答的')
    .argument('<delivery>', 'as forwarding deliveries shows it 转办记录的编号', identifier)
    .option('--number <number>', 'it stands there under this number 对方已收到，编号是', line)
    .option('--send', 'it does not stand there: send it again 对方没收到，再转一次')
    .option('--data <directory>', 'data directory 数据目录')
    .option('--json', 'end with one JSON line: {id}')
    .action(async (id: string, options: Common & { number?: string; send?: boolean }) => {
      if ((options.number === undefined) === (options.send === undefined))
        throw new CommandRefusal(exitCodes.usage, [
          { zh: '写 --number 或 --send，只写一个。', en: 'Give --number or --send, one of them.' },
        ])
      const { settleForwarded } = await import('#open/forwarding/index.ts')
      await asOwner(options, 'linli forwarding', (owner, now) =>
        settleForwarded(owner, now, id, options.number ?? null),
      )
      result(options.json ?? false, { id }, { zh: '记下了，一分钟内照办。', en: 'Noted: it is done within a minute.' })
    })
}
