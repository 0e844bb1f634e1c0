/**
 * The number of a request: digits only, from a sequence, with a check digit by H. M. Damm's scheme ("Total anti-symmetrische
 * Quasigruppen", 2004), which finds every wrong digit and every exchange of neighbours. It is read aloud in groups of three and
 * grants nothing by itself.
 */

/** A weakly totally anti-symmetric quasigroup of order ten with an empty diagonal, after Damm. */
const quasigroup: readonly string[] = [
  '0317598642',
  '7092154863',
  '4206871359',
  '1750983426',
  '6123045978',
  '3674209581',
  '5869720134',
  '8945362017',
  '9438617205',
  '2581436790',
]

/** Longer than any sequence, short enough to stay an exact number. */
const mostDigits = 15

/** The interim digit after reading `digits`; zero when the last is a right check digit. */
function read(digits: string): number {
  let interim = 0
  for (const digit of digits) interim = Number(quasigroup[interim]?.[Number(digit)])
  return interim
}

/** The full number for a value of the sequence: the value and its check digit. Throws RangeError for anything but 1 and up. */
export function numberOf(sequence: number): number {
  if (!Number.isSafeInteger(sequence) || sequence < 1 || sequence >= 10 ** (mostDigits - 1)) {
    throw new RangeError(`Not a value of the sequence of numbers: ${sequence}`)
  }
  return sequence * 10 + read(String(sequence))
}

/** Whether a number carries its right check digit. */
export function isNumber(number: number): boolean {
  return Number.isSafeInteger(number) && number >= 10 && number < 10 ** mostDigits && read(String(number)) === 0
}

/** In groups of three from the right, as it is read aloud: 1 000 014. */
export function formatNumber(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ' ')
}

/**
 * What someone typed or was read: spaces, dashes, dots and full-width digits are taken as meant. Null where it is no number or
 * its check digit is wrong.
 */
export function parseNumber(text: string): number | null {
  if (text.length > 60) return null
  const digits = text.normalize('NFKC').replace(/[\s.,\-‐-―−·#]/g, '')
  if (!/^[1-9]\d+$/.test(digits) || digits.length > mostDigits) return null
  const number = Number(digits)
  return isNumber(number) ? number : null
}
