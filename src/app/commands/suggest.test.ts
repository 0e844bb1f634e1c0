import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'

const cli = fileURLToPath(new URL('../cli.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'linli-suggest-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function linli(...args: string[]) {
  return new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    // No data directory: it needs none, and makes none.
    const child = spawn(process.execPath, [cli, 'suggest', ...args], {
      env: { PATH: process.env.PATH, LINLI_DATA: '/proc/nowhere', LANG: 'C' },
    })
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk) => (out += chunk))
    child.stderr.on('data', (chunk) => (err += chunk))
    child.once('close', (code) => resolve({ code, out, err }))
  })
}

function written(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

interface Line {
  readonly id: string
  readonly suggestions: { readonly category: string[]; readonly score: number; readonly because: string[] }[]
}
const linesOf = (out: string): Line[] =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

const messages = written(
  'messages.csv',
  '编号,标题,内容\nA-1,小区自来水供应,停水两天了，自来水公司没有通知\n,工地噪音污染,夜里打桩\nA-3,,\nA-4,孩子今年的招生,录取看户口还是房子\n',
)
const told = [
  ['广场上鸡飞狗跳', '环境保护'],
  ['衙门里七上八下', '民政/社会救助/农村低保'],
  ['课堂上手忙脚乱', '教育文体'],
  ['码头上人仰马翻', '交通运输'],
]
const shouts = ['没人来看', '心里着急', '请给个说法']
const learned = written(
  'learned.ndjson',
  Array.from({ length: 60 }, (_, at) => {
    const [topic = '', category] = told[at % told.length] ?? []
    return JSON.stringify({
      body: `${topic}，第${at}回，${shouts[at % shouts.length]}`,
      ...(at % 5 === 4 ? {} : { category }),
    })
  }).join('\n'),
)
const own = written('own.csv', '一级,二级,三级\n水,供水,停水\n声音,噪音,夜里的噪音\n学校,招生,录取\n')

describe('linli suggest', { timeout: 120_000 }, () => {
  test('says three categories of the official list for each message, of different first levels, and why', async () => {
    const { code, out, err } = await linli(messages)
    expect(code).toBe(0)
    const lines = linesOf(out)
    // A row without a number is called by its line; one without a text has no line, which is said.
    expect(lines.map(({ id }) => id)).toEqual(['A-1', '3', 'A-4'])
    expect(err).toMatch(/messages\.csv, line 4 was not read: It has neither a subject nor a text/)
    expect(lines.map(({ suggestions }) => suggestions[0]?.category)).toEqual([
      ['城乡建设', '城市建设和市政管理', '自来水供应'],
      ['环境保护', '环境污染', '噪音污染'],
      ['教育文体', '考试招生', '招生录取'],
    ])
    for (const { suggestions } of lines) {
      expect(suggestions).toHaveLength(3)
      expect(new Set(suggestions.map(({ category }) => category[0])).size).toBe(3)
      for (const { score } of suggestions) expect(score).toBeLessThanOrEqual(1)
    }
    expect(lines[1]?.suggestions[0]?.because).toEqual(expect.arrayContaining(['噪音', '污染']))
  })

  test('learns from what has a category, and from the words of what has none', async () => {
    const told = written('told.csv', 'body\n楼下鸡飞狗跳\n')
    const [before, after] = await Promise.all([linli(told), linli(told, '--learn', learned)])
    expect(linesOf(before.out)[0]?.suggestions[0]?.because).toEqual([])
    expect(after.code).toBe(0)
    const [first] = linesOf(after.out)[0]?.suggestions ?? []
    expect(first?.category[0]).toBe('环境保护')
    expect(first?.because).toContain('鸡飞狗跳')
    expect(after.err).toMatch(/Learned from 48 messages with a category and the words of 13 without\./)
  })

  test('goes by a list of one’s own', async () => {
    const { out } = await linli(messages, '--taxonomy', own)
    expect(linesOf(out).map(({ suggestions }) => suggestions[0]?.category[2])).toEqual(['停水', '夜里的噪音', '录取'])
  })

  test('too few rows with a category teach nothing, and that is said', async () => {
    const few = written('few.csv', '内容,分类\n路灯不亮,城乡建设\n夜里吵,环境保护\n天上掉馅饼,没有这一类\n')
    const { code, out, err } = await linli(messages, '--learn', few)
    expect(code).toBe(0)
    expect(linesOf(out)).toHaveLength(3)
    expect(err).toContain('Only 2 messages have a category')
    expect(err).toContain('1 messages have a category that is not in the list')
    expect(err).toContain('没有这一类')
  })

  test.each<[string, () => string[], RegExp, RegExp]>([
    ['no such file', () => [join(folder, 'missing.csv')], /读不了文件/, /cannot be read/],
    ['an empty file', () => [written('empty.csv', '')], /是空的/, /is empty/],
    [
      'no column of texts',
      () => [written('columns.csv', '编号,颜色\n1,红\n')],
      /看不出哪一列是内容。文件里有：编号、颜色/,
      /No column is seen to be the text/,
    ],
    [
      'labels that the list does not have',
      () => [messages, '--learn', written('strange.csv', '内容,分类\n路灯,天文\n吵,地理\n')],
      /2 条留言的分类不在目录里，或对得上好几个，只当没有分类：天文、地理/,
      /2 messages have a category that is not in the list/,
    ],
    ['a list that is none', () => [messages, '--taxonomy', messages], /表头写 level1,level2,level3/, /with the header/],
    [
      'a list without a row',
      () => [messages, '--taxonomy', written('none.csv', 'level1,level2,level3\n')],
      /没有一个分类/,
      /holds no category/,
    ],
  ])('refuses %s in both languages', async (_name, args, zh, en) => {
    const { code, out, err } = await linli(...args(), '--json')
    expect(err).toMatch(zh)
    expect(err).toMatch(en)
    expect(err).not.toMatch(/at .*\.ts:\d+/)
    expect(code).toBe(1)
    expect(JSON.parse(out)).toEqual({ ok: false, error: expect.stringMatching(en) })
  })
})
