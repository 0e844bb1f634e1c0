import { type Command, InvalidArgumentError } from 'commander'
import pg from 'pg'
import type { Break, Held } from '#kernel/ledger/index.ts'
import { withDatabase } from './settings.ts'
import { exitCodes, progressBar, result } from './terminal.ts'
import { verifyArchive } from './verify-archive.ts'
import { verifyConsistency } from './verify-consistency.ts'
import { verifyReceipt } from './verify-receipt.ts'

/** What is written down outside, to hold the register to: the number of its entries and the root over them. */
interface Options {
  readonly noted?: Held
  readonly receipt?: string
  readonly archive?: string
  readonly consistency?: string
  readonly from?: string
  readonly key?: string
  readonly data?: string
  readonly json?: boolean
}

function note(text: string): Held {
  const [, entries, hash = ''] = /^(\d{1,15}):([0-9a-f]{64})$/i.exec(text) ?? []
  if (entries === undefined) throw new InvalidArgumentError('it is written as verify says it 应照核对时给出的写')
  return { entries: Number(entries), hash: hash.toLowerCase() }
}

const inChinese: Record<Break, string> = {
  'a place is missing': '缺了一位',
  'the act of this place is missing': '这一位的记录不见了',
  'the act was changed': '记录被改过',
  'the tree does not follow from the entries': '树上的摘要和记录对不上',
  'the end is missing': '末尾不见了',
  'an act has neither a place nor waits for one': '有一条记录既没有位次，也不在等待',
  'it is not the register that was published': '和已经公布的不是同一份',
  'a published checkpoint is not signed by this register': '公布的总指纹不是这里签的',
  'an act is not proved to stand in the register that it came from': '有一条记录说是从别处带来的，却没有证明它在那里',
}

/** `linli verify`: walks the register of acts and names the first entry that does not hold. */
export function verifyCommand(program: Command): void {
  program
    .command('verify')
    .description('walk the register of acts and name the first broken entry 核对办事记录')
    .option(
      '--noted <entries:hash>',
      'what an earlier run gave, noted outside: is it still the same register? 与此前另记的核对',
      note,
    )
    .option('--receipt <file>', 'check a receipt, and that its act still stands here 核对一张回执')
    .option(
      '--consistency <file>',
      'a later state, from /register/consistency/: does it go on from --from? 后来公布的一份，是否接着早先的',
    )
    .option('--from <file>', 'with --consistency: a receipt or checkpoint from earlier 早先的回执或总指纹')
    .option('--archive <file>', 'check an archive by itself; no database is asked 核对一个档案包，不查数据库')
    .option(
      '--key <key>',
      'with --receipt, --archive or --consistency: the key of the register; then no database is asked 登记簿公钥，不查数据库',
    )
    .option('--data <directory>', 'data directory 数据目录')
    .option('--json', 'end with one JSON line: {ok, entries, firstBroken, hash}, or {ok: false, error}')
    .action(async (options: Options) => {
      if (options.receipt !== undefined) return verifyReceipt({ ...options, receipt: options.receipt })
      if (options.consistency !== undefined || options.from !== undefined) return verifyConsistency(options)
      if (options.archive !== undefined) return verifyArchive({ ...options, archive: options.archive })
      const { verify } = await import('#kernel/ledger/index.ts')
      const { createEncryption } = await import('#kernel/encryption/index.ts')
      const { registerSigner } = await import('#kernel/tree/index.ts')
      const found = await withDatabase(options, async ({ config }) => {
        const client = new pg.Client({ connectionString: config.ownerUrl })
        // A database that goes away is told by the statement that fails, not by an error nobody listens to.
        client.on('error', () => undefined)
        await client.connect()
        const bar = progressBar({ zh: '核对', en: 'Verifying' })
        try {
          const encryption = createEncryption(config.secret)
          const keyOf = (origin: string) => registerSigner(encryption, origin).key
          return await verify(client, bar.report, options.noted ? [options.noted] : [], keyOf)
        } finally {
          bar.end()
          await client.end()
        }
      })
      const other = found.differing.length > 0
      const { entries, firstBroken, reason, hash } = found
      const ok = found.ok && !other
      const noted = hash === null ? '' : ` ${entries}:${hash}`
      result(
        options.json ?? false,
        { entries, ok, firstBroken, hash },
        reason !== null
          ? {
              zh: `前 ${entries} 条完整，第 ${firstBroken} 条不对：${inChinese[reason]}。`,
              en: `${entries} entries are whole; entry ${firstBroken} is broken: ${reason}.`,
            }
          : other
            ? {
                zh: `共 ${entries} 条，本身完整，但不是另记的那一份：第 ${options.noted?.entries} 条与所记不同，或不见了。`,
                en: `${entries} entries, whole in themselves, but not the register that was noted: entry ${options.noted?.entries} is another or is gone.`,
              }
            : {
                zh: `共 ${entries} 条，完整无缺。${noted && `请另处记下：${noted}`}`,
                en: `${entries} entries, all whole.${noted && ` Note elsewhere:${noted}`}`,
              },
      )
      if (!ok) process.exitCode = exitCodes.failed
    })
}
