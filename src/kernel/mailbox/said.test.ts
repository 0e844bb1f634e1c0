import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { withoutQuoted } from './said.ts'

const mark = '——— 回信请写在这一行的上面，会记到这件事里 ———'
const english = '——— Write your answer above this line, and it is added to this matter ———'

describe('what was quoted goes', () => {
  test.each([
    [
      'quoted by marks',
      `好的，谢谢。\n\n在 2026年11月24日，邻里 <linli@example.org> 写道：\n> ${mark}\n>\n> 您的来信收到了`,
    ],
    [
      'in English',
      `好的，谢谢。\n\nOn Tue, Nov 24, 2026 at 10:00 AM Linli <linli@example.org>\nwrote:\n> ${english}\n> Your mail`,
    ],
    [
      'as Outlook does',
      `好的，谢谢。\n\n-----原始邮件-----\n发件人: 邻里\n发送时间: 2026-11-24\n收件人: 王小明\n主题: 您的来信\n\n${mark}\n\n您的来信收到了`,
    ],
    ['as QQ does', `好的，谢谢。\n\n\n------------------ 原始邮件 ------------------\n${mark}\n您的来信收到了`],
    ['without our line, at the end', '好的，谢谢。\n\nOn Monday somebody wrote:\n> one\n> two\n'],
    ['with nothing around it', `好的，谢谢。\n${mark}\n您的来信收到了`],
  ])('%s', (_, text) => {
    expect(withoutQuoted(text)).toBe('好的，谢谢。')
  })
})

describe('in doubt all of it stays', () => {
  test.each([
    ['answers between the lines', '> 几点来？\n三点。\n> 谁来？\n小李。'],
    ['an answer below', `> ${mark}\n> 您的来信收到了\n\n写在下面的话`],
    ['nothing above', `${mark}\n\n您的来信收到了`],
    ['nothing quoted', '价格 > 100 的都不要\n-- \n王小明'],
    ['quoted in the midst', '开头\n> 引用\n结尾'],
  ])('%s', (_, text) => {
    expect(withoutQuoted(text)).toBe(text)
  })
})

test('a line that somebody wrote above is never lost, whatever stands below', () => {
  const own = fc
    .array(fc.constantFrom('灯不亮', 'It is dark.', '价格 > 100', '一、二单元', '- 门', '电话 13900000001', ''), {
      minLength: 1,
      maxLength: 8,
    })
    .filter((lines) => (lines[0] ?? '') !== '' && (lines.at(-1) ?? '') !== '')
  const below = fc.constantFrom(
    '',
    `\n\n在 2026年，邻里 写道：\n> ${mark}\n> 一`,
    `\n${english}\nsomething`,
    '\n\n> one\n> two',
    '\n\n-----Original Message-----\nFrom: a\n\nb',
  )
  fc.assert(
    fc.property(own, below, (lines, after) => {
      const said = withoutQuoted(lines.join('\n') + after)
      for (const line of lines) expect(said).toContain(line)
    }),
  )
})

test('whatever comes, it ends, and gives a part of what came', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string(), fc.constantFrom('>', mark, '写道：', 'On x wrote:', '-----')), { maxLength: 30 }),
      (lines) => {
        const text = lines.join('\n')
        expect(text).toContain(withoutQuoted(text))
      },
    ),
  )
})
