import { type VerifierKey, witnessKey } from '../tree/index.ts'
import { type Checked, mistake } from './checks.ts'

/** Keys of witnesses, as `linli witness` prints them, with commas or spaces between. */
export function witnesses(text: string): Checked<VerifierKey[]> {
  const keys: VerifierKey[] = []
  for (const item of text.split(/[\s,]+/).filter((each) => each !== '')) {
    const key = witnessKey(item)
    if (!key || keys.some(({ name }) => name === key.name)) {
      return mistake(
        `“${item}”不是见证公钥，或名称重复；请照 linli witness 给出的写`,
        `“${item}” is no key of a witness, or of a name that is there already; write it as linli witness prints it`,
      )
    }
    keys.push(key)
  }
  return { value: keys }
}
