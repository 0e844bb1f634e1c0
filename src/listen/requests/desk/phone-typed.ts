/**
 * Whether what was typed into the search is a telephone: a mobile, a landline with its area code, or one from abroad. Such a search goes
 * in a body and never into the address, which stands in histories, bookmarks and logs.
 */
export function isPhoneTyped(words: string): boolean {
  const digits = words.normalize('NFKC').replace(/[\s().·‐-―−-]/gu, '')
  return /^(?:(?:\+|00)?86)?1[3-9]\d{9}$/.test(digits) || /^0[1-9]\d{8,11}$/.test(digits) || /^\+\d{7,15}$/.test(digits)
}

/**
 * Whether digits stand together that may be a telephone, or its beginning while it is typed. No place is found by them, and a place is
 * asked for in an address.
 */
export const holdsNumber = (words: string): boolean =>
  /\d{5,}/.test(words.normalize('NFKC').replace(/[\s().·‐-―−+-]/gu, ''))
