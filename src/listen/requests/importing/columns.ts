// Which column of a file means what: by its heading, or as a mapping says.
import { parse } from 'yaml'
import type { Sentence } from '#kernel/config/index.ts'
import { ImportRefusal } from './refusal.ts'

/** What a column can mean. Several columns of one meaning: the heading named first wins. */
const guesses = {
  id: '编号 留言编号 工单编号 工单号 诉求编号 诉求单号 信件编号 受理编号 受理单号 案件编号 事件编号 业务编号 流水号 留言id 工单id id number no ticket ticketid ticketnumber caseid casenumber requestid servicerequestid outernumber',
  subject:
    '留言主题 主题 留言标题 标题 诉求标题 诉求主题 信件标题 工单标题 事项标题 事件标题 案件标题 来信标题 subject title summary',
  created_at:
    '留言时间 来电时间 诉求时间 受理时间 登记时间 提交时间 创建时间 来信时间 写信时间 反映时间 投诉时间 上报时间 发布时间 留言日期 来电日期 受理日期 登记日期 日期 时间 createdat created createtime filedat submittedat requesteddatetime openedat date time timestamp',
  body: '留言详情 留言内容 诉求内容 反映内容 诉求描述 问题描述 工单内容 来电内容 信件内容 来信内容 事件描述 案件描述 具体内容 详细内容 主要内容 详情 内容 描述 正文 body content text message description details detail',
  answer:
    '答复意见 答复内容 回复内容 回复意见 官方回复 办理结果 处理结果 办理意见 处理意见 办理情况 反馈内容 答复 回复 answer answertext reply response resolution',
  answered_at:
    '答复时间 回复时间 办结时间 反馈时间 办理时间 答复日期 回复日期 办结日期 answeredat answertime repliedat replytime respondedat closedat resolvedat',
  likes: '点赞数 点赞量 点赞 赞 支持数 likes like likecount upvotes votes',
  category:
    '三级分类 三级标签 二级分类 二级标签 一级分类 一级标签 诉求分类 诉求类别 问题分类 问题类别 事项分类 所属分类 分类 类别 category categoryname',
  spot: '事发地址 事件地址 事件地点 发生地点 诉求地址 问题地址 详细地址 地址 地点 spot address location',
  name: '',
  phone: '',
} as const

export type Field = keyof typeof guesses
export const fields = Object.keys(guesses) as Field[]

/** Known, and never taken by guess: a pseudonym is no name, and contacts only come where somebody asked for them. */
const leftOut = new Set(
  '留言用户 用户 用户名 网友 昵称 作者 留言人 author user username nickname 姓名 来电人 诉求人 联系人 联系人姓名 电话 手机 手机号 手机号码 来电号码 联系电话 联系方式 phone mobile tel telephone name'.split(
    ' ',
  ),
)

const ranks = new Map<string, { field: Field; rank: number }>()
for (const field of fields) {
  for (const [rank, heading] of guesses[field].split(' ').entries()) {
    if (heading) ranks.set(heading, { field, rank })
  }
}

/** A heading as it is compared: width, case, spaces, signs and remarks in brackets do not matter. */
export function bare(heading: string): string {
  return heading
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[(（[【].*?[)）\]】]/g, '')
    .replace(/[\s_\-:：*"'.]/g, '')
}

export interface Mapping {
  /** Heading by meaning; null: do not take what would be guessed. */
  readonly columns: Readonly<Partial<Record<Field, string | null>>>
  readonly encoding?: string
  readonly delimiter?: string
  /** Name or number (from 1) of the sheet of a workbook. */
  readonly sheet?: string | number
  /** Texts alone are read: a time is not needed. */
  readonly timeless?: true
}

export const noMapping: Mapping = { columns: {} }

const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'gb18030']

/**
 * Reads a mapping: YAML or JSON, a meaning and its heading a line, and `encoding`, `delimiter`, `sheet`.
 * @throws ImportRefusal with every mistake
 */
export function readMapping(text: string): Mapping {
  const list = fields.join(', ')
  let found: unknown
  try {
    found = parse(text.replace(/^\ufeff/, ''), { maxAliasCount: 0 })
  } catch (error) {
    const where = (error as { linePos?: [{ line: number }] }).linePos?.[0].line
    throw new ImportRefusal({
      zh: `对照表不是 YAML 或 JSON${where ? `，第 ${where} 行读不下去` : ''}。`,
      en: `The mapping is neither YAML nor JSON${where ? `; it breaks off on line ${where}` : ''}.`,
    })
  }
  if (typeof found !== 'object' || found === null || Array.isArray(found)) {
    throw new ImportRefusal({
      zh: `对照表应当每行写一个“含义: 列名”，含义有：${list}。`,
      en: `A mapping has one “meaning: heading” a line; the meanings are ${list}.`,
    })
  }
  const mistakes: Sentence[] = []
  const columns: Partial<Record<Field, string | null>> = {}
  const rest: { encoding?: string; delimiter?: string; sheet?: string | number } = {}
  for (const [key, value] of Object.entries(found)) {
    if ((fields as string[]).includes(key)) {
      if (value === null || (typeof value === 'string' && value.trim() !== '')) columns[key as Field] = value
      else if (typeof value === 'number') columns[key as Field] = String(value)
      else
        mistakes.push({ zh: `对照表里 ${key} 应写列名。`, en: `In the mapping, ${key} wants the heading of a column.` })
    } else if (key === 'encoding') {
      const encoding = String(value)
        .toLowerCase()
        .replace(/^utf8$/, 'utf-8')
        .replace(/^(gbk|gb2312)$/, 'gb18030')
      if (encodings.includes(encoding)) rest.encoding = encoding
      else {
        mistakes.push({
          zh: `对照表里 encoding“${value}”不认识，可写 ${encodings.join('、')}。`,
          en: `In the mapping, encoding “${value}” is unknown; write ${encodings.join(', ')}.`,
        })
      }
    } else if (key === 'delimiter') {
      const delimiter = value === 'tab' ? '\t' : value
      if (typeof delimiter === 'string' && [',', ';', '\t', '|'].includes(delimiter)) rest.delimiter = delimiter
      else {
        mistakes.push({
          zh: '对照表里 delimiter 可写 ","、";"、"|" 或 tab。',
          en: 'In the mapping, delimiter is ",", ";", "|" or tab.',
        })
      }
    } else if (key === 'sheet') {
      if (typeof value === 'string' || (Number.isInteger(value) && (value as number) > 0)) {
        rest.sheet = value as string | number
      } else
        mistakes.push({
          zh: '对照表里 sheet 应写工作表的名字或序号。',
          en: 'In the mapping, sheet is a name or a number from 1.',
        })
    } else {
      mistakes.push({
        zh: `对照表里“${key}”不认识，可写：${list}、encoding、delimiter、sheet。`,
        en: `In the mapping, “${key}” is unknown; write ${list}, encoding, delimiter or sheet.`,
      })
    }
  }
  if (mistakes.length > 0) throw new ImportRefusal(...mistakes)
  return { columns, ...rest }
}

