import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import writeExcelFile from 'write-excel-file/node'
import { createEncryption } from '#kernel/encryption/index.ts'
import { startJobs } from '#kernel/jobs/index.ts'
import { verify } from '#kernel/ledger/index.ts'
import { testDatabase } from '#testing/database.ts'
import { isNumber } from '../number.ts'
import { readMapping } from './columns.ts'
import { type ImportDoors, importMessages, type MessagesImport } from './import-messages.ts'
import { code, csvOf, folder, madeRows, path, settle } from './importing.fixture.ts'
import { ImportRefusal } from './refusal.ts'
import { zipOf } from './zip.fixture.ts'

const database = await testDatabase()
const files = folder()
const jobs = await startJobs(database.jobsUrl, 1)
const encryption = createEncryption(Buffer.alloc(32, 7))
const now = new Date('2026-03-02T01:00:00Z')
const doors: ImportDoors = { jobsDatabase: database.jobs, jobs, encryption, clock: { now: () => now } }
afterAll(async () => {
  await jobs.stop()
  files.remove()
})

let body = ''
beforeEach(async () => {
  // The chain begins anew with each test; its end is a row that emptying leaves.
  await database.owner.pool.query("update ledger.head set place = 0, hash = sha256('linli'::bytea)")
  body = (await settle(database.owner)).body
})

const take = (file: string, options: Partial<MessagesImport> = {}) =>
  importMessages(doors, { file, place: code, language: 'zh-CN', ...options })
const counts = ({ read, imported, duplicates, rejected }: Awaited<ReturnType<typeof take>>) => ({
  read,
  imported,
  duplicates,
  rejected,
})
const all = async <T extends object>(text: string): Promise<T[]> => (await database.owner.pool.query(text)).rows as T[]
const refusalOf = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(ImportRefusal)
  return (error as ImportRefusal).message
}
const reportOf = (at: string | null): string[] =>
  readFileSync(at ?? '', 'utf8')
    .trimEnd()
    .split('\r\n')

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
      holder: body,
      responsible: body,
      bodies: [body],
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

describe('files of many kinds', () => {
  const rows = madeRows(7)
  const ndjson = rows.map((row) => JSON.stringify(row)).join('\n')
  const wide = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')
  const bigEndian = (text: string) => wide(text).swap16()
  // 路灯 楼道 in GB18030, written out, since Node writes no such text: the file is made of pairs from a table found by reading.
  const gb18030 = (text: string) => {
    const table = gbTable()
    return Buffer.concat([...text].map((character) => table.get(character) ?? Buffer.from(character, 'latin1')))
  }
  test.each<[string, () => string | Uint8Array]>([
    ['comma.csv', () => csvOf(rows)],
    ['mark.csv', () => `\ufeff${csvOf(rows)}`],
    ['semicolon.csv', () => csvOf(rows, ';')],
    ['tab.tsv', () => csvOf(rows, '\t')],
    ['title.csv', () => `柳桥街道热线留言汇总,,,,,\r\n导出时间：2025年2月,,,,,\r\n\r\n${csvOf(rows)}`],
    ['le.csv', () => wide(csvOf(rows))],
    ['be.csv', () => bigEndian(csvOf(rows))],
    ['unmarked.csv', () => Buffer.from(csvOf(rows), 'utf16le')],
    ['gb.csv', () => gb18030(csvOf(rows))],
    ['lines.ndjson', () => ndjson],
    ['mark.ndjson', () => `\ufeff${ndjson.replaceAll('\n', '\r\n')}\r\n\r\n`],
    ['gb.ndjson', () => gb18030(ndjson)],
  ])('%s', async (name, content) => {
    const result = await take(files.write(name, content()))
    expect(counts(result)).toEqual({ read: 7, imported: 7, duplicates: 0, rejected: 0 })
    const [row] = await all<{ title: string }>("select title from request where outer_number = 'LQ2'")
    expect(row?.title).toBe('广场舞声音太响（2）')
  })

  test('a workbook, with dates and numbers as its cells hold them', async () => {
    const file = files.path('book.xlsx')
    const head = ['编号', '留言主题', '留言时间', '留言详情', '答复意见', '答复时间'].map((value) => ({ value }))
    const data = [
      [{ value: '柳桥热线' }],
      head,
      [
        { value: 1001 },
        { value: '路灯' },
        { type: Date, value: new Date(Date.UTC(2024, 2, 5, 9, 7)), format: 'yyyy/mm/dd hh:mm' },
        { value: '路灯坏了。' },
      ],
      [],
      [
        { value: 1002 },
        { value: '井盖' },
        { value: 45356.5 },
        { value: '井盖松动。' },
        { value: '已修。' },
        { value: '2024年4月1日' },
      ],
      [{ value: 1003 }, { value: '积水' }, { value: '昨天' }, { value: '门口积水。' }],
    ]
    await writeExcelFile([{ data, sheet: '留言' }] as never).toFile(file)
    const result = await take(file)
    expect(counts(result)).toEqual({ read: 3, imported: 2, duplicates: 0, rejected: 1 })
    expect(reportOf(result.report)).toEqual([
      '\ufeff行号,原因,原值,代号,编号,留言主题,留言时间,留言详情,答复意见,答复时间',
      '6,时间是相对的说法，不知道是哪一天,昨天,time-relative,1003,积水,昨天,门口积水。,,',
    ])
    expect(result).toMatchObject({ sheet: '留言', otherSheets: [] })
    expect(await all('select outer_number as n, filed_at from request order by 1')).toEqual([
      { n: '1001', filed_at: '2024-03-05T01:07:00.000Z' },
      { n: '1002', filed_at: '2024-03-05T04:00:00.000Z' },
    ])
    expect(await refusalOf(take(file, { mapping: readMapping('sheet: 别的') }))).toContain('no sheet')
  })
})

