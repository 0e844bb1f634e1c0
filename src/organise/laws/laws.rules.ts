/** How an item is cited in an answer: 《name》article. */
export function citation(
  law: { name: string; nameEn: string | null; article: string | null },
  language: 'zh-CN' | 'en',
): string {
  const article = law.article ? (language === 'en' ? `, ${law.article}` : law.article) : ''
  if (language === 'en' && law.nameEn) return `${law.nameEn}${article}`
  return /^《.*》$/.test(law.name) ? `${law.name}${article}` : `《${law.name}》${article}`
}

/** Words of a search: parted by spaces and signs, at most eight; each must be found somewhere in the item. */
export function searchWords(typed: string): string[] {
  return typed
    .normalize('NFKC')
    .split(/[\s,，、;；。《》]+/)
    .filter((word) => word !== '')
    .slice(0, 8)
}
