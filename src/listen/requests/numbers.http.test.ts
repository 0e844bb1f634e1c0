import { describe, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { findByPhone, showContact } from './requests.desk.api.ts'
import { searchRequests } from './requests.lists.api.ts'

const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, row } = requestsOf(server, organisation)
const { staff, resident } = organisation

const search = async (words: string, who: { cookie: string } = staff.dispatcher) => {
  const { status, body } = await server.call(searchRequests, { as: who.cookie, body: { words, queue: 'all' } })
  expect(status).toBe(200)
  return body.items.map(({ id }) => id)
}
const byPhone = (phone: string, who: { cookie: string } = staff.dispatcher) =>
  server.call(findByPhone, { as: who.cookie, body: { phone } })

const { id } = await file({ text: '三号楼的路灯坏了', phone: '139 2222 3333' }, resident)
const other = await file({ text: '五号楼漏水' })
await server.superuser.query("update request set outer_number = 'LQ2024-1105 号03' where id = $1", [id])

describe('a request is found by', () => {
  test('the number of another hotline, however its letters and digits were typed', async () => {
    for (const typed of ['LQ2024-1105 号03', ' lq2024-1105  号03', 'ＬＱ２０２４-1105 号03'])
      expect(await search(typed), typed).toContain(id)
    expect(await search('LQ2024-1105 号04')).not.toContain(id)
    expect(await search('LQ2024-1105 号03', staff.stranger)).toEqual([])
    // An outer number may look like one of ours with a right check digit.
    const ours = String((await row(other.id)).number)
    await server.superuser.query('update request set outer_number = $2 where id = $1', [id, ours])
    expect((await search(ours)).sort()).toEqual([id, other.id].sort())
    await server.superuser.query("update request set outer_number = 'LQ2024-1105 号03' where id = $1", [id])
  })

  test('the last digits of its number, from three on, within reach', async () => {
    const number = String((await row(id)).number)
    for (const digits of [3, 4, 5]) expect(await search(number.slice(-digits)), `${digits}`).toContain(id)
    expect(await search(` ${number.slice(-4, -3)} ${number.slice(-3)}`)).toContain(id)
    expect(await search(number.slice(-2))).not.toContain(id)
    expect(await search(number.slice(-4), staff.stranger)).toEqual([])
    expect(await search(`${number.slice(1, 4)}`)).toEqual([])
    // Words with digits are found as before.
    expect(await search('三号楼')).toEqual([id])
  })

  test('the telephone of the caller, whole, by the duty to read contacts, and each finding is written down', async () => {
    for (const typed of ['13922223333', '+86 139-2222-3333', '１３９２２２２３３３３']) {
      const found = await byPhone(typed)
      expect(found.body.items, typed).toEqual([
        expect.objectContaining({ id, title: expect.any(String), state: 'received' }),
      ])
    }
    const { rows } = await server.superuser.query(
      'select what, purpose, reader from access.log where subject_person = $1',
      [resident.person],
    )
    expect(rows).toEqual(Array(3).fill({ what: 'earlier', purpose: 'phone', reader: staff.dispatcher.person }))
    expect((await byPhone('13922223334')).body.items).toEqual([])
    // No part of a number is enough, and no number is refused by the field.
    expect(await byPhone('2222 3333')).toMatchObject({ status: 422, problem: { field: 'phone' } })
    expect((await byPhone('13922223333', staff.supervisor)).status).toBe(403)
    expect((await byPhone('13922223333', staff.gridWorker)).status).toBe(403)
    // The same duty elsewhere finds nothing.
    expect((await byPhone('13922223333', staff.besideSecretary)).body?.items ?? []).toEqual([])
    expect((await server.call(showContact, { as: staff.dispatcher.cookie, params: { id }, body: {} })).status).toBe(200)
  })
})

test('among many, each is found by an index', async () => {
  await server.superuser.query(
    `insert into request (id, number, outer_number, place, filed_path, path, level_path, channel, title, body, first_receiver, holder, responsible, words)
     select uuidv7(), 500000000 + n, 'X-' || n, r.place, r.filed_path, r.path, r.level_path, 'system', '灯', '灯', r.holder, r.holder, r.holder, ''::tsvector
     from generate_series(1, 20000) n, (select * from request where id = $1) r`,
    [id],
  )
  await server.superuser.query('analyze request')
  expect(await search('X-12345')).toHaveLength(1)
  expect(await search('012345')).toHaveLength(1)
  const plan = async (query: string) =>
    (await server.superuser.query<{ 'QUERY PLAN': string }>(`explain ${query}`)).rows
      .map((line) => line['QUERY PLAN'])
      .join('\n')
  const end = 'reverse(number::text) collate "C"'
  expect(await plan(`select id from request where (${end}) >= '54321' and (${end}) < '54321:'`)).toContain(
    'request_number_end',
  )
  expect(await plan("select id from request where outer_number = any ('{X-1,x-1}')")).toContain('request_outer_number')
})
