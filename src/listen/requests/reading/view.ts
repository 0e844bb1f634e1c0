// One request as the desk shows it on one screen, and as its reporter follows it.
import { sql } from 'kysely'
import { type Act, may } from '#kernel/access/index.ts'
import { atClock } from '#kernel/calendar/index.ts'
import { maskPhone } from '#kernel/encryption/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { t } from '#kernel/words/index.ts'
import { visibleResult } from '#listen/judgements/index.ts'
import { mayReadContact } from '../acts/contact.ts'
import { isPermittedByAnother } from '../acts/publish.ts'
import { formatNumber } from '../number.ts'
import type { RequestView } from '../requests.desk.api.ts'
import { offered } from '../requests.rules.ts'
import { factsOfActor, loadRequest, reporterReached } from '../requests.store.ts'
import { deadlineOf } from './list.ts'
import { surroundingsAt } from './surroundings.ts'
import { unsentTo } from './unsent.ts'

interface EntryRow {
  id: string
  kind: string
  at: string
  who: string | null
  post: string | null
  post_en: string | null
  body: string | null
  body_en: string | null
  text: string | null
  internal: boolean
  facts: Record<string, string | number | boolean | null>
  /** Post and body that handed out the link by which it was done. */
  handed_post: string | null
  handed_post_en: string | null
  handed_body: string | null
  handed_body_en: string | null
}

/** The timeline as far as the actor may read it, oldest first. */
export async function entriesOf(act: Act, request: string): Promise<EntryRow[]> {
  const { rows } = await sql<EntryRow & { corrected: string | null }>`
    select e.id, e.kind, e.at, t.holder_name as who, p.title as post, p.title_en as post_en, b.name as body, b.name_en as body_en,
      e.text, case when e.kind = 'corrected' then (
        select concat_ws(E'\n', nullif(v.title, left(v.body, length(v.title))), v.body, v.spot) from request_version v
        where v.request = e.request and v.replaced_at = e.at limit 1) end as corrected, e.internal, e.facts,
      hp.title as handed_post, hp.title_en as handed_post_en, hb.name as handed_body, hb.name_en as handed_body_en
    from request_entry e
    left join tenure t on t.id = e.tenure
    left join post p on p.id = t.post
    left join body b on b.id = coalesce(p.body, e.body)
    left join tenure ht on ht.id = e.handed_by
    left join post hp on hp.id = ht.post
    left join body hb on hb.id = hp.body
    where e.request = ${request} order by e.at, e.id`.execute(act.sql)
  // Beneath a correction stands what was written before it, and why it was corrected where that was said.
  const say = t(act.language)
  return rows.map(({ corrected, ...entry }) =>
    corrected === null
      ? entry
      : {
          ...entry,
          text: entry.text ? `${corrected}\n${say('requests.correction-why', { reason: entry.text })}` : corrected,
        },
  )
}

/** The post that handed out the link by which a line was done, with its body; null where nobody did. */
export function handedBy(entry: EntryRow, english: boolean): string | null {
  if (!entry.handed_post) return null
  const body = (english && entry.handed_body_en) || entry.handed_body
  return [body, (english && entry.handed_post_en) || entry.handed_post].filter(Boolean).join(' · ')
}

export interface FileRow {
  id: string
  kind: string
  bytes: number
}

/** Pictures and videos of a request. */
export async function filesOf(act: Act, request: string): Promise<FileRow[]> {
  const { rows } = await sql<FileRow>`select id, kind, bytes from file where record = ${request} order by id`.execute(
    act.sql,
  )
  return rows
}

interface AroundRow {
  place_id: string
  place_name: string
  trail: string
  category: { id: string; name: string; trail: string; usual: string | null; usual_name: string | null } | null
  responsible: { body: string; post: string | null; person: string | null } | null
  asked_for: { name: string; post: string } | null
  contact: { name: string | null; phone: string | null; hasIndex: boolean; person: string | null } | null
  parts: {
    id: string
    body: string
    body_name: string
    role: string
    state: string
    ask: string | null
    answer: string | null
    reason: string | null
    at: string
  }[]
  draft: { text: string; by: string; at: string; version: number } | null
  explanation: {
    kind: string
    basis: string
    text: string
    remedy: string
    by: string
    at: string
    agreed: boolean
  } | null
  visit: { id: string; day: string; from: string; to: string; note: string | null; by: string } | null
  publication: { title: string; text: string; at: string; by: string; meToo: number } | null
  linked: { id: string; number: number; title: string; kind: string }[]
}

