// One request of the past with all that belongs to it, as rows of tables, and how rows are copied in.

import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { type createEncryption, hashToken } from '#kernel/encryption/index.ts'
import { toVectorText } from '#kernel/search/index.ts'
import { numberOf } from '#listen/requests/number.ts'
import { idAt, matter, name, phone, pick, reply, uneven } from './invented.ts'
import type { Organisation } from './organisation.ts'

export const day = 24 * 3_600_000

/** How far a request has come, by its age; most of three years are closed. */
const states = [
  ['received', 0.004],
  ['accepted', 0.004],
  ['dispatched', 0.01],
  ['acknowledged', 0.012],
  ['answered', 0.02],
  ['closed', 0.95],
] as const

type Row = readonly unknown[]

/** What state a request of some age is in: `left` is 1 for the oldest and 0 for the newest. What is open is young: of the last tenth. */
export function stateOf(random: () => number, left: number): (typeof states)[number][0] {
  if (left > 0.1) return 'closed'
  const share = random() * 0.5
  let upTo = 0
  for (const [state, part] of states) {
    upTo += part
    if (share < upTo) return state
  }
  return 'closed'
}

/** Rows of the tables that a request fills. */
export type Rows = Record<keyof typeof tables, Row[]>

/** The tables, in an order in which each refers to earlier ones alone, with the columns that are filled. */
const tables = {
  request: [
    'request',
    'id, number, place, filed_path, path, level_path, channel, title, body, spot, category, urgency, state, result, first_receiver, holder, responsible, bodies, filed_at, accepted_at, dispatched_at, acknowledged_at, answered_at, answer_kind, judged, closed_at, due_at, due_kind, promised_at, round_at, step_at, consent_public, returns, words, entered_by',
  ],
  part: ['request_part', 'id, request, body, role, state, dispatched_at, acknowledged_at, answered_at, ended_at'],
  entry: ['request_entry', 'id, request, kind, at, tenure, body, internal, text'],
  contact: ['request_contact', 'request, name_encrypted, phone_encrypted, phone_index'],
  answer: ['request_answer', 'id, request, part, kind, state, text, author, created_at, sent_at'],
  token: ['access.token', 'hash, kind, record'],
  judgement: ['judgement', 'id, request, answer, path, solved, satisfaction, given_by, month, at, handler_bodies'],
  publication: [
    'publication',
    'request, number, path, title, body, answer, category, state, result, filed_at, answered_at, promised_at, words, released_by, released_at',
  ],
} as const

/** Names of the tables that a request fills. */
export const filledTables: readonly string[] = Object.values(tables).map(([table]) => table)

export function emptyRows(): Rows {
  return { request: [], part: [], entry: [], contact: [], answer: [], token: [], judgement: [], publication: [] }
}

/** Copies all in, table after table. */
export async function copyAll(client: pg.Client, rows: Rows): Promise<void> {
  for (const name of Object.keys(tables) as (keyof Rows)[]) {
    const [table, columns] = tables[name]
    await copy(client, table, columns, rows[name])
  }
}

/** What a request is made from, and where its rows go. */
export interface Making {
  rows: Rows
  random: () => number
  organisation: Organisation
  encryption: ReturnType<typeof createEncryption>
  sample: { id: string; community: number }[]
  links: string[]
  /** Every how many requests one is kept as a sample; 37 unless told. */
  every?: number
}

/**
 * Makes one request with all that belongs to it.
 * @param more a sentence that stands at the end of what was told
 */
