// Three years of a district: requests with their timeline, parts, answers, contacts, links and judgements, loaded by COPY as the
// owner of the tables. The register of acts is not loaded with them: what it costs is measured by filing.

import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { createEncryption, hashToken } from '#kernel/encryption/index.ts'
import { toVectorText } from '#kernel/search/index.ts'
import { numberOf } from '#listen/requests/number.ts'
import { idAt, matter, name, phone, pick, reply, seeded, uneven } from './invented.ts'
import type { Organisation } from './organisation.ts'

export interface Past {
  /** Ids of requests, newest first, a sample over all states, with the index of their community. */
  readonly sample: readonly { readonly id: string; readonly community: number }[]
  /** Clear tokens of secret links. */
  readonly links: readonly string[]
  readonly bytes: number
  readonly seconds: number
}

const day = 24 * 3_600_000

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

/** Loads `count` requests. Always the same for the same organisation and day. */
export async function loadPast(
  ownerUrl: string,
  secret: Buffer,
  organisation: Organisation,
  count: number,
): Promise<Past> {
  const began = performance.now()
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'linli bench' })
  await client.connect()
  const size = async () =>
    Number((await client.query('select pg_database_size(current_database()) as size')).rows[0].size)
  const before = await size()
  const encryption = createEncryption(secret)
  const random = seeded(2026)
  const now = Math.floor(Date.now() / 3_600_000) * 3_600_000
  const sample: { id: string; community: number }[] = []
  const links: string[] = []
  try {
    const first = Number((await client.query("select nextval('request_number') as n")).rows[0].n)
    for (let done = 0; done < count; done += 20_000) {
      const rows = {
        request: [] as Row[],
        part: [] as Row[],
        entry: [] as Row[],
        contact: [] as Row[],
        answer: [] as Row[],
        token: [] as Row[],
        judgement: [] as Row[],
        publication: [] as Row[],
      }
      for (let index = done; index < Math.min(count, done + 20_000); index += 1) {
        const left = 1 - index / count
        // What is open is young: only of the last tenth, so that the newest stand at the beginning of every list.
        const state = left > 0.1 ? 'closed' : stateOf(random() * 0.5)
        const filed = now - (0.02 + left * 3 * 365) * day
        one({ rows, random, organisation, encryption, sample, links }, index, first, filed, state)
      }
      await copy(client, 'request', requestColumns, rows.request)
      await copy(client, 'request_part', partColumns, rows.part)
      await copy(client, 'request_entry', entryColumns, rows.entry)
      await copy(client, 'request_contact', contactColumns, rows.contact)
      await copy(client, 'request_answer', answerColumns, rows.answer)
      await copy(client, 'access.token', tokenColumns, rows.token)
      await copy(client, 'judgement', judgementColumns, rows.judgement)
      await copy(client, 'publication', publicationColumns, rows.publication)
    }
    await client.query("select setval('request_number', $1)", [first + count + 1])
    await client.query('vacuum analyze')
    return {
      sample: sample.reverse(),
      links,
      bytes: ((await size()) - before) / count,
      seconds: (performance.now() - began) / 1_000,
    }
  } finally {
    await client.end()
  }
}

function stateOf(share: number): (typeof states)[number][0] {
  let upTo = 0
  for (const [state, part] of states) {
    upTo += part
    if (share < upTo) return state
  }
  return 'closed'
}

const requestColumns =
  'id, number, place, filed_path, path, level_path, channel, title, body, spot, category, urgency, state, result, first_receiver, holder, responsible, bodies, filed_at, accepted_at, dispatched_at, acknowledged_at, answered_at, answer_kind, judged, closed_at, due_at, due_kind, promised_at, round_at, step_at, consent_public, returns, words'
const partColumns = 'id, request, body, role, state, dispatched_at, acknowledged_at, answered_at, ended_at'
const entryColumns = 'id, request, kind, at, tenure, body, internal, text'
const contactColumns = 'request, name_encrypted, phone_encrypted, phone_index'
const answerColumns = 'id, request, part, kind, state, text, author, created_at, sent_at'
const tokenColumns = 'hash, kind, record'
const judgementColumns = 'id, request, answer, path, solved, satisfaction, given_by, month, at, handler_bodies'
const publicationColumns =
  'request, number, path, title, body, answer, category, state, result, filed_at, answered_at, promised_at, words, released_by, released_at'

interface Making {
  rows: Record<'request' | 'part' | 'entry' | 'contact' | 'answer' | 'token' | 'judgement' | 'publication', Row[]>
  random: () => number
  organisation: Organisation
  encryption: ReturnType<typeof createEncryption>
  sample: { id: string; community: number }[]
  links: string[]
}

function one(making: Making, index: number, first: number, filed: number, state: (typeof states)[number][0]): void {
  const { rows, random, organisation, encryption } = making
  const { title, body } = matter(random)
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
  rows.request.push([
    id,
    number,
    community.id,
    community.path,
    community.path,
    community.path,
    pick(random, ['web', 'web', 'web', 'phone', 'phone', 'card', 'visit', 'chat']),
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
  if (index % 37 === 0) {
    making.sample.push({ id, community: where })
    making.links.push(link)
  }
}

async function copy(client: pg.Client, table: string, columns: string, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return
  const lines = function* () {
    for (const row of rows) yield `${row.map(text).join('\t')}\n`
  }
  await pipeline(Readable.from(lines()), client.query(copyFrom(`copy ${table} (${columns}) from stdin`)))
}

function text(value: unknown): string {
  if (value === null || value === undefined) return '\\N'
  if (Buffer.isBuffer(value)) return `\\\\x${value.toString('hex')}`
  if (Array.isArray(value)) return `{${value.join(',')}}`
  return String(value).replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n')
}
