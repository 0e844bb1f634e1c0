// Those who work on a matter hear of it by mail: its number, its place, what is asked by when, and where it stands at the desk. Devices of
// theirs that asked to be told say only that there is something.
import type { Sql } from '#kernel/database/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { queuePush } from '#kernel/push/index.ts'
import { hold, listOf, oftenOf } from '#kernel/telling/index.ts'
import { exactTime } from '#kernel/words/index.ts'
import { formatNumber } from '../number.ts'
import type { Act } from '../requests.api.ts'
import { told } from '../rules/told.ts'
import { newsOfWork } from './messaged.ts'
import {
  type Colleague,
  type Concerned,
  readAbove,
  readHeads,
  readHolders,
  readSenders,
  readUnits,
  type UnitColleague,
} from './notices.store.ts'

/** Acts that give a unit its part. */
const giving: readonly Act[] = ['dispatch', 'redispatch', 'assist']

/** Acts after which the unit in the lead reads anew what is asked of it by when. */
const askingAnew: readonly Act[] = ['extend', 'disagree-explanation']

/** Tells those who work on a matter of an act, each once, in their own language. No word of a resident goes with it. */
export async function sendToColleagues(
  kernel: Pick<Kernel, 'outbox' | 'encryption' | 'config' | 'limits'>,
  on: { readonly sql: Sql; readonly now: Date },
  found: Concerned,
  of: { readonly request: string; readonly kind: Act; readonly act: string | null },
): Promise<void> {
  const { mail: letters, push: devices } = kernel.outbox.channels
  if (!letters && !devices) return
  for (const [{ id, mail, language }, name] of await colleaguesOf(on, found, of)) {
    const list = newsOfWork.includes(name) ? ({ purpose: 'work', owner: id } as const) : null
    const often = list ? await oftenOf(on.sql, list) : 'now'
    if (often === 'never') continue
    if (list && often !== 'now') {
      await hold(on.sql, list, { record: of.request, what: name, act: of.act, at: on.now })
      continue
    }
    const to = kernel.encryption.decrypt('person.mail', mail, id)
    const allowed = (await kernel.limits.take('letters.person', id)).allowed
    if (allowed)
      await queuePush(kernel.outbox, on, 'work', id, {
        template: 'requests.push.work',
        record: of.request,
        act: of.act,
      })
    if (!letters) continue
    // After a week in which nothing ran all of it is told at once: beyond some letters one says that there is more, once an hour.
    if (!allowed) {
      await kernel.outbox.queueMessage(on, {
        channel: 'mail',
        to,
        template: 'requests.notice.many',
        values: { link: `${kernel.config.publicUrl}/desk/requests` },
        language,
        once: ['many', id, on.now.toISOString().slice(0, 13)],
      })
      continue
    }
    await kernel.outbox.queueMessage(on, {
      channel: 'mail',
      to,
      template: `requests.notice.${name}`,
      values: {
        number: formatNumber(found.number),
        place: (language === 'en' && found.place_en) || found.place,
        by: found.due_at ? exactTime(found.due_at, language) : '',
        link: `${kernel.config.publicUrl}/desk/requests/${of.request}`,
      },
      language,
      record: of.request,
      ...(list ? { list: listOf(kernel, list) } : {}),
      ...(of.act ? { once: [of.act, 'colleague', id] } : {}),
    })
  }
}

/** Whom to write to, with the name of the words; whoever is met twice hears what was found first. */
async function colleaguesOf(
  { sql }: { readonly sql: Sql },
  found: Concerned,
  { request, kind, act }: { readonly request: string; readonly kind: Act; readonly act: string | null },
): Promise<(readonly [Colleague, string])[]> {
  const listeners = told[kind] ?? []
  const all: (readonly [Colleague, string])[] = []
  const add = (people: readonly Colleague[], name: string) => all.push(...people.map((each) => [each, name] as const))
  if (listeners.includes('heads')) add(await readHeads(sql, request), kind)
  if (listeners.includes('above')) add(await readAbove(sql, request), kind)
  if (listeners.includes('units')) {
    for (const one of await readUnits(sql, request, act)) {
      const name = wordsForUnit(kind, found, one)
      if (name) add([one], name)
    }
  }
  // Theirs to act on only while it waits for them.
  const waits = found.state === 'received' || found.state === 'accepted'
  if (listeners.includes('holder') && waits) {
    const name = wordsOfTurn(kind, found)
    if (name) add(await readHolders(sql, request, act), name)
  }
  if (kind === 'answer' || kind === 'agree-explanation') add(await readSenders(sql, request), 'sent-on-answered')
  const heard = new Set<string>()
  return all.filter(([{ id }]) => !heard.has(id) && heard.add(id))
}

/** What a unit is told; null where the matter has gone on since, or it was their own doing. */
function wordsForUnit(kind: Act, found: Concerned, one: UnitColleague): string | null {
  if (giving.includes(kind)) {
    if (!one.given || (one.state !== 'offered' && one.state !== 'dispatched')) return null
    if (one.role === 'assisting') return 'assist'
    return one.state === 'offered' ? 'consent' : wordsOfTurn(kind, found)
  }
  if (kind === 'supervise') return kind
  if (kind === 'warn-due-soon') return one.role === 'lead' ? wordsOfTurn(kind, found) : null
  if (one.role === 'lead' && askingAnew.includes(kind)) return wordsOfTurn(kind, found)
  return one.own ? null : 'news'
}

/** What is asked now; null where nothing is due, or a warning has been overtaken. */
function wordsOfTurn(kind: Act, { due_at, due_kind, overdue_stage }: Concerned): string | null {
  if (!due_at || !due_kind || due_kind === 'judge') return null
  if (kind !== 'warn-due-soon') return `turn-${due_kind}`
  return overdue_stage === 'due_soon' ? `due-soon-${due_kind}` : null
}