async function around(act: Act, id: string): Promise<AroundRow> {
  const english = act.language === 'en'
  const named = (table: string, column: string) =>
    english
      ? sql`coalesce(${sql.ref(`${table}.${column}_en`)}, ${sql.ref(`${table}.${column}`)})`
      : sql.ref(`${table}.${column}`)
  const said = (table: string) =>
    english
      ? sql`coalesce(${sql.ref(`${table}.name_en`)}, ${sql.ref(`${table}.short_name`)})`
      : sql.ref(`${table}.short_name`)
  const { rows } = await sql<AroundRow>`
    select place.id as place_id, ${said('place')} as place_name,
      (select string_agg(${said('up')}, ${english ? ' › ' : ' '} order by length(up.path)) from place up
        -- The places above it by their own paths, one index look each: asking which path begins so would read the whole country.
        where up.path = any (array(select left(place.path, n) from generate_series(1, length(place.path)) n where substr(place.path, n, 1) = '/'))) as trail,
      (select json_build_object('id', c.id, 'name', ${named('c', 'level3')}, 'trail', concat_ws(' › ', ${named('c', 'level1')}, ${named('c', 'level2')}, ${named('c', 'level3')}),
          'usual', c.usual_body, 'usual_name', ub.name)
        from category c left join body ub on ub.id = c.usual_body where c.id = r.category) as category,
      (select json_build_object('body', ${named('b', 'name')}, 'post', ${named('p', 'title')}, 'person', t.holder_name)
        from body b left join post p on p.body = b.id and p.is_head and p.abolished_at is null
        left join tenure t on t.post = p.id and t.during @> now() where b.id = r.responsible limit 1) as responsible,
      (select json_build_object('name', t.holder_name, 'post', ${named('p', 'title')}) from tenure t join post p on p.id = t.post
        where t.id = r.asked_for) as asked_for,
      (select json_build_object('name', encode(c.name_encrypted, 'base64'), 'phone', encode(c.phone_encrypted, 'base64'),
          'hasIndex', c.phone_encrypted is not null, 'person', c.person) from request_contact c where c.request = r.id) as contact,
      coalesce((select json_agg(json_build_object('id', p.id, 'body', p.body, 'body_name', ${named('b', 'name')}, 'role', p.role, 'state', p.state,
          'ask', p.ask, 'reason', p.return_reason, 'at', p.dispatched_at,
          'answer', (select a.text from request_answer a where a.part = p.id and a.state = 'sent' order by a.created_at desc limit 1))
        order by p.dispatched_at, p.id) from request_part p join body b on b.id = p.body where p.request = r.id), '[]') as parts,
      (select json_build_object('text', a.text, 'by', t.holder_name, 'at', a.created_at, 'version', a.version)
        from request_answer a join tenure t on t.id = a.author where a.request = r.id and a.kind = 'answer' and a.state = 'draft'
        order by a.created_at desc limit 1) as draft,
      (select json_build_object('kind', a.ground, 'basis', concat_ws(' ', l.name, l.article), 'text', a.text, 'remedy', a.next_remedy,
          'by', t.holder_name, 'at', a.created_at, 'agreed', a.agreed_by is not null)
        from request_answer a join tenure t on t.id = a.author left join law l on l.id = a.law
        where a.request = r.id and a.kind = 'explanation' and a.state in ('proposed', 'sent') order by a.created_at desc limit 1) as explanation,
      (select json_build_object('id', v.id, 'day', v.day, 'from', to_char(v.from_time, 'HH24:MI'), 'to', to_char(v.to_time, 'HH24:MI'), 'note', v.note, 'by', v.proposed_by)
        from visit v where v.request = r.id and v.state in ('proposed', 'agreed') order by v.created_at desc limit 1) as visit,
      (select json_build_object('title', p.title, 'text', p.body, 'at', p.released_at, 'by', t.holder_name, 'meToo', p.me_too)
        from publication p left join tenure t on t.id = p.released_by where p.request = r.id and p.withdrawn_at is null) as publication,
      coalesce((select json_agg(json_build_object('id', o.id, 'number', o.number, 'title', o.title, 'kind',
          case when beside.kind is not null then beside.kind when o.id = r.merged_into then 'merged_into' when o.merged_into = r.id then 'merged_from' when o.id = r.split_from then 'split_from'
               when o.split_from = r.id then 'split_into' when o.id = r.about_request then 'about' else 'complaint' end))
        from (select o.id, null as kind from request o
            where o.id in (r.merged_into, r.split_from, r.about_request) or o.merged_into = r.id or o.split_from = r.id or o.about_request = r.id
          union all select case when l.one = r.id then l.other else l.one end, l.kind from request_link l
            where (l.one = r.id or l.other = r.id) and l.undone_at is null) beside
          join request o on o.id = beside.id), '[]') as linked
    from request r
    -- Where the matter is now: a transfer moves it from where it was told.
    join place on place.id = coalesce((select here.id from place here where here.path = r.path), r.place)
    where r.id = ${id}`.execute(act.sql)
  const row = rows[0]
  if (!row) throw new Error('a request vanished within its transaction')
  return row
}

