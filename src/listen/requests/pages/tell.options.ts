// What the form of telling offers to choose from.
import type { Act } from '#kernel/access/index.ts'
import type { Option } from '#kernel/pages/index.ts'
import { t } from '#kernel/words/index.ts'
import { whoServes } from '#organise/bodies/index.ts'
import { readCardHolder, readCategories } from '../telling.store.ts'

/** Categories of a place, where a person can still choose among them; a longer list is for whoever accepts. */
export async function categoriesAt(act: Act, path: string): Promise<Option[]> {
  const rows = await readCategories(act.sql, path, 81)
  if (rows.length > 80) return []
  const english = act.language === 'en'
  const groups = new Map<string, { value: string; label: string }[]>()
  for (const row of rows) {
    const group = (english && row.group_en) || row.group
    groups.set(group, [...(groups.get(group) ?? []), { value: row.id, label: (english && row.name_en) || row.name }])
  }
  return [...groups].map(([group, options]) => ({ group, options }))
}

/** Officials and bodies that serve here, whom a request may be about. */
export async function officialsAt(act: Act, path: string): Promise<Option[]> {
  const english = act.language === 'en'
  const whole = t(act.language)('requests.tell.about-body')
  const serving = await whoServes(act.sql, path)
  return serving.map((body) => {
    const people = body.posts.flatMap((post) =>
      post.holders.map((holder) => ({
        value: `t:${holder.tenure}`,
        label: `${holder.name} · ${(english && post.titleEn) || post.title}`,
      })),
    )
    const group = (english && body.nameEn) || body.name
    return { group, options: [...people, { value: `b:${body.id}`, label: `${whole} · ${group}` }] }
  })
}

/** Whose contact card the form was opened from; null where it is shown no more. */
export async function cardOf(act: Act, tenure: string): Promise<string | null> {
  const row = await readCardHolder(act.sql, tenure)
  return row ? `${row.name} · ${(act.language === 'en' && row.title_en) || row.title}` : null
}
