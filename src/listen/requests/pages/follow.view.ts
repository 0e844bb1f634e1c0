// A request as its reporter follows it.

import { sql } from 'kysely'
import { type Act, enter } from '#kernel/access/index.ts'
import { maskPhone } from '#kernel/encryption/index.ts'
import { isId } from '#kernel/http/shapes.api.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { bodyNames } from '#organise/bodies/index.ts'
import { judgeToken } from '../acts/judge.ts'
import { partToken } from '../acts/link.ts'
import { formatNumber } from '../number.ts'
import { entriesOf, type FileRow, filesOf, maskName, unseal } from '../reading.view.ts'
import type { Act as ActName, State } from '../requests.api.ts'
import { offered, reopenableUntil } from '../requests.rules.ts'
import { factsOfActor, type LoadedRequest, loadRequest } from '../requests.store.ts'
import { surroundingsAt } from '../surroundings.ts'
import { type PlaceShown, placeAt } from './shown.ts'

type EntryRow = Awaited<ReturnType<typeof entriesOf>>[number]

export interface AnswerShown {
  readonly id: string
  readonly kind: 'answer' | 'explanation'
  readonly text: string
  /** The law or policy that an explanation cites, and what it says in plain words. */
  readonly basis: string | null
  readonly plain: string | null
  readonly remedy: string | null
}

export interface VisitShown {
  readonly id: string
  readonly day: string
  readonly from: string
  readonly to: string
  readonly state: 'proposed' | 'agreed'
  readonly by: 'unit' | 'resident'
  readonly note: string | null
}

export interface Followed {
  readonly loaded: LoadedRequest
  readonly entries: readonly EntryRow[]
  readonly files: readonly FileRow[]
  readonly answer: AnswerShown | null
  readonly visit: VisitShown | null
  readonly place: PlaceShown | null
  /** What it was divided into, each with the page on which it is followed. */
  readonly parts: readonly {
    readonly number: string
    readonly title: string
    readonly state: State
    readonly result: string | null
    readonly href: string
  }[]
  /** The body that answers for it, by name. */
  readonly responsible: string
  /** Names of all bodies that lines of the timeline speak of. */
  readonly bodies: ReadonlyMap<string, string>
  readonly contact: { readonly name: string | null; readonly phone: string | null } | null
  readonly can: readonly ActName[]
  /** Where the judgement is given, if it can be given on the page now. */
  readonly judgeAt: string | null
  /** Whether the place to judge is still being made: a job does it, in a moment. */
  readonly judgeSoon: boolean
  readonly reopenUntil: Date | null
}

interface More {
  answer: AnswerShown | null
  visit: VisitShown | null
  name: string | null
  phone: string | null
  has_contact: boolean
}

/** Reads a request with all its page shows. @throws Refusal 404 */
export async function readFollowed(act: Act, kernel: Kernel, id: string): Promise<Followed> {
  const loaded = await loadRequest(act, id)
  const { row, facts } = loaded
  const english = act.language === 'en'
  const surroundings = await surroundingsAt(act.sql, facts.path, act.now)
  const [all, files, more, place, parts] = await Promise.all([
    entriesOf(act, id),
    filesOf(act, id),
    readMore(act, id),
    placeAt(act, facts.path),
    partsOf(act, kernel, id),
  ])
  const entries = all.filter((entry) => !entry.internal)
  const named = entries.flatMap((entry) => [entry.facts.body, entry.facts.belongsTo]).filter(isId)
  const names = await bodyNames(act.sql, [row.responsible, ...named])
  const bodies = new Map([...names].map(([body, found]) => [body, (english && found.nameEn) || found.name]))
  const actor = factsOfActor(act.actor, loaded)
  const can = offered(facts, actor, surroundings)
  // Whoever wrote it down for the resident may hold its paper, and must not judge: the code goes to the resident alone.
  const alone = row.entered_by === null || (act.actor.link === id && act.actor.handed_by === null)
  const judges = alone && offered(facts, { ...actor, judge: true }, surroundings).includes('judge')
  const token = judges && more.answer ? judgeToken(kernel, more.answer.id) : null
  const stands = token !== null && (await tokenStands(act, kernel, token))
  const phone = unseal(kernel, id, 'phone', more.phone)
  const name = unseal(kernel, id, 'name', more.name)
  return {
    loaded,
    entries,
    files,
    answer: more.answer,
    visit: more.visit,
    place,
    parts,
    responsible: bodies.get(row.responsible) ?? '',
    bodies,
    contact: more.has_contact ? { name: name && maskName(name), phone: phone && maskPhone(phone) } : null,
    can,
    judgeAt: stands ? `/j/${token}` : null,
    judgeSoon: token !== null && !stands,
    reopenUntil: can.includes('reopen') ? reopenableUntil(facts, surroundings.settings) : null,
  }
}

