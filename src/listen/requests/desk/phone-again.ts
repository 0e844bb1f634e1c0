import type { WaitingAct } from '#kernel/desk/index.ts'
import { type DeskAct, deskActs, type RequestView } from '../requests.desk.api.ts'

/** The act that an address of this room's endpoints is for. */
export function actOf(url: string): DeskAct | null {
  const last = url.split('/').at(-1)
  return (Object.keys(deskActs) as DeskAct[]).find((act) => deskActs[act].url.split('/').at(-1) === last) ?? null
}

/**
 * Whether sending a refused act again could succeed as the request stands now: what was wrong in itself stays wrong, and what is no
 * longer offered, or was about a part or a visit that is no more, would only be refused once more.
 */
export function couldSucceed(
  act: Pick<WaitingAct, 'url' | 'body' | 'refusal'>,
  request: Pick<RequestView, 'can' | 'parts' | 'visit'>,
): boolean {
  if (act.refusal && (act.refusal.status === 400 || act.refusal.status === 422)) return false
  const done = actOf(act.url)
  if (!done || !request.can.includes(done)) return false
  const { part, visit } = (act.body ?? {}) as { part?: unknown; visit?: unknown }
  if (part !== undefined && !request.parts.some((one) => one.id === part && one.mine)) return false
  return visit === undefined || request.visit?.id === visit
}
