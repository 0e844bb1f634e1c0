// Rows that cannot be taken in: each is listed with what stood in it, and costs no other.
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { gbTable } from './gb.fixture.ts'
import { csvOf, madeRows } from './importing.fixture.ts'
import { counts, importing, refusalOf, reportOf } from './importing.harness.ts'

const { all, files, take } = await importing()

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

  test.each([
    ['a line feed', '\n'],
    ['a carriage return', '\r'],
    ['a paragraph sign', '\u2029'],
  ])('keep their lines together where %s alone stands between them', async (_, lineBreak) => {
    const body = `灯坏了${lineBreak}=1+1`
    const lines = [
      { id: '1', created_at: '改天', body },
      { id: '2', created_at: '改天', body: ` =1+1${lineBreak}@SUM(A1)` },
    ]
    const result = await take(files.write('lines.ndjson', lines.map((line) => JSON.stringify(line)).join('\n')))
    const report = readFileSync(result.report ?? '', 'utf8')
    const outside = report.replaceAll(/"[^"]*"/g, 'quoted').split(/[\n\r\u2029]+/)
    expect(outside).toHaveLength(4)
    for (const line of outside) expect(line).not.toMatch(/^[=@]/)
    expect(report).toContain(`"' =1+1${lineBreak}@SUM(A1)"`)
    const mended = files.write('lines.csv', report.replaceAll(/,(\d),改天,/g, ',$1,2024-03-07,'))
    expect(counts(await take(mended))).toEqual({ read: 2, imported: 2, duplicates: 0, rejected: 0 })
    const clean = lineBreak.replace('\r', '\n')
    expect(await all('select body from request order by outer_number')).toEqual([
      { body: `灯坏了${clean}=1+1` },
      { body: `=1+1${clean}@SUM(A1)` },
    ])
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
