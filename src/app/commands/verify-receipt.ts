// `linli verify --receipt`: a receipt held to the key of the register, with no database; and where there is one, to what stands there.
import type { Sentence } from '#kernel/config/index.ts'
import type { Fault } from '#kernel/tree/index.ts'
import { type Register, readGiven, withRegister } from './register-key.ts'
import { exitCodes, result } from './terminal.ts'

const inChinese: Record<Fault, string> = {
  'it is no receipt': '这不是回执，或者不完整',
  'the checkpoint is none': '里面公布的总指纹读不懂',
  'the checkpoint is not signed by this key': '总指纹不是这把公钥签的',
  'the proof does not lead to the root of the checkpoint': '从这一条通不到公布的总指纹：回执被改过',
  'the words are not those that were registered': '里面的原话不是当时登记的',
}

interface Options {
  readonly receipt: string
  readonly key?: string
  readonly data?: string
  readonly json?: boolean
}

/** Checks a receipt and says what it proves. @throws CommandRefusal where file or key cannot be read */
export async function verifyReceipt(options: Options): Promise<void> {
  const text = readGiven(options.receipt)
  await withRegister(options, (register) => tell(options, text, register))
}

async function tell({ json = false }: Options, text: string, register: Register): Promise<void> {
  const { checkReceipt, primitives } = await import('#kernel/tree/index.ts')
  const checked = checkReceipt(primitives, text, register.key)
  if (checked.fault !== null) {
    process.exitCode = exitCodes.failed
    return result(
      json,
      { ok: false, fault: checked.fault, place: null, size: null, words: null, stands: null },
      {
        zh: `回执不成立：${inChinese[checked.fault]}。`,
        en: `The receipt does not hold: ${checked.fault}.`,
      },
    )
  }
  const { index, leaf, checkpoint, words } = checked
  const place = index + 1
  const stands = register.stands && (await register.stands(place, leaf))
  if (stands === false) process.exitCode = exitCodes.failed
  result(
    json,
    { ok: stands !== false, fault: null, place, size: checkpoint.size, words, stands },
    spoken(place, stands, words),
  )
}

function spoken(place: number, stands: boolean | null, words: true | null): Sentence {
  const said = {
    zh: words ? '里面的原话就是当时登记的。' : '里面没有原话。',
    en: words ? 'Its words are those that were registered.' : 'It holds no words.',
  }
  if (stands === false) {
    return {
      zh: `回执是真的，可是第 ${place} 条现在已经不是它，或通不到公布过的总指纹：登记簿被改过。请留好回执。`,
      en: `The receipt is genuine, but entry ${place} is no longer what it proves, or no longer leads to what was published: the register was changed. Keep the receipt.`,
    }
  }
  return {
    zh: `回执成立：第 ${place} 条${stands ? '，现在还在原处' : ''}。${said.zh}`,
    en: `The receipt holds: entry ${place}${stands ? ', which stands where it stood' : ''}. ${said.en}`,
  }
}
