import { describe, expect, test } from 'vitest'
import { peopleEndpoints } from '#organise/people/people.api.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { testServer } from '#testing/server.ts'
import { dropFilter, listFilters, mostFilters, saveFilter } from '../requests.filters.api.ts'
import { requestsData } from '../requests.personal.ts'

// Filters that somebody saved at the desk: their own alone, few, and without anything about a resident.
const server = await testServer(await testDatabase({ keep: true }))
const { staff } = await makeOrganisation(server)
const mine = staff.secretary.cookie

const save = (name: string, query: string, as = mine) => server.call(saveFilter, { as, body: { name, query } })
const list = async (as = mine) => (await server.call(listFilters, { as })).body.items

describe('saved with the person', () => {
  test('listed by name, replaced under its name, dropped', async () => {
    const first = await save(' 超期的 ', 'sort=due&queue=overdue')
    expect(first).toMatchObject({ status: 200, body: { name: '超期的', query: 'queue=overdue&sort=due' } })
    await save('路灯', 'queue=all')
    expect((await list()).map(({ name }) => name).sort()).toEqual(['超期的', '路灯'])
    const again = await save('超期的', 'queue=returned')
    expect(again.body).toMatchObject({ id: first.body.id, query: 'queue=returned' })
    expect((await server.call(dropFilter, { as: mine, params: { id: first.body.id } })).status).toBe(204)
    expect((await list()).map(({ name }) => name)).toEqual(['路灯'])
  })

  test('nobody else reads or drops it', async () => {
    const { body } = await save('我的', 'queue=mine')
    expect(await list(staff.besideSecretary.cookie)).toEqual([])
    await server.call(dropFilter, { as: staff.besideSecretary.cookie, params: { id: body.id } })
    expect((await list()).map(({ name }) => name)).toContain('我的')
  })

  test('so many and no more; one of them can still be replaced', async () => {
    const as = staff.dispatcher.cookie
    await server.database.owner.pool.query(
      `insert into saved_filter (id, person, name, query) select gen_random_uuid(), $1, 'n' || n, 'queue=mine' from generate_series(1, $2) n`,
      [staff.dispatcher.person, mostFilters - 1],
    )
    expect((await save('最后一个', 'queue=mine', as)).status).toBe(200)
    expect(await save('太多', 'queue=mine', as)).toMatchObject({
      status: 422,
      problem: { type: '/problems/filters-full' },
    })
    expect((await save('n1', 'queue=returned', as)).status).toBe(200)
    expect(await list(as)).toHaveLength(mostFilters)
  })
})

describe('what is not kept', () => {
  test.each([
    'queue=none',
    'place=x',
    'after=abc',
    'limit=5',
    'other=1',
    'words=a',
    'queue=mine&queue=unit',
    'filedFrom=2026',
  ])('what no list can be asked for: %s', async (query) => {
    expect(await save('不行', query)).toMatchObject({ status: 422, problem: { type: '/problems/filter-unknown' } })
  })

  test.each(['13911112222', '139 1111 2222', '０５１４-８７６５４３２１', '老王 139-1111-2222', '87654321'])(
    'a telephone in the name: %s',
    async (name) => {
      expect(await save(name, 'queue=mine')).toMatchObject({
        status: 422,
        problem: { type: '/problems/filter-personal' },
      })
    },
  )

  test('a name that is too long', async () => {
    expect((await save('长'.repeat(41), 'queue=mine')).status).toBe(400)
  })
})

test('it stands in the copy of one’s data and goes with the person', async () => {
  const as = staff.caller
  await save('回访', 'queue=to-call-back', as.cookie)
  const copy = await server.call(peopleEndpoints.readMyData, { as: as.cookie })
  expect(JSON.stringify(copy.body)).toContain('queue=to-call-back')
  await requestsData(server.kernel.encryption).erase?.(server.kernel.jobsDatabase.sql, as.person)
  expect(await list(as.cookie)).toEqual([])
})
