import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { verify } from '#kernel/ledger/index.ts'
import { isNumber } from '../number.ts'
import { readMapping } from './columns.ts'
import { code, csvOf, madeRows, path } from './importing.fixture.ts'
import { counts, importing, reportOf } from './importing.harness.ts'

const { all, body, database, encryption, files, now, take } = await importing()

describe('a message becomes a request', () => {
  test('with its times, its answer, its acts and its timers', async () => {
    const file = files.write('two.csv', csvOf(madeRows(2, 2)))
    const result = await take(file)
    expect(result).toMatchObject({ read: 2, imported: 2, duplicates: 0, rejected: 0, answered: 1, attended: true })
    expect(result).toMatchObject({ report: null, columns: { id: '编号', body: '留言详情' } })
    const [open, closed] = await all<Record<string, unknown>>('select * from request order by id')
    expect(open).toMatchObject({
      outer_number: 'LQ2',
      filed_path: path,
      path,
      level_path: path,
      channel: 'system',
      state: 'received',
      result: null,
      holder: body(),
      responsible: body(),
      bodies: [body()],
      filed_at: '2023-12-31T16:10:00.000Z',
      due_kind: 'accept',
      entered_by: null,
    })
    expect(isNumber(open?.number as number)).toBe(true)
    expect(Date.parse(open?.due_at as string)).toBeGreaterThan(now.getTime())
    expect(Date.parse(open?.promised_at as string)).toBeGreaterThan(now.getTime())
    expect(closed).toMatchObject({
      state: 'closed',
      result: 'answered_elsewhere',
      answered_at: '2025-01-09T02:30:00.000Z',
      closed_at: '2025-01-09T02:30:00.000Z',
      due_at: null,
    })
    const entries = await all<Record<string, unknown>>('select * from request_entry order by request, at')
    expect(entries.map(({ kind, at, text }) => [kind, at, text])).toEqual([
      ['filed', '2023-12-31T16:10:00.000Z', null],
      ['filed', '2023-12-31T16:15:00.000Z', null],
      ['answered', '2025-01-09T02:30:00.000Z', '您好，已安排人员于次日处理完毕，编号3。'],
    ])
    expect(await all("select 1 from request where words @@ '积水'::tsquery")).toHaveLength(1)
    expect(
      await all("select 1 from pgboss.job where name = 'request.timer' and start_after > '2026-03-02'"),
    ).toHaveLength(1)
    const client = await database.owner.pool.connect()
    expect(await verify(client)).toMatchObject({ entries: 2, ok: true })
    client.release()
    expect(await all("select 1 from ledger.act where kind = 'request.import' and actor is null")).toHaveLength(2)
  })

  test('with a category where one alone bears the name, and the name kept where none does', async () => {
    const rows = ['路灯', '城市管理/公用设施/井盖', '环境保护', '城市管理', '没有这一类'].map((category, index) => ({
      id: `${index}`,
      body: '请看看。',
      created_at: '2024-05-01',
      category,
      likes: index === 0 ? 12 : null,
    }))
    const file = files.write('categories.ndjson', rows.map((row) => JSON.stringify(row)).join('\n'))
    expect(counts(await take(file))).toEqual({ read: 5, imported: 5, duplicates: 0, rejected: 0 })
    const found = await all<{ level3: string | null; facts: unknown }>(
      `select c.level3, e.facts from request r left join category c on c.id = r.category
       join request_entry e on e.request = r.id order by r.outer_number`,
    )
    expect(found).toEqual([
      { level3: '路灯', facts: { imported: true, likes: 12 } },
      { level3: '井盖', facts: { imported: true } },
      { level3: '施工噪声', facts: { imported: true } },
      { level3: null, facts: { imported: true, category: '城市管理' } },
      { level3: null, facts: { imported: true, category: '没有这一类' } },
    ])
  })

  test('with a contact only where a mapping asks for it, sealed', async () => {
    const rows = [
      { 编号: '1', 作者: '爱散步的人', 姓名: '示例甲', 电话: '13800000001', 时间: '2024-05-01', 内容: '灯坏了' },
    ]
    const file = files.write('contact.csv', csvOf(rows))
    expect((await take(file)).ignored).toEqual(['作者', '姓名', '电话'])
    expect(await all('select 1 from request_contact')).toHaveLength(0)
    await database.owner.pool.query('truncate request cascade')
    await take(file, { mapping: readMapping('name: 姓名\nphone: 电话') })
    const [contact] = await all<Record<string, Buffer & string>>('select * from request_contact')
    expect(encryption.decrypt('contact', contact?.phone_encrypted as Buffer, `${contact?.request}.phone`)).toBe(
      '+8613800000001',
    )
    expect(encryption.decrypt('contact', contact?.name_encrypted as Buffer, `${contact?.request}.name`)).toBe('示例甲')
    expect(await all("select 1 from request where body like '%爱散步的人%' or title like '%爱散步%'")).toHaveLength(0)
  })
})

