// What the resident does with their own request, or staff write down in the resident's words.
import { sql } from 'kysely'
import type { Act } from '#kernel/access/index.ts'
import { newId } from '#kernel/database/identifiers.ts'
import { hashToken, normalisePhone } from '#kernel/encryption/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { toVectorText } from '#kernel/search/index.ts'
import { phoneFault, takesMessages } from '../phones.ts'
import { askQueue } from '../reading/queues.ts'
import type { ActBody } from '../requests.acts.api.ts'
import { loadRequest, reporterReached } from '../requests.store.ts'
import { isHanded } from './enterer.ts'
import { type Filed, type Filing, file } from './file.ts'
import { type Performance, perform } from './perform.ts'

export function add(
  act: Act,
  kernel: Kernel,
  id: string,
  body: ActBody<'add'>,
  version: number | null,
): Promise<Performance> {
  return perform(act, kernel, id, { act: 'add' }, { text: body.text }, { version })
}

/**
 * The reporter puts right the number by which they are reached, or leaves one. The one before is kept and used for nothing, and what
 * was sent to it opens nothing any more; who may judge an answer now is asked anew. The line of the timeline tells those at work that
 * there is another.
 * @param link the clear token by which it is done, which goes on being good; null for whoever signed in
 * @returns null where it is the number that stands
 * @throws Refusal 403 by a link that staff handed out, 422 for what is no number one can be reached by
 */
export async function correctPhone(
  act: Act,
  kernel: Kernel,
  id: string,
  typed: string,
  link: string | null,
): Promise<Performance | null> {
  const { row } = await loadRequest(act, id)
  const fault = phoneFault(typed)
  const phone = normalisePhone(typed)
  if (fault || !phone)
    throw new Refusal(
      422,
      'phone',
      fault === 'requests.phone-service' ? 'requests.form.fault-phone-service' : 'requests.form.fault-phone-wrong',
      { field: 'phone' },
    )
  if (isHanded(act, row.reporter)) throw new Refusal(403, 'request-handed-link', 'requests.follow.phone-handed')
  if ((await phoneLeft(act, kernel, id)) === phone.number) return null
  return perform(
    act,
    kernel,
    id,
    { act: 'correct-phone' },
    {},
    {
      beside: async () => {
        const { rows } = await sql<{ done: boolean }>`
          select request_phone_correct(${id}, ${kernel.encryption.encrypt('contact', phone.number, `${id}.phone`)},
            ${kernel.encryption.blindIndex('phone', phone.number)}, ${act.now}, ${link && hashToken(link)}) as done`.execute(
          act.sql,
        )
        if (!rows[0]?.done) throw new Refusal(403, 'not-allowed', 'http.not-allowed')
        await kernel.jobs.enqueue(act, askQueue, { request: id })
      },
    },
  )
}

/** The number that stands with a request, for its reporter. */
async function phoneLeft(act: Act, kernel: Kernel, id: string): Promise<string | null> {
  const { rows } = await sql<{ phone: Buffer | null }>`
    select phone_encrypted as phone from request_contact where request = ${id}`.execute(act.sql)
  const sealed = rows[0]?.phone
  return sealed ? kernel.encryption.decrypt('contact', sealed, `${id}.phone`) : null
}

/** Both versions are kept: what stood before goes into request_version. Whoever corrects it for the resident says why. */
export function correct(
  act: Act,
  kernel: Kernel,
  id: string,
  body: ActBody<'correct'>,
  version: number | null,
): Promise<Performance> {
  return perform(
    act,
    kernel,
    id,
    { act: 'correct' },
    { text: body.reason ?? null },
    {
      version,
      beside: async ({ loaded }) => {
        const { row } = loaded
        await act.sql
          .insertInto('request_version')
          .values({
            id: newId(),
            request: id,
            title: row.title,
            body: row.body,
            spot: row.spot,
            replaced_at: act.now.toISOString(),
          })
          .execute()
      },
      columns: ({ row }) => {
        const title = body.title ?? row.title
        const text = body.text ?? row.body
        const spot = body.spot ?? row.spot
        return { title, body: text, spot, words: toVectorText(`${title} ${text} ${spot ?? ''}`) }
      },
    },
  )
}

