// Why a row was not taken in, in the words of whoever has to mend it.
import type { Sentence } from '#kernel/config/index.ts'

export const reasons = {
  empty: { zh: '没有标题也没有内容', en: 'It has neither a subject nor a text' },
  'no-time': { zh: '没有留言时间', en: 'It has no time' },
  'time-unread': { zh: '时间看不懂', en: 'The time cannot be read' },
  'time-relative': {
    zh: '时间是相对的说法，不知道是哪一天',
    en: 'The time is told from a day that is not named (such as “yesterday”)',
  },
  'time-order': {
    zh: '分不清年、月、日的先后，请写成 2024-03-05',
    en: 'Year, month and day cannot be told apart; write 2024-03-05',
  },
  'time-impossible': { zh: '没有这个日期或时刻', en: 'There is no such day or hour' },
  'time-future': { zh: '时间在将来', en: 'The time lies in the future' },
  'time-old': { zh: '时间早于 1992 年', en: 'The time is before 1992' },
  'answer-time': { zh: '答复时间有误', en: 'The time of the answer is wrong' },
  'answer-before': { zh: '答复时间早于留言时间', en: 'The answer is older than the message' },
  'number-long': { zh: '编号超过 60 个字', en: 'The number has more than 60 characters' },
  'number-rounded': {
    zh: '编号已被表格软件四舍五入（如 1.2E+17），认不出是哪一件',
    en: 'The number was rounded by a spreadsheet (such as 1.2E+17) and names nothing any more',
  },
  'number-taken': {
    zh: '这个编号已有另一件留言（时间、内容或留言人不同）',
    en: 'Another message (of another time, other words or another reporter) already has this number',
  },
  'text-long': { zh: '内容超过 20000 个字', en: 'The text has more than 20,000 characters' },
  'answer-long': { zh: '答复超过 20000 个字', en: 'The answer has more than 20,000 characters' },
  phone: { zh: '电话号码不对', en: 'The phone number is none' },
  likes: { zh: '点赞数不是整数', en: 'The number of likes is no whole number' },
  undecodable: { zh: '有无法识别的乱码', en: 'It holds bytes that are no text in the encoding of the file' },
  columns: { zh: '格子比表头多', en: 'It has more cells than the header' },
  formula: {
    zh: '有公式没有算出结果或出错，请在表格软件里打开、改好、保存',
    en: 'A formula has no result or an error: open the file in a spreadsheet program, mend it and save it',
  },
  quote: { zh: '引号没有配对', en: 'A quotation mark is opened and not closed' },
  'line-long': { zh: '一行太长', en: 'The line is too long' },
  json: { zh: '不是一个 JSON 对象', en: 'It is not a JSON object' },
  kind: { zh: '某一项不是文字或数字', en: 'A field is neither text nor a number' },
} as const satisfies Record<string, Sentence>

/** Why a row was not taken in. */
export type Reason = keyof typeof reasons
