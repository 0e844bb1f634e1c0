import { InvalidArgumentError } from 'commander'

/** Reads the official code of a place on the command line. @throws InvalidArgumentError for what is none */
export function placeCode(text: string): string {
  if (/^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$/.test(text)) return text
  throw new InvalidArgumentError('A code has 2, 4, 6, 9 or 12 digits. 代码应是 2、4、6、9 或 12 位数字。')
}
