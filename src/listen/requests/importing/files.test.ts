// Files of every kind that people send, and tables as they draw them.
import { describe, expect, test } from 'vitest'
import writeExcelFile from 'write-excel-file/node'
import { readMapping } from './columns.ts'
import { gbTable } from './gb.fixture.ts'
import { code, csvOf, madeRows } from './importing.fixture.ts'
import { counts, importing, refusalOf, reportOf } from './importing.harness.ts'
import { zipOf } from './zip.fixture.ts'

const { all, body, database, files, take } = await importing()

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
    expect(await all('select holder from request')).toEqual([{ holder: body() }])
  })
})