describe('tables as people draw them', () => {
  const at = (value: string, more: object = {}) => ({ value, ...more })
  const book = async (name: string, sheets: object[]) => {
    await writeExcelFile(sheets as never).toFile(files.path(name))
    return files.path(name)
  }
  const found = () =>
    all<{ n: string; filed_at: string; title: string; body: string; state: string }>(
      'select outer_number as n, filed_at, title, body, state from request order by 1, title',
    )

  test('merged cells hold for every row that they cover, and no answer is made of a text drawn wide', async () => {
    const file = await book('merged.xlsx', [
      {
        sheet: '留言',
        data: [
          [at('柳桥热线登记表', { columnSpan: 5 }), null, null, null, null],
          ['编号', '留言时间', '主题', '内容', '答复意见'].map((value) => at(value)),
          [at('1'), at('2024-03-05 09:07', { rowSpan: 2 }), at('路灯'), at('路灯坏了。'), at('已修。')],
          [at('2'), null, at('井盖'), at('井盖松动，写得很长，占了两格。', { columnSpan: 2 }), null],
          [
            at('3', { rowSpan: 2 }),
            at('2024-03-06', { rowSpan: 2 }),
            at('积水', { rowSpan: 2 }),
            at('门口积水。', { rowSpan: 2 }),
            null,
          ],
          [null, null, null, null, null],
        ],
      },
    ])
    expect(counts(await take(file))).toEqual({ read: 3, imported: 3, duplicates: 0, rejected: 0 })
    const nine = '2024-03-05T01:07:00.000Z'
    expect(await found()).toEqual([
      { n: '1', filed_at: nine, title: '路灯', body: '路灯坏了。', state: 'closed' },
      { n: '2', filed_at: nine, title: '井盖', body: '井盖松动，写得很长，占了两格。', state: 'received' },
      { n: '3', filed_at: '2024-03-05T16:00:00.000Z', title: '积水', body: '门口积水。', state: 'received' },
    ])
  })

  test('a heading of two rows is read as one', async () => {
    const file = await book('two-rows.xlsx', [
      {
        sheet: '留言',
        data: [
          [at('柳桥热线登记表')],
          [
            at('编号', { rowSpan: 2 }),
            at('来电人', { columnSpan: 2 }),
            null,
            at('诉求', { columnSpan: 3 }),
            null,
            null,
            at('答复', { columnSpan: 2 }),
            null,
          ],
          [null, at('姓名'), at('电话'), at('时间'), at('标题'), at('内容'), at('时间'), at('内容')],
          ['1', '甲', '13800000001', '2024-03-05', '路灯', '路灯坏了。', '2024-03-06', '已修。'].map((value) =>
            at(value),
          ),
          ['2', '乙', '13800000002', '2024-03-05', '井盖', '井盖松动。'].map((value) => at(value)),
        ],
      },
    ])
    const result = await take(file)
    expect(result.columns).toEqual({
      id: '编号',
      subject: '诉求标题',
      created_at: '诉求时间',
      body: '诉求内容',
      answer: '答复内容',
      answered_at: '答复时间',
    })
    expect(counts(result)).toEqual({ read: 2, imported: 2, duplicates: 0, rejected: 0 })
    expect((await found()).map(({ state }) => state)).toEqual(['closed', 'received'])
    await database.owner.pool.query('truncate request cascade')
    // The same out of a CSV, where only the first column of a group has its name, and where the second row completes the first.
    const csv = (rows: string[]) => files.write('two-rows.csv', rows.join('\n'))
    const rows = ['1,甲,13800000001,2024-03-05,路灯,路灯坏了。,2024-03-06,已修。', '2,乙,,2024-03-05,井盖,井盖松动。,,']
    const head = ['编号,来电人,,诉求,,,答复,', ',姓名,电话,时间,标题,内容,时间,内容']
    expect((await take(csv([...head, ...rows]))).columns).toEqual(result.columns)
    const half = ['编号,姓名,电话,留言时间,标题,内容,答复,答复', ',,,,,,时间,内容']
    const second = await take(csv([...half, ...rows]))
    expect(second.columns).toMatchObject({
      id: '编号',
      created_at: '留言时间',
      answer: '答复内容',
      answered_at: '答复时间',
    })
    expect(counts(second)).toEqual({ read: 2, imported: 0, duplicates: 2, rejected: 0 })
  })

  test('the sheet that is shown is read, and the others are named', async () => {
    const data = [
      ['编号', '时间', '内容'],
      ['1', '2024-03-05', '灯坏了'],
    ].map((row) => row.map((value) => at(value)))
    const other = [
      ['编号', '时间', '内容'],
      ['2', '2024-03-05', '积水'],
    ].map((row) => row.map((value) => at(value)))
    const file = await book('sheets.xlsx', [
      { sheet: '一月', data },
      { sheet: '二月 & 三月', data: other },
    ])
    expect(await take(file)).toMatchObject({ imported: 1, sheet: '一月', otherSheets: ['二月 & 三月'] })
    expect(await take(file, { mapping: readMapping('sheet: 二月 & 三月') })).toMatchObject({
      imported: 1,
      otherSheets: ['一月'],
    })
    expect(await take(file, { mapping: readMapping('sheet: 2') })).toMatchObject({
      duplicates: 1,
      sheet: '二月 & 三月',
    })
  })

  test('a formula without a result rejects its row instead of leaving a hole, and a hidden sheet is passed over', async () => {
    const cell = (at: string, text: string) => `<c r="${at}" t="inlineStr"><is><t>${text}</t></is></c>`
    const row = (number: number, ...cells: string[]) => `<row r="${number}">${cells.join('')}</row>`
    const sheet = (...rows: string[]) =>
      Buffer.from(
        `<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${rows.join('')}</sheetData></worksheet>`,
      )
    const head = row(1, cell('A1', '编号'), cell('B1', '时间'), cell('C1', '内容'), cell('D1', '备注'))
    const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
    const file = files.write(
      'formulas.xlsx',
      zipOf([
        [
          '[Content_Types].xml',
          Buffer.from(
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>',
          ),
        ],
        [
          'xl/workbook.xml',
          Buffer.from(
            `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${office}"><sheets><sheet name="旧" sheetId="1" state="hidden" r:id="rId1"/><sheet name="新" sheetId="2" r:id="rId2"/></sheets></workbook>`,
          ),
        ],
        [
          'xl/_rels/workbook.xml.rels',
          Buffer.from(
            `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${office}/worksheet" Target="worksheets/sheet2.xml"/></Relationships>`,
          ),
        ],
        ['xl/worksheets/sheet1.xml', sheet(row(1, cell('A1', '不该读')))],
        [
          'xl/worksheets/sheet2.xml',
          sheet(
            head,
            row(
              2,
              cell('A2', '1'),
              cell('B2', '2024-03-05'),
              '<c r="C2" t="str"><f>D2&amp;"。"</f></c>',
              cell('D2', '灯坏了'),
            ),
            row(3, cell('A3', '2'), '<c r="B3" t="e"><f>1/0</f><v>#DIV/0!</v></c>', cell('C3', '灯坏了')),
            row(4, cell('A4', '3'), cell('B4', '2024-03-05'), '<c r="C4" t="str"><f>D4</f><v>算出来的内容</v></c>'),
            row(5, cell('A5', '4'), cell('B5', '2024-03-05'), cell('C5', '积水'), '<c r="D5" t="e"><v>#REF!</v></c>'),
          ),
        ],
      ]),
    )
    const result = await take(file)
    expect(result).toMatchObject({ read: 4, imported: 2, rejected: 2, sheet: '新', otherSheets: [] })
    expect(
      reportOf(result.report)
        .slice(1)
        .map((line) => line.split(',').slice(0, 5)),
    ).toEqual([
      ['2', expect.any(String), '', 'formula', '1'],
      ['3', expect.any(String), '', 'formula', '2'],
    ])
    expect((await found()).map(({ body }) => body)).toEqual(['算出来的内容', '积水'])
  })
})

