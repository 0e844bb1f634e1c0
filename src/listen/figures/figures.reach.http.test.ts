import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { readFigures } from './figures.api.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { staff, places } = organisation

test('a place above the reader’s is marked as told in part, their own and what lies below it as told whole', async () => {
  await requestsOf(server, organisation).file()
  const told = async (place?: string) => {
    const { body } = await server.call(readFigures, { as: staff.secretary.cookie, query: place ? { place } : {} })
    return [body.place?.name, body.entire, body.whole.told]
  }
  expect(await told()).toEqual(['五里社区', true, 1])
  expect(await told(places.community.id)).toEqual(['五里社区', true, 1])
  expect((await told(places.grid.id)).slice(0, 2)).toEqual(['第一网格', true])
  expect(await told(places.subdistrict.id)).toEqual(['邗上街道', false, 1])
  expect(await told(places.city.id)).toEqual(['扬州市', false, 1])
})

test('of several places of their own nothing is missing, and no name is put over them', async () => {
  await server.superuser.query('update post set seats = 2 where id = $1', [staff.stranger.post])
  await server.superuser.query(
    `insert into tenure (id, post, seat, person, holder_name, during)
     values (uuidv7(), $2, 2, $1, 'x', tstzrange(now() - interval '1 day', null))`,
    [staff.besideSecretary.person, staff.stranger.post],
  )
  const { body } = await server.call(readFigures, { as: staff.besideSecretary.cookie })
  expect([body.place, body.entire, body.parts.length]).toEqual([null, true, 2])
})

test.each([
  ['zh-CN', '现在超期（不论哪个月收到）'],
  ['en', 'Overdue now (whenever filed)'],
] as const)(
  '%s: the spreadsheet says of what is overdue that it is of no month, and no two columns are called the same',
  async (language, overdue) => {
    const answer = await server.fetch('/api/figures', {
      headers: { Accept: 'text/csv', Cookie: staff.leader.cookie, 'Accept-Language': language },
    })
    const [head = []] = parse(await answer.text(), { bom: true }) as string[][]
    expect(head).toContain(overdue)
    expect(new Set(head).size, head.join()).toBe(head.length)
  },
)
