// Whoever stands above a place that makes its own list of categories is told where that list stands.
import { expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { testServer } from '#testing/server.ts'
import { categories } from './settings.api.ts'

const server = await testServer(await testDatabase({ keep: true }))
const { staff, places, category } = await makeOrganisation(server)

test('where nothing holds at a place, the places below it that set their own are named', async () => {
  const list = async () => (await server.call(categories.list, { as: staff.leader.cookie })).body
  expect(await list()).toMatchObject({ items: [{ id: category }], below: [] })
  const { id, path } = places.community
  await server.superuser.query('update category set path = $1', [path])
  expect(await list()).toMatchObject({ items: [], below: [{ id, path }] })
  await server.superuser.query('update category set retired_at = now()')
  expect(await list()).toMatchObject({ items: [], below: [] })
})