test('open messages get their deadlines by turns, behind those that wait already, and keep the time at which they were told', async () => {
  const rows = madeRows(200).map((row) => ({ ...row, 答复意见: '' }))
  await take(files.write('turns.csv', csvOf(rows.slice(0, 150))))
  await take(files.write('turns-more.csv', csvOf(rows)))
  const due = await all<{ at: string; count: number; promised: string; soonest: string }>(
    `select due_at as at, count(*)::integer as count, min(promised_at) as promised, min(filed_at) as soonest from request group by 1 order by 1`,
  )
  // Thirty an hour of working time: the seventh hour holds the rest.
  expect(due.map(({ count }) => count)).toEqual([30, 30, 30, 30, 30, 30, 20])
  expect(due.every(({ at, promised }) => at > now.toISOString() && promised > at)).toBe(true)
  expect(due.every(({ soonest }) => soonest < '2024-01-02')).toBe(true)
  const [first] = await all<{ due_at: string }>("select due_at from request where outer_number = 'LQ1'")
  const [behind] = await all<{ due_at: string }>("select due_at from request where outer_number = 'LQ200'")
  expect(Date.parse(behind?.due_at ?? '')).toBeGreaterThan(Date.parse(first?.due_at ?? ''))
  const timers = await all<{ count: number }>(
    "select count(distinct start_after)::integer as count from pgboss.job where name = 'request.timer'",
  )
  expect(timers[0]?.count).toBeGreaterThan(3)
})

