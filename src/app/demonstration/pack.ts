/**
 * Reads the demonstration pack (packs/demonstration, described there) and spells out what its short form leaves to be
 * understood: usual journeys, who acts, and when. Pure apart from reading files; the loader replays the result.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { Act, Channel, ExplanationKind, ServiceFault, Urgency, Verdict } from '#listen/requests/requests.api.ts'
import type { Duty } from '#organise/bodies/index.ts'
import type { Pack, PackAct, PackBody, PackCategory, PackPlace, PackRequest } from './pack.shapes.ts'

export const packFolder = join(import.meta.dirname, '..', '..', '..', 'packs', 'demonstration')

/** Minutes of a span such as `40m`, `3h`, `9d2h`. Throws on anything else. */
export function minutesOf(span: string): number {
  const found = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?$/.exec(span)
  if (!found || span === '') throw new Error(`Not a span of time: ${span}`)
  const [, days, hours, minutes] = found
  return Number(days ?? 0) * 1440 + Number(hours ?? 0) * 60 + Number(minutes ?? 0)
}

type Written = Omit<PackAct, 'minutes' | 'by' | 'holder' | 'on'> & {
  at?: string
  after?: string
  by?: string
  as?: string
  on?: string
}

interface WrittenRequest {
  key?: string
  is: {
    in: string
    about: string
    via: Channel
    told: string
    to?: string
    outer?: string
    point?: [number, number]
  }
  title: string
  text: string
  language?: 'zh-CN' | 'en'
  urgency?: Urgency
  from?: string
  public?: boolean
  published?: true | { title?: string; text?: string }
  'me-too'?: number
  faults?: ServiceFault[]
  'complains-about'?: string
  'about-official'?: string
  flow?: string
  pace?: number
  journey?: Written[]
  answer?: string
  reason?: string
  belongs?: string
  explains?: { kind: ExplanationKind; law: string; text: string; remedy: string }
  judged?: { verdict: Verdict; satisfied: number; words?: string }
}

const reporterActs: readonly Act[] = [
  'judge',
  'withdraw',
  'correct',
  'add',
  'reopen',
  'complain',
  'permit-publication',
  'forbid-publication',
  'unpublish',
  'agree-visit',
]

/** Who may sign in and how they are reached: alone, since every start tells the accounts. */
export function readAccounts(folder: string = packFolder): Pick<Pack, 'phones' | 'accounts' | 'residents'> {
  return parse(readFileSync(join(folder, 'accounts.yaml'), 'utf8'))
}

/** Reads the whole pack. Throws when a file cannot be read or a span of time cannot be understood. */
export function readPack(folder: string = packFolder): Pack {
  const read = (name: string) => parse(readFileSync(join(folder, name), 'utf8'))
  const places = placesOf(read('places.yaml'))
  const bodies = bodiesOf(read('bodies.yaml'))
  const flows = read('flows.yaml') as Record<string, Written[]>
  const { hours, deadlines } = read('settings.yaml')
  const { phones, accounts, residents } = readAccounts(folder)
  const written = readdirSync(join(folder, 'requests'))
    .sort()
    .flatMap((name) =>
      (read(join('requests', name)) as WrittenRequest[]).map((each, index) => ({
        ...each,
        key: each.key ?? `${name.replace('.yaml', '')}-${index + 1}`,
      })),
    )
  return {
    places,
    bodies,
    categories: categoriesOf(read('categories.yaml')),
    laws: read('laws.yaml'),
    templates: read('templates.yaml'),
    hours,
    deadlines,
    phones,
    accounts,
    residents,
    requests: written.map((each) => requestOf(each, flows, places, bodies)),
  }
}

type Named = { key: string; name: string; name_en: string; code: string; point?: [number, number] }

function placesOf(read: {
  provinces: Named[]
  cities: Named[]
  subdistricts: (Named & { above: Named; communities: Named[] })[]
  grids: (Named & { of: string })[]
  buildings: (Named & { of: string })[]
}): PackPlace[] {
  return [
    ...read.provinces.map((each) => ({ ...each, kind: 'province' as const })),
    ...read.cities.map((each) => ({ ...each, kind: 'city' as const })),
    ...read.subdistricts.flatMap(({ above, communities, ...own }) => [
      { ...above, kind: 'district' as const },
      { ...own, of: above.key, kind: 'subdistrict' as const },
      ...communities.map((each) => ({ ...each, of: own.key, kind: 'community' as const })),
    ]),
    ...read.grids.map((each) => ({ ...each, kind: 'grid' as const })),
    ...read.buildings.map((each) => ({ ...each, kind: 'building' as const })),
  ]
}

