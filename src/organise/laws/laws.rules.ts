/** Words of a search: parted by spaces and signs, at most eight; each must be found somewhere in the item. */
export function searchWords(typed: string): string[] {
  return typed
    .normalize('NFKC')
    .split(/[\s,，、;；。《》]+/)
    .filter((word) => word !== '')
    .slice(0, 8)
}
