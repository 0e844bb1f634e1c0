// Filing: one request, its contact, its first line, its link and its act in the register, in few round trips.

import { newId } from '#kernel/database/identifiers.ts'
import { hashToken } from '#kernel/encryption/index.ts'
import { actsToAppend } from '#kernel/ledger/index.ts'
import { toVectorText } from '#kernel/search/index.ts'
import { numberOf } from './number.ts'
import type { Decision } from './requests.rules.ts'
import { responsible } from './requests.rules.ts'
import type { Writer } from './writing.store.ts'

export interface NewRequest {
  readonly id: string
  readonly number: number
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
  /** Whom its reporter wished to speak to. */
  readonly askedFor?: string | null
  /** The tenure under which it is written, where that is not whoever wrote it down for the resident. */
  readonly by?: string | null
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

export interface PlaceToFileAt {
  readonly id: string
  readonly path: string
  /** Of the request that is filed there now. */
  readonly number: number
}

/** A place to file at, and the next number, with its check digit. Null for a place that is gone or was never there. */
export async function placeToFileAt(writer: Pick<Writer, 'client'>, id: string): Promise<PlaceToFileAt | null> {
  const { rows } = await writer.client.query<{ path: string; sequence: number }>({
    name: 'request-place',
    text: "select path, nextval('request_number') as sequence from place where id = $1 and abolished_at is null",
    values: [id],
  })
  const found = rows[0]
  return found ? { id, path: found.path, number: numberOf(found.sequence) } : null
}

/** The next number, with its check digit. */
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
 * @returns the leaf of its act in the register and when it was made, once it is written
 */
export async function insertRequest(
  writer: Writer,
  request: NewRequest,
  decision: Decision,
  contact: NewContact | null,
  link: string | null,
): Promise<{ leaf: Buffer; at: string }> {
  const { next } = decision
  const filed = {
    request: {
      id: request.id,
      number: request.number,
      place: request.place,
      filed_path: next.path,
      path: next.path,
      level_path: next.holder.path,
      channel: request.channel,
      language: request.language,
      title: request.title,
      body: request.body,
      spot: request.spot,
      longitude: request.longitude,
      latitude: request.latitude,
      category: request.category,
      urgency: next.urgency,
      anonymous: request.anonymous,
      reporter: request.reporter,
      entered_by: request.enteredBy,
      asked_for: request.askedFor ?? null,
      consent_public: next.publicationPermitted,
      first_receiver: next.firstReceiver.body,
      holder: next.holder.body,
      responsible: responsible(next).body,
      bodies: [next.holder.body],
      excluded_people: next.excludedPeople,
      excluded_bodies: next.excludedBodies,
      due_at: next.due?.at ?? null,
      due_kind: next.due?.kind ?? null,
      due_provisional: next.due?.provisional ?? false,
      promised_at: next.promisedAt,
      promised_provisional: next.promisedProvisional,
      round_at: next.roundAt,
      step_at: next.stepAt,
      about_request: request.aboutRequest,
      split_from: request.splitFrom,
      faults: request.faults,
      outer_number: request.outerNumber,
      words: toVectorText(`${request.title} ${request.body} ${request.spot ?? ''}`),
      filed_at: request.filedAt,
    },
    contact: contact && {
      person: contact.person,
      name_encrypted: hexOf(contact.name),
      phone_encrypted: hexOf(contact.phone),
      phone_index: hexOf(contact.phoneIndex),
      mail_encrypted: hexOf(contact.mail),
      may_call: contact.mayCall,
    },
    entries: decision.entries.map((entry) => ({
      id: newId(),
      kind: entry.kind,
      at: (request.splitFrom && request.filedAt) || writer.now.toISOString(),
      internal: entry.audience === 'staff',
    })),
    acts: actsToAppend(
      writer,
      decision.acts.map((fact) => ({
        kind: fact.kind,
        record: request.id,
        path: next.path,
        category: request.category,
        times: fact.times,
        facts: { ...fact.facts, channel: request.channel },
        tenure: request.by ?? request.enteredBy,
        personal: { title: request.title, body: request.body },
      })),
    ),
    link: link && hashToken(link).toString('hex'),
  }
  await writer.client.query({
    name: 'request-file',
    text: 'select from request_file($1::jsonb)',
    values: [JSON.stringify(filed)],
  })
  const [first] = filed.acts
  return { leaf: Buffer.from(String(first?.leaf), 'hex'), at: String(first?.at) }
}

/** Bytes as PostgreSQL reads them from a text. */
function hexOf(bytes: Buffer | null): string | null {
  return bytes && `\\x${bytes.toString('hex')}`
}
