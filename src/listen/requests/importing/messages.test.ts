import { expect, test } from 'vitest'
import type { Field } from './columns.ts'
import { checkColumns, columnsOf, noMapping, readMapping } from './columns.ts'
import { type Cell, type Message, readMessage } from './messages.ts'
import { ImportRefusal } from './refusal.ts'

const now = new Date('2026-03-01T00:00:00Z')
const good = { id: '7', subject: '路灯坏了', body: '门口的路灯坏了。', created_at: '2024-03-05 09:07' }
const read = (cells: Partial<Record<Field, Cell>>, sound = true) =>
  readMessage({ line: 4, cells: { ...good, ...cells } }, now, sound)
const message = (cells: Partial<Record<Field, Cell>>) => read(cells) as Message

test.each<[string, Partial<Record<Field, Cell>>]>([
  ['empty', { subject: ' ', body: null }],
  ['no-time', { created_at: '' }],
  ['no-time', { created_at: '-' }],
  ['time-relative', { created_at: '昨天' }],
  ['time-future', { created_at: '2027-01-01' }],
  ['answer-time', { answer: '已修好', answered_at: '改天' }],
  ['answer-before', { answer: '已修好', answered_at: '2024-03-04' }],
  ['number-long', { id: '9'.repeat(61) }],
  ['number-rounded', { id: '1.20240305E+17' }],
  ['text-long', { body: '字'.repeat(20_001) }],
  ['answer-long', { answer: '字'.repeat(20_001), answered_at: '2024-03-06' }],
  ['phone', { phone: '打我电话' }],
  ['likes', { likes: '很多' }],
])('refused as %s', (reason, cells) => {
  expect(read(cells)).toMatchObject({ line: 4, reason })
})

test('a secret link of ours that stands in a file is not taken along, and that something was is told', () => {
  const body = `灯坏了，见 https://linli.example/r/${'aB3_'.repeat(11)}。`
  expect(message({ body })).toMatchObject({ body: '灯坏了，见 ［链接已略去］。', mended: true })
  expect(message({ spot: `\u202e门口 https://linli.example/j/${'aB3_'.repeat(5)}xy` }).spot).toBe('门口 ［链接已略去］')
})

test('what can be mended without loss is', () => {
  expect(message({ body: '灯\u0000坏\ud83d了\u0007。' })).toMatchObject({ body: '灯坏了。', mended: true })
  expect(message({ body: '灯坏了😟' })).toMatchObject({ body: '灯坏了😟', mended: false })
  const subject = '长'.repeat(130)
  const long = message({ subject })
  expect([...long.title]).toHaveLength(120)
  expect(long.body).toBe(`${subject}\n\n门口的路灯坏了。`)
  expect(message({ spot: '处'.repeat(201) })).toMatchObject({
    spot: null,
    body: `门口的路灯坏了。\n\n${'处'.repeat(201)}`,
  })
  expect(message({ subject: null }).title).toBe('门口的路灯坏了')
  expect(message({ body: '' }).body).toBe('路灯坏了')
  expect(message({ body: '𠮷'.repeat(20_000) }).body).toHaveLength(40_000)
})

test('damage of the encoding is refused only where the file is damaged', () => {
  expect(read({ body: '灯\ufffd坏' })).toMatchObject({ body: '灯\ufffd坏' })
  expect(read({ body: '灯\ufffd坏' }, false)).toMatchObject({ reason: 'undecodable' })
})

test('signs for nothing are nothing, and an answer without a day is still one', () => {
  expect(message({ answer: '无', category: 'NULL', id: '--' })).toMatchObject({
    answer: null,
    category: null,
    outerNumber: null,
  })
  expect(message({ answer: '已修好', answered_at: '' })).toMatchObject({ answer: '已修好', answeredAt: null })
  expect(message({ body: 'The lamp at our gate is broken.', subject: 'Lamp' }).language).toBe('en')
})

test('of several numbers the first that can be called is the contact, and the others are kept with the name', () => {
  const contact = (phone: string, name: string | null = '示例甲') => {
    const { name: kept, phone: called } = message({ name, phone })
    return [called, kept]
  }
  expect(contact('13800000001')).toEqual(['13800000001', '示例甲'])
  expect(contact('13800000001/13800000002')).toEqual(['13800000001', '示例甲（电话栏：13800000001/13800000002）'])
  expect(contact('13800000001、 0514-87654321', null)).toEqual(['13800000001', '电话栏：13800000001、 0514-87654321'])
  expect(contact('无，13800000002（女儿）')).toEqual(['13800000002', '示例甲（电话栏：无，13800000002（女儿））'])
  expect(contact('138000 13800000002')[0]).toBe('13800000002')
  expect(contact('0514 87654321\n13800000002')[0]).toBe('0514 87654321')
  expect(contact('138 0000 0001')).toEqual(['138 0000 0001', '示例甲'])
  expect(read({ phone: '12 / 34' })).toMatchObject({ reason: 'phone' })
  expect(read({ phone: `13800000001${'。'.repeat(100)}` })).toMatchObject({ reason: 'phone' })
})

