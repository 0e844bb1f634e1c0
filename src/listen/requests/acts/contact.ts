// Reading who reported: a duty of its own, and each reading is written down where the person sees it.
import { sql } from 'kysely'
import { type Act, type Actor, allow, logReading, may } from '#kernel/access/index.ts'
import { normalisePhone } from '#kernel/encryption/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { isHeld } from '../requests.rules.ts'
import { type LoadedRequest, loadRequest } from '../requests.store.ts'

interface Sealed {
  person: string | null
  name_encrypted: Buffer | null
  phone_encrypted: Buffer | null
  mail_encrypted: Buffer | null
}

/** The tenure under which a contact is read: the duty at the place, or the unit that has the request in hand. */
function readingTenure(act: Act, { facts }: LoadedRequest): string {
  if (may(act.actor, 'request.contact', facts.path)) return allow(act, 'request.contact', facts.path).tenure.tenure
  const unit = act.actor.tenures.find(
    (held) =>
      held.duties.includes('request.handle') && facts.parts.some((part) => isHeld(part) && part.body === held.body),
  )
  if (!unit) throw new Refusal(403, 'not-allowed', 'http.not-allowed')
  return unit.tenure
}

/** Whether somebody would be shown the contact, were they to ask: asking is what is written down. */
export function mayReadContact(actor: Actor, facts: LoadedRequest['facts']): boolean {
  return (
    may(actor, 'request.contact', facts.path) ||
    actor.tenures.some(
      (held) =>
        held.duties.includes('request.handle') && facts.parts.some((part) => isHeld(part) && part.body === held.body),
    )
  )
}

/** The contact in clear. */
export async function readContact(
  act: Act,
  kernel: Kernel,
  id: string,
): Promise<{ name: string | null; phone: string | null; address: string | null }> {
  const loaded = await loadRequest(act, id)
  const tenure = readingTenure(act, loaded)
  const sealed = await contactRow(act, id)
  await logReading(act, {
    subjectPerson: sealed?.person ?? null,
    subjectRecord: id,
    recordKind: 'request',
    what: 'contact',
    tenure,
  })
  const open = (what: string, value: Buffer | null | undefined) =>
    value ? kernel.encryption.decrypt('contact', value, `${id}.${what}`) : null
  return {
    name: open('name', sealed?.name_encrypted),
    phone: open('phone', sealed?.phone_encrypted),
    address: loaded.row.spot,
  }
}

async function contactRow(act: Act, id: string): Promise<Sealed | undefined> {
  const { rows } = await sql<Sealed>`
    select person, name_encrypted, phone_encrypted, mail_encrypted from request_contact where request = ${id}`.execute(
    act.sql,
  )
  return rows[0]
}

export interface Earlier {
  id: string
  number: number
  title: string
  state: string
  filed_at: string
}

/**
 * Requests by the caller's telephone, within the reader's reach: exact, by its keyed index, so that no part of a number can be tried. For
 * the duty to read contacts alone; each that is found is written down where its reporter sees it.
 * @throws Refusal 403 without the duty anywhere, 422 for what is no number
 */
export async function findByPhone(act: Act, kernel: Pick<Kernel, 'encryption'>, typed: string): Promise<Earlier[]> {
  if ((act.actor.reach['request.contact'] ?? []).length === 0) throw new Refusal(403, 'not-allowed', 'http.not-allowed')
  const phone = normalisePhone(typed)
  if (!phone) throw new Refusal(422, 'phone', 'requests.phone-wrong', { field: 'phone' })
  const index = kernel.encryption.blindIndex('phone', phone.number)
  const { rows } = await sql<Earlier & { path: string; person: string | null }>`
    select r.id, r.number, r.title, r.state, r.filed_at, r.path, c.person from request r
    left join request_contact c on c.request = r.id
    where r.id in (select request_find_phone(${index}, 50)) order by r.id desc`.execute(act.sql)
  for (const { id, path, person } of rows) {
    const { tenure } = allow(act, 'request.contact', path)
    await logReading(act, {
      subjectPerson: person,
      subjectRecord: id,
      recordKind: 'request',
      what: 'earlier',
      purpose: 'phone',
      tenure: tenure.tenure,
    })
  }
  return rows.map(({ id, number, title, state, filed_at }) => ({ id, number, title, state, filed_at }))
}

/** The same caller's earlier requests, within the reader's reach; no count of them is shown anywhere else. */
export async function readEarlier(act: Act, id: string): Promise<Earlier[]> {
  const loaded = await loadRequest(act, id)
  const { tenure } = allow(act, 'request.contact', loaded.facts.path)
  const sealed = await contactRow(act, id)
  await logReading(act, {
    subjectPerson: sealed?.person ?? null,
    subjectRecord: id,
    recordKind: 'request',
    what: 'earlier',
    tenure: tenure.tenure,
  })
  const { rows } = await sql<Earlier>`
    select r.id, r.number, r.title, r.state, r.filed_at from request r where r.id in (select request_earlier(${id}))
    order by r.id desc limit 20`.execute(act.sql)
  return rows
}
