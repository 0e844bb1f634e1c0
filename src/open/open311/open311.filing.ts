// A request that other people's software brings in, and what it adds later: through the same doors as everybody's.
import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Act } from '#kernel/access/index.ts'
import { newToken } from '#kernel/encryption/index.ts'
import { inAct, once } from '#kernel/http/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { type KeyShown, stillHolds } from '#kernel/keys/index.ts'
import { exactTime, t } from '#kernel/words/index.ts'
import { actsAsked, file, parseNumber, reachedBy } from '#listen/requests/index.ts'
import { depthOf, depths, placeNear } from '#organise/places/index.ts'
import { generalCode } from './open311.answers.ts'
import { type Fields, letGo, mediaOf, momentOf, pointOf, type Sent, textOf } from './open311.asking.ts'
import { saidStatuses, tidy } from './open311.rules.ts'
import { lastAdded, markFiled, ownRequest, readJurisdiction, readServices, serviceAt } from './open311.store.ts'

/** A key that was shown, with its text, under which the transaction enters. */
export interface Shown {
  readonly key: KeyShown
  readonly text: string
}

/** So long may be what was seen, with the addresses of pictures; the database takes twenty thousand. */
const longestText = 15_000

const bad = (key: string, field: string, values: Record<string, string | number> = {}) =>
  new Refusal(400, 'invalid-field', key, { field, values: { field, ...values } })

function needed(fields: Fields, name: string, most: number): string {
  const text = textOf(fields, name, most)
  if (text === null)
    throw new Refusal(400, 'missing-field', 'open311.missing', { field: name, values: { field: name } })
  return text
}

interface At {
  readonly id: string
  readonly path: string
}

/** The place that a client speaks of by `jurisdiction_id`. @throws Refusal 404 for a code that is none, 403 outside the key's place */
export async function jurisdictionOf(act: Pick<Act, 'sql'>, fields: Fields, key: KeyShown | null): Promise<At | null> {
  const code = textOf(fields, 'jurisdiction_id', 100)
  if (code === null) return key?.place ?? null
  const found = await readJurisdiction(act.sql, code)
  if (!found)
    throw new Refusal(404, 'not-found', 'open311.no-jurisdiction', { field: 'jurisdiction_id', values: { code } })
  if (key?.place && !found.path.startsWith(key.place.path))
    throw new Refusal(403, 'key-place', 'open311.key-place', { field: 'jurisdiction_id', values: { code } })
  return found
}

/** Where a request belongs: by the code of a place, by a point, or by the jurisdiction where only an address in words is given. */
async function placeFor(act: Act, fields: Fields, key: KeyShown): Promise<At> {
  const bound = await jurisdictionOf(act, fields, key)
  const within = (at: At, field: string): At => {
    if (bound && !at.path.startsWith(bound.path))
      throw bad('open311.outside-jurisdiction', field, { code: textOf(fields, 'jurisdiction_id', 100) ?? key.name })
    return at
  }
  const code = textOf(fields, 'address_id', 100)
  const point = pointOf(fields)
  if (code !== null) {
    const named = await readJurisdiction(act.sql, code)
    if (!named) throw bad('open311.no-address-id', 'address_id', { code })
    return within(named, 'address_id')
  }
  if (point === null && textOf(fields, 'address_string', 200) === null) throw bad('open311.where', 'lat')
  const near = point && (await placeNear(act.sql, point))
  const community = near?.chain.at(-1)
  // Only a community by whose line or houses the point lies says that it is outside; one that is merely near says nothing.
  if (near && community && (!bound || community.path.startsWith(bound.path) || near.metres === 0)) {
    if (bound?.path.startsWith(community.path) && depthOf(bound.path) >= depths.community) return bound
    return within({ id: community.id, path: community.path }, 'lat')
  }
  if (!bound) throw bad('open311.where-unknown', 'lat')
  return bound
}