/** Whoever withdraws it for the resident says why, and the resident hears of it. */
export async function withdraw(
  act: Act,
  kernel: Kernel,
  id: string,
  body: ActBody<'withdraw'>,
  version: number | null,
): Promise<Performance> {
  return perform(
    act,
    kernel,
    id,
    async () => ({ act: 'withdraw', reachable: await reporterReached(act, kernel, id) }),
    { text: body.reason ?? null },
    { version },
  )
}

/** A complaint about how a request was handled: a request of its own, linked, handled above the handlers and unseen by them. */
export async function complain(
  act: Act,
  kernel: Kernel,
  id: string,
  body: ActBody<'complain'>,
  reporter: { readonly anonymous: boolean; readonly person: string | null; readonly language: 'zh-CN' | 'en' },
  further: Partial<Filing> = {},
): Promise<Filed> {
  const { rows } = await sql<{ person: string }>`select request_handlers(${id}) as person`.execute(act.sql)
  const handlers = rows.map((row) => row.person)
  const contact = reporter.anonymous ? {} : await contactAlong(act, kernel, id)
  const performance = await perform(act, kernel, id, { act: 'complain', handlers })
  const route = performance.decision.complaint
  if (!route) throw new Error('a complaint without a route')
  const { row } = performance.loaded
  return file(act, kernel, {
    place: row.place,
    channel: 'web',
    language: reporter.language,
    body: body.text,
    anonymous: reporter.anonymous,
    reporter: reporter.person,
    enteredBy: performance.tenure?.tenure ?? null,
    aboutRequest: id,
    faults: body.faults,
    route,
    ...contact,
    ...further,
  })
}

/** What the reporter left with a request, to be told of the complaint by it too; nothing where staff write it down for them. */
async function contactAlong(
  act: Act,
  kernel: Kernel,
  id: string,
): Promise<Pick<Filing, 'name' | 'phone' | 'mail' | 'mayCall'>> {
  const { rows } = await sql<{ name: Buffer | null; phone: Buffer | null; mail: Buffer | null; may_call: boolean }>`
    select c.name_encrypted as name, c.phone_encrypted as phone, c.mail_encrypted as mail, c.may_call
    from request_contact c join request r on r.id = c.request
    where c.request = ${id} and (r.id = ${act.actor.link}::uuid or r.reporter = ${act.actor.person}::uuid)`.execute(
    act.sql,
  )
  const found = rows[0]
  if (!found) return {}
  const open = (what: 'name' | 'phone' | 'mail') => {
    const sealed = found[what]
    return sealed && kernel.encryption.decrypt('contact', sealed, `${id}.${what}`)
  }
  return { name: open('name'), phone: open('phone'), mail: open('mail'), mayCall: found.may_call }
}

/** "Me too" under a published request; the contact is the neighbour's own and is never published. Returns how many there are. */
export async function meToo(act: Act, kernel: Kernel, id: string, body: ActBody<'me-too'>): Promise<number> {
  const phone = body.phone?.trim() ? normalisePhone(body.phone) : null
  // Whoever leaves a number here is promised a message.
  if (body.phone?.trim() && !(phone && takesMessages(phone.number)))
    throw new Refusal(422, 'phone', phone ? 'requests.phone-no-message' : 'requests.phone-wrong', { field: 'phone' })
  const row = newId()
  const { rows } = await sql<{ count: number | null }>`
    select me_too_add(${row}, ${id}, ${phone ? kernel.encryption.encrypt('contact', phone.number, `${row}.phone`) : null},
      ${phone ? kernel.encryption.blindIndex('phone', phone.number) : null}, ${body.words ?? null}) as count`.execute(
    act.sql,
  )
  const count = rows[0]?.count
  if (count === null || count === undefined) throw new Refusal(404, 'not-found', 'http.not-found')
  return count
}
