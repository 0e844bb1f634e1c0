import { parse } from 'csv-parse/sync'
import { beforeAll, describe, expect, test } from 'vitest'
import { firstIdOf } from '#kernel/database/identifiers.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { dropDraft, saveDraft } from '../requests.acts.api.ts'
import { readRequest } from '../requests.desk.api.ts'
import { dropDraftFile } from '../requests.drafts.api.ts'
import { countFound, countRequests, type Filter, listRequests, searchRequests } from '../requests.lists.api.ts'

// The desk's lists narrowed: by day, by unit, counted, and as a file.
const server = await testServer(await testDatabase({ keep: true }))
const organisation = await makeOrganisation(server)
const { file, does, answered } = requestsOf(server, organisation)
const { staff, bodies } = organisation
const names: Record<string, string> = {}

const listed = async (query: Filter, as = staff.leader) => {
  const answer = await server.call(listRequests, { as: as.cookie, query })
  expect(answer.status, answer.text).toBe(200)
  return answer.body.items.map((row) => names[row.id] ?? row.id).toSorted()
}
const counted = async (query: Filter, as = staff.leader) => {
  const answer = await server.call(countRequests, { as: as.cookie, query })
  expect(answer.status, answer.text).toBe(200)
  return answer.body
}

/** Sets the moments of a request as if it had been filed then; its id follows, as every id does. */
async function moved(id: string, filed: string, due: string | null) {
  const made = firstIdOf(Date.parse(filed)).slice(0, 13) + id.slice(13)
  await server.superuser.query('set session_replication_role = replica')
  for (const table of ['request_contact', 'request_part', 'request_entry', 'request_hand'])
    await server.superuser.query(`update ${table} set request = $2 where request = $1`, [id, made])
  await server.superuser.query('update request set id = $2, filed_at = $3, due_at = $4 where id = $1', [
    id,
    made,
    filed,
    due,
  ])
  await server.superuser.query('set session_replication_role = origin')
  return made
}

beforeAll(async () => {
  const made = async (name: string, filed: string, due: string | null, unit?: string) => {
    const request = await file({ title: name })
    if (unit) {
      await does(staff.secretary, request.id, 'accept')
      await does(staff.secretary, request.id, 'dispatch', { body: unit })
    }
    names[await moved(request.id, filed, due)] = name
  }
  await made('last minute of the first', '2026-03-01T23:59:59+08:00', '2026-03-10T00:00:00+08:00', bodies.property)
  await made('first minute of the second', '2026-03-02T00:00:00+08:00', '2026-03-10T23:59:59+08:00', bodies.lamps)
  await made('the third', '2026-03-03T12:00:00+08:00', '2026-03-11T00:00:00+08:00', bodies.property)
  await made('=1+1', '2026-03-20T12:00:00+08:00', null)
})

describe('a list is narrowed', () => {
  test('by the days of filing, both included, in the time of the country', async () => {
    expect(await listed({ filedFrom: '2026-03-02', filedUntil: '2026-03-03' })).toEqual([
      'first minute of the second',
      'the third',
    ])
    expect(await listed({ filedUntil: '2026-03-01' })).toEqual(['last minute of the first'])
    expect(await listed({ filedFrom: '2026-03-04' })).toEqual(['=1+1'])
  })
  test('by the days on which something is due', async () => {
    for (const as of [staff.leader, staff.secretary]) {
      expect(await listed({ dueFrom: '2026-03-10', dueUntil: '2026-03-10', sort: 'due' }, as)).toEqual([
        'first minute of the second',
        'last minute of the first',
      ])
      expect(await listed({ dueFrom: '2026-03-11' }, as)).toEqual(['the third'])
    }
  })
  test('by the unit that has it, beside the other conditions', async () => {
    expect(await listed({ body: bodies.property })).toEqual(['last minute of the first', 'the third'])
    expect(await listed({ body: bodies.property, filedFrom: '2026-03-02' })).toEqual(['the third'])
    expect(await listed({ body: bodies.lamps, queue: 'overdue' })).toEqual(['first minute of the second'])
  })
  test.each(['filedFrom', 'filedUntil', 'dueFrom', 'dueUntil'])(
    '%s of no calendar is refused by name',
    async (field) => {
      for (const written of ['2026-02-30', '2026-13-01', 'yesterday', '2026-1-1']) {
        const query = { [field]: written } as Filter
        expect((await server.call(listRequests, { as: staff.leader.cookie, query })).status, written).toBe(400)
        expect((await server.call(countRequests, { as: staff.leader.cookie, query })).status, written).toBe(400)
      }
      const refused = await server.call(listRequests, {
        as: staff.leader.cookie,
        query: { [field]: '2026-02-30' } as Filter,
      })
      expect(refused.problem).toMatchObject({ type: '/problems/day', field })
      expect(refused.problem.detail).toContain('日历上没有这一天')
    },
  )
})