describe('rows that cannot be taken in', () => {
  test('are listed with line and reason, and cannot become formulas', async () => {
    const text = [
      '编号,主题,时间,内容,赞',
      '1,好的,2024-03-05,灯坏了,3',
      '=1+1,不好,昨天,灯坏了,',
      '@SUM(A1),,2024-03-05,,',
      '',
      '4,多行,2024-03-05,"第一行',
      '第二行",',
      '5,格子多,2024-03-05,灯坏了,,,,多',
      '6,时间,3/4/2024,灯坏了,',
      '7,开口,2024-03-05,"没有收口,',
      '8,好的,2024-03-05,灯又坏了,',
      '9,好的,2024-03-05,"他说""快修""",',
    ].join('\n')
    const file = files.write('bad.csv', text)
    const result = await take(file)
    expect(counts(result)).toEqual({ read: 9, imported: 4, duplicates: 0, rejected: 5 })
    expect(result.report).toBe(files.path('bad.rejected.csv'))
    expect(reportOf(result.report)).toEqual([
      '\ufeff行号,原因,原值,代号,编号,主题,时间,内容,赞',
      "3,时间是相对的说法，不知道是哪一天,昨天,time-relative,'=1+1,不好,昨天,灯坏了,",
      "4,没有标题也没有内容,,empty,'@SUM(A1),,2024-03-05,,",
      '8,格子比表头多,,columns,5,格子多,2024-03-05,灯坏了,,,,多',
      '9,分不清年、月、日的先后，请写成 2024-03-05,3/4/2024,time-order,6,时间,3/4/2024,灯坏了,',
      '10,引号没有配对,,quote,"7,开口,2024-03-05,""没有收口,"',
    ])
    expect((await all<{ body: string }>("select body from request where outer_number = '9'"))[0]?.body).toBe(
      '他说"快修"',
    )
    expect(reportOf((await take(file, { language: 'en' })).report)[1]).toContain('told from a day that is not named')
    // Mended and run again, no old report tells of faults that are gone.
    files.write('bad.csv', '编号,时间,内容\n1,2024-03-05,灯坏了\n')
    expect((await take(file)).report).toBeNull()
    expect(existsSync(files.path('bad.rejected.csv'))).toBe(false)
  })

  test('are listed with all that stands in them, so that the list can be mended and imported', async () => {
    const body = '第一行，"快修"\r\n=HYPERLINK("http://example.test")'
    const rows = [
      { 编号: '1', 留言用户: '=甲', 主题: '好的', 时间: '2024-03-05', 内容: '灯坏了', 备注: '' },
      { 编号: '2', 留言用户: '+乙', 主题: '-路灯', 时间: '昨天', 内容: body, 备注: '@备注' },
      { 编号: '3', 留言用户: '丙', 主题: '', 时间: '2024-03-05', 内容: '', 备注: '什么也没有' },
    ]
    const first = await take(files.write('mend.csv', csvOf(rows)))
    expect(counts(first)).toEqual({ read: 3, imported: 1, duplicates: 0, rejected: 2 })
    const report = readFileSync(first.report ?? '', 'utf8')
    // Untouched, the same rows are rejected again, and none has changed.
    const unmended = await take(files.write('unmended.csv', report))
    expect(counts(unmended)).toEqual({ read: 2, imported: 0, duplicates: 0, rejected: 2 })
    const mended = await take(files.write('mended.csv', report.replace('-路灯,昨天', '-路灯,2024-03-06')))
    expect(counts(mended)).toEqual({ read: 2, imported: 1, duplicates: 0, rejected: 1 })
    expect(await all("select title, body, filed_at from request where outer_number = '2'")).toEqual([
      { title: '-路灯', body: body.replace('\r', ''), filed_at: '2024-03-05T16:00:00.000Z' },
    ])
    expect(await refusalOf(take(files.path('mended.csv'), { report: files.path('mended.csv') }))).toContain(
      'over the file',
    )
    expect(existsSync(files.path('mended.csv'))).toBe(true)
  })

  test('of NDJSON are listed under the keys of the whole file', async () => {
    const lines = [
      { id: '1', created_at: '2024-03-05', body: '灯坏了' },
      { id: '2', created_at: '改天', body: '路面积水' },
      { id: '3', created_at: '2024-03-05', body: '井盖松动', answer: '已修', answered_at: '某天', tags: ['a'] },
    ]
    const file = files.write('keys.ndjson', lines.map((line) => JSON.stringify(line)).join('\n'))
    const result = await take(file, { language: 'en' })
    const report = readFileSync(result.report ?? '', 'utf8')
    expect(report.split('\r\n')[0]).toBe('\ufeffline,reason,value,code,id,created_at,body,answer,answered_at,tags')
    expect(report.split('\r\n')[2]).toMatch(/,3,2024-03-05,井盖松动,已修,某天,"\[""a""\]"$/)
    const mended = files.write(
      'keys.csv',
      report.replace('2,改天', '2,2024-03-07').replace('已修,某天', '已修,2024-03-05'),
    )
    expect(counts(await take(mended))).toEqual({ read: 2, imported: 2, duplicates: 0, rejected: 0 })
    expect(await all("select outer_number as n from request where state = 'closed'")).toEqual([{ n: '3' }])
  })

  test('broken lines of NDJSON, and what no database can hold', async () => {
    const good = { id: '1', created_at: '2024-03-05', body: '灯坏了' }
    const lines = [
      JSON.stringify(good),
      '{"id": "2", "created_at"',
      '[1]',
      '"text"',
      JSON.stringify({ ...good, id: '3', body: { deep: [] } }),
      `{"id":"4","created_at":"2024-03-05","body":"灯\\u0000坏\\ud800了"}`,
      JSON.stringify({ ...good, id: '5', body: 'x'.repeat(1_000_000) }),
      JSON.stringify({ ...good, id: '6', body: "'); drop table request; -- <script>alert(1)</script>" }),
    ]
    const result = await take(files.write('bad.ndjson', lines.join('\n')))
    expect(counts(result)).toEqual({ read: 8, imported: 3, duplicates: 0, rejected: 5 })
    expect(result.mended).toBe(1)
    expect(
      reportOf(result.report)
        .slice(1)
        .map((line) => [line.split(',')[0], line.split(',')[3]]),
    ).toEqual([
      ['2', 'json'],
      ['3', 'json'],
      ['4', 'json'],
      ['5', 'kind'],
      ['7', 'line-long'],
    ])
  })

  test('a line pasted in from another encoding costs its row alone, and the others are read', async () => {
    const rows = madeRows(4)
    const lines = csvOf(rows).split('\r\n')
    const table = gbTable()
    const other = Buffer.concat([...(lines[2] ?? '')].map((sign) => table.get(sign) ?? Buffer.from(sign, 'latin1')))
    const file = Buffer.concat([
      Buffer.from(`${lines[0]}\r\n${lines[1]}\r\n`),
      other,
      Buffer.from(`\r\n${lines[3]}\r\n`),
    ])
    const result = await take(files.write('pasted.csv', file))
    expect(counts(result)).toEqual({ read: 3, imported: 2, duplicates: 0, rejected: 1 })
    expect(reportOf(result.report)[1]).toContain('undecodable')
  })

  test('bytes that are no text cost their row alone', async () => {
    const text = Buffer.from(csvOf(madeRows(3)))
    const at = text.indexOf('广场舞')
    text[at + 1] = 0xff
    expect(counts(await take(files.write('torn.csv', text)))).toEqual({
      read: 3,
      imported: 2,
      duplicates: 0,
      rejected: 1,
    })
  })
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

describe('files that are refused', () => {
  test('a workbook that unpacks to gigabytes, by what it declares', { timeout: 120_000 }, async () => {
    const zeros = Buffer.alloc(400_000_000, ' ')
    const bomb = files.write(
      'bomb.xlsx',
      zipOf([
        ['xl/workbook.xml', Buffer.from('<workbook/>')],
        ['xl/worksheets/sheet1.xml', zeros],
      ]),
    )
    expect(await refusalOf(take(bomb))).toContain('too large')
    // The same with a lie about its size.
    const lie = files.write(
      'lie.xlsx',
      zipOf(
        [
          ['xl/workbook.xml', Buffer.from('<workbook/>')],
          ['xl/worksheets/sheet1.xml', zeros],
        ],
        1_000,
      ),
    )
    expect(await refusalOf(take(lie))).toMatch(/cannot be opened|too large/)
  })

  test('what is none of the three kinds', async () => {
    expect(await refusalOf(take(files.write('fake.xlsx', Buffer.from('PK\u0003\u0004 no zip'))))).toContain(
      'cannot be opened',
    )
    expect(await refusalOf(take(files.write('old.xls', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 1, 2]))))).toContain(
      'old XLS',
    )
    expect(await refusalOf(take(files.write('array.json', '[{"id": 1}]')))).toContain('one object a line')
    expect(await refusalOf(take(files.write('empty.csv', '')))).toContain('is empty')
    expect(await refusalOf(take(files.path('absent.csv')))).toContain('cannot be read')
    expect(await refusalOf(take(files.write('odd.csv', '甲,乙\n1,2\n')))).toContain('The file has: 甲, 乙')
    expect(await refusalOf(take(files.write('odd.ndjson', '{"a":1}')))).toContain('The file has: a')
    const missing = readMapping('body: 没有')
    expect(
      await refusalOf(take(files.write('m.csv', '编号,时间,内容\n1,2024-03-05,灯\n'), { mapping: missing })),
    ).toContain('no column “没有”')
  })

  test('a place that is not there, that is gone, or that has nobody', async () => {
    const file = files.write('place.csv', csvOf(madeRows(1)))
    expect(await refusalOf(take(file, { place: '999999' }))).toContain('no place with the code')
    expect(await refusalOf(take(file, { place: '990102001' }))).toContain('could be responsible')
    await database.owner.pool.query(
      "update place set abolished_at = now(), abolished_source = 'local' where code = $1",
      [code],
    )
    expect(await refusalOf(take(file))).toContain('was abolished')
  })

  test('a body whose posts are empty is responsible all the same, and it is said', async () => {
    await database.owner.pool.query(
      "update tenure set during = tstzrange(now() - interval '2 day', now() - interval '1 day')",
    )
    const result = await take(files.write('unattended.csv', csvOf(madeRows(1))))
    expect(result).toMatchObject({ imported: 1, attended: false })
    expect(await all('select holder from request')).toEqual([{ holder: body }])
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

/** Characters by their bytes in GB18030, for the two-byte part: Node reads it and does not write it. */
function gbTable(): Map<string, Buffer> {
  const decoder = new TextDecoder('gb18030')
  const table = new Map<string, Buffer>()
  for (let high = 0x81; high <= 0xfe; high += 1) {
    for (let low = 0x40; low <= 0xfe; low += 1) {
      if (low === 0x7f) continue
      const bytes = Buffer.of(high, low)
      const character = decoder.decode(bytes)
      if ([...character].length === 1 && character !== '\ufffd') table.set(character, bytes)
    }
  }
  return table
}
