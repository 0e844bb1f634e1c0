import { expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { testServer } from '#testing/server.ts'
import { eraseAgain, listErasures, readErasures, writeErasures } from './index.ts'
import { deleteMe } from './people.api.ts'

const server = await testServer(await testDatabase({ keep: true }))
const { resident, neighbour } = await makeOrganisation(server)
const { kernel, superuser } = server
const nameOf = (person: string) => server.one<string | null>('select name from person where id = $1', [person])

test('an erasure that a restored backup undid is made again from its list', async () => {
  const before = server.clock.now().toISOString()
  await superuser.query("update person set name = '甲' where id = any($1)", [[resident.person, neighbour.person]])
  expect((await server.call(deleteMe, { as: resident.cookie, body: { sure: true } })).status).toBeLessThan(300)
  await server.workJobs()
  expect(await nameOf(resident.person)).toBeNull()

  const erased = await listErasures(kernel.jobsDatabase.sql, before)
  expect(erased.map(({ person }) => person)).toEqual([resident.person])
  const list = writeErasures(erased)
  expect(
    list
      .trim()
      .split('\n')
      .map((line) => Object.keys(JSON.parse(line))),
  ).toEqual([['person', 'at'], ['erasures']])
  const later = new Date(server.clock.now().getTime() + 60_000).toISOString()
  expect(await listErasures(kernel.jobsDatabase.sql, later)).toEqual([])

  // Nobody is erased who is not there any more.
  expect(await eraseAgain(kernel, readErasures(list))).toEqual({ read: 1, queued: 0 })
  // As the backup had it.
  await superuser.query("update person set name = '甲', erased_at = null where id = $1", [resident.person])
  expect(await eraseAgain(kernel, readErasures(list + list))).toEqual({ read: 1, queued: 1 })
  await server.workJobs()
  expect(await nameOf(resident.person)).toBeNull()
  expect(await nameOf(neighbour.person)).toBe('甲')
})

test.each(['{"person":"甲"}', 'nonsense', '{"at":"2026-01-01"}', 'null'])('%s is no list of erasures', (line) => {
  expect(() => readErasures(`\n${line}\n`)).toThrow(new RangeError('2'))
})

test('a list that was cut off is none; one without a count, as written before, is', () => {
  const erased = [resident.person, neighbour.person].map((person) => ({ person, at: '2026-11-23T00:00:00Z' }))
  const list = writeErasures(erased)
  const lines = list.trim().split('\n')
  expect(readErasures(list)).toEqual([resident.person, neighbour.person])
  expect(readErasures(writeErasures([]))).toEqual([])
  expect(readErasures(lines.slice(0, 2).join('\n'))).toHaveLength(2)
  expect(() => readErasures(list.slice(0, -30))).toThrow(new RangeError('2'))
  expect(() => readErasures([lines[0], lines[2]].join('\n'))).toThrow(new RangeError('2'))
  expect(() => readErasures(`${list}${lines[0]}\n`)).toThrow(RangeError)
})