/** What the headings of a file mean: index of the column by meaning. */
export type Columns = Readonly<Partial<Record<Field, number>>>

/** The meaning of headings by guess and mapping; says nothing about whether they suffice. */
export function columnsOf(headings: readonly string[], mapping: Mapping): Columns {
  const found: Partial<Record<Field, number>> = {}
  const best: Partial<Record<Field, number>> = {}
  const named = new Set<number>()
  for (const field of fields) {
    const wanted = mapping.columns[field]
    if (typeof wanted !== 'string') continue
    let at = headings.findIndex((heading) => heading.trim() === wanted.trim())
    if (at < 0) at = headings.findIndex((heading) => bare(heading) === bare(wanted))
    if (at >= 0) {
      found[field] = at
      named.add(at)
    }
  }
  for (const [at, heading] of headings.entries()) {
    const guess = ranks.get(bare(heading))
    if (!guess || named.has(at) || mapping.columns[guess.field] !== undefined) continue
    if (best[guess.field] !== undefined && (best[guess.field] as number) <= guess.rank) continue
    best[guess.field] = guess.rank
    found[guess.field] = at
  }
  return found
}

/** Whether a file with these columns can be taken in: a text, and a time where one is needed. */
export function suffices(columns: Columns, { timeless }: Mapping): boolean {
  const hasText = columns.subject !== undefined || columns.body !== undefined
  return hasText && (timeless === true || columns.created_at !== undefined)
}

/** Whether a heading means something here, taken or left out. */
export function isKnown(heading: string): boolean {
  const name = bare(heading)
  return ranks.has(name) || leftOut.has(name)
}

/** How many headings mean something, for telling a header from a title above it. */
export function recognised(headings: readonly string[]): number {
  return new Set(headings.map(bare).filter(isKnown)).size
}

/** The columns that tell one reporter from another. They need not be taken in for it: see `reporter` of a row. */
export function reportersOf(headings: readonly string[], columns: Columns): number[] {
  return headings.flatMap((heading, at) =>
    at === columns.name || at === columns.phone || leftOut.has(bare(heading)) ? [at] : [],
  )
}

/** A heading is quoted up to here. */
const longestShown = 60

/**
 * Refuses headings that do not suffice, or a mapping that names a column the file has not.
 * @throws ImportRefusal naming the headings found
 */
export function checkColumns(headings: readonly string[], columns: Columns, mapping: Mapping): void {
  const shown = headings
    // What is no text at all, a program taken for a table, would move the cursor of the terminal about.
    .map((heading) =>
      heading
        .trim()
        .replaceAll(/\p{Cc}+/gu, '�')
        .slice(0, longestShown),
    )
    .filter(Boolean)
    .slice(0, 40)
  const mistakes: Sentence[] = []
  for (const field of fields) {
    const wanted = mapping.columns[field]
    if (typeof wanted === 'string' && columns[field] === undefined) {
      mistakes.push({
        zh: `文件里没有“${wanted}”这一列（${field}）。文件里有：${shown.join('、')}。`,
        en: `The file has no column “${wanted}” (${field}). It has: ${shown.join(', ')}.`,
      })
    }
  }
  if (mistakes.length === 0 && !suffices(columns, mapping)) {
    const missing = columns.created_at === undefined ? 'created_at' : 'body'
    if (mapping.timeless) {
      mistakes.push({
        zh: `看不出哪一列是内容。文件里有：${shown.join('、')}。请把那一列的列名改成“内容”或 body，标题改成“标题”或 subject。`,
        en: `No column is seen to be the text. The file has: ${shown.join(', ')}. Give the text the heading body, and a title the heading subject.`,
      })
    } else
      mistakes.push({
        zh: `看不出哪一列是${missing === 'body' ? '内容' : '留言时间'}（${missing}）。文件里有：${shown.join('、')}。请用 --map 指明。`,
        en: `No column is seen to be the ${missing === 'body' ? 'text' : 'time'} (${missing}). The file has: ${shown.join(', ')}. Say it with --map.`,
      })
  }
  if (mistakes.length > 0) throw new ImportRefusal(...mistakes)
}
