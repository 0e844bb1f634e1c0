import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isCardNumber, isIdentityNumber, isRedactionOf, redact, suggestRedactions } from './redaction.ts'

const shown = (text: string) => redact(text, suggestRedactions(text))
/** A made-up number with a right check sign. */
const identity = '321003198002300016'.slice(0, 17)
const rightIdentity = [...'0123456789X'].map((sign) => `32100319800229001${sign}`).find(isIdentityNumber) ?? ''

describe('what is found', () => {
  test.each([
    ['a mobile', '打我手机13900001111就行', '打我手机〔电话〕就行'],
    ['with dashes', '139-0000-1111', '〔电话〕'],
    ['with spaces in odd places', '请拨 139 00 00 11 11 找我', '请拨 〔电话〕 找我'],
    ['full width', '电话：１３９００００１１１１。', '电话：〔电话〕。'],
    ['with the code of the country', '+86 13900001111', '〔电话〕'],
    ['numerals read out', '幺三九零零零零一一一一', '〔电话〕'],
    ['a landline', '办公室0514-80000001没人接', '办公室〔电话〕没人接'],
    ['a landline in brackets', '(0514)80000001', '〔电话〕'],
    ['a local number that is named', '座机：80000001', '座机：〔电话〕'],
    ['an identity number', `证号${rightIdentity}`, '证号〔证件号〕'],
    ['a mistyped one that is named', `身份证号是${identity.slice(0, 6)}198001010000。`, '身份证号是〔证件号〕。'],
    ['a bank card', '退到6222020000000000007吧'.replace('0007', luhnEnd('622202000000000000')), '退到〔卡号〕吧'],
    ['a plate', '苏K12A34长期占道', '〔车牌〕长期占道'],
    ['a plate with a point', '苏K·A1234挡住了', '〔车牌〕挡住了'],
    ['a plate of an electric car', '粤bd12345充电', '〔车牌〕充电'],
    ['a large electric car', '苏A12345D充电', '〔车牌〕充电'],
    ...[...'警学挂'].map((sign) => [`a plate ending in ${sign}`, `苏A1234${sign}停着`, '〔车牌〕停着']),
    ...[...'港澳'].map((sign) => [`a plate ending in ${sign}`, `粤Z1234${sign}停着`, '〔车牌〕停着']),
    ['a plate of a consulate', '沪A1234领停着', '〔车牌〕停着'],
    // Found twice, wholly or by halves: one mark over both, of the surer kind.
    ['a number within a name', '微信abc13900001111', '微信〔电话〕'],
    ['a number that begins within a name', '微信abcde139 0000 1111问我', '微信〔电话〕问我'],
    ['a number that is an address', '13900001111@example.org', '〔邮箱〕'],
    ['a home', '住在3栋2单元501室', '住在〔住址〕'],
    ['a home without the last word', '八幢三单元602漏水', '〔住址〕漏水'],
    ['a home in numerals', '十二号楼一单元四零二', '〔住址〕'],
    ['a home with spaces', '12号楼 1单元 1106', '〔住址〕'],
    ['a home in short', '我家12-3-401', '我家〔住址〕'],
    ['a house in a road', '杏花路18号门前积水', '杏花路〔住址〕门前积水'],
    ['a house in a lane', '杏花巷 3弄25号602室', '杏花巷 〔住址〕'],
    ['a house alone', '5号楼电梯坏了', '〔楼栋〕电梯坏了'],
    ['a name after 我叫', '我叫测小样，来问一下', '我叫〔姓名〕，来问一下'],
    ['a name and more of the sentence', '我叫李样样家里漏水', '我叫〔姓名〕家里漏水'],
    ['a name after 我是', '我是王样本，住这里', '我是〔姓名〕，住这里'],
    ['a surname before a title', '楼上的王阿姨和赵大爷', '楼上的〔姓名〕阿姨和〔姓名〕大爷'],
    ['a whole name before a title', '找张样本先生', '找〔姓名〕先生'],
    ['a surname of two signs', '欧阳女士来过', '〔姓名〕女士来过'],
    ['a WeChat name', '加微信号：sample_2026联系', '加微信号：〔微信号〕联系'],
    ['a QQ number', 'QQ 1000012345', 'QQ 〔QQ号〕'],
    ['a mail address', '发到sample.person@example.org即可', '发到〔邮箱〕即可'],
    ['English names', 'My name is Sample Person. Ask Mr. Template.', 'My name is 〔姓名〕. Ask Mr. 〔姓名〕.'],
  ])('%s', (_name, text, expected) => {
    expect(shown(text)).toBe(expected)
  })

  test('in the words of the reader', () => {
    expect(suggestRedactions('call 13900001111', 'en')).toEqual([
      { from: 5, until: 16, kind: 'phone', replacement: '[phone]' },
    ])
  })
})

