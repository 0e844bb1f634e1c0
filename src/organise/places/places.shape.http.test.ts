import { expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { testServer } from '#testing/server.ts'
import { placeAbolish, placeGet, placeHistoryGet, placeNearGet, placeReshape } from './places.api.ts'

const server = await testServer(await testDatabase({ keep: true }))
const { staff, places } = await makeOrganisation(server)
const as = staff.leader.cookie

const square = (west: number, south: number, side: number): [number, number][] => [
  [west, south],
  [west + side, south],
  [west + side, south + side],
  [west, south + side],
]
const near = async (longitude: number, latitude: number) =>
  (await server.call(placeNearGet, { as, body: { longitude, latitude } })).body.place?.id ?? null
const whole = async (id: string) => (await server.call(placeGet, { params: { id } })).body
async function draw(id: string, ring: [number, number][] | null, version?: number) {
  return server.call(placeReshape, {
    as,
    params: { id },
    version: version ?? (await whole(id)).version,
    body: { ring },
  })
}

test('a point lies where a line is drawn around it, whatever else is nearer', async () => {
  const { grid, besideCommunity, community } = places
  // The community beside is told by a point that is nearer to where one stands than any point of the grid's own community.
  await server.superuser.query('update place set longitude = 119.4149, latitude = 32.3949 where id = $1', [
    besideCommunity.id,
  ])
  expect(await near(119.4145, 32.3945)).toBe(besideCommunity.id)
  const drawn = await draw(grid.id, [...square(119.41, 32.39, 0.005), [119.41, 32.39]])
  expect(drawn.status).toBe(200)
  expect((await whole(grid.id)).ring).toEqual(square(119.41, 32.39, 0.005))
  expect(await near(119.4145, 32.3945)).toBe(community.id)
  // Beside the line what is nearest still says it.
  expect(await near(119.4152, 32.3945)).toBe(besideCommunity.id)
  // A corner that is cut in lies outside, though it is within the box around the line.
  await draw(grid.id, [
    [119.41, 32.39],
    [119.415, 32.39],
    [119.4105, 32.3905],
    [119.41, 32.395],
  ])
  expect(await near(119.4145, 32.3945)).toBe(besideCommunity.id)
  await draw(grid.id, null)
  expect((await whole(grid.id)).ring).toBeNull()
  const changes = (await server.call(placeHistoryGet, { params: { id: grid.id } })).body.changes
  expect(changes.map(({ kind }) => kind)).toEqual(['reshaped', 'reshaped', 'reshaped'])
  expect(changes[2]).toMatchObject({ before: { ring: null }, after: { ring: square(119.41, 32.39, 0.005) } })
  expect(await server.one('select count(*)::int from ledger.act where kind = $1', ['place.reshaped'])).toBe(3)
})

test('of two lines around a point the smaller place counts, and none that is abolished', async () => {
  const { grid, besideCommunity, community } = places
  await draw(besideCommunity.id, square(119.5, 32.5, 0.01))
  await draw(grid.id, square(119.5, 32.5, 0.01))
  expect(await near(119.505, 32.505)).toBe(community.id)
  await server.call(placeAbolish, { as, params: { id: grid.id }, version: (await whole(grid.id)).version, body: {} })
  expect(await near(119.505, 32.505)).toBe(besideCommunity.id)
  expect((await draw(grid.id, null)).problem.type).toBe('/problems/place-has-abolished')
})

test('what is no line, and what somebody else has changed meanwhile, is refused', async () => {
  const { id } = places.besideCommunity
  const [a, b, c, d] = square(119.5, 32.5, 0.01)
  const crossed = await draw(id, [a, c, b, d] as [number, number][])
  expect([crossed.status, crossed.problem.type]).toEqual([422, '/problems/place-ring-crosses-itself'])
  const flat = await draw(id, [a, c, a] as [number, number][])
  expect(flat.problem.type).toBe('/problems/place-ring-too-few')
  expect((await draw(id, square(119.5, 32.5, 0.02), 1)).status).toBe(409)
  expect(
    (await server.call(placeReshape, { as: staff.secretary.cookie, params: { id }, version: 2, body: { ring: null } }))
      .status,
  ).toBe(403)
  expect((await whole(id)).ring).toEqual(square(119.5, 32.5, 0.01))
})
