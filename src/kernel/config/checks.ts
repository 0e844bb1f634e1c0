// Checks of what stands in a variable: each gives the value as the program uses it, or says what is wrong.
import { isIP } from 'node:net'
import type { Sentence } from './sentence.ts'

/** What a check of one variable gives: the value as the program uses it, or the sentence that says what is wrong. */
export type Checked<T> = { value: T } | { mistake: Sentence }

export function mistake(zh: string, en: string): { mistake: Sentence } {
  return { mistake: { zh, en } }
}

/** Is this name or address one that only this machine can reach? */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase()
  return bare === 'localhost' || bare.endsWith('.localhost') || bare === '::1' || /^127(\.\d{1,3}){3}$/.test(bare)
}

export function whole(low: number, high: number) {
  return (text: string): Checked<number> => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
    if (value >= low && value <= high) return { value }
    return mistake(`应是 ${low} 到 ${high} 之间的整数`, `it has to be a whole number from ${low} to ${high}`)
  }
}

export function yesNo(text: string): Checked<boolean> {
  if (/^(1|true|yes|on)$/i.test(text)) return { value: true }
  if (/^(0|false|no|off)$/i.test(text)) return { value: false }
  return mistake('应是 1（是）或 0（否）', 'it has to be 1 (yes) or 0 (no)')
}

export function address(protocols: string[], example: string) {
  return (text: string): Checked<string> => {
    const url = URL.canParse(text) ? new URL(text) : null
    if (url?.host && protocols.includes(url.protocol)) return { value: text }
    return mistake(`应是完整的地址，如 ${example}`, `it has to be a full address such as ${example}`)
  }
}

export function postgresAddress(text: string): Checked<string> {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !/^postgres(ql)?:$/.test(url.protocol)) {
    return mistake(
      '应是 PostgreSQL 的地址，如 postgres://用户:密码@主机:5432/库名',
      'it has to be a PostgreSQL address such as postgres://user:password@host:5432/database',
    )
  }
  if (!url.username || url.pathname.length < 2) {
    return mistake('地址里要写明用户和库名', 'the address has to name a user and a database')
  }
  return { value: text }
}

/** Scheme and host alone, as `https://example`; in the clear only within this machine, for the reason that `open` says. */
export function origin(text: string, example: string, open: Sentence): Checked<string> {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search || url.hash || url.username) {
    return mistake(
      `应只写协议和主机，如 https://${example}`,
      `it has to be a scheme and a host alone, such as https://${example}`,
    )
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) return { mistake: open }
  return { value: url.origin }
}

export function publicAddress(text: string): Checked<string> {
  return origin(text, 'linli.example', {
    zh: '对外的地址应以 https:// 开头：大家填写的资料不可明文传送',
    en: 'an address seen by others has to begin with https://: what people write must not travel in the clear',
  })
}

export function host(text: string): Checked<string> {
  if (
    isIP(text) !== 0 ||
    /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i.test(text)
  ) {
    return { value: text }
  }
  return mistake(
    '应是本机的一个地址，如 127.0.0.1 或 0.0.0.0',
    'it has to be an address of this machine, such as 127.0.0.1 or 0.0.0.0',
  )
}

export function proxies(text: string): Checked<string[]> {
  const list = text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
  for (const item of list) {
    const [base = '', bits, ...rest] = item.split('/')
    const family = isIP(base)
    const widest = family === 4 ? 32 : 128
    const fits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= widest)
    if (family !== 0 && bits === '0') {
      return mistake(
        `“${item}”是所有地址，那样访客就能自报任何地址；请写代理自己的地址`,
        `“${item}” is every address, and any visitor could then claim any other; write that of the proxy`,
      )
    }
    if (family === 0 || !fits || rest.length > 0) {
      return mistake(
        `“${item}”不是 IP 地址或网段；多个之间用逗号隔开，如 127.0.0.1,10.0.0.0/8`,
        `“${item}” is not an IP address or a network; write them with commas, such as 127.0.0.1,10.0.0.0/8`,
      )
    }
  }
  return { value: list }
}

export function thirtyTwoBytes(text: string): Checked<Buffer> {
  const hex = /^[0-9a-f]{64}$/i.test(text)
  const value = Buffer.from(text, hex ? 'hex' : 'base64')
  if (value.length === 32 && (hex || /^[A-Za-z0-9+/_-]{43}=?$/.test(text))) return { value }
  return mistake(
    '应是 32 字节的 base64 或十六进制，可用 openssl rand -base64 32 生成',
    'it has to be 32 bytes in base64 or hexadecimal; `openssl rand -base64 32` makes one',
  )
}

export function token(text: string): Checked<string> {
  if (/^[\x21-\x7e]{16,512}$/.test(text)) return { value: text }
  return mistake(
    '应是 16 到 512 个可见的英文字符，不含空格',
    'it has to be 16 to 512 visible ASCII characters without spaces',
  )
}

export function providerAddress(text: string): Checked<string> {
  const url = URL.canParse(text) ? new URL(text) : null
  const safe = url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)))
  if (safe && !url.search && !url.hash && !url.username) return { value: text }
  return mistake(
    '应是统一认证发布的签发者地址，以 https:// 开头，如 https://id.example',
    'it has to be the issuer as the provider publishes it, beginning with https://, such as https://id.example',
  )
}

export function short(text: string): Checked<string> {
  if (text.length <= 60 && !/\p{Cc}/u.test(text)) return { value: text }
  return mistake('不超过 60 个字', 'it has to be of 60 characters at most')
}

export function licence(text: string): Checked<string> {
  if (/^[A-Za-z0-9][A-Za-z0-9.+-]{0,59}$/.test(text)) return { value: text }
  return mistake('应是 SPDX 许可证名称，如 CC-BY-4.0', 'it has to be the SPDX name of a licence, such as CC-BY-4.0')
}

/** How people reach somebody: an address of mail or of the web, or a telephone number. */
export function contact(text: string): Checked<string> {
  if (/^[^\p{C}<>"]{3,200}$/u.test(text) && /@|^https?:\/\/|\d{5}/.test(text)) return { value: text }
  return mistake(
    '应是邮箱、网址或电话，最长 200 个字，如 kaifang@linli.example',
    'it has to be an address of mail or of the web, or a telephone number, of at most 200 characters',
  )
}

export function credential(text: string): Checked<string> {
  if (/^[\x20-\x7e]{1,512}$/.test(text)) return { value: text }
  return mistake('应是 1 到 512 个英文字符', 'it has to be 1 to 512 ASCII characters')
}

export function sender(text: string): Checked<string> {
  if (/^[^<>\r\n]*<[^<>@\s]+@[^<>@\s]+>$|^[^<>@\s]+@[^<>@\s]+$/.test(text)) return { value: text }
  return mistake(
    '应是电子邮件地址，可带名称，如 邻里 <linli@linli.example>',
    'it has to be an e-mail address, with or without a name, such as Linli <linli@linli.example>',
  )
}

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

export function logLevel(text: string): Checked<LogLevel> {
  const value = logLevels.find((level) => level === text)
  if (value) return { value }
  return mistake(`应是 ${logLevels.join('、')} 之一`, `it has to be one of ${logLevels.join(', ')}`)
}

export function factor(text: string): Checked<number> {
  const value = /^\d{1,7}(\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN
  if (value > 0) return { value }
  return mistake('应是大于 0 的数，如 1 或 0.5', 'it has to be a number above 0, such as 1 or 0.5')
}