test('an answer of the same day is no older than the message', () => {
  expect(message({ answer: '已修好', answered_at: '2024-03-05' }).answeredAt).toBe(Date.parse('2024-03-05T01:07:00Z'))
  expect(message({ answer: '已修好', answered_at: '2024年3月' }).answeredAt).toBe(Date.parse('2024-03-05T01:07:00Z'))
  expect(read({ answer: '已修好', answered_at: '2024-03-05 09:06' })).toMatchObject({ reason: 'answer-before' })
})

test('headings are guessed in many forms', () => {
  const guess = (...headings: string[]) => columnsOf(headings, noMapping)
  expect(guess('编号', '留言用户', '留言主题', '留言时间', '留言详情', '反对数', '点赞数')).toEqual({
    id: 0,
    subject: 2,
    created_at: 3,
    body: 4,
    likes: 6,
  })
  expect(guess('id', 'subject', 'created_at', 'body', 'answer', 'answered_at', 'category', 'author', 'likes')).toEqual({
    id: 0,
    subject: 1,
    created_at: 2,
    body: 3,
    answer: 4,
    answered_at: 5,
    category: 6,
    likes: 8,
  })
  expect(guess('工单编号', '工单标题', '来电时间（年月日）', ' 诉求内容： ', '办理结果', '办结时间')).toEqual({
    id: 0,
    subject: 1,
    created_at: 2,
    body: 3,
    answer: 4,
    answered_at: 5,
  })
  // Of two that could be it, the plainer name gives way.
  expect(guess('时间', '内容', '留言时间')).toEqual({ created_at: 2, body: 1 })
  // Names and phones come only where somebody asked for them.
  expect(guess('姓名', '联系电话', '内容', '时间')).toEqual({ body: 2, created_at: 3 })
  expect(columnsOf(['姓名', '联系电话', '内容', '时间'], readMapping('name: 姓名\nphone: 联系电话'))).toEqual({
    name: 0,
    phone: 1,
    body: 2,
    created_at: 3,
  })
})

test('a mapping overrides guesses, in YAML and in JSON', () => {
  const headings = ['编号', '标题', '时间', '内容', '答复']
  expect(columnsOf(headings, readMapping('body: 标题\nanswer: null\n'))).toEqual({ id: 0, created_at: 2, body: 1 })
  const json = readMapping('\ufeff{"id": "编号", "sheet": 2, "encoding": "GBK", "delimiter": "tab"}')
  expect(json).toEqual({ columns: { id: '编号' }, sheet: 2, encoding: 'gb18030', delimiter: '\t' })
})

test('every mistake of a mapping is named', () => {
  const sentences = (work: () => unknown): string[] => {
    try {
      work()
    } catch (error) {
      if (error instanceof ImportRefusal) return error.sentences.map(({ en }) => en)
    }
    return []
  }
  expect(sentences(() => readMapping('boddy: 内容\nencoding: klingon\ndelimiter: x\nsheet: -1\nid: [1]'))).toEqual([
    expect.stringContaining('“boddy” is unknown'),
    expect.stringContaining('“klingon” is unknown'),
    expect.stringContaining('delimiter is'),
    expect.stringContaining('sheet is'),
    expect.stringContaining('id wants the heading'),
  ])
  expect(sentences(() => readMapping('- a\n- b'))).toEqual([expect.stringContaining('one “meaning: heading” a line')])
  expect(sentences(() => readMapping('a: "b'))).toEqual([expect.stringContaining('neither YAML nor JSON')])
  expect(sentences(() => readMapping('a: &x [1]\nb: *x'))).toHaveLength(1)
  const headings = ['标题', '时间']
  const mapping = readMapping('body: 没有的列')
  expect(sentences(() => checkColumns(headings, columnsOf(headings, mapping), mapping))).toEqual([
    'The file has no column “没有的列” (body). It has: 标题, 时间.',
  ])
  expect(sentences(() => checkColumns(['甲', '乙'], {}, noMapping))).toEqual([
    expect.stringContaining('No column is seen to be the time'),
  ])
  // A program that was taken for a table does not write on the terminal.
  const [program] = sentences(() => checkColumns([`\u001b[2Jx\u0000`, 'y'.repeat(9_000)], {}, noMapping))
  expect(program).toContain('The file has: �[2Jx�, yyy')
  expect(program).not.toMatch(/\p{Cc}|y{61}/u)
})
