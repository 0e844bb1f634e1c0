/**
 * Suggests what to take out of a text before it is shown to all. A member of staff approves each; nothing is removed by itself,
 * and what is not suggested may still be personal. Linear in the length of the text: every repetition is bounded.
 */

export const redactionKinds = [
  'phone',
  'identity',
  'bank',
  'plate',
  'address',
  'building',
  'name',
  'wechat',
  'qq',
  'mail',
] as const
export type RedactionKind = (typeof redactionKinds)[number]

export interface Redaction {
  /** Offsets in UTF-16 units, as of `String.slice`. */
  readonly from: number
  readonly until: number
  readonly kind: RedactionKind
  readonly replacement: string
}

const replacements: Readonly<Record<'zh-CN' | 'en', Readonly<Record<RedactionKind, string>>>> = {
  'zh-CN': {
    phone: '〔电话〕',
    identity: '〔证件号〕',
    bank: '〔卡号〕',
    plate: '〔车牌〕',
    address: '〔住址〕',
    building: '〔楼栋〕',
    name: '〔姓名〕',
    wechat: '〔微信号〕',
    qq: '〔QQ号〕',
    mail: '〔邮箱〕',
  },
  en: {
    phone: '[phone]',
    identity: '[identity number]',
    bank: '[card number]',
    plate: '[number plate]',
    address: '[address]',
    building: '[building]',
    name: '[name]',
    wechat: '[WeChat]',
    qq: '[QQ]',
    mail: '[e-mail]',
  },
}

/** Full-width letters, digits and signs as half-width ones, place by place, so that offsets stay those of the text. */
const narrow = (text: string): string =>
  text
    .replace(/[\uFF01-\uFF5E]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/[\u3000\u00A0]/g, ' ')

const numerals = '零一二三四五六七八九'
/** Numerals read out one by one, as some write a telephone number that should not be found. */
const counted = (text: string): string =>
  text.replace(/[零〇一二三四五六七八九幺]/g, (sign) =>
    sign === '〇' ? '0' : sign === '幺' ? '1' : String(numerals.indexOf(sign)),
  )

interface Found {
  from: number
  until: number
  kind: RedactionKind
}

const digitsOf = (text: string): string => text.replace(/[^\dXx]/g, '').toUpperCase()

/** GB 11643: ISO 7064 MOD 11-2. */
export function isIdentityNumber(digits: string): boolean {
  if (!/^\d{17}[\dX]$/.test(digits)) return false
  let sum = 0
  for (let place = 0; place < 17; place++) sum += Number(digits[place]) * (2 ** (17 - place) % 11)
  return '10X98765432'[sum % 11] === digits[17]
}

/** ISO/IEC 7812: the sum of Luhn. */
export function isCardNumber(digits: string): boolean {
  if (!/^\d{16,19}$/.test(digits)) return false
  let sum = 0
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place])
    const doubled = place % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

const between = '[ \\t\\-\\u2010-\\u2015·.]{0,2}'
const mobile = new RegExp(`(?<!\\d)(?:(?:\\+|00)?86${between})?1[3-9](?:${between}\\d){9}(?!\\d)`, 'g')
const landline = new RegExp(
  `(?<!\\d)\\(?0\\d{2,3}\\)?${between}[2-9]\\d{2,3}${between}\\d{4}(?:(?:转|-)\\d{1,5})?(?!\\d)`,
  'g',
)
const namedNumber = /(?:电话|座机|手机|号码|联系方式|tel|phone)[号码是为:： ]{0,4}([2-9]\d{2,3}[ -]?\d{4})(?!\d)/gi
const identity =
  /(?<![\dA-Za-z])\d{6}[ -]?(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ -]?\d{3}[\dXx](?![\dA-Za-z])/g
