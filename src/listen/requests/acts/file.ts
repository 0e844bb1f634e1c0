// A resident's words become a request: by the resident, or by whoever writes them down for the resident.
import { sql } from 'kysely'
import type { Act } from '#kernel/access/index.ts'
import { newId } from '#kernel/database/identifiers.ts'
import { sendTogether } from '#kernel/database/index.ts'
import { newToken, normalisePhone } from '#kernel/encryption/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { firstReceiver } from '#organise/bodies/index.ts'
import { insertRequest, type PlaceToFileAt, placeToFileAt } from '../filing.store.ts'
import { formatNumber } from '../number.ts'
import { phoneFault } from '../phones.ts'
import { linkQueue, timerQueue } from '../reading/queues.ts'
import { receiverAt, type Surroundings, surroundingsAt } from '../reading/surroundings.ts'
import type { Channel, ServiceFault, Urgency } from '../requests.api.ts'
import { fileRequest, nextTimer, type RequestFacts } from '../requests.rules.ts'
import { daysWithoutCategory, districtOf } from '../requests.store.ts'
import type { Writer } from '../writing.store.ts'

export interface Filing {
  /** Made by whoever asks, so that files and repeats can refer to it; else made here. */
  readonly id?: string
  /** Only where a past is brought in (the demonstration); the application's role cannot file in the past. */
  readonly filedAt?: Date
  /** The place, by id. */
  readonly place: string
  /** The same place, where it has been read in this transaction already. */
  readonly at?: PlaceToFileAt
  readonly channel: Channel
  readonly language: 'zh-CN' | 'en'
  readonly title?: string | null
  readonly body: string
  readonly spot?: string | null
  readonly longitude?: number | null
  readonly latitude?: number | null
  readonly category?: string | null
  readonly urgency?: Urgency
  readonly anonymous: boolean
  readonly name?: string | null
  readonly phone?: string | null
  readonly mail?: string | null
  readonly mayCall?: boolean
  readonly consentPublic?: boolean
  /** The signed-in person who reports for themselves; null when staff write it down or it is anonymous. */
  readonly reporter?: string | null
  /** The tenure of staff who write it down for the resident. */
  readonly enteredBy?: string | null
  /** The tenure whose contact card was read: whom the reporter wished to speak to. */
  readonly askedFor?: string | null
  /** Under which it stands in the system that it comes from. */
  readonly outerNumber?: string | null
  /** The link goes to the reporter alone, by what they left: a job makes and sends it. */
  readonly linkSent?: boolean
  /** A complaint about how another request was handled. */
  readonly aboutRequest?: string | null
  readonly faults?: readonly ServiceFault[]
  /** Where it must go instead of the nearest body, and who must not see it (officials reported on, handlers complained about). */
  readonly route?: {
    readonly level: string
    readonly excludedPeople: readonly string[]
    readonly excludedBodies: readonly string[]
  }
}

export interface Filed {
  readonly id: string
  readonly number: number
  /** For reading aloud. */
  readonly spoken: string
  /** The clear token of the secret link; shown once. Null where it is sent to the reporter. */
  readonly link: string | null
  readonly promisedAt: string
  /** A signed note: that what was told goes into the register of acts. */
  readonly registered: string
  readonly dueAt: string | null
  readonly holder: string
  readonly holderName: string
}

/** A title from the text where none was given: its first sentence, at most 40 characters. */
export function titleOf(text: string): string {
  const first =
    text
      .trim()
      .split(/[\n。！？!?；;]/u, 1)[0]
      ?.trim() ?? ''
  const characters = [...(first || text.trim())]
  return characters.length <= 40 ? characters.join('') : `${characters.slice(0, 39).join('')}…`
}

/**
 * Files a request in the transaction of whoever tells it. Nothing is too small; somebody is responsible from the first moment.
 * @throws Refusal 422 for a place that is gone, a phone that is none, or where nobody yet receives requests
 */
