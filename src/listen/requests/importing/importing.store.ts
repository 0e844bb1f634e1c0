// Messages from elsewhere as rows: a batch is one transaction and a handful of statements.
import { sql } from 'kysely'
import type pg from 'pg'
import { newId } from '#kernel/database/identifiers.ts'
import type { Sql } from '#kernel/database/index.ts'
import type { Encryption } from '#kernel/encryption/index.ts'
import type { Jobs } from '#kernel/jobs/index.ts'
import { recordMany } from '#kernel/ledger/index.ts'
import { toVectorText } from '#kernel/search/index.ts'
import { contactOf } from '../acts/file.ts'
import { numberOf } from '../number.ts'
import { timerQueue } from '../reading/queues.ts'
import { surroundingsAt } from '../reading/surroundings.ts'
import { type Decision, fileRequest, nextTimer } from '../requests.rules.ts'
import { daysWithoutCategory, districtOf } from '../requests.store.ts'
import type { Message } from './messages.ts'
import { importReceiver } from './receiver.store.ts'

/** Where messages go. */
export interface Target {
  readonly place: string
  readonly path: string
}

/** A message with what was found out about it. */
export interface Ready {
  readonly message: Message
  /** What makes it known again: its own number, or a keyed digest of its content. */
  readonly key: string
  readonly category: { readonly id: string; readonly promisedDays: number } | null
  /** Its place in the queue of open messages; 0 for an answered one. */
  readonly turn: number
}

/**
 * Open messages that a desk is given in an hour of its working time, and over how many hours they are spread at most (a quarter of a year).
 * All at once, thousands would be due in one afternoon and none of their promises would be true; so each gets the deadlines of a
 * request that is filed at its turn. Beyond the last hour it begins again at the first.
 */
const turns = { perHour: 30, hours: 480 }

