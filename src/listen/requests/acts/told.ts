// Filing as it comes over HTTP: by the resident for themselves, or written down by staff; about an official or a body it
// goes above them and stays unseen by them.
import { sql } from 'kysely'
import type { Static } from 'typebox'
import { type Act, allow, signedIn } from '#kernel/access/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { ownPhone } from '#organise/people/index.ts'
import { dropDraftOf } from '../drafts.store.ts'
import type { ComplainFor, FileBody } from '../requests.acts.api.ts'
import { routeAbout } from '../requests.rules.ts'
import { districtOf, loadRequest } from '../requests.store.ts'
import { type Filed, type Filing, file, placeOf } from './file.ts'
import { reachedBy } from './link.ts'
import { complain } from './resident.ts'

/** Channels by which residents tell themselves; all others are written down by staff with the duty to enter. */
const ownChannels: readonly string[] = ['web', 'card']

export interface Told extends Filed {
  /** How the link reached the reporter of what staff wrote down; null where it is for them to print and hand over. */
  readonly linkSentBy: 'sms' | 'mail' | null
}

export async function fileTold(act: Act, kernel: Kernel, body: FileBody): Promise<Told> {
  const at = await placeOf(act, body.place)
  const { path } = at
  const own = ownChannels.includes(body.channel)
  const entering = own ? null : allow(act, 'request.enter', path)
  const linkSentBy = entering && !body.anonymous ? reachedBy(kernel.outbox, body) : null
  // Whoever signed in and left nothing else is told by the number they signed in with.
  const phone =
    body.phone?.trim() || (own && !body.anonymous && !body.mail?.trim() ? await ownPhone(act, kernel.encryption) : null)
  const filed = await file(act, kernel, {
    id: body.id,
    place: body.place,
    at,
    channel: body.channel,
    language: act.language,
    title: body.title ?? null,
    body: body.text,
    spot: body.spot ?? null,
    longitude: body.longitude ?? null,
    latitude: body.latitude ?? null,
    category: body.category ?? null,
    // A resident says what is urgent in words; whoever accepts it decides, so that "urgent" keeps its meaning.
    urgency: entering ? (body.urgency ?? 'ordinary') : 'ordinary',
    anonymous: body.anonymous,
    name: body.name ?? null,
    phone,
    mail: body.mail ?? null,
    consentPublic: body.publicationPermitted ?? false,
    reporter: own && !body.anonymous ? act.actor.person : null,
    enteredBy: entering?.tenure.tenure ?? null,
    askedFor: body.card ?? null,
    outerNumber: entering ? (body.outerNumber ?? null) : null,
    linkSent: linkSentBy !== null,
    route: await routeOf(act, body, path),
  })
  // What was being typed has become the request, also where it comes hours later from a telephone that had no network.
  if (entering && body.id) await dropDraftOf(act, signedIn(act), body.id)
  return { ...filed, linkSentBy }
}

/**
 * A complaint about handling, written down by staff who had no hand in it: for the resident, whose link goes to what they leave now. Of
 * their own matter whoever works here complains as its reporter.
 */
export async function complainTold(
  act: Act,
  kernel: Kernel,
  id: string,
  { channel, name, phone, ...body }: Static<typeof ComplainFor>,
): Promise<Told> {
  const { row } = await loadRequest(act, id)
  const own = row.reporter !== null && row.reporter === act.actor.person
  const linkSentBy = own ? null : reachedBy(kernel.outbox, { phone })
  const filed = await complain(
    act,
    kernel,
    id,
    body,
    { anonymous: false, person: own ? row.reporter : null, language: row.language === 'en' ? 'en' : 'zh-CN' },
    own ? {} : { channel, name: name ?? null, phone: phone ?? null, linkSent: linkSentBy !== null },
  )
  return { ...filed, linkSentBy }
}

/** Where a matter about an official or a body goes, and who must not see it; undefined where it is about neither. */
export async function routeOf(
  act: Pick<Act, 'sql'>,
  body: Pick<FileBody, 'aboutTenure' | 'aboutBody'>,
  path: string,
): Promise<Filing['route']> {
  if (!body.aboutTenure && !body.aboutBody) return undefined
  const { rows: posts } = await sql<{ person: string; body: string; path: string; head: boolean }>`
    select r.person, r.body, r.path, r.head from official_posts(${body.aboutTenure ?? null}) r`.execute(act.sql)
  const { rows: bodies } = await sql<{ body: string; path: string }>`
    select id as body, path from body where id = ${body.aboutBody ?? null}`.execute(act.sql)
  if (posts.length === 0 && bodies.length === 0)
    throw new Refusal(422, 'no-such-body', 'requests.no-such-body', { field: 'aboutBody' })
  return routeAbout(
    {
      person: posts[0]?.person ?? null,
      posts: posts.map((post) => ({ body: post.body, path: post.path, head: post.head })),
      bodies,
    },
    path,
    districtOf(path),
  )
}