export function one(
  making: Making,
  index: number,
  first: number,
  filed: number,
  state: (typeof states)[number][0],
  more = '',
): void {
  const { rows, random, organisation, encryption } = making
  const { title, body: told } = matter(random)
  const body = `${told}${more}`
  const where = uneven(random, organisation.communities.length)
  const community = organisation.communities[where]
  if (!community) throw new Error('no community')
  const id = idAt(filed, random)
  const reached = states.findIndex(([each]) => each === state)
  const at = (step: number, days: number) => (reached >= step ? new Date(filed + days * day).toISOString() : null)
  const [accepted, dispatched, acknowledged, answered, closed] = [
    at(1, 0.1),
    at(2, 0.2),
    at(3, 0.5),
    at(4, 2.5),
    at(5, 5),
  ]
  const holds = reached >= 2 && reached <= 3
  const due = state === 'closed' ? null : new Date(filed + (1 + random() * 9) * day).toISOString()
  const result =
    state === 'closed'
      ? pick(random, ['solved', 'solved', 'solved', 'unconfirmed', 'unconfirmed', 'partly', 'unsolved', 'explained'])
      : null
  const moment = new Date(filed).toISOString()
  const words = toVectorText(`${title} ${body}`)
  const category = random() < 0.8 ? pick(random, organisation.categories) : null
  const consents = random() < 0.2
  const number = numberOf(first + index)
  const channel = pick(random, ['web', 'web', 'web', 'phone', 'phone', 'card', 'visit', 'chat'])
  rows.request.push([
    id,
    number,
    community.id,
    community.path,
    community.path,
    community.path,
    channel,
    title,
    body,
    null,
    category,
    random() < 0.05 ? 'urgent' : 'ordinary',
    state,
    result,
    community.committee,
    community.committee,
    holds ? community.unit : community.committee,
    [community.committee, ...(reached >= 2 ? [community.unit] : [])],
    moment,
    accepted,
    dispatched,
    acknowledged,
    answered,
    answered ? 'answer' : null,
    result === 'solved' || result === 'partly',
    closed,
    due,
    due ? (['accept', 'dispatch', 'acknowledge', 'answer', 'judge'] as const)[reached] : null,
    new Date(filed + 7 * day).toISOString(),
    moment,
    closed ?? answered ?? acknowledged ?? dispatched ?? accepted ?? moment,
    consents,
    random() < 0.05 ? 1 : 0,
    words,
    // What was said is written down by staff, who give it its category too: at night that is learned from.
    ['phone', 'visit'].includes(channel) ? community.secretary : null,
  ])
  const line = (
    kind: string,
    when: string | null,
    tenure: string | null,
    text: string | null = null,
    internal = false,
  ) => {
    if (when) rows.entry.push([idAt(Date.parse(when), random), id, kind, when, tenure, null, internal, text])
  }
  line('filed', moment, null)
  line('accepted', accepted, community.secretary)
  line('dispatched', dispatched, community.secretary)
  line('acknowledged', acknowledged, community.manager)
  if (random() < 0.3) line('noted', acknowledged, community.manager, reply(random), true)
  const written = reply(random)
  line('answered', answered, community.manager, written)
  line('closed', closed, null)
  const part = idAt(filed + 1, random)
  if (dispatched) {
    const partState = ['dispatched', 'acknowledged', 'answered', 'answered'][reached - 2] ?? 'answered'
    rows.part.push([part, id, community.unit, 'lead', partState, dispatched, acknowledged, answered, closed])
  }
  if (random() < 0.8) {
    const given = phone(random)
    rows.contact.push([
      id,
      encryption.encrypt('contact', name(random), `${id}.name`),
      encryption.encrypt('contact', given, `${id}.phone`),
      encryption.blindIndex('phone', given),
    ])
  }
  if (answered) {
    const answer = idAt(Date.parse(answered), random)
    rows.answer.push([answer, id, part, 'answer', 'sent', written, community.manager, answered, answered])
    if (result && ['solved', 'partly', 'unsolved'].includes(result) && closed) {
      const solved = result === 'unsolved' ? 'not' : result
      rows.judgement.push([
        idAt(Date.parse(closed), random),
        id,
        answer,
        community.path,
        solved,
        1 + Math.floor(random() * 5),
        'link',
        `${closed.slice(0, 7)}-01`,
        closed,
        [community.unit],
      ])
    }
  }
  const link = `${Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url')}`
  rows.token.push([hashToken(link), 'follow', id])
  if (consents && random() < 0.5)
    rows.publication.push([
      id,
      number,
      community.path,
      title,
      body,
      answered ? written : null,
      category,
      state,
      result,
      moment,
      answered,
      new Date(filed + 7 * day).toISOString(),
      words,
      community.secretary,
      accepted ?? moment,
    ])
  if (index % (making.every ?? 37) === 0) {
    making.sample.push({ id, community: where })
    making.links.push(link)
  }
}

/** Makes a connection one that copies rows in without asking triggers and foreign keys about each. */
export async function withoutTriggers(client: pg.Client): Promise<void> {
  await client.query(
    "set session_replication_role = replica; set synchronous_commit = off; set statement_timeout = 0; set time zone 'UTC'",
  )
}

/** Copies rows into a table. */
export async function copy(client: pg.Client, table: string, columns: string, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return
  // A few hundred rows at once: a packet for each row would cost more than the row.
  const lines = function* () {
    for (let from = 0; from < rows.length; from += 500) {
      let piece = ''
      for (const row of rows.slice(from, from + 500)) piece += `${row.map(text).join('\t')}\n`
      yield piece
    }
  }
  await pipeline(Readable.from(lines()), client.query(copyFrom(`copy ${table} (${columns}) from stdin`)))
}

function text(value: unknown): string {
  if (value === null || value === undefined) return '\\N'
  if (Buffer.isBuffer(value)) return `\\\\x${value.toString('hex')}`
  if (Array.isArray(value)) return `{${value.join(',')}}`
  if (typeof value !== 'string') return String(value)
  // Of many millions of values hardly one has anything to be escaped.
  if (!/[\\\t\n]/.test(value)) return value
  return value.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n')
}