describe('a list is counted', () => {
  test('as it is narrowed, and as far as its reader sees', async () => {
    expect(await counted({})).toEqual({ count: 4, more: false })
    expect(await counted({ body: bodies.property, filedFrom: '2026-03-02' })).toEqual({ count: 1, more: false })
    expect(await counted({ queue: 'overdue' })).toEqual({ count: 3, more: false })
    expect(await counted({}, staff.besideSecretary)).toEqual({ count: 0, more: false })
    expect(await counted({}, staff.manager)).toEqual({ count: 2, more: false })
  })
  test('exactly to the thousandth, and no further', async () => {
    const copies = (many: number) =>
      server.superuser.query(
        `do $$ declare columns text; begin
          select string_agg(case attname when 'id' then 'uuidv7()' when 'number' then '9000000 + nextval(''request_number'')' else quote_ident(attname) end, ', ' order by attnum)
            into columns from pg_attribute where attrelid = 'request'::regclass and attnum > 0 and not attisdropped;
          execute 'insert into request select ' || columns || ' from request, generate_series(1, ${many}) where title = ''=1+1''';
        end $$`,
      )
    await copies(996)
    expect(await counted({})).toEqual({ count: 1000, more: false })
    await copies(1)
    expect(await counted({ queue: 'all' })).toEqual({ count: 1000, more: true })
  })
})

test('where it is, is said in the reader’s language, as far as somebody has translated it', async () => {
  const { id } = await file({ title: 'trail' })
  await server.superuser.query("update place set name_en = 'Five Li' where id = $1", [organisation.places.community.id])
  const read = async (language: 'en' | 'zh-CN') =>
    (await server.call(readRequest, { as: staff.secretary.cookie, params: { id }, language })).body.place
  expect(await read('en')).toMatchObject({ name: 'Five Li', trail: expect.stringMatching(/› Five Li$/) })
  expect(await read('zh-CN')).toMatchObject({ trail: expect.not.stringContaining('Five Li') })
})

test('what a division made stands in the list where it was told', async () => {
  const told = await file({ title: 'told' })
  const later = await file({ title: 'later' })
  await does(staff.secretary, told.id, 'accept')
  await does(staff.secretary, told.id, 'split', { parts: [{ title: 'part', text: '另一件事。' }], reason: '两件事' })
  const { body } = await server.call(listRequests, { as: staff.secretary.cookie, query: { limit: 3 } })
  expect(body.items.map((row) => row.title).indexOf('later')).toBe(0)
  expect(body.items.map((row) => row.title).toSorted()).toEqual(['later', 'part', 'told'])
  expect(body.items[0]?.id).toBe(later.id)
})

test('a list is a file by the same filter, page by page, without a formula', async () => {
  const page = async (query: string) => {
    const answer = await server.fetch(`/api/requests?${query}`, {
      headers: { Cookie: staff.leader.cookie, Accept: 'text/csv' },
    })
    expect(answer.headers.get('content-type')).toContain('text/csv')
    const [, ...rows] = parse(await answer.text(), { bom: true }) as string[][]
    return { titles: rows.map((row) => row[1]), next: answer.headers.get('link')?.match(/<\?(.+)>/)?.[1] ?? null }
  }
  const first = await page('filedUntil=2026-03-03&sort=oldest&limit=2')
  expect(first.titles).toEqual(['last minute of the first', 'first minute of the second'])
  const second = await page(first.next ?? '')
  expect(second).toEqual({ titles: ['the third'], next: null })
  expect((await page('filedFrom=2026-03-20&filedUntil=2026-03-20&limit=1')).titles).toEqual(["'=1+1"])
})

test('words are asked in a body: the list, its count and its file; no address takes them', async () => {
  const as = staff.leader.cookie
  const body = { words: 'third' }
  const found = await server.call(searchRequests, { as, body })
  expect(found.body.items.map(({ title }) => title)).toEqual(['the third'])
  expect((await server.call(countFound, { as, body })).body).toEqual({ count: 1, more: false })
  const file = await server.fetch(searchRequests.url, {
    method: 'POST',
    headers: {
      Cookie: as,
      Accept: 'text/csv',
      'Content-Type': 'application/json',
      Origin: server.kernel.config.publicUrl,
    },
    body: JSON.stringify(body),
  })
  expect((parse(await file.text(), { bom: true }) as string[][]).slice(1).map((row) => row[1])).toEqual(['the third'])
  for (const url of [listRequests.url, countRequests.url])
    expect((await server.fetch(`${url}?words=third`, { headers: { Cookie: as } })).status).toBe(400)
})