function luhnEnd(start: string): string {
  return (
    [...'0123456789']
      .map((digit) => `${start}${digit}`)
      .find(isCardNumber)
      ?.slice(-4) ?? ''
  )
}

test.each([
  '路灯坏了三天，晚上很黑。',
  '2026年3月5号到12号停水，2号线也停了。',
  '我们这一栋楼都没有热水',
  '我是小区的老住户，这里有一座桥。',
  '打12345没人接，等了40分钟。',
  '物业费每平米1.85元，一共1385.60元',
  '垃圾桶2024-11-03以后没清过',
  '这位女士和那位先生都看见了',
  '小区共7栋，项目经理和主任都不在',
])('nothing is found in: %s', (text) => {
  expect(suggestRedactions(text)).toEqual([])
})

test('check digits', () => {
  expect(rightIdentity).toHaveLength(18)
  expect(isIdentityNumber(`${rightIdentity.slice(0, 16)}9${rightIdentity.slice(17)}`)).toBe(false)
  expect(isCardNumber('1234567890123456')).toBe(false)
})

test('ranges are in order, apart, within the text and around whole signs', () => {
  const piece = fc.constantFrom(
    '13900001111',
    '3栋',
    '2单元',
    '我叫',
    '王',
    '阿姨',
    '苏K12345',
    '，',
    ' ',
    '１３９',
    '𠮷',
    '-',
    '号',
    '6',
    '微信abc123',
    'a@b.cn',
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(piece, { maxLength: 30 }).map((all) => all.join('')),
      ),
      (text) => {
        let last = 0
        for (const each of suggestRedactions(text)) {
          expect(each.from).toBeGreaterThanOrEqual(last)
          expect(each.until).toBeGreaterThan(each.from)
          expect(each.until).toBeLessThanOrEqual(text.length)
          last = each.until
        }
        if (text.isWellFormed()) expect(shown(text).isWellFormed()).toBe(true)
      },
    ),
  )
})

test('what was taken out is not found again', () => {
  const text = '我叫测小样，13900001111，住3栋2单元501室，苏K12A34。'
  expect(suggestRedactions(shown(text))).toEqual([])
})

test('approved redactions must not overlap', () => {
  expect(
    redact('abcdef', [
      { from: 4, until: 5, replacement: 'X' },
      { from: 0, until: 1, replacement: '' },
    ]),
  ).toBe('bcdXf')
  expect(() =>
    redact('abc', [
      { from: 0, until: 2, replacement: '' },
      { from: 1, until: 3, replacement: '' },
    ]),
  ).toThrow(RangeError)
  expect(() => redact('abc', [{ from: 0, until: 4, replacement: '' }])).toThrow(RangeError)
})

test('time grows with the length, not faster, on texts made to be slow', () => {
  for (const piece of [
    '1',
    '13',
    '139-',
    '栋',
    '三',
    '1栋',
    '我叫',
    '我是王',
    '王王',
    'a',
    'a@',
    'a.',
    '微信a',
    '路1',
    '苏K',
    ' ',
    '0',
    '12-3-',
    '1 ',
  ]) {
    const text = piece.repeat(Math.ceil(100_000 / piece.length))
    // A pattern that runs away would not come back within the test's time.
    for (const each of suggestRedactions(text)) expect(each.until, piece).toBeLessThanOrEqual(text.length)
  }
}, 60_000)

/** A file of messages as NDJSON, where whoever runs the tests has one; else sentences made up here. Nothing of it is kept. */
test('thousands of messages: no crash', () => {
  const file = process.env.LINLI_TEST_MESSAGES
  const made = '我叫测小样，住杏花路18号3栋2单元501室，电话13900001111，隔壁王阿姨家也漏水，已经报了两次，没有人来。'
  const texts = file
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter(Boolean)
        .flatMap((line) => Object.values(JSON.parse(line) as Record<string, unknown>))
        .filter((value) => typeof value === 'string')
    : Array.from({ length: 3_000 }, (_, index) => made.repeat(1 + (index % 20)))
  for (const text of texts) expect(typeof redact(text, suggestRedactions(text))).toBe('string')
}, 30_000)

describe('isRedactionOf', () => {
  const written = '王师傅六月三日去看了，问题没有解决。配件下周到，到了再来。电话13800000000。'
  test.each([
    written,
    '问题没有解决。配件下周到，到了再来。',
    '〔姓名〕六月三日去看了，问题没有解决。',
    '配件下周到，到了再来。电话〔电话〕。',
    '＊＊＊去看了，问题没有解决。',
  ])('%s', (shown) => expect(isRedactionOf(written, shown)).toBe(true))
  test.each([
    '问题解决。',
    '有解决。',
    '问题没有。',
    '问题没有解决，配件已到。',
    '到了再来。配件下周到，问题没有解决。',
    '〔已经全部解决〕',
    '全部办好了。',
  ])('not: %s', (shown) => expect(isRedactionOf(written, shown)).toBe(false))
})
