// A request as its reporter follows it.

import { type Act, enter } from '#kernel/access/index.ts'
import { maskPhone } from '#kernel/encryption/index.ts'
import { isId } from '#kernel/http/shapes.api.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { bodyNames, maskMail } from '#organise/bodies/index.ts'
import { isHanded } from '../acts/enterer.ts'
import { judgeToken } from '../acts/judge.ts'
import { partToken, reachedBy } from '../acts/link.ts'
import {
  type AnswerShown,
  type MergedFollowed,
  readComplaints,
  readDivided,
  readMerged,
  readMore,
  readVerdicts,
  type VisitShown,
} from '../following.store.ts'
import { formatNumber } from '../number.ts'
import { takesMessages } from '../phones.ts'
import { surroundingsAt } from '../reading/surroundings.ts'
import { entriesOf, type FileRow, filesOf, maskName, unseal } from '../reading/view.ts'
import type { Act as ActName, Closing, State } from '../requests.api.ts'
import { awaitsMerged, offered, reopenableUntil } from '../requests.rules.ts'
import { factsOfActor, type LoadedRequest, loadRequest } from '../requests.store.ts'
import { type PlaceShown, placeAt } from './shown.ts'

type EntryRow = Awaited<ReturnType<typeof entriesOf>>[number]

export interface Followed {
  readonly loaded: LoadedRequest
  readonly entries: readonly EntryRow[]
  /** What the reporter said of each answer, by the line that closed its round; nothing by a link that staff handed out. */
  readonly verdicts: ReadonlyMap<string, Closing>
  readonly files: readonly FileRow[]
  readonly answer: AnswerShown | null
  readonly visit: VisitShown | null
  readonly place: PlaceShown | null
  /** What it was merged into, where everybody may read that. */
  readonly mergedInto: { readonly number: string; readonly title: string } | null
  /** How that one stands and what it was answered, which holds for this one too; null where it was merged into none. */
  readonly merged: (MergedFollowed & { readonly unit: string }) | null
  /** What it was divided into, each with the page on which it is followed. */
  readonly parts: readonly {
    readonly number: string
    readonly title: string
    readonly state: State
    readonly result: string | null
    readonly href: string
  }[]
  /** The request that this one complains about. */
  readonly original: { readonly number: string; readonly title: string | null; readonly href: string | null } | null
  /** What its reporter complained of in its handling. */
  readonly complaints: readonly { readonly number: string; readonly at: string; readonly href: string | null }[]
  /** The body that answers for it, by name. */
  readonly responsible: string
  /** Names of all bodies that lines of the timeline speak of. */
  readonly bodies: ReadonlyMap<string, string>
  /** Masked; `called` where no messages reach the phone that was left, `mailed` where what is written to them goes to their address. */
  readonly contact: {
    readonly name: string | null
    readonly phone: string | null
    readonly mail: string | null
    readonly called: boolean
    readonly mailed: boolean
  } | null
  /** Whether who follows it may put right the number: not anonymous, and not by a link that staff handed out. */
  readonly phoneCorrected: boolean
  readonly can: readonly ActName[]
  /** Where the judgement is given, if it can be given on the page now. */
  readonly judgeAt: string | null
  /** Whether the place to judge is still being made: a job does it, in a moment. */
  readonly judgeSoon: boolean
  /** The last day to have it taken up again; null where there is none, or where it cannot be. */
  readonly reopenUntil: Date | null
}

/** Reads a request with all its page shows. @throws Refusal 404 */
export async function readFollowed(act: Act, kernel: Kernel, id: string): Promise<Followed> {
  const loaded = await loadRequest(act, id)
  const { row, facts } = loaded
  const english = act.language === 'en'
  const surroundings = await surroundingsAt(act.sql, facts.path, act.now)
  const [all, files, more, place, parts, complaints, merged] = await Promise.all([
    entriesOf(act, id),
    filesOf(act, id),
    readMore(act, id),
    placeAt(act, facts.path),
    partsOf(act, kernel, id),
    readComplaints(act, id),
    readMerged(act, id),
  ])
  const entries = all.filter((entry) => !entry.internal)
  const verdicts = await readVerdicts(act, loaded, entries)
  const named = entries.flatMap((entry) => [entry.facts.body, entry.facts.belongsTo]).filter(isId)
  const names = await bodyNames(act.sql, [row.responsible, ...(merged ? [merged.responsible] : []), ...named])
  const bodies = new Map([...names].map(([body, found]) => [body, (english && found.nameEn) || found.name]))
  const actor = factsOfActor(act.actor, loaded)
  const handed = isHanded(act, row.reporter)
  const can = offered(facts, actor, surroundings).filter((each) => !handed || each !== 'permit-publication')
  // Whoever wrote it down for the resident may hold its paper, and must not judge: the code goes to the resident alone.
  const alone = row.entered_by === null || (act.actor.link === id && act.actor.handed_by === null)
  const judges = alone && offered(facts, { ...actor, judge: true }, surroundings).includes('judge')
  const token = judges && more.answer ? judgeToken(kernel, more.answer.id, more.round) : null
  const stands = token !== null && (await tokenStands(act, kernel, token))
  // A secret link opens its own request alone.
  const beside = (other: { id: string; number: number }) => ({
    number: formatNumber(other.number),
    href: act.actor.link === id ? null : `/my/requests/${other.id}`,
  })
  const original = complaints.find((each) => each.original)
  const phone = unseal(kernel, id, 'phone', more.phone)
  const mail = unseal(kernel, id, 'mail', more.mail)
  const name = unseal(kernel, id, 'name', more.name)
  return {
    loaded,
    entries,
    verdicts,
    files,
    answer: more.answer,
    visit: more.visit,
    place,
    mergedInto: more.merged_into && { ...more.merged_into, number: formatNumber(more.merged_into.number) },
    merged: merged && { ...merged, unit: bodies.get(merged.responsible) ?? '' },
    parts,
    original: original ? { ...beside(original), title: original.title } : null,
    complaints: complaints.flatMap((each) => (each.original ? [] : [{ ...beside(each), at: each.filed_at }])),
    responsible: bodies.get(row.responsible) ?? '',
    bodies,
    contact: more.has_contact
      ? {
          name: name && maskName(name),
          phone: phone && maskPhone(phone),
          mail: mail && maskMail(mail),
          called: phone !== null && !takesMessages(phone),
          mailed: reachedBy(kernel.outbox, { phone, mail }) === 'mail',
        }
      : null,
    phoneCorrected: can.includes('correct-phone') && !row.anonymous && !handed,
    can,
    judgeAt: stands ? `/j/${token}` : null,
    judgeSoon: token !== null && !stands,
    reopenUntil: can.includes('reopen') && !awaitsMerged(facts) ? reopenableUntil(facts, surroundings.settings) : null,
  }
}

/** Whether the token has been made, asked in a transaction of its own: who follows a request does not hold it. */
const tokenStands = (act: Act, kernel: Kernel, judge: string): Promise<boolean> =>
  enter(kernel.database, { judge }, { now: act.now, language: act.language }, async ({ actor }) => actor.judge !== null)

/** What it was divided into: whoever holds the link of the whole is led on by the links of the parts. */
async function partsOf(act: Act, kernel: Kernel, id: string): Promise<Followed['parts']> {
  const divided = await readDivided(act, id)
  return divided.map((part) => ({
    number: formatNumber(part.number),
    title: part.title,
    state: part.state,
    result: part.result,
    href: act.actor.link === id ? `/r/${partToken(kernel, part.id)}` : `/my/requests/${part.id}`,
  }))
}