/** How many brought in before still wait to be accepted here: new ones stand behind them. */
export async function waitingTurns(on: Sql, path: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from request
    where state = 'received' and level_path = ${path} and filed_path = ${path} and outer_number is not null`.execute(on)
  return rows[0]?.count ?? 0
}

/** When each of these numbers was filed here, in milliseconds; numbers not yet here are absent. */
export async function knownNumbers(on: Sql, path: string, keys: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ key: string; at: string }>`
    select outer_number as key, filed_at as at from request
    where filed_path = ${path} and outer_number = any(${keys}::text[])`.execute(on)
  return new Map(rows.map((row) => [row.key, Date.parse(row.at)]))
}

const requestStatement = `
  insert into request (id, number, outer_number, place, filed_path, path, level_path, channel, language, title, body, spot, category,
    state, result, first_receiver, holder, responsible, bodies, filed_at, answered_at, answer_kind, closed_at, due_at, due_kind,
    due_provisional, promised_at, promised_provisional, round_at, step_at, words)
  select id, number, key, $2, $3, $3, $4, 'system', language, title, body, spot, category, state, result, $5, $5, $5, array[$5::uuid],
    filed_at, answered_at, answer_kind, closed_at, due_at, due_kind, coalesce(due_provisional, false), promised_at, coalesce(promised_provisional, false),
    round_at, step_at, words::tsvector
  from json_to_recordset($1::json) as m(id uuid, number bigint, key text, language text, title text, body text, spot text, category uuid,
    state text, result text, filed_at timestamptz, answered_at timestamptz, answer_kind text, closed_at timestamptz, due_at timestamptz,
    due_kind text, due_provisional boolean, promised_at timestamptz, promised_provisional boolean, round_at timestamptz,
    step_at timestamptz, words text)
  on conflict (filed_path, outer_number) where outer_number is not null do nothing
  returning id`

const entryStatement = `
  insert into request_entry (id, request, act, kind, at, text, facts)
  select id, request, act, kind, at, text, facts
  from json_to_recordset($1::json) as e(id uuid, request uuid, act uuid, kind text, at timestamptz, text text, facts jsonb)`

const contactStatement = `
  insert into request_contact (request, name_encrypted, phone_encrypted, phone_index)
  select request, decode(name, 'hex'), decode(phone, 'hex'), decode(index, 'hex')
  from json_to_recordset($1::json) as c(request uuid, name text, phone text, index text)`

/**
 * Writes a batch within the transaction of the jobs' role. An open message gets the deadlines of a request filed at its turn, so that
 * nothing is overdue on arrival: what another hotline promised is not in the file, and nobody here has broken it. When it was told stays
 * what it was. An answered one is closed as answered elsewhere, and its answer stands in its timeline.
 * @returns how many were written; the others were already here
 */
export async function writeBatch(
  writer: { readonly sql: Sql; readonly client: pg.PoolClient; readonly now: Date },
  doors: { readonly encryption: Encryption; readonly jobs: Pick<Jobs, 'enqueueMany'> },
  target: Target,
  batch: readonly Ready[],
): Promise<number> {
  const now = writer.now.toISOString()
  const holder = await importReceiver(writer.sql, target.path)
  if (!holder) throw new Error('the body that receives was dissolved during the import')
  const surroundings = await surroundingsAt(writer.sql, target.path, writer.now)
  const { rows: numbers } = await writer.client.query<{ next: number }>(
    "select nextval('request_number') as next from generate_series(1, $1)",
    [batch.length],
  )
  const decisions = new Map<string, Decision>()
  const decisionFor = ({ category, turn }: Ready): Decision => {
    const promisedDays = category?.promisedDays ?? daysWithoutCategory
    const hours = Math.floor(turn / turns.perHour) % turns.hours
    const key = `${promisedDays} ${hours}`
    let decision = decisions.get(key)
    if (!decision) {
      const from = hours === 0 ? writer.now : surroundings.calendar.addWorkingTime(writer.now, { hours }).at
      decision = fileRequest(
        {
          id: target.place,
          path: target.path,
          ceiling: districtOf(target.path),
          holder: { body: holder.id, path: holder.path },
          urgency: 'ordinary',
          promisedDays,
          publicationPermitted: false,
          excludedPeople: [],
          excludedBodies: [],
        },
        { ...surroundings, now: from },
      )
      decisions.set(key, decision)
    }
    return decision
  }
  const made = batch.map((ready, index) => {
    const { message } = ready
    const id = newId(message.filedAt)
    const closed = message.answer !== null
    const { next } = decisionFor(ready)
    const filedAt = new Date(message.filedAt).toISOString()
    const answeredAt = message.answeredAt === null ? null : new Date(message.answeredAt).toISOString()
    const row = {
      id,
      number: numberOf(numbers[index]?.next ?? 0),
      key: ready.key,
      language: message.language,
      title: message.title,
      body: message.body,
      spot: message.spot,
      category: ready.category?.id ?? null,
      state: closed ? 'closed' : 'received',
      result: closed ? 'answered_elsewhere' : null,
      filed_at: filedAt,
      answered_at: answeredAt,
      answer_kind: closed ? 'answer' : null,
      // An answer without its day: all that is known is that it had come by now.
      closed_at: closed ? (answeredAt ?? now) : null,
      due_at: closed ? null : (next.due?.at ?? null),
      due_kind: closed ? null : (next.due?.kind ?? null),
      due_provisional: !closed && (next.due?.provisional ?? false),
      promised_at: closed ? null : next.promisedAt,
      promised_provisional: !closed && next.promisedProvisional,
      round_at: closed ? filedAt : next.roundAt,
      step_at: closed ? (answeredAt ?? now) : next.stepAt,
      words: toVectorText(`${message.title} ${message.body} ${message.spot ?? ''}`),
    }
    return { ready, row }
  })
  const { rows: written } = await writer.client.query<{ id: string }>({
    name: 'request-import',
    text: requestStatement,
    values: [JSON.stringify(made.map(({ row }) => given(row))), target.place, target.path, holder.path, holder.id],
  })
  const ids = new Set(written.map(({ id }) => id))
  const kept = made.filter(({ row }) => ids.has(row.id))
  if (kept.length === 0) return 0
  const acts = await recordMany(
    { client: writer.client, now: writer.now, actor: { person: null } },
    kept.map(({ row }) => ({
      kind: 'request.import',
      record: row.id,
      path: target.path,
      category: row.category,
      result: row.result,
      times: { filed: row.filed_at, ...(row.answered_at ? { answered: row.answered_at } : {}) },
      facts: { state: row.state, channel: 'system' },
      personal: { title: row.title, body: row.body },
    })),
  )
  await writer.client.query({
    name: 'request-import-entries',
    text: entryStatement,
    values: [
      JSON.stringify(kept.flatMap(({ ready, row }, index) => entriesOf(ready, row, acts[index] ?? null).map(given))),
    ],
  })
  const contacts = kept.flatMap(({ ready, row }) => contactRow(doors.encryption, ready.message, row.id))
  if (contacts.length > 0) await writer.client.query(contactStatement, [JSON.stringify(contacts)])
  const timers = kept.flatMap(({ ready, row }) => {
    if (row.state === 'closed') return []
    const { next } = decisionFor(ready)
    const timer = nextTimer(next, surroundings.settings, surroundings.calendar)
    return timer ? [{ ids: { request: row.id, kind: timer.kind }, at: timer.at }] : []
  })
  await doors.jobs.enqueueMany(writer, timerQueue, timers)
  return kept.length
}

/** A row without what is not there: PostgreSQL takes apart half as many keys. */
function given(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const there: Record<string, unknown> = {}
  for (const key in row) if (row[key] !== null && row[key] !== false) there[key] = row[key]
  return there
}

function entriesOf(
  { message, category }: Ready,
  row: { id: string; filed_at: string; closed_at: string | null },
  act: string | null,
) {
  const filed = {
    id: newId(message.filedAt),
    request: row.id,
    act,
    kind: 'filed',
    at: row.filed_at,
    text: null,
    facts: {
      imported: true,
      ...(message.likes === null ? {} : { likes: message.likes }),
      // A name that is no category here is not lost: whoever sorts it later sees it.
      ...(message.category !== null && category === null ? { category: message.category.slice(0, 200) } : {}),
    },
  }
  if (message.answer === null || row.closed_at === null) return [filed]
  const answered = {
    id: newId(Date.parse(row.closed_at)),
    request: row.id,
    act,
    kind: 'answered',
    at: row.closed_at,
    text: message.answer,
    facts: { imported: true, ...(message.answeredAt === null ? { timeUnknown: true } : {}) },
  }
  return [filed, answered]
}

function contactRow(encryption: Encryption, { name, phone }: Message, request: string) {
  const contact = name || phone ? contactOf({ encryption }, request, { name, phone }) : null
  const hex = (value: Buffer | null) => value?.toString('hex') ?? null
  if (!contact) return []
  return [{ request, name: hex(contact.name), phone: hex(contact.phone), index: hex(contact.phoneIndex) }]
}