type Kit = Record<
  string,
  { title: string; title_en: string; duties: Duty[]; seats?: number; head?: boolean; shown?: boolean }
>

function bodiesOf(read: {
  kits: Record<string, Kit>
  bodies: (Omit<PackBody, 'posts'> & { kit: string; holders: Record<string, string[]> })[]
}): PackBody[] {
  return read.bodies.map(({ kit, holders, ...body }) => ({
    ...body,
    posts: Object.entries(holders).map(([key, people]) => {
      const post = read.kits[kit]?.[key]
      if (!post) throw new Error(`${body.key} holds a post that its kit does not have: ${key}`)
      return { seats: 1, head: false, shown: false, ...post, key: `${body.key}.${key}`, holders: people }
    }),
  }))
}

function categoriesOf(
  read: {
    name: [string, string]
    groups: { name: [string, string]; leaves: (Omit<PackCategory, 'names'> & { name: [string, string] })[] }[]
  }[],
): PackCategory[] {
  return read.flatMap((wide) =>
    wide.groups.flatMap((group) =>
      group.leaves.map(({ name, ...leaf }) => ({ ...leaf, names: [wide.name, group.name, name] })),
    ),
  )
}

function requestOf(
  written: WrittenRequest & { key: string },
  flows: Record<string, Written[]>,
  places: PackPlace[],
  bodies: PackBody[],
): PackRequest {
  const { is } = written
  const chain = above(is.in, places)
  const subdistrict = chain.find((place) => place.kind === 'subdistrict')?.key ?? ''
  const office = `${subdistrict}-office`
  const government = `${chain.find((place) => place.kind === 'district')?.key}-government`
  const community = chain.find((place) => place.kind === 'community')?.key
  const goesAbove = Boolean(written['about-official'] ?? written['complains-about'])
  const first = community && !goesAbove ? `${community}-committee` : office
  const published =
    written.published === true
      ? { title: written.title, text: written.text }
      : written.published
        ? { title: written.title, text: written.text, ...written.published }
        : null
  return {
    key: written.key,
    title: written.title,
    text: written.text,
    language: written.language ?? 'zh-CN',
    place: is.in,
    point: is.point ?? null,
    category: is.about,
    channel: is.via,
    urgency: written.urgency ?? 'ordinary',
    minutesAgo: minutesOf(is.told),
    reporter: written.from ?? 'contact',
    enteredBy: enteredBy(is.via, office, community),
    outerNumber: is.outer ?? null,
    public: written.public ?? false,
    published,
    meToo: written['me-too'] ?? 0,
    faults: written.faults ?? [],
    complainsAbout: written['complains-about'] ?? null,
    aboutOfficial: written['about-official'] ?? null,
    acts: actsOf(written, flows, { first, office, government, bodies }),
  }
}

/** A place and all above it, the narrowest first. */
function above(key: string, places: PackPlace[]): PackPlace[] {
  const place = places.find((each) => each.key === key)
  if (!place) throw new Error(`No such place: ${key}`)
  return [place, ...(place.of ? above(place.of, places) : [])]
}

function enteredBy(channel: Channel, office: string, community: string | undefined): string | null {
  if (channel === 'phone') return `${office}.dispatcher`
  if (channel === 'visit') return community ? `${community}-committee.worker` : `${office}.window`
  if (channel === 'paper' || channel === 'letter' || channel === 'window') return `${office}.window`
  return null
}

