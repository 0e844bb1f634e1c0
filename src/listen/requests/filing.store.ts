// Filing: one request, its contact, its first line, its link and its act in the register, in few round trips.

import { newId } from '#kernel/database/identifiers.ts'
import { hashToken } from '#kernel/encryption/index.ts'
import { record } from '#kernel/ledger/index.ts'
import { toVectorText } from '#kernel/search/index.ts'
import { numberOf } from './number.ts'
import type { Decision } from './requests.rules.ts'
import { responsible } from './requests.rules.ts'
import type { Writer } from './requests.store.ts'

export interface NewRequest {
  readonly id: string
  readonly place: string
  readonly channel: string
  readonly language: string
  readonly title: string
  readonly body: string
  readonly spot: string | null
  readonly longitude: number | null
  readonly latitude: number | null
  readonly category: string | null
  readonly anonymous: boolean
  readonly reporter: string | null
  /** The tenure of whoever wrote it down for the resident. */
  readonly enteredBy: string | null
  readonly aboutRequest: string | null
  readonly splitFrom: string | null
  readonly faults: readonly string[]
  readonly outerNumber: string | null
  /** When brought in from elsewhere or replayed; the application's role files at the database's own time, whatever stands here. */
  readonly filedAt: string | null
}

export interface NewContact {
  readonly person: string | null
  readonly name: Buffer | null
  readonly phone: Buffer | null
  readonly phoneIndex: Buffer | null
  readonly mail: Buffer | null
  readonly mayCall: boolean
}

const requestStatement = `
  insert into request (id, number, place, filed_path, path, level_path, channel, language, title, body, spot, longitude, latitude,
    category, urgency, state, anonymous, reporter, entered_by, consent_public, first_receiver, holder, responsible, bodies,
    excluded_people, excluded_bodies, due_at, due_kind, due_provisional, promised_at, promised_provisional, round_at, step_at,
    about_request, split_from, faults, outer_number, words, filed_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 'received', $16, $17, $18, $19, $20, $21, $22, $23,
    $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37::tsvector, case when session_user = 'linli_app' then now() else coalesce($38::timestamptz, now()) end)`

const contactStatement = `
  insert into request_contact (request, person, name_encrypted, phone_encrypted, phone_index, mail_encrypted, may_call)
  values ($1, $2, $3, $4, $5, $6, $7)`

/** The next number, with its check digit. Asked for early, it costs no waiting. */
export async function takeNumber(writer: Pick<Writer, 'client'>): Promise<number> {
  const { rows } = await writer.client.query<{ number: number }>({
    name: 'request-number',
    text: "select nextval('request_number') as number",
  })
  const sequence = rows[0]?.number
  if (sequence === undefined) throw new Error('the sequence of numbers gave none')
  return numberOf(sequence)
}

/**
 * Writes a filed request.
 * @param link the clear token of its secret link, stored hashed
 * @returns its number
 */
export async function insertRequest(
  writer: Writer,
  request: NewRequest,
  decision: Decision,
  contact: NewContact | null,
  link: string | null,
  numbered: Promise<number> = takeNumber(writer),
): Promise<number> {
  const { next } = decision
  const _fact = decision.acts[0]
  const number = await numbered
  const filing: Promise<unknown>[] = []
  const send = (name: string, text: string, values: unknown[]) => {
    filing.push(writer.client.query({ name, text, values }))
  }
  send('request-file', requestStatement, [
    request.id,
    number,
    request.place,
    next.path,
    next.path,
    next.holder.path,
    request.channel,
    request.language,
    request.title,
    request.body,
    request.spot,
    request.longitude,
    request.latitude,
    request.category,
    next.urgency,
    request.anonymous,
    request.reporter,
    request.enteredBy,
    next.publicationPermitted,
    next.firstReceiver.body,
    next.holder.body,
    responsible(next).body,
    [next.holder.body],
    next.excludedPeople,
    next.excludedBodies,
    next.due?.at ?? null,
    next.due?.kind ?? null,
    next.due?.provisional ?? false,
    next.promisedAt,
    next.promisedProvisional,
    next.roundAt,
    next.stepAt,
    request.aboutRequest,
    request.splitFrom,
    request.faults,
    request.outerNumber,
    toVectorText(`${request.title} ${request.body} ${request.spot ?? ''}`),
    request.filedAt,
  ])
  // The statements go out together and are answered in order: filing waits for the database once, not six times.
  for (const fact of decision.acts) {
    filing.push(
      record(writer, {
        kind: fact.kind,
        record: request.id,
        path: next.path,
        category: request.category,
        times: fact.times,
        facts: { ...fact.facts, channel: request.channel },
        tenure: request.enteredBy,
        personal: { title: request.title, body: request.body },
      }),
    )
  }
  for (const entry of decision.entries) {
    send(
      'request-filed-entry',
      'insert into request_entry (id, request, kind, at, tenure, internal) values ($1, $2, $3, $4, $5, $6)',
      [newId(), request.id, entry.kind, writer.now, request.enteredBy, entry.audience === 'staff'],
    )
  }
  if (contact) {
    send('request-contact', contactStatement, [
      request.id,
      contact.person,
      contact.name,
      contact.phone,
      contact.phoneIndex,
      contact.mail,
      contact.mayCall,
    ])
  }
  if (link) send('request-link', "select access.grant_token($1, 'follow', $2, null)", [hashToken(link), request.id])
  await Promise.all(filing)
  return number
}
