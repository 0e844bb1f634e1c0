// What residents said, told by places and by bodies: no two totals may say together what each keeps to itself.
import fc from 'fast-check'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readTotals } from '#listen/judgements/judgements.api.ts'
import { placeMove } from '#organise/places/places.api.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation, type Staff } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { readFigures, type Verdicts } from './figures.api.ts'
import { addMonths } from './figures.rules.ts'
import { recountFigures } from './figures.store.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file } = requestsOf(server, organisation)
const { staff, places, bodies } = organisation
const run = (text: string, values: unknown[] = []) => server.superuser.query(text, values)
/** The month before this one: over, and told. */
const month = addMonths(new Date(server.clock.now().getTime() + 8 * 3_600_000).toISOString().slice(0, 7), -1)

interface Given {
  readonly path: string
  readonly solved: 'solved' | 'partly' | 'not'
  readonly bodies: readonly string[]
}

let request = ''
beforeAll(async () => {
  request = (await file()).id
})
beforeEach(() => run('delete from judgement'))

const judged = (given: readonly Given[]) =>
  run(
    `with given as (select * from jsonb_to_recordset($3::jsonb) as g (n int, path text, solved text, bodies uuid[])),
       answers as (insert into request_answer (id, request, kind, state, text, author)
         select uuidv7(), $1, 'answer', 'sent', 'x', $2 from given returning id),
       numbered as (select id, row_number() over () as n from answers)
     insert into judgement (request, answer, path, solved, given_by, month, handler_bodies)
       select $1, a.id, g.path, g.solved, 'link', $4, g.bodies from numbered a join given g on g.n = a.n`,
    [request, staff.hand.tenure, JSON.stringify(given.map((each, at) => ({ ...each, n: at + 1 }))), `${month}-01`],
  )

/** What a reader is told of a place and of its parts, by the ids of the places. */
async function told(place: string, reader: Staff = staff.leader): Promise<Map<string, Verdicts>> {
  const { status, body, text } = await server.call(readFigures, {
    as: reader.cookie,
    query: { place, from: month, until: month },
  })
  expect(status, text).toBe(200)
  const all = [
    [place, body.whole.verdicts] as const,
    ...body.parts.map((part) => [part.place?.id ?? '', part.figure.verdicts] as const),
  ]
  return new Map(all.flatMap(([id, verdicts]) => (verdicts ? [[id, verdicts]] : [])))
}

const ofBodies = { property: staff.manager, committee: staff.secretary, lamps: staff.lampKeeper } as const
async function toldOfBody(name: keyof typeof ofBodies): Promise<number | null> {
  const { body } = await server.call(readTotals, { as: ofBodies[name].cookie, query: { month } })
  return body.bodies.find(({ id }) => id === bodies[name])?.totals?.judgements ?? null
}

describe('a body beside a place', () => {
  const verdict = fc.constantFrom('solved', 'partly', 'not') as fc.Arbitrary<Given['solved']>
  const group = fc.record({
    path: fc.constantFrom(
      places.community.path,
      places.grid.path,
      places.besideCommunity.path,
      places.subdistrict.path,
    ),
    bodies: fc.subarray([bodies.property, bodies.committee, bodies.lamps], { minLength: 1 }),
    verdicts: fc.array(verdict, { minLength: 1, maxLength: 9 }),
  })

  test('no total that is told lies in another with one to four, or with one verdict alone, beside it', async () => {
    let heard = 0
    await fc.assert(
      fc.asyncProperty(fc.array(group, { minLength: 1, maxLength: 6 }), async (groups) => {
        await run('delete from judgement')
        const given = groups.flatMap(({ verdicts, ...rest }) => verdicts.map((solved) => ({ ...rest, solved })))
        await judged(given)
        const byPlace = await told(places.subdistrict.id)
        const totals: { name: string; of: Given[]; size: number }[] = []
        for (const place of [places.subdistrict, places.community, places.besideCommunity]) {
          const size = byPlace.get(place.id)?.judged
          const of = given.filter(({ path }) => path.startsWith(place.path))
          if (size !== undefined) totals.push({ name: place.name, of, size })
        }
        for (const name of ['property', 'committee', 'lamps'] as const) {
          const size = await toldOfBody(name)
          const of = given.filter((each) => each.bodies.includes(bodies[name]))
          if (size !== null) totals.push({ name, of, size })
        }
        for (const { name, of, size } of totals) expect(of.length, name).toBe(size)
        heard += totals.filter(({ name }) => name in ofBodies).length
        for (const one of totals)
          for (const other of totals) {
            if (one === other || !one.of.some((each) => other.of.includes(each))) continue
            // Taken from each other they say something where the one lies wholly in the other.
            if (other.of.some((each) => !one.of.includes(each))) continue
            const names = `${one.name} ${other.name}`
            expect([1, 2, 3, 4], names).not.toContain(one.size - other.size)
            const left = one.of.filter((each) => !other.of.includes(each))
            if (left.length > 0) {
              expect(left.length, names).toBeGreaterThanOrEqual(5)
              expect(new Set(left.map(({ solved }) => solved)).size, names).toBeGreaterThan(1)
            }
          }
      }),
      { numRuns: 40, seed: 20261123 },
    )
    // Bodies are told something, and not silent for safety's sake alone.
    expect(heard).toBeGreaterThan(5)
  })

  const mixed = (many: number, path: string, by: readonly string[]): Given[] =>
    Array.from({ length: many }, (_, at) => ({ path, bodies: by, solved: at % 2 === 0 ? 'solved' : 'not' }))

  test('that handled all but one is silent; all of them, or all but five, it is told', async () => {
    await judged(mixed(8, places.community.path, [bodies.property]))
    expect(await toldOfBody('property')).toBe(8)
    await judged([{ path: places.community.path, bodies: [bodies.lamps], solved: 'not' }])
    expect((await told(places.subdistrict.id)).get(places.subdistrict.id)?.judged).toBe(9)
    expect(await toldOfBody('property')).toBeNull()
    await judged(mixed(5, places.community.path, [bodies.lamps]))
    expect(await toldOfBody('property')).toBe(8)
    // What one of two assisted in, all but one, is told of the one with more alone.
    await run('delete from judgement')
    await judged([
      ...mixed(8, places.community.path, [bodies.property, bodies.committee]),
      ...mixed(1, places.community.path, [bodies.property]),
    ])
    expect([await toldOfBody('property'), await toldOfBody('committee')]).toEqual([9, null])
  })
})