function actsOf(
  written: WrittenRequest & { key: string },
  flows: Record<string, Written[]>,
  who: { first: string; office: string; government: string; bodies: PackBody[] },
): PackAct[] {
  const flow = written.flow ? flows[written.flow] : []
  if (!flow) throw new Error(`${written.key} follows no known flow: ${written.flow}`)
  const timed: (Written & { minutes: number })[] = []
  for (const step of flow) {
    const last = timed.at(-1)?.minutes ?? 0
    const minutes = step.after
      ? last + minutesOf(step.after)
      : Math.max(1, Math.round(minutesOf(step.at ?? '') * (written.pace ?? 1)))
    timed.push({ ...step, ...wordsOf(step.do, written), minutes })
  }
  for (const step of written.journey ?? []) {
    timed.push({
      ...step,
      minutes: step.after ? (timed.at(-1)?.minutes ?? 0) + minutesOf(step.after) : minutesOf(step.at ?? ''),
    })
  }
  timed.sort((one, other) => one.minutes - other.minutes)

  let holder = who.first
  let lead: string | null = null
  let proposer = ''
  return timed.map(({ at: _, after: __, as, on, by, ...step }) => {
    if ((step.do === 'dispatch' || step.do === 'redispatch') && !step.to) {
      if (!written.is.to) throw new Error(`${written.key} is dispatched to nobody.`)
      step.to = written.is.to
    }
    const act: PackAct = {
      ...step,
      ...(on === undefined ? {} : { on: minutesOf(on) / 1440 }),
      holder,
      by: by === 'unit' ? handlerOf(lead ?? holder, who.bodies) : (by ?? usualActor(step.do, as ?? lead, holder, who)),
    }
    // Nobody agrees to what their own body proposed.
    if (step.do === 'agree-explanation' && bodyOf(act.by) === proposer)
      act.by = `${proposer === who.office ? who.government : who.office}.leader`
    if (step.do === 'explain') proposer = bodyOf(act.by)
    if (step.do === 'dispatch' || step.do === 'redispatch') lead = step.to ?? null
    if (step.do === 'transfer') holder = `${step.to}-committee`
    if (step.do === 'return' || step.do === 'decline') lead = null
    if (step.do === 'reopen') {
      lead = null
      holder = holder === who.office ? who.government : who.office
    }
    return act
  })
}

/** The words that a request gives to the steps of its flow. */
function wordsOf(act: Act, written: WrittenRequest): Partial<Written> {
  if (act === 'answer' || act === 'draft') return { text: written.answer ?? '' }
  if (act === 'return') return { text: written.reason ?? '', ...(written.belongs ? { to: written.belongs } : {}) }
  if (act === 'explain') return written.explains ?? {}
  if (act === 'judge' || act === 'call-back') return written.judged ?? {}
  return {}
}

/** The body of a post, both by their keys. */
const bodyOf = (post: string): string => post.slice(0, Math.max(post.indexOf('.'), 0))

/** Who does an act when nothing else is said. */
function usualActor(
  act: Act,
  lead: string | null,
  holder: string,
  who: { office: string; bodies: PackBody[] },
): string {
  const ofHolder = (inCommittee: string, elsewhere: string) =>
    `${holder}.${holder.endsWith('-committee') ? inCommittee : elsewhere}`
  if (reporterActs.includes(act)) return 'reporter'
  if (act === 'draw-call-back' || act === 'close-unconfirmed') return 'system'
  if (act === 'agree-explanation' || act === 'disagree-explanation') return ofHolder('secretary', 'leader')
  if (act === 'publish') return ofHolder('secretary', 'dispatcher')
  if (act === 'extend') return `${who.office}.leader`
  if (act === 'supervise') return `${who.office}.supervisor`
  if (act === 'call-back' || act === 'miss-call-back') return `${who.office}.caller`
  const byLead: readonly Act[] = [
    'acknowledge',
    'return',
    'answer',
    'answer-part',
    'draft',
    'explain',
    'assist',
    'consent',
    'decline',
    'note',
    'arrange-visit',
    'move-visit',
    'cancel-visit',
  ]
  if (byLead.includes(act) && lead) return handlerOf(lead, who.bodies)
  return ofHolder('worker', 'dispatcher')
}

/** The post of a body that works on matters: the narrowest that may handle. */
function handlerOf(body: string, bodies: PackBody[]): string {
  const posts = bodies.find((each) => each.key === body)?.posts ?? []
  const handling = posts.filter((post) => post.duties.includes('request.handle'))
  const post = handling.find((each) => !each.head) ?? handling[0]
  if (!post) throw new Error(`Nobody handles matters in ${body}.`)
  return post.key
}