/** Whether the token has been made, asked in a transaction of its own: who follows a request does not hold it. */
const tokenStands = (act: Act, kernel: Kernel, judge: string): Promise<boolean> =>
  enter(kernel.database, { judge }, { now: act.now, language: act.language }, async ({ actor }) => actor.judge !== null)

/** What it was divided into: whoever holds the link of the whole is led on by the links of the parts. */
async function partsOf(act: Act, kernel: Kernel, id: string): Promise<Followed['parts']> {
  const { rows } = await sql<{ id: string; number: number; title: string; state: State; result: string | null }>`
    select d.id, d.number, d.title, d.state, d.result from request_divided(${id}) d`.execute(act.sql)
  return rows.map((part) => ({
    number: formatNumber(part.number),
    title: part.title,
    state: part.state,
    result: part.result,
    href: act.actor.link === id ? `/r/${partToken(kernel, part.id)}` : `/my/requests/${part.id}`,
  }))
}

async function readMore(act: Act, id: string): Promise<More> {
  const english = act.language === 'en'
  const { rows } = await sql<More>`
    select
      (select json_build_object('id', a.id, 'kind', a.kind, 'text', a.text, 'remedy', a.next_remedy,
          'basis', nullif(concat_ws(' ', ${english ? sql`coalesce(l.name_en, l.name)` : sql`l.name`}, l.article), ''),
          'plain', ${english ? sql`coalesce(l.plain_en, l.plain)` : sql`l.plain`})
        from request_answer a left join law l on l.id = a.law
        where a.request = r.id and a.state = 'sent' and a.kind in ('answer', 'explanation') order by a.sent_at desc limit 1) as answer,
      (select json_build_object('id', v.id, 'day', v.day, 'from', to_char(v.from_time, 'HH24:MI'), 'to', to_char(v.to_time, 'HH24:MI'),
          'state', v.state, 'by', v.proposed_by, 'note', v.note)
        from visit v where v.request = r.id and v.state in ('proposed', 'agreed') order by v.created_at desc limit 1) as visit,
      encode(c.name_encrypted, 'base64') as name, encode(c.phone_encrypted, 'base64') as phone, c.request is not null as has_contact
    from request r left join request_contact c on c.request = r.id where r.id = ${id}`.execute(act.sql)
  const row = rows[0]
  if (!row) throw new Error('a request vanished within its transaction')
  return row
}

export interface Looked {
  readonly at: string
  readonly what: string
  readonly purpose: string | null
  readonly who: string | null
  readonly title: string | null
  readonly title_en: string | null
  readonly body: string | null
  readonly body_en: string | null
}

/** Who looked at the contact behind a request, newest first. */
export async function readLooked(act: Act, id: string): Promise<Looked[]> {
  const { rows } = await sql<Looked>`
    select l.at, l.what, l.purpose, t.holder_name as who, p.title, p.title_en, b.name as body, b.name_en as body_en
    from access.log l left join tenure t on t.id = l.tenure left join post p on p.id = t.post left join body b on b.id = p.body
    where l.subject_record = ${id} and l.reader is distinct from ${act.actor.person}::uuid
    order by l.at desc limit 200`.execute(act.sql)
  return rows
}
