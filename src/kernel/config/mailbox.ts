import { resolve } from 'node:path'
import type { MailAddress } from '../mailbox/index.ts'
import { type Checked, mistake } from './checks.ts'

/** Addresses that mail comes in by, each with the code of its place: `tell@in.linli.example=321003`, with commas or spaces between. */
export function mailAddresses(text: string): Checked<MailAddress[]> {
  const found: MailAddress[] = []
  for (const item of text.split(/[\s,]+/).filter((each) => each !== '')) {
    const [, address, place] =
      /^([a-z0-9][a-z0-9._-]{0,15}@[a-z0-9-]+(?:\.[a-z0-9-]+)+)=(\d{2,15})$/.exec(item.toLowerCase()) ?? []
    if (!address || !place || found.some((each) => each.address === address)) {
      return mistake(
        `“${item}”不对：每个收信地址后面写等号和地方代码，@ 前面最多 16 个字母或数字，不重复，如 tell@in.linli.example=321003`,
        `“${item}” is wrong: each address is followed by = and the code of its place, has at most 16 letters or digits before the @ and stands once, such as tell@in.linli.example=321003`,
      )
    }
    found.push({ address, place })
  }
  return { value: found }
}

export const path = (text: string): Checked<string> => ({ value: resolve(text) })