/** What a form says of its reporter. Whoever leaves nothing is anonymous. */
function reporterOf(fields: Fields) {
  const name = [textOf(fields, 'first_name', 40), textOf(fields, 'last_name', 40)]
    .filter((part) => part !== null)
    .join(' ')
    .replace(/\s+/g, ' ')
  const mail = textOf(fields, 'email', 200)
  if (mail !== null && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(mail)) throw bad('open311.mail', 'email')
  const phone = textOf(fields, 'phone', 30)
  return { name: name || null, mail, phone, anonymous: !name && !mail && !phone }
}

function publicationOf(fields: Fields): boolean {
  const said = textOf(fields, 'attribute[publication]', 20)?.toLowerCase()
  if (said !== undefined && said !== 'yes' && said !== 'no') throw bad('open311.publication', 'attribute[publication]')
  return said === 'yes'
}

/**
 * The category of a code, at the place where it is filed. The list of a jurisdiction tells what holds anywhere within it, so that a code
 * of the list may be none of this place: that is said as what it is.
 * @throws Refusal 400 where it holds elsewhere in the jurisdiction alone, 404 where it is no code of it
 */
async function serviceOf(act: Act, fields: Fields, at: At, code: string, key: KeyShown): Promise<{ id: string }> {
  const service = await serviceAt(act.sql, at.path, code)
  if (service) return service
  const bound = await jurisdictionOf(act, fields, key)
  const values = { code, general: generalCode }
  if ((await readServices(act.sql, bound?.path ?? null, code)).length > 0)
    throw new Refusal(400, 'invalid-field', 'open311.not-there', { field: 'service_code', values })
  throw new Refusal(404, 'not-found', 'open311.no-service', { field: 'service_code', values })
}

/** FixMyStreet writes "title: …" before the rest. */
function titleOf(text: string): string | null {
  const [, title = ''] = /^title:[ \t]*(\S[^\n]*)/i.exec(text) ?? []
  const line = [...title.trim()]
  return line.length === 0 ? null : line.length <= 120 ? line.join('') : `${line.slice(0, 119).join('')}…`
}

const withMedia = (text: string, media: readonly string[], act: Pick<Act, 'language'>): string =>
  [text, ...media.map((url) => t(act.language)('open311.media-line', { url }))].filter((part) => part !== '').join('\n')

/** What the same form is known by when it comes again: all of it but the key, pictures by what they are. */
function formOf({ fields, pictures }: Sent) {
  const pairs = [...fields].filter(([name]) => name !== 'api_key').toSorted(([one], [other]) => (one < other ? -1 : 1))
  return [...pairs, ...pictures.map(({ sha256 }) => sha256.toString('hex'))]
}

async function attach(act: Act, kernel: Kernel, sent: Sent, record: string): Promise<void> {
  if (sent.pictures.length === 0) return
  const token = newToken()
  const held: string[] = []
  for (const picture of sent.pictures) held.push((await kernel.files.hold(act, token, picture, 'request')).id)
  await kernel.files.attach(act, token, held, record)
}

/** Undoes what was tried; what it would have answered goes along. */
class Tried extends Error {
  readonly answer: unknown
  constructor(answer: unknown) {
    super('tried')
    this.answer = answer
  }
}

/**
 * Does the work of a posted form once: the same form again from the same key is answered as the first time, for three days. With
 * `trial` everything is done, and undone again.
 */
async function onceFor<T>(
  kernel: Kernel,
  request: FastifyRequest,
  shown: Shown,
  sent: Sent,
  options: { readonly trial: boolean; readonly what: string; readonly record?: string },
  work: (act: Act) => Promise<T>,
): Promise<T> {
  const form = formOf(sent)
  const given = request.headers['idempotency-key']
  const known = typeof given === 'string' ? given : createHash('sha256').update(JSON.stringify(form)).digest('hex')
  let used = false
  try {
    return await inAct(
      kernel,
      request,
      { key: { secret: shown.text, ...(options.record ? { record: options.record } : {}) } },
      async (act) => {
        stillHolds(act, shown.key)
        if (options.trial) throw new Tried(await work(act))
        const done = await once(
          act,
          kernel.config.secret,
          known,
          options.what,
          form,
          async () => ({ status: 200, answer: await work(act) }),
          shown.key.id,
        )
        used = !done.repeated
        return done.answer
      },
    )
  } catch (error) {
    used = false
    if (error instanceof Tried) return error.answer as T
    throw error
  } finally {
    if (!used) await letGo(kernel, sent.pictures)
  }
}

