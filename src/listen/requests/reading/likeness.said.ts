// What a text says of which building, and what is said whatever it is about. Pure.

/** What people tell apart by its number. */
export const numbered = ['building', 'line', 'unit', 'floor', 'room'] as const
export type Numbered = (typeof numbered)[number]

const digits = '〇一二三四五六七八九'
/** A number as people write it, in digits or in Chinese. It begins where none stands before it and is short, so that a long run names nothing. */
const number = `(?<![\\d${digits}零十百])(\\d{1,4}|[${digits}零十百]{1,6})`
const gap = '\\s{0,2}'
const after = '\\s{1,4}(?:no\\.?\\s{0,2})?(\\d{1,4})(?!\\d)'

/** 3-2-501: building, unit, room. No date: its last number has three digits and more. */
const dashed = /(?<![\d-])(\d{1,2})-(\d{1,2})-(\d{3,4})(?![\d-])/g

/** Ways to name each by its number: 3号楼, 3#楼, 三栋, 3 幢 and building 3 are one. The text is `plain`, so that ３＃ is 3# already. */
const ways: Readonly<Record<Numbered, readonly RegExp[]>> = {
  building: [
    new RegExp(`${number}${gap}(?:号${gap}楼|#${gap}楼?|[栋幢]|座(?![桥山塔亭]))`, 'g'),
    /(?<![\da-z])([a-z])\s{0,2}(?:号楼|[栋幢座])/g,
    new RegExp(`\\b(?:building|block|bldg\\.?)${after}`, 'g'),
  ],
  line: [/(?<!\d)(\d{1,4})路/g, new RegExp(`${number}${gap}号线`, 'g'), new RegExp(`\\b(?:bus|line)${after}`, 'g')],
  unit: [new RegExp(`${number}${gap}(?:号${gap})?单元`, 'g'), new RegExp(`\\bunit${after}`, 'g')],
  floor: [
    new RegExp(`${number}${gap}[层楼]`, 'g'),
    /(?<![\da-z])(\d{1,2})(?:f\b|(?:st|nd|rd|th)\s{1,4}floor\b)/g,
    new RegExp(`\\bfloor${after}`, 'g'),
  ],
  room: [
    new RegExp(`${number}${gap}(?:号${gap})?室`, 'g'),
    // Behind the building or the unit it needs no word of its own: 3栋502.
    /(?<=[栋幢座楼元#]\s{0,2})(\d{3,4})(?![\d年元块])/g,
    new RegExp(`\\b(?:room|flat)${after}`, 'g'),
  ],
}

/** 3, 三, 十二, 二十, 一百零二, 三〇一: the same number however it is written; what is none stays as it was written. */
export function numberOf(said: string): string {
  const plainly = said.replaceAll('零', '〇')
  const each = (one: string): number => digits.indexOf(one)
  if (/^[〇一二三四五六七八九]+$/.test(plainly)) return String(Number([...plainly].map(each).join('')))
  const [whole, hundreds, tens, ones] =
    /^(?:([一二三四五六七八九])百)?〇?(?:([一二三四五六七八九]?)十)?([一二三四五六七八九]?)$/.exec(plainly) ?? []
  if (whole === undefined || whole === '') return /^\d+$/.test(said) ? String(Number(said)) : said
  const ten = tens === undefined ? 0 : tens === '' ? 1 : each(tens)
  return String((hundreds ? each(hundreds) : 0) * 100 + ten * 10 + (ones ? each(ones) : 0))
}

/** What a text names by number, by its kind. */
export function numbersIn(text: string): Readonly<Record<Numbered, ReadonlySet<string>>> {
  const found = Object.fromEntries(
    numbered.map((kind) => [
      kind,
      new Set(ways[kind].flatMap((way) => [...text.matchAll(way)].map(([, said = '']) => numberOf(said)))),
    ]),
  ) as Record<Numbered, Set<string>>
  for (const [, building = '', unit = '', room = ''] of text.matchAll(dashed)) {
    found.building.add(numberOf(building))
    found.unit.add(numberOf(unit))
    found.room.add(numberOf(room))
  }
  return found
}

const many = `(?:\\d{1,3}|[${digits}十百两半几多数]{1,4}|好几|好多|很多|无数)`
const nobody = '(?:也|都|还|又|仍|始终)?(?:没有?|无)(?:任何|一个)?人'
const office = '(?:你们|您们?|贵单位|(?:有关|相关)(?:部门|单位|领导)|领导|社区|物业|政府)'
const mending = '(?:处理|解决|维修|修理|修好|修|看看|看|答复|回复|整改|落实|管管)'

/**
 * What is said whatever it is about, in this order: how one writes to an office; that nobody comes or answers; that one has called and told
 * before; how long and how often; since when; that it be mended, and soon. Two that share only this share nothing.
 */
const ofEverything: readonly RegExp[] = [
  /尊敬的[^，,。！!\s]{0,8}|[您你]好|(?:希望|恳请|请求?)(?:有关|相关|各级|上级)?(?:领导|部门|政府)[^，,。！!]{0,4}(?:重视|关注|解决|处理)?|(?:非常|十分|万分)?(?:谢谢|感谢)|我[是们]?(?:是|住在?)?[^，,。！!\s]{0,10}(?:居民|业主|村民|住户)|现?(?:向[您你]们?)?反映[^，,。！!]{0,4}(?:问题|情况)(?:如下)?|的问题/g,
  new RegExp(`${nobody}(?:过来|出来|来|去)?(?:管|理睬|理|问|过问|接听?|${mending})?`, 'g'),
  new RegExp(`(?:给?${office})?(?:打|拨)过?了?(?:${many}[次个遍])?电话(?:都|也)?(?:打不通|不通|不接)?`, 'g'),
  new RegExp(`(?:反映|反应|投诉|报修|上报|报告|报|说|讲|催|找)[过了]+(?:${many}[次回遍])?`, 'g'),
  new RegExp(
    `第?(?:已经?|都|拖了?|快|将近)?${many}个?多?(?:年(?!级)|月|天|周(?!岁)|星期|礼拜|小时|钟头|分钟|次(?!性)|回|遍|趟)(?:多|左右|以上)?了?`,
    'g',
  ),
  /(?:已经?)?(?:很|好|这么|那么|太)(?:长时间|久)了?|长期以?来?|(?:一直)?(?:到|至)(?:现在|目前|今天?)为?止?|至今|一直|总是|老是|经常|常常|每天|天天|已经|今天|昨天|前天|上午|下午|最近|前段时间/g,
  /(?:都|也|还|又|仍)?(?:没有?|不见)(?:得到)?(?:解决|处理|结果|下文|回复|答复|说法|消息|动静|用)/g,
  new RegExp(
    `(?:${office}|请问?|希望|麻烦|恳请|盼望?|能不能|能否|可否|什么时候才?能?|何时才?能?|怎么){0,3}(?:尽快|尽早|及时|马上|赶紧|赶快|抓紧(?:时间)?|快点|早日|立即|立刻)(?:能)?(?:安排|派)?(?:人)?(?:过来|来人|来)?(?:给予|予以)?${mending}?(?:一下|为盼)?`,
    'g',
  ),
  new RegExp(
    `(?:${office}|请问?|希望|麻烦|恳请|能不能|能否|可否|什么时候才?能?|何时才?能?){0,3}(?:安排|派)人(?:过来|来)?${mending}?(?:一下)?`,
    'g',
  ),
  new RegExp(
    `(?:请问?|希望|麻烦|恳请|能不能|能否|可否){0,3}${office}?(?:什么时候|何时)?才?能?(?:${mending}一下|管一管|看一看|解决|处理)`,
    'g',
  ),
  /请问|能不能|能否|可否|希望|麻烦|恳请|什么时候|没有/g,
  /\b(?:for )?(?:over |almost |more than )?(?:a|one|two|three|four|five|six|several|many|\d{1,3}) (?:days?|weeks?|months?|years?|times)\b|\b(?:for )?a long time\b|\b(?:nobody|no one|no-one)(?: has)?(?: come| came| comes| cares?| answers?| answered)?\b|\bas soon as possible\b|\basap\b|\bagain and again\b|\b(?:still )?not (?:fixed|repaired|solved|answered)(?: yet)?\b|\bi (?:have )?(?:called|complained|reported)\b/g,
]

/** A text without which building or line, which is compared by its number, and without what is said of everything. */
export function matterOf(text: string): string {
  return [dashed, ...numbered.flatMap((kind) => ways[kind]), ...ofEverything].reduce(
    (rest, said) => rest.replace(said, ' '),
    text,
  )
}
