import { expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation, type Staff } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'

// Two requests that belong together without being one: linked, seen from both by whoever may see both, and undone.
const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { staff, bodies, places } = organisation
const { file, does, ask, read } = requestsOf(server, organisation)
const { superuser } = server

const linked = async (id: string, as: Staff = staff.dispatcher) =>
  (await read(as, id)).body.linked.map(({ id: other, kind }) => ({ id: other, kind }))
const registered = async (id: string) =>
  (
    await superuser.query<{ kind: string; facts: Record<string, string> }>(
      "select kind, facts from ledger.act where record = $1 and kind like 'request.%link' order by at, id",
      [id],
    )
  ).rows

test('a link is seen from both sides, stands in both registers and timelines, and is undone from either', async () => {
  const [one, other] = [await file(), await file({ place: places.besideCommunity.id })]
  await does(staff.dispatcher, one.id, 'link', { to: other.id, kind: 'same_cause' })
  expect(await linked(one.id)).toEqual([{ id: other.id, kind: 'same_cause' }])
  expect(await linked(other.id)).toEqual([{ id: one.id, kind: 'same_cause' }])
  expect((await registered(one.id)).map(({ kind }) => kind)).toEqual(['request.link'])
  expect((await registered(other.id))[0]).toMatchObject({
    kind: 'request.link',
    facts: { kind: 'same_cause' },
  })
  // Neither line names the other: whoever sees one of them alone reads it, by SQL too.
  const { rows: lines } = await server.superuser.query<{ facts: object }>(
    "select facts from request_entry where kind = 'linked' and request = any ($1::uuid[])",
    [[one.id, other.id]],
  )
  expect(lines).toHaveLength(2)
  for (const { facts } of [...lines, ...(await registered(one.id)), ...(await registered(other.id))])
    expect(JSON.stringify(facts)).not.toMatch(new RegExp(`${one.id}|${other.id}`))
  const lastOf = async (id: string, as: Staff) => (await read(as, id)).body.entries.at(-1)
  for (const [id, beside] of [
    [one.id, other],
    [other.id, one],
  ] as const)
    expect(await lastOf(id, staff.dispatcher)).toMatchObject({
      kind: 'linked',
      audience: 'staff',
      other: { id: beside.id, number: beside.number },
    })
  // Neither state nor deadline of either is another by it.
  expect((await read(staff.dispatcher, other.id)).body).toMatchObject({ state: 'received', version: 1 })

  // Who reads one of them alone learns nothing of the other.
  expect(await linked(one.id, staff.secretary)).toEqual([])
  expect(await linked(other.id, staff.besideSecretary)).toEqual([])
  expect(await lastOf(one.id, staff.secretary)).toMatchObject({ kind: 'linked', other: null })
  const page = await server.fetch(`/r/${one.link}`)
  expect(await page.text()).not.toContain('放在一起看')

  const again = await ask(staff.dispatcher, other.id, 'link', { to: one.id, kind: 'same_kind' })
  expect([again.status, again.body]).toMatchObject([422, { type: '/problems/request-not-linked' }])
  await does(staff.dispatcher, other.id, 'unlink', { to: one.id })
  expect([await linked(one.id), await linked(other.id)]).toEqual([[], []])
  expect(await lastOf(one.id, staff.dispatcher)).toMatchObject({ kind: 'unlinked', other: { number: other.number } })
  expect(await lastOf(one.id, staff.secretary)).toMatchObject({ kind: 'unlinked', other: null })
  expect((await registered(one.id)).map(({ kind }) => kind)).toEqual(['request.link', 'request.unlink'])
  const gone = await ask(staff.dispatcher, one.id, 'unlink', { to: other.id })
  expect([gone.status, gone.body]).toMatchObject([422, { type: '/problems/request-linked' }])
  // Linked once more, the first link stands in the table as undone.
  await does(staff.dispatcher, one.id, 'link', { to: other.id, kind: 'same_kind' })
  expect(await linked(other.id)).toEqual([{ id: one.id, kind: 'same_kind' }])
  const { rows } = await superuser.query('select from request_link where one = $1', [one.id])
  expect(rows).toHaveLength(2)
})

test('refused: with itself, with what is hidden from others, with what one may not read, by whoever neither accepts nor dispatches', async () => {
  const [one, hidden, away] = [await file(), await file(), await file({ place: places.otherCommunity.id })]
  await superuser.query('update request set excluded_people = array[$2::uuid] where id = $1', [
    hidden.id,
    staff.manager.person,
  ])
  const link = async (as: Staff, id: string, to: string) => {
    const { status, body } = await ask(as, id, 'link', { to, kind: 'same_kind' })
    return [status, (body as unknown as { type?: string }).type?.split('/').at(-1)]
  }
  expect(await link(staff.secretary, one.id, one.id)).toEqual([422, 'request-another-request'])
  expect(await link(staff.secretary, one.id, hidden.id)).toEqual([409, 'request-same-sight'])
  expect((await link(staff.secretary, one.id, away.id))[0]).toBe(404)
  expect(await link(staff.supervisor, one.id, hidden.id)).toEqual([403, 'request-forbidden'])
  expect((await superuser.query('select from request_link where one = $1', [one.id])).rows).toEqual([])
})

test('the wall in the database: no link past the rules, and none undone by whoever may not', async () => {
  const [one, other] = [await file(), await file()]
  await does(staff.secretary, one.id, 'accept')
  await does(staff.secretary, one.id, 'dispatch', { body: bodies.property })
  await does(staff.secretary, one.id, 'link', { to: other.id, kind: 'same_kind' })
  // The unit reads one of them and does not even see that there is a link.
  expect(await linked(one.id, staff.manager)).toEqual([])
  expect((await read(staff.manager, one.id)).body.can).not.toContain('unlink')
  await does(staff.secretary, other.id, 'accept')
  await does(staff.secretary, other.id, 'dispatch', { body: bodies.property })
  expect(await linked(one.id, staff.manager)).toEqual([{ id: other.id, kind: 'same_kind' }])
  const undone = await ask(staff.manager, one.id, 'unlink', { to: other.id })
  expect(undone.status).toBe(403)
})