/** Opens a sealed column that came as base64. */
export function unseal(
  kernel: Pick<Kernel, 'encryption'>,
  request: string,
  what: string,
  sealed: string | null,
): string | null {
  return sealed ? kernel.encryption.decrypt('contact', Buffer.from(sealed, 'base64'), `${request}.${what}`) : null
}

/** Everything the desk shows of one request. Contacts come masked; showing one is an act of its own, which is written down. */
export async function viewRequest(act: Act, kernel: Kernel, id: string): Promise<RequestView> {
  const loaded = await loadRequest(act, id)
  const { row, facts } = loaded
  const surroundings = await surroundingsAt(act.sql, facts.path, act.now)
  const [more, entries, files, unsent] = await Promise.all([
    around(act, id),
    entriesOf(act, id),
    filesOf(act, id),
    unsentTo(act, id),
  ])
  const others = await otherEnds(act, id, entries.map(linkOf))
  const can = new Set(offered(facts, factsOfActor(act.actor, loaded), surroundings))
  // What would be refused for what only the database knows is not offered either.
  if (can.has('withdraw') && !(await reporterReached(act, kernel, id))) can.delete('withdraw')
  if (can.has('publish') && loaded.entered && !(await isPermittedByAnother(act.sql, id))) can.delete('publish')
  const english = act.language === 'en'
  const phone = unseal(kernel, id, 'phone', more.contact?.phone ?? null)
  const name = unseal(kernel, id, 'name', more.contact?.name ?? null)
  const handler = loaded.handled || facts.parts.some((part) => act.actor.bodies.includes(part.body))
  return {
    id,
    number: formatNumber(row.number),
    version: row.version,
    state: facts.state,
    // What a resident said of one answer is for those with the duty to read judgements who did not handle it.
    closing: visibleResult(facts.result, handler || !may(act.actor, 'judgement.read', facts.path)),
    title: row.title,
    text: row.body,
    urgency: facts.urgency,
    channel: row.channel,
    filedAt: facts.filedAt,
    place: { id: more.place_id, path: facts.path, name: more.place_name, trail: more.trail },
    spot: row.spot,
    point:
      row.longitude !== null && row.latitude !== null ? { longitude: row.longitude, latitude: row.latitude } : null,
    category: more.category && { id: more.category.id, name: more.category.name, trail: more.category.trail },
    suggestion:
      more.category?.usual && more.category.usual_name
        ? {
            category: null,
            body: { id: more.category.usual, name: more.category.usual_name },
            words: [],
            workingDays: null,
          }
        : null,
    reporter: {
      anonymous: row.anonymous,
      name: name ? maskName(name) : null,
      phone: phone ? maskPhone(phone) : null,
      // What the reader would be refused is not offered.
      hasContact: more.contact !== null && mayReadContact(act.actor, facts),
      hasEarlier: (more.contact?.hasIndex ?? false) && may(act.actor, 'request.contact', facts.path),
      unsent,
      publicationPermitted: facts.publicationPermitted,
    },
    askedFor: more.asked_for && `${more.asked_for.name} · ${more.asked_for.post}`,
    responsible: more.responsible ?? { body: null, post: null, person: null },
    deadline: facts.due ? await deadlineOf(act, facts.path, facts.due.kind, facts.due.at, facts.stepAt) : null,
    extended: facts.extendedAt !== null,
    supervised: facts.supervised !== null,
    returns: facts.returns,
    meToo: more.publication?.meToo ?? 0,
    parts: more.parts.map((part) => ({
      id: part.id,
      body: { id: part.body, name: part.body_name },
      role: part.role,
      state: part.state,
      task: part.ask,
      answer: part.answer,
      reason: part.reason,
      sentAt: new Date(part.at).toISOString(),
      mine: act.actor.bodies.includes(part.body),
    })),
    entries: entries.map((entry) => ({
      id: entry.id,
      kind: entry.kind,
      at: entry.at,
      who: entry.who,
      post: (english && entry.post_en) || entry.post,
      body: (english && entry.body_en) || entry.body,
      text: entry.text,
      audience: entry.internal ? 'staff' : 'reporter',
      imported: importedOf(entry.facts),
      handedBy: handedBy(entry, english),
      other: others.get(linkOf(entry) ?? '') ?? null,
    })),
    pictures: files.map((file) => ({
      id: file.id,
      url: `/api/requests/${id}/files/${file.id}`,
      preview: `/api/requests/${id}/files/${file.id}/preview`,
      kind: file.kind,
      name: '',
    })),
    linked: more.linked.map((other) => ({ ...other, number: formatNumber(other.number) })),
    draft: more.draft && { ...more.draft, at: new Date(more.draft.at).toISOString() },
    explanation: more.explanation && { ...more.explanation, at: new Date(more.explanation.at).toISOString() },
    visit: more.visit && {
      id: more.visit.id,
      from: atClock(more.visit.day, more.visit.from).toISOString(),
      until: atClock(more.visit.day, more.visit.to).toISOString(),
      note: more.visit.note,
      by: more.visit.by,
      agreed: facts.visit?.state === 'agreed',
    },
    publication: more.publication && {
      title: more.publication.title,
      text: more.publication.text,
      at: new Date(more.publication.at).toISOString(),
      by: more.publication.by,
    },
    // Withdrawn for a reporter only where they hear of it.
    can: [...can],
  }
}