describe('run again', () => {
  test('nothing comes twice, with numbers and without', async () => {
    const rows = madeRows(30)
    const file = files.write('again.csv', csvOf([...rows, ...rows.slice(0, 3)]))
    expect(counts(await take(file))).toEqual({ read: 33, imported: 30, duplicates: 3, rejected: 0 })
    expect(counts(await take(file))).toEqual({ read: 33, imported: 0, duplicates: 33, rejected: 0 })
    const nameless = rows.map(({ 编号: _number, ...row }) => row)
    const other = files.write('nameless.csv', csvOf([...nameless, ...nameless.slice(0, 1)]))
    expect(counts(await take(other))).toEqual({ read: 31, imported: 30, duplicates: 1, rejected: 0 })
    expect(counts(await take(other))).toEqual({ read: 31, imported: 0, duplicates: 31, rejected: 0 })
  })

  test('two who tell the same on the same day are two, numbered or not', async () => {
    const text = (rows: string[]) => ['时间,内容,留言用户,电话', ...rows].join('\n')
    const told = '2024-03-05,灯坏了'
    const two = files.write(
      'two-tell.csv',
      text([`${told},甲,`, `${told},乙,`, `${told},乙,13800000001`, `${told}, 甲 ,`]),
    )
    expect(counts(await take(two))).toEqual({ read: 4, imported: 3, duplicates: 1, rejected: 0 })
    expect(counts(await take(two))).toEqual({ read: 4, imported: 0, duplicates: 4, rejected: 0 })
    // Whether names are taken in makes no other message of it.
    const mapping = readMapping('name: 留言用户\nphone: 电话')
    expect(counts(await take(two, { mapping }))).toEqual({ read: 4, imported: 0, duplicates: 4, rejected: 0 })
    const numbered = (rows: string[]) => ['编号,时间,内容,留言用户', ...rows].join('\n')
    const rows = numbered(['1,2024-03-05,灯坏了,甲', '2,2024-03-05,灯坏了,甲', '2,2024-03-05,灯坏了,乙'])
    const result = await take(files.write('numbered.csv', rows))
    expect(counts(result)).toEqual({ read: 3, imported: 2, duplicates: 0, rejected: 1 })
    expect(reportOf(result.report)[1]).toContain('number-taken')
  })

  test('a number that another message has is no duplicate', async () => {
    await take(files.write('a.csv', '编号,时间,内容\n1,2024-03-05,灯坏了\n'))
    const result = await take(files.write('b.csv', '编号,时间,内容\n1,2025-03-05,路面积水\n1,2025-03-05,又一件\n'))
    expect(counts(result)).toEqual({ read: 2, imported: 0, duplicates: 0, rejected: 2 })
    expect(reportOf(result.report)[1]).toContain('number-taken')
  })

  test('a dry run writes nothing and says the same', async () => {
    const rows = madeRows(20)
    const file = files.write('dry.csv', csvOf([...rows, rows[0] ?? {}, { ...rows[1], 编号: 'X', 留言时间: '明天' }]))
    expect(counts(await take(file, { dryRun: true }))).toEqual({ read: 22, imported: 20, duplicates: 1, rejected: 1 })
    for (const table of ['request', 'request_entry', 'ledger.act', 'ledger.pending', 'pgboss.job']) {
      expect(await all(`select 1 from ${table}`), table).toHaveLength(0)
    }
    expect(counts(await take(file))).toEqual({ read: 22, imported: 20, duplicates: 1, rejected: 1 })
  })

  test('killed in the middle, it goes on where it stopped', { timeout: 120_000 }, async () => {
    const file = files.write('long.csv', csvOf(madeRows(12_000)))
    const runner = join(fileURLToPath(new URL('.', import.meta.url)), 'run.fixture.ts')
    const child = spawn(process.execPath, [runner, database.jobsUrl, file, code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const committed = async () => Number((await all<{ n: number }>('select count(*)::int as n from request'))[0]?.n)
    while ((await committed()) < 2_000 && child.exitCode === null) await new Promise((done) => setTimeout(done, 50))
    child.kill('SIGKILL')
    await once(child, 'close')
    const before = await committed()
    expect(before % 1_000).toBe(0)
    expect(before).toBeLessThan(12_000)
    const result = await take(file)
    expect(result).toMatchObject({ read: 12_000, imported: 12_000 - before, duplicates: before, rejected: 0 })
    expect(await committed()).toBe(12_000)
    const [odd] = await all<{ n: number }>(
      `select count(*)::int as n from request r where not exists (select from request_entry e where e.request = r.id)
         or not exists (select from ledger.act a where a.record = r.id)`,
    )
    expect(odd?.n).toBe(0)
    const client = await database.owner.pool.connect()
    expect(await verify(client)).toMatchObject({ entries: 12_000, ok: true })
    client.release()
  })
})

const real =
  process.env.LINLI_TEST_MESSAGES ?? fileURLToPath(new URL('../../../../../shared/data/messages', import.meta.url))
const absent = existsSync(join(real, 'messages.ndjson'))
  ? ''
  : ' (skipped: no real messages on this machine; LINLI_TEST_MESSAGES names their folder)'

test.skipIf(absent !== '')(`real messages are all accounted for${absent}`, { timeout: 120_000 }, async () => {
  const report = files.path('real.rejected.csv')
  const results = []
  for (const name of ['messages', 'answered', 'labelled']) {
    results.push(counts(await take(join(real, `${name}.ndjson`), { report })))
  }
  for (const { read, imported, duplicates, rejected } of results) expect(imported + duplicates + rejected).toBe(read)
  expect(results.map(({ read, rejected }) => [read, rejected])).toEqual([
    [2142, 0],
    [1429, 0],
    [236, 0],
  ])
  expect((results[0]?.imported ?? 0) + (results[1]?.imported ?? 0)).toBe(3571)
  expect(await all("select 1 from request where state = 'closed'")).toHaveLength(1429)
})