export async function file(act: Act, kernel: Kernel, filing: Filing): Promise<Filed> {
  const place = filing.at ?? (await placeOf(act, filing.place))
  const [surroundings, holder, promisedDays] = await Promise.all([
    surroundingsAt(act.sql, place.path, act.now),
    filing.route
      ? firstReceiver(act.sql, filing.route.level, filing.route.excludedBodies)
      : receiverAt(act.sql, place.path),
    promisedDaysOf(act, filing.category ?? null, place.path),
  ])
  const id = filing.id ?? newId()
  const decision = fileRequest(
    {
      id,
      path: place.path,
      ceiling: districtOf(place.path),
      holder: { body: holder.id, path: holder.path },
      urgency: filing.urgency ?? 'ordinary',
      promisedDays,
      publicationPermitted: filing.consentPublic ?? false,
      excludedPeople: filing.route?.excludedPeople ?? [],
      excludedBodies: filing.route?.excludedBodies ?? [],
    },
    surroundings,
  )
  const link = filing.linkSent ? null : newToken()
  // Sent along with the rest: one wait for the database, not two.
  sendTogether(act.client)
  const inserted = insertRequest(
    act,
    {
      id,
      number: place.number,
      place: place.id,
      channel: filing.channel,
      language: filing.language,
      title: filing.title?.trim() || titleOf(filing.body),
      body: filing.body.trim(),
      spot: filing.spot?.trim() || null,
      longitude: filing.longitude ?? null,
      latitude: filing.latitude ?? null,
      category: filing.category ?? null,
      anonymous: filing.anonymous,
      reporter: filing.anonymous ? null : (filing.reporter ?? null),
      enteredBy: filing.enteredBy ?? null,
      askedFor: filing.askedFor ?? null,
      aboutRequest: filing.aboutRequest ?? null,
      splitFrom: null,
      faults: filing.faults ?? [],
      outerNumber: filing.outerNumber?.trim() || null,
      filedAt: filing.filedAt?.toISOString() ?? null,
    },
    decision,
    filing.anonymous ? null : contactOf(kernel, id, filing),
    link,
  )
  const [{ leaf, at }] = await Promise.all([
    inserted,
    enqueueTimer(act, kernel, id, decision.next, surroundings),
    ...(filing.linkSent ? [kernel.jobs.enqueue(act, linkQueue, { request: id })] : []),
  ])
  return {
    id,
    number: place.number,
    spoken: formatNumber(place.number),
    link,
    promisedAt: decision.next.promisedAt,
    registered: await kernel.publishing.promise(leaf, at),
    dueAt: decision.next.due?.at ?? null,
    holder: holder.id,
    holderName: (act.language === 'en' && holder.nameEn) || holder.name,
  }
}

/** @throws Refusal 422 for a place that is gone */
export async function placeOf(act: Pick<Act, 'client'>, id: string): Promise<PlaceToFileAt> {
  const place = await placeToFileAt(act, id)
  if (!place) throw new Refusal(422, 'no-such-place', 'requests.no-such-place', { field: 'place' })
  return place
}

async function promisedDaysOf(act: Pick<Act, 'sql'>, category: string | null, path: string): Promise<number> {
  if (!category) return daysWithoutCategory
  const { rows } = await sql<{ days: number }>`
    select promised_days as days from category
    where id = ${category} and retired_at is null and starts_with(${path}, path)`.execute(act.sql)
  if (!rows[0]) throw new Refusal(422, 'no-such-category', 'requests.no-such-category', { field: 'category' })
  return rows[0].days
}

/** The reporter's contact, sealed to this request; null where none was left. */
export function contactOf(
  kernel: Pick<Kernel, 'encryption'>,
  request: string,
  given: Pick<Filing, 'reporter' | 'name' | 'phone' | 'mail' | 'mayCall'>,
) {
  const fault = given.phone?.trim() ? phoneFault(given.phone) : null
  if (fault) throw new Refusal(422, 'phone', fault, { field: 'phone' })
  const phone = given.phone?.trim() ? normalisePhone(given.phone) : null
  const name = given.name?.trim() || null
  const mail = given.mail?.trim() || null
  if (!phone && !name && !mail && !given.reporter) return null
  const seal = (what: string, value: string | null | undefined) =>
    value ? kernel.encryption.encrypt('contact', value, `${request}.${what}`) : null
  return {
    person: given.reporter ?? null,
    name: seal('name', name),
    phone: seal('phone', phone?.number),
    phoneIndex: phone ? kernel.encryption.blindIndex('phone', phone.number) : null,
    mail: seal('mail', mail),
    mayCall: given.mayCall ?? true,
  }
}

/** The timer that fires next goes into the queue of the same transaction, so that it lives exactly if the change does. */
export async function enqueueTimer(
  writer: Writer,
  kernel: Pick<Kernel, 'jobs'>,
  request: string,
  facts: RequestFacts,
  surroundings: Surroundings,
): Promise<void> {
  const timer = nextTimer(facts, surroundings.settings, surroundings.calendar)
  // The nightly draw looks for those whom nobody judged; no timer is needed for them.
  if (timer && timer.kind !== 'no_judgement')
    await kernel.jobs.enqueue(writer, timerQueue, { request, kind: timer.kind }, { at: timer.at })
}
