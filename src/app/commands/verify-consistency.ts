// `linli verify --consistency`: whether a later state of the register goes on from what somebody holds from earlier.
import type { Disagreement } from '#kernel/tree/index.ts'
import { readGiven, withRegister } from './register-key.ts'
import { CommandRefusal, exitCodes, result } from './terminal.ts'

const inChinese: Record<Disagreement, string> = {
  'the older one is no checkpoint and no receipt': '早先的一份既不是回执，也不是公布过的总指纹',
  'the older one is not signed by this key': '早先的一份不是这把公钥签的',
  'the older one is a receipt that does not hold': '早先的一份是回执，可是它不成立',
  'the newer one is no way from a checkpoint': '后来的一份读不懂',
  'the newer one is not signed by this key': '后来的一份不是这把公钥签的',
  'the way begins at another checkpoint': '后来的一份不是从早先那一份接起的',
  'the two are not of one register': '两份不是同一份登记簿，或者登记簿被改过；请留好这两个文件',
}

interface Options {
  readonly consistency?: string
  readonly from?: string
  readonly key?: string
  readonly data?: string
  readonly json?: boolean
}

/** Compares the two and says whether the later one goes on from the earlier. @throws CommandRefusal where a file or the key cannot be read */
export async function verifyConsistency(options: Options): Promise<void> {
  const { consistency, from, json = false } = options
  if (consistency === undefined || from === undefined)
    throw new CommandRefusal(exitCodes.usage, [
      { zh: '--consistency 和 --from 要一起写。', en: '--consistency and --from belong together.' },
    ])
  const [held, onwards] = [readGiven(from), readGiven(consistency)]
  await withRegister(options, async ({ key }) => {
    const { checkConsistency, primitives } = await import('#kernel/tree/index.ts')
    const { fault, older, newer } = checkConsistency(primitives, held, onwards, key)
    if (fault !== null) process.exitCode = exitCodes.failed
    result(
      json,
      { ok: fault === null, fault, older: older?.size ?? null, newer: newer?.size ?? null },
      fault === null
        ? {
            zh: `前后一致：早先的 ${older?.size} 条都在，后来共有 ${newer?.size} 条。`,
            en: `They agree: all of the earlier ${older?.size} entries are among the later ${newer?.size}.`,
          }
        : { zh: `对不上：${inChinese[fault]}。`, en: `They do not agree: ${fault}.` },
    )
  })
}