describe('what was told of a month that is over', () => {
  const building = '019c0000-0000-7000-8000-00000000001a'
  const nextSubdistrict = '019c0000-0000-7000-8000-00000000001b'
  const six = (path: string, not = 2): Given[] =>
    Array.from({ length: 6 }, (_, at) => ({ path, bodies: [bodies.property], solved: at < not ? 'not' : 'solved' }))
  const move = async (id: string, parent: string) => {
    const done = await server.call(placeMove, {
      as: staff.leader.cookie,
      params: { id },
      body: { parent },
      version: (await server.one<number>('select version from place where id = $1', [id])) ?? 1,
    })
    expect(done.status, done.text).toBe(200)
  }
  const publicly = async (id: string) => {
    const { rows } = await run(
      'select judged::int, solved::int from public_counts((select path from place where id = $1), $2)',
      [id, server.clock.now()],
    )
    return rows[0]
  }

  test('stays as it was told when a building or a community comes elsewhere, and what is judged there since counts there', async () => {
    await run(
      `insert into place (id, kind, name, short_name, path, parent_id) values ($1, 'building', '7栋', '7栋', $2, $3)`,
      [building, `${places.community.path}b07/`, places.community.id],
    )
    await run(
      `insert into place (id, code, kind, name, short_name, path, parent_id) values ($1, '321003002', 'subdistrict', '双桥街道', '双桥', '32/10/03/002/', $2)`,
      [nextSubdistrict, places.district.id],
    )
    await judged([
      ...six(`${places.community.path}b07/`),
      ...six(places.community.path, 3),
      ...six(places.besideCommunity.path, 4),
    ])
    const everything = async () => ({
      whole: (await told(places.district.id)).get(places.district.id),
      subdistrict: (await told(places.subdistrict.id)).get(places.subdistrict.id),
      here: (await told(places.community.id)).get(places.community.id),
      beside: (await told(places.besideCommunity.id)).get(places.besideCommunity.id),
      next: (await told(nextSubdistrict)).get(nextSubdistrict),
      publicly: [
        await publicly(places.subdistrict.id),
        await publicly(places.community.id),
        await publicly(places.besideCommunity.id),
      ],
      body: await toldOfBody('property'),
    })
    const before = await everything()
    expect(before).toMatchObject({
      whole: { judged: 18 },
      subdistrict: { judged: 18, not: 9 },
      here: { judged: 12, not: 5 },
      beside: { judged: 6, not: 4 },
      next: undefined,
      body: 18,
    })
    await move(building, places.besideCommunity.id)
    expect(await everything()).toEqual(before)
    await move(places.besideCommunity.id, nextSubdistrict)
    expect(await everything()).toEqual(before)
    expect(await recountFigures(server.database.jobs.sql)).toBe(0)
    expect(await everything()).toEqual(before)
    // From here on it is the other subdistrict's.
    const path = await server.one<string>('select path from place where id = $1', [building])
    await judged(six(path ?? '', 1))
    expect(await everything()).toMatchObject({
      subdistrict: { judged: 18 },
      here: { judged: 12 },
      beside: { judged: 12, not: 5 },
      next: { judged: 6, not: 1 },
    })
  })
})
