// An agreed visit (day and time window) between unit and resident; either side can propose, move and cancel it.
import type { Act } from '#kernel/access/index.ts'
import { atClock, dayOf, shownByClock } from '#kernel/calendar/index.ts'
import { newId } from '#kernel/database/identifiers.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'
import type { ActBody } from '../requests.acts.api.ts'
import { type Beside, type Performance, perform } from './perform.ts'

interface Window {
  readonly day: string
  readonly from: string
  readonly to: string
}

/** @throws Refusal 422 for a window that is past, ends before it begins, spans days or lies more than 90 days ahead */
function windowOf(from: string, until: string, now: Date): Window {
  const begin = new Date(from)
  const end = new Date(until)
  const wrong = (why: string) => new Refusal(422, 'visit-window', `requests.visit-${why}`, { field: 'from' })
  if (Number.isNaN(begin.getTime()) || Number.isNaN(end.getTime()) || end <= begin) throw wrong('window')
  if (dayOf(begin) !== dayOf(end)) throw wrong('one-day')
  if (end <= now) throw wrong('past')
  if (begin.getTime() > now.getTime() + 90 * 86_400_000) throw wrong('far')
  return { day: dayOf(begin), from: clock(begin), to: clock(end) }
}

const clock = (moment: Date): string => shownByClock(moment).slice(11, 16)

function write(act: Act, id: string, window: Window, note: string | undefined): Beside {
  return async ({ decision, tenure }) => {
    // Moved, it stays the same appointment, unless the former time is over: that one stays where it was.
    const [standing] = await endVisits(act, id)
    const over = standing && atClock(standing.day, standing.to_time.slice(0, 5)) <= act.now
    await act.sql
      .insertInto('visit')
      .values({
        id: newId(),
        request: id,
        day: window.day,
        from_time: window.from,
        to_time: window.to,
        state: 'proposed',
        proposed_by: decision.next.visit?.by ?? 'resident',
        tenure: decision.next.visit?.by === 'unit' ? (tenure?.tenure ?? null) : null,
        note: note ?? null,
        chain: standing && !over ? (standing.chain ?? standing.id) : null,
        created_at: act.now.toISOString(),
      })
      .execute()
  }
}

async function endVisits(act: Act, id: string) {
  return act.sql
    .updateTable('visit')
    .set((eb) => ({ state: 'cancelled', version: eb('version', '+', 1) }))
    .where('request', '=', id)
    .where('state', 'in', ['proposed', 'agreed'])
    .returning(['id', 'chain', 'day', 'to_time'])
    .execute()
}

const spoken = (window: Window, note?: string) => `${window.day} ${window.from}–${window.to}${note ? ` ${note}` : ''}`

/** A time is proposed, or another in its place. */
const proposing =
  (name: 'arrange-visit' | 'move-visit') =>
  async (
    act: Act,
    kernel: Kernel,
    id: string,
    body: ActBody<'arrange-visit'>,
    version: number | null,
  ): Promise<Performance> => {
    const window = windowOf(body.from, body.until, act.now)
    const beside = write(act, id, window, body.note)
    return perform(act, kernel, id, { act: name }, { text: spoken(window, body.note) }, { version, beside })
  }

export const arrangeVisit = proposing('arrange-visit')
export const moveVisit = proposing('move-visit')

export function agreeVisit(act: Act, kernel: Kernel, id: string, version: number | null): Promise<Performance> {
  const beside: Beside = async () => {
    await act.sql
      .updateTable('visit')
      .set((eb) => ({ state: 'agreed', version: eb('version', '+', 1) }))
      .where('request', '=', id)
      .where('state', '=', 'proposed')
      .execute()
  }
  return perform(act, kernel, id, { act: 'agree-visit' }, {}, { version, beside })
}

export function cancelVisit(
  act: Act,
  kernel: Kernel,
  id: string,
  reason: string | undefined,
  version: number | null,
): Promise<Performance> {
  return perform(
    act,
    kernel,
    id,
    { act: 'cancel-visit' },
    { text: reason ?? null },
    { version, beside: () => endVisits(act, id).then(() => undefined) },
  )
}