const oldIdentity = /(?<![\dA-Za-z])\d{8}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?![\dA-Za-z])/g
const card = /(?<!\d)\d(?:[ -]?\d){15,18}(?!\d)/g
const plate =
  /[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领][A-HJ-NP-Z][ ·•.-]?(?:[A-HJ-NP-Z0-9]\d{4}[A-HJ-NP-Z0-9]|\d{5}[A-HJ-NP-Z]|[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳领])(?![A-Z0-9])/gi
const mail = /[A-Z0-9][A-Z0-9._%+-]{0,63}@[A-Z0-9-]{1,63}(?:\.[A-Z0-9-]{1,63}){1,5}/gi
const wechat = /(?:微信|薇信|威信|v信|vx|wx|wechat|weixin)[号是为:： ]{0,4}([A-Z][-_A-Z0-9]{5,19})(?![A-Z0-9])/gi
const qq = /(?:qq|扣扣|企鹅号)(?:号码|群号|号|群)?[是为:： ]{0,3}([1-9]\d{4,11})(?!\d)/gi

const count = '(?:\\d{1,5}|[A-Z]\\d{0,4}|[甲乙丙丁]|[一二三四五六七八九十百零〇两]{1,5})'
const gap = '[ ,，、]{0,2}'
const addresses: readonly RegExp[] = [
  // 3栋2单元501室, 12号楼 1106, 八幢三单元六零二
  new RegExp(
    `${count}(?:栋|幢|号楼|#楼|座)(?:${gap}${count}(?:单元|门洞|门|梯))?(?:${gap}${count}[层楼](?!顶|道|梯|下|上))?(?:${gap}(?:${count}(?:室|号房|号|户|房)|\\d{3,4}(?!\\d|元|块|多|年|月|人|户|米|平|个|次|天)|[一二三四五六七八九零〇]{3,4}))?`,
    'gi',
  ),
  new RegExp(`${count}单元(?:${gap}(?:${count}(?:室|号|户|房)|\\d{3,4}(?!\\d|元|块|多|年)))?`, 'gi'),
  // 桃园路18号, 杏花巷 3 弄 25 号 602 室, 五组12号
  new RegExp(
    `(?<=[路街巷道弄里村坊庄组同苑院区])${gap}(?:${count} ?弄 ?)?${count} ?号(?!楼|线|门(?!前|外)|口|机|泵|池|井|位|桌|窗|文|令|车|闸|柜)(?:院|附\\d{1,3}号)?(?:${gap}${count}(?:室|户|房))?`,
    'gi',
  ),
  /(?<![\d-])\d{1,3}[-#]\d{1,2}[-#]\d{3,4}(?![\d-])/g,
  /(?<![\dA-Z])\d{3,4}室/gi,
]
/** Says which house but not which home. */
const houseOnly = /^(?:\d{1,5}|[A-Z]\d{0,4}|[甲乙丙丁]|[一二三四五六七八九十百零〇两]{1,5})(?:栋|幢|号楼|#楼|座)$/i

const surnames =
  '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦柳邢路岳齐梅莫庄辛管祝左涂谷祁耿牟卜詹关苗凌费纪靳盛童欧甄项裴席卫查屈鲍覃霍翁隋甘包司柏宁阮桂闵解柴华车冉房边景屠褚冷缪芮苟晏仇骆蒲邬裘闫'
const compound = '(?:欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|夏侯|端木|南宫|独孤)'
const surname = `(?:${compound}|[${surnames}])`
const titles =
  '(?:先生|女士|小姐|同志|阿姨|大爷|大妈|大娘|大叔|大伯|大姐|大哥|叔叔|伯伯|爷爷|奶奶|婆婆|师傅|老师|医生|主任|书记|经理|队长|所长|站长|科长|会计|老板|网格员)'
/** No part of a given name: what stands between a chance surname and a title. */
const particle = '是的了在和与跟给把被对向说找有个位名为我你他她们这那就都也还不没去来到让叫请问因由从打等该'
const titled = new RegExp(
  `(?<!主)(?!项目|安全|方便|任何|和|常务)${surname}(?:(?![${particle}])[\\u4e00-\\u9fff]){0,2}?(?=${titles})`,
  'g',
)
const called =
  /(?:我叫|名叫|我的名字是|我的名字叫|姓名[是为]?[:： ]{0,2}|联系人[是为]?[:： ]{1,2})(?![和及与、的等])([\u4e00-\u9fff]{1,2}·[\u4e00-\u9fff]{1,4}|[\u4e00-\u9fff]{2,4})/g
const calledEnd = /(?:[是住家在今有现男女，。电的]|先生|女士|联系|手机|身份|反映|小区|业主|居民)/
const self = new RegExp(
  `(?:我是|本人|户主|业主|居民)(?!安全|方便|平时|任何)(${surname}(?:(?![${particle}])[\\u4e00-\\u9fff]){1,2})(?=$|[，。,.;；!！、:：() ]|住|家住|电话|手机|身份证|今年|男|女)`,
  'g',
)
const english =
  /\b(?:[Mm]y name is|I am called|[Cc]ontact person:?) ([A-Z][a-z]{1,20}(?: [A-Z][a-z]{1,20}){0,2})|\b(?:Mr|Mrs|Ms|Miss|Dr)\.? ([A-Z][a-z]{1,20}(?: [A-Z][a-z]{1,20})?)/g

/** How far before a number its kind may be named. */
const nearby = 14

function* matches(text: string, pattern: RegExp, kind: RedactionKind, group = 0): Generator<Found & { match: string }> {
  for (const match of text.matchAll(pattern)) {
    const part = match[group] ?? match.slice(1).find((each) => each !== undefined) ?? ''
    const from = group === 0 ? match.index : match.index + match[0].lastIndexOf(part)
    if (part) yield { from, until: from + part.length, kind, match: part }
  }
}

const named = (text: string, at: number, words: RegExp): boolean => words.test(text.slice(Math.max(0, at - nearby), at))

function findNumbers(text: string): Found[] {
  const found: Found[] = []
  for (const each of matches(text, identity, 'identity')) {
    if (isIdentityNumber(digitsOf(each.match)) || named(text, each.from, /身份证|证件|identity/i)) found.push(each)
  }
  for (const each of matches(text, oldIdentity, 'identity')) {
    if (named(text, each.from, /身份证|证件/)) found.push(each)
  }
  for (const each of matches(text, card, 'bank')) {
    if (isCardNumber(digitsOf(each.match)) || named(text, each.from, /卡号|银行|账号|帐号|账户|card/i)) found.push(each)
  }
  found.push(
    ...matches(text, mobile, 'phone'),
    ...matches(text, landline, 'phone'),
    ...matches(text, namedNumber, 'phone', 1),
  )
  found.push(...matches(counted(text), mobile, 'phone'))
  return found
}

function findAccounts(text: string): Found[] {
  return [...matches(text, mail, 'mail'), ...matches(text, wechat, 'wechat', 1), ...matches(text, qq, 'qq', 1)]
}

function findAddresses(text: string): Found[] {
  const found: Found[] = []
  for (const pattern of addresses) {
    for (const each of matches(text, pattern, 'address')) {
      // 这一栋, 每一单元: which one is not said.
      if (
        /^[一两]/.test(each.match) &&
        each.match.length <= 3 &&
        /[这那每整同另有是某]/.test(text[each.from - 1] ?? '')
      ) {
        continue
      }
      // 共7栋: how many, not which.
      if (houseOnly.test(each.match) && /[共有建盖余]/.test(text[each.from - 1] ?? '')) continue
      const lead = each.match.length - each.match.trimStart().length
      found.push({
        from: each.from + lead,
        until: each.until,
        kind: houseOnly.test(each.match) ? 'building' : 'address',
      })
    }
  }
  return found
}

function findNames(text: string): Found[] {
  const found: Found[] = [
    ...matches(text, titled, 'name'),
    ...matches(text, self, 'name', 1),
    ...matches(text, english, 'name', 1),
  ]
  for (const each of matches(text, called, 'name', 1)) {
    const end = each.match.slice(2).search(calledEnd)
    // A name has two or three signs, four after a surname of two; what follows is the sentence.
    const most = new RegExp(`^${compound}|·`).test(each.match) ? each.match.length : 3
    const length = Math.min(end < 0 ? each.match.length : end + 2, most)
    found.push({ from: each.from, until: each.from + length, kind: 'name' })
  }
  return found
}

/** Where two overlap: the earlier kind of the list `redactionKinds` is the surer one. */
const rank = (found: Found): number => {
  const order: readonly RedactionKind[] = [
    'mail',
    'identity',
    'bank',
    'phone',
    'wechat',
    'qq',
    'plate',
    'address',
    'building',
    'name',
  ]
  return order.indexOf(found.kind)
}

/** Suggestions for a text, in order and without overlaps. */
export function suggestRedactions(text: string, language: 'zh-CN' | 'en' = 'zh-CN'): Redaction[] {
  const plain = narrow(text)
  const found = [
    ...findNumbers(plain),
    ...findAccounts(plain),
    ...[...matches(plain, plate, 'plate')].filter((each) => /\d/.test(each.match)),
    ...findAddresses(plain),
    ...findNames(plain),
  ].sort((a, b) => a.from - b.from || b.until - b.from - (a.until - a.from) || rank(a) - rank(b))
  const kept: Found[] = []
  for (const each of found) {
    const last = kept.at(-1)
    if (!last || each.from >= last.until) kept.push({ ...each })
    else {
      // Overlapping finds become one that covers both, of the surer kind: rather a word too many than half a number left.
      if (rank(each) < rank(last)) last.kind = each.kind
      last.until = Math.max(last.until, each.until)
    }
  }
  return kept.map(({ from, until, kind }) => ({ from, until, kind, replacement: replacements[language][kind] }))
}

/** The text with the approved redactions carried out. Throws RangeError where they overlap or lie outside. */
export function redact(text: string, approved: readonly Pick<Redaction, 'from' | 'until' | 'replacement'>[]): string {
  let done = 0
  let result = ''
  for (const each of approved.toSorted((a, b) => a.from - b.from)) {
    if (each.from < done || each.until < each.from || each.until > text.length)
      throw new RangeError('Redactions overlap.')
    result += text.slice(done, each.from) + each.replacement
    done = each.until
  }
  return result + text.slice(done)
}

const masks = new RegExp(
  `(?:${Object.values(replacements)
    .flatMap((words) => Object.values(words))
    .map((mask) => mask.replace(/[[\]]/g, '\\$&'))
    .join('|')}|[*＊█]{2,})`,
  'u',
)
const clauseEnd = /[。！？；，、：.!?;,:\s]/u

/**
 * Whether what is shown is what was written, less what was taken out: whole clauses, or anything that a mark stands for. Nothing is
 * added or said otherwise, and no word that turns the meaning goes without a trace.
 */
export function isRedactionOf(written: string, shown: string): boolean {
  let from = 0
  // Only after a mark may a clause begin in its middle.
  let open = false
  const pieces = shown.trim().split(masks)
  return pieces.every((piece, index) => {
    if (index > 0) open = true
    const clauses = piece.match(/[^。！？；，、：.!?;,:\s]+|[。！？；，、：.!?;,:\s]/gu) ?? []
    return clauses.every((clause, number) => {
      if (clauseEnd.test(clause)) {
        if (written.startsWith(clause, from)) from += clause.length
        return true
      }
      const masked = number === clauses.length - 1 && index < pieces.length - 1
      let at = written.indexOf(clause, from)
      for (; at >= 0; at = written.indexOf(clause, at + 1)) {
        const end = at + clause.length
        const begins = open || at === 0 || clauseEnd.test(written.charAt(at - 1))
        if (begins && (masked || end === written.length || clauseEnd.test(written.charAt(end)))) break
      }
      if (at < 0) return false
      from = at + clause.length
      open = false
      return true
    })
  })
}
