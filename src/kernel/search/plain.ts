/**
 * A text as searching sees it: normal width (Ｌ５ → l5), lower case, no NUL (PostgreSQL's text cannot hold it), no half
 * characters, no invisible marks such as zero-width spaces that chat programs leave behind.
 */
export function plain(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\ufffd]/gu, (mark) => (/\s/.test(mark) ? ' ' : ''))
}