test('a draft that is another’s, or none, is not dropped: it says so', async () => {
  const id = organisation.places.community.id
  expect(
    (await server.call(saveDraft, { as: staff.secretary.cookie, params: { id }, body: { text: '打到一半' } })).status,
  ).toBe(200)
  const drop = async (as: string) => (await server.call(dropDraft, { as, params: { id } })).status
  expect(await drop(staff.leader.cookie)).toBe(404)
  expect(await drop(staff.secretary.cookie)).toBe(204)
  expect(await drop(staff.secretary.cookie)).toBe(404)
  const params = { id, file: id }
  expect((await server.call(dropDraftFile, { as: staff.leader.cookie, params })).status).toBe(404)
})

test('by whole kinds, by the place alone, by the promised time, and by what residents judged, whatever they said', async () => {
  const { places, category } = organisation
  const made = async (name: string, body: Parameters<typeof file>[0]) => {
    const filed = await file({ title: name, ...body })
    names[filed.id] = name
    return filed
  }
  const lamp = await made('lamp', { category })
  const inGrid = await made('in the grid', { place: places.grid.id })
  const alsoThere = await made('also in the grid', { place: places.grid.id, category })
  await server.superuser.query("update category set level1_en = 'City works' where id = $1", [category])
  const level1 = await server.one<string>('select level1 from category where id = $1', [category])
  expect(await listed({ kind: level1 })).toEqual(['also in the grid', 'lamp'])
  expect(await listed({ kind: 'City works' })).toEqual(['also in the grid', 'lamp'])
  expect(await listed({ kind: '-', place: places.grid.id })).toEqual(['in the grid'])
  expect(await listed({ kind: level1, place: places.community.id, within: 'itself' })).toEqual(['lamp'])
  expect(await listed({ kind: level1, place: places.subdistrict.id, within: 'itself' })).toEqual([])
  expect(
    await listed({ kind: '-', place: places.community.id, within: 'itself', filedFrom: '2026-04-01' }),
  ).not.toContain('in the grid')

  await answered(lamp)
  await answered(inGrid)
  await server.superuser.query('update request set promised_at = answered_at where id = $1', [lamp.id])
  await server.superuser.query("update request set promised_at = answered_at - interval '1 second' where id = $1", [
    inGrid.id,
  ])
  expect(await listed({ answered: 'in_time' })).toEqual(['lamp'])
  expect(await listed({ answered: 'late' })).toEqual(['in the grid'])
  expect(await counted({ answered: 'late' })).toEqual({ count: 1, more: false })

  const closed = (id: string, result: string) =>
    server.superuser.query(
      "update request set state = 'closed', result = $2, judged = $3, closed_at = now(), due_at = null, due_kind = null where id = $1",
      [id, result, result !== 'explained'],
    )
  await closed(inGrid.id, 'explained')
  for (const result of ['solved', 'partly', 'unsolved']) {
    await closed(lamp.id, result)
    for (const reader of [staff.leader, staff.secretary, staff.besideSecretary]) {
      const sees = reader === staff.besideSecretary ? [] : ['lamp']
      expect(await listed({ result: 'said' }, reader), result).toEqual(sees)
      expect(await counted({ result: 'said', state: 'closed' }, reader)).toEqual({ count: sees.length, more: false })
    }
  }
  // The row tells whoever may not read judgements no more than that it is closed.
  const { body } = await server.call(listRequests, { as: staff.secretary.cookie, query: { result: 'said' } })
  expect(body.items.map(({ state, result }) => [state, result])).toEqual([['closed', null]])

  // A short page of the place alone, with younger ones below it that ended so too.
  for (const { id } of [lamp, inGrid, alsoThere]) await closed(id, 'explained')
  expect(await listed({ result: 'explained', place: places.community.id, within: 'itself', limit: 1 })).toEqual([
    'lamp',
  ])
})

test('the list of what is supervised says by whom and why, to whoever sees the matter, and no other list carries it', async () => {
  const watched = await file()
  const late = await file()
  await does(staff.supervisor, watched.id, 'supervise', { reason: '过了三天还没有人去看，请今天到现场。' })
  await server.superuser.query("update request set supervised = 'itself', supervised_at = $2 where id = $1", [
    late.id,
    server.clock.now(),
  ])
  const rows = async (as: typeof staff.leader, query: Filter = { queue: 'supervised' }, language = 'zh-CN') => {
    const { body } = await server.call(listRequests, { as: as.cookie, query: { ...query, limit: 100 }, language })
    return new Map(body.items.map((row) => [row.id, row.supervision]))
  }
  for (const reader of [staff.leader, staff.secretary, staff.supervisor]) {
    const seen = await rows(reader)
    expect(seen.get(watched.id)).toEqual({
      by: expect.stringMatching(/^邗上街道办事处 · 督查专员 · /),
      reason: '过了三天还没有人去看，请今天到现场。',
      at: expect.any(String),
    })
    expect(seen.get(late.id)).toMatchObject({ by: null, reason: null })
  }
  expect((await rows(staff.besideSecretary)).has(watched.id)).toBe(false)
  expect((await rows(staff.leader, { queue: 'all' })).get(watched.id)).toBeUndefined()
})
