import { InvalidArgumentError } from 'commander'

/** Reads the official code of a place on the command line. @throws InvalidArgumentError for what is none */
export function placeCode(text: string): string {
  if (/^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$/.test(text)) return text
  throw new InvalidArgumentError('A code has 2, 4, 6, 9 or 12 digits. 代码应是 2、4、6、9 或 12 位数字。')
}

/** Reads an e-mail address on the command line. @throws InvalidArgumentError for what is none */
export function mailAddress(text: string): string {
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text.trim())) return text.trim()
  throw new InvalidArgumentError('An e-mail address looks like name@example.org. 邮箱的写法如 name@example.org。')
}
