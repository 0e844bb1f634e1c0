/**
 * The text of bytes: UTF-8, or GB18030 where they are not UTF-8, which is what spreadsheets and older programs in China write.
 * What is neither shows U+FFFD. Pure, so that the desk reads a chosen file as a command does.
 */
export function textOf(bytes: ArrayBuffer | Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030').decode(bytes)
  }
}