export interface Received {
  readonly service_request_id: string
  readonly service_notice: string
  readonly account_id: null
}

/**
 * Files a request that came by a key (GeoReport v2, POST Service Request). Device and account of the sender are taken and kept nowhere.
 * @throws Refusal 400, 403, 404 with a sentence
 */
export function fileFromElsewhere(
  kernel: Kernel,
  request: FastifyRequest,
  shown: Shown,
  sent: Sent,
  trial: boolean,
): Promise<Received> {
  const { fields } = sent
  return onceFor(kernel, request, shown, sent, { trial, what: 'open311 request' }, async (act) => {
    const say = t(act.language)
    const code = needed(fields, 'service_code', 100)
    const text = tidy(needed(fields, 'description', longestText))
    const media = mediaOf(fields)
    const reporter = reporterOf(fields)
    const point = pointOf(fields)
    const at = await placeFor(act, fields, shown.key)
    const service = code === generalCode ? null : await serviceOf(act, fields, at, code, shown.key)
    const filed = await file(act, kernel, {
      place: at.id,
      channel: 'system',
      language: act.language,
      title: titleOf(text),
      body: withMedia(text, media, act),
      spot: textOf(fields, 'address_string', 200),
      longitude: point?.longitude ?? null,
      latitude: point?.latitude ?? null,
      category: service?.id ?? null,
      ...reporter,
      consentPublic: publicationOf(fields),
      linkSent: !reporter.anonymous && reachedBy(kernel.outbox, reporter) !== null,
    })
    await markFiled(act, filed.id, shown.key.id)
    await attach(act, kernel, sent, filed.id)
    return {
      service_request_id: String(filed.number),
      service_notice: trial
        ? say('open311.notice-test')
        : say('open311.notice', { holder: filed.holderName, by: exactTime(filed.promisedAt, act.language) }),
      account_id: null,
    }
  })
}

/**
 * Adds to a request that the same key brought in (FixMyStreet's extension, POST servicerequestupdates). What the client says of its
 * status is passed on in words: whether a matter is solved, its reporter says here.
 * @throws Refusal 400, 403, 404 with a sentence
 */
export async function addFromElsewhere(
  kernel: Kernel,
  request: FastifyRequest,
  shown: Shown,
  sent: Sent,
  trial: boolean,
): Promise<{ readonly update_id: string }> {
  const { fields } = sent
  try {
    const number = parseNumber(needed(fields, 'service_request_id', 60))
    momentOf(fields, 'updated_datetime')
    const status = textOf(fields, 'status', 60)?.toLowerCase().replaceAll(' ', '_')
    if (status !== undefined && !(saidStatuses as readonly string[]).includes(status))
      throw bad('open311.update-status', 'status', { list: saidStatuses.join(', ') })
    const description = tidy(textOf(fields, 'description', longestText) ?? '')
    const media = mediaOf(fields)
    const ends = status !== undefined && status !== 'open' ? status : null
    if (description === '' && media.length === 0 && sent.pictures.length === 0 && ends === null)
      needed(fields, 'description', longestText)
    const record = await inAct(kernel, request, { key: { secret: shown.text } }, async (act) =>
      number === null ? null : ownRequest(act, number),
    )
    if (record === null) throw new Refusal(404, 'not-found', 'open311.no-request', { field: 'service_request_id' })
    return await onceFor(
      kernel,
      request,
      shown,
      sent,
      { trial, what: `open311 update ${record}`, record },
      async (act) => {
        const said = ends === null ? [] : [t(act.language)('open311.said-status', { status: ends })]
        const text = [withMedia(description, media, act), ...said].filter((part) => part !== '').join('\n')
        await actsAsked.add(act, kernel, record, { text: text || t(act.language)('open311.picture-added') }, null)
        await attach(act, kernel, sent, record)
        return { update_id: await lastAdded(act, record) }
      },
    )
  } catch (error) {
    await letGo(kernel, sent.pictures)
    throw error
  }
}
