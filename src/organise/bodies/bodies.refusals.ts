import { violatedConstraint } from '#kernel/database/index.ts'
import { Refusal } from '#kernel/http/index.ts'

/** What the database guards, and the sentence for whoever meets it. */
const guarded: Readonly<Record<string, { type: string; key: string; field?: string }>> = {
  tenure_within_seats: { type: 'post-full', key: 'bodies.refused.post-full' },
  tenure_pkey: { type: 'post-full', key: 'bodies.refused.post-full' },
  tenure_person_once: { type: 'holds-already', key: 'bodies.refused.holds-already', field: 'person' },
  post_keeps_seats: { type: 'seats-held', key: 'bodies.refused.seats-held', field: 'seats' },
  appointer_remains: { type: 'last-appointer', key: 'bodies.refused.last-appointer' },
  oversight_from_above: { type: 'oversight', key: 'bodies.refused.oversight' },
  oversight_stands: { type: 'oversight-stands', key: 'bodies.refused.oversight-stands' },
  duty_from_another: { type: 'own-duty', key: 'bodies.refused.own-duty' },
}

/** Runs work whose constraints have sentences of their own. @throws Refusal 409 for those, anything else as it was */
export async function guarding<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const named = guarded[violatedConstraint(error) ?? '']
    if (!named) throw error
    throw new Refusal(409, named.type, named.key, named.field ? { field: named.field } : {})
  }
}

export const notFound = (): Refusal => new Refusal(404, 'not-found', 'http.not-found')
export const refused = (type: string, field?: string, values?: Record<string, string | number>): Refusal =>
  new Refusal(409, type, `bodies.refused.${type}`, { field, values })

/** @param current what stands there now, so that the desk can show it beside what was typed */
export const conflict = (current: unknown): Refusal =>
  new Refusal(412, 'version-conflict', 'http.version-conflict', { extra: { current } })