/** The link that a line is about. */
function linkOf({ kind, facts }: EntryRow): string | null {
  return (kind === 'linked' || kind === 'unlinked') && typeof facts.link === 'string' ? facts.link : null
}

/** The other ends of these links of a request, by the links: those that the actor may see. */
async function otherEnds(
  act: Act,
  request: string,
  links: readonly (string | null)[],
): Promise<ReadonlyMap<string, { id: string; number: string }>> {
  const asked = links.filter((link) => link !== null)
  if (asked.length === 0) return new Map()
  const { rows } = await sql<{ link: string; id: string; number: number }>`
    select l.id as link, r.id, r.number from request_link l
      join request r on r.id = case l.one when ${request}::uuid then l.other else l.one end
    where l.id = any (${asked}::uuid[])`.execute(act.sql)
  return new Map(rows.map(({ link, id, number }) => [link, { id, number: formatNumber(number) }]))
}

/** What another platform said beside a line that was brought in from there; null for a line of this one. */
function importedOf({ imported, likes, timeUnknown, category }: EntryRow['facts']) {
  if (imported !== true) return null
  return {
    likes: typeof likes === 'number' ? likes : null,
    timeUnknown: timeUnknown === true,
    category: typeof category === 'string' ? category : null,
  }
}

/** 张某某 → 张**: the family name stays, so that staff can address the caller. */
export function maskName(name: string): string {
  const characters = [...name]
  return characters.length <= 1 ? '*' : `${characters[0]}${'*'.repeat(Math.min(characters.length - 1, 2))}`
}
