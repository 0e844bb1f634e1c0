/**
 * Names of places, pure. The national list says 五里居委会 where people say 五里社区 or just 五里, so a place is found
 * by its name without its kind, cut into grams of one and two characters.
 */

import { plain } from '#kernel/search/index.ts'
import { type PlaceKind, placeKinds } from './places.api.ts'

const peoples =
  '蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|各'
const ofPeoples = `(?:(?:${peoples})族)+`

/** What is cut off a name, in turn; the first group is what must remain. The first that fits is taken. */
const kindEndings: Record<PlaceKind, RegExp[]> = {
  province: [new RegExp(`^(.{2,}?)(?:${ofPeoples}|维吾尔)?自治区$`), /^(.{2,})[省市]$/],
  city: [
    new RegExp(`^(.{2,}?)(?:${ofPeoples}|蒙古|哈萨克|柯尔克孜)自治州$`),
    /^(.{2,})自治州$/,
    /^(.{2,})地区$/,
    /^(.{2,})[市盟]$/,
  ],
  district: [
    new RegExp(`^(.{2,}?)(?:${ofPeoples}|蒙古|哈萨克|锡伯)?自治[县旗]$`),
    /^(.*(?:开发区|园区|示范区|管理区|试验区|保税区))$/,
    /^(.{2,})[新林特]区$/,
    /^(.{2,})[区县市旗]$/,
  ],
  subdistrict: [
    /^(.+)街道(?:办事处)?$/,
    /^(.{2,})地区(?:办事处)?$/,
    /^(.{2,})办事处$/,
    new RegExp(`^(.+?)${ofPeoples}乡$`),
    /^(.+)(?:民族乡|苏木|镇|乡)(?:人民政府)?$/,
  ],
  community: [
    /^(.+)社区(?:居民委员会|居委会)$/,
    /^(.{2,})村(?:居民委员会|居委会)$/,
    /^(.+)(?:居民委员会|居委会)$/,
    /^(.+)嘎查(?:村民委员会|村委会)?$/,
    /^(.{2,})村(?:村民委员会|村委会)$/,
    /^(.+)(?:村民委员会|村委会)$/,
    /^(.+)(?:虚拟社区|生活区|社区)$/,
    /^(.{2,})村$/,
  ],
  grid: [/^(.+?)(?:微?网格|片区)$/],
  building: [/^(.+?)(?:号楼|[幢栋座楼])$/],
  station: [],
}

/** The shape in which names are compared: normal width, lower case, no spaces, no invisible marks. */
export function foldName(text: string): string {
  // Almost every name of the list is plain already, and there are six hundred thousand.
  return /^[\u4e00-\u9fff]+$/.test(text) ? text : plain(text).replaceAll(/\s+/gu, '')
}

/** The name without its kind: 五里居委会 → 五里, 邗上街道 → 邗上, 巴音郭楞蒙古自治州 → 巴音郭楞. Never empty. */
export function shortName(name: string, kind: PlaceKind): string {
  const folded = foldName(name)
  for (const ending of kindEndings[kind]) {
    const rest = ending.exec(folded)?.[1]
    if (rest) return rest
  }
  return folded
}

/** What a word may be short for: itself first, then without each ending that any kind has. 五里社区 → 五里社区, 五里. */
export function nameForms(word: string): string[] {
  const folded = foldName(word)
  return [...new Set([folded, ...placeKinds.map((kind) => shortName(folded, kind))])].sort(
    (one, other) => other.length - one.length,
  )
}

const begunEndings = [
  '社区居民委员会',
  '社区居委会',
  '居民委员会',
  '居委会',
  '村村民委员会',
  '村村委会',
  '村民委员会',
  '村委会',
  '街道办事处',
  '自治州',
  '自治县',
  '自治区',
  '生活区',
]

/** The word without an ending that is only half typed (五里居委 → 五里), or null where there is none. */
export function withoutBegunEnding(word: string): string | null {
  const folded = foldName(word)
  let best: string | null = null
  for (const ending of begunEndings) {
    for (let length = ending.length - 1; length > 0; length--) {
      if (folded.length > length && folded.endsWith(ending.slice(0, length))) {
        const rest = folded.slice(0, -length)
        if (best === null || rest.length < best.length) best = rest
        break
      }
    }
  }
  return best
}

/** Names in the list that a word means exactly: 五里社区 is 五里社区, 五里居委会 or 五里社区居委会, and no village. */
export function sameNames(word: string): string[] {
  const folded = foldName(word)
  const names = new Set([word.trim(), folded])
  const community = /^(.+)社区$/.exec(folded)?.[1]
  if (community)
    for (const end of ['居委会', '居民委员会', '社区居委会', '社区居民委员会']) names.add(`${community}${end}`)
  const village = /^(.+)村$/.exec(folded)?.[1]
  if (village) for (const end of ['村委会', '村民委员会', '村村委会', '村村民委员会']) names.add(`${village}${end}`)
  return [...names]
}

/** The name as people say it: 五里居委会 → 五里社区, 翠岗花园社区居委会 → 翠岗花园社区, 李庄村委会 → 李庄村. */
export function spokenName(name: string, kind: PlaceKind): string {
  if (kind !== 'community') return name
  const community = /^(.+?)(?:社区)?(?:居民委员会|居委会)$/u.exec(name)?.[1]
  if (community) return `${community}社区`
  const village = /^(.+?)村?(?:村民委员会|村委会)$/u.exec(name)?.[1]
  return village ? (village.endsWith('嘎查') ? village : `${village}村`) : name
}

/** Levels that only hold the list together (北京市 › 市辖区 › 东城区) and that nobody says. */
export function isUnspoken(name: string, kind: PlaceKind): boolean {
  return kind === 'city' && (name === '市辖区' || name === '县' || name.endsWith('直辖县级行政区划'))
}

/** The part of a place that naming needs. */
export interface Named {
  kind: PlaceKind
  name: string
  name_en: string | null
}

/**
 * The full name of a place from its chain, highest first and the place itself last; begins at the district unless
 * another kind is given. 邗江区邗上街道五里社区; Wuli Community, Hanshang Subdistrict, Hanjiang District.
 * A level without an English name keeps its Chinese one: a name is never guessed.
 */
export function fullName(chain: Named[], language: 'zh-CN' | 'en', from: PlaceKind = 'district'): string {
  const first = placeKinds.indexOf(from)
  const own = chain.at(-1)
  const said = chain.filter(
    (place) => place === own || (placeKinds.indexOf(place.kind) >= first && !isUnspoken(place.name, place.kind)),
  )
  // 东莞市 stands twice in the list, as a city and as its only district.
  const levels = said.filter((place, index) => index === 0 || said[index - 1]?.name !== place.name)
  if (language === 'zh-CN') return levels.map((place) => spokenName(place.name, place.kind)).join('')
  return levels
    .map((place) => place.name_en ?? spokenName(place.name, place.kind))
    .reverse()
    .join(', ')
}
