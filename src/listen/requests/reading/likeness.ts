// How much two requests are alike, and why: by their words, weighed by how rare they are, by place, time and category. Pure.
import { piecesOfText, plain, wordsWithin } from '#kernel/search/index.ts'
import { depths } from '#organise/places/places.paths.ts'

/** What is compared. */
export interface Told {
  /** Title, words and spot. */
  readonly text: string
  readonly path: string
  readonly point: { readonly longitude: number; readonly latitude: number } | null
  /** Milliseconds. */
  readonly filedAt: number
  readonly category: string | null
}

/** Characters of a text that are read: what it is about was said by then, and any longer text costs no more. */
export const mostRead = 2_000

/** What is compared, worked through once, however many it is compared with. */
export interface Read extends Told {
  /** As searching sees it, and no longer than is read. */
  readonly text: string
  /** All pieces of the text, once each. */
  readonly pieces: ReadonlySet<string>
  /** Pieces of what is said without courtesies, and without which building or line: that is compared by its number. */
  readonly matter: ReadonlySet<string>
  /** Numbers of buildings and lines, by the way they are named. */
  readonly numbers: readonly ReadonlySet<string>[]
}

export const nearnesses = ['building', 'grid', 'community', 'subdistrict', 'farther'] as const
export type Nearness = (typeof nearnesses)[number]

export interface Likeness {
  /** From 0 to 1. */
  readonly score: number
  /** The rarest words that both hold, three at most. */
  readonly words: readonly string[]
  /** The smallest place that both lie in. */
  readonly nearness: Nearness
  /** Between the two points, where both have one. */
  readonly metres: number | null
  /** Whole days between them. */
  readonly days: number
  readonly sameCategory: boolean
}

/** Below this nothing is shown: from here on nine of ten are right (docs/suggestions.md). */
export const leastLikeness = 0.7

/** The share of all texts that hold a piece; of a piece that is not listed it is taken to be rarer than all that are. */
export type Shares = ReadonlyMap<string, number>
const rarest = 1e-4

/** Words that hold an English sentence together: rare where few write English, and they say nothing. */
const englishBinding = new Set(
  'the and for with from that this these those was were are has have had been being not but our your his her its their they them she him who what when where which there here into onto out off over under again very please could would should can cannot any all some more most than then also just after before since because'.split(
    ' ',
  ),
)

const weightOf = (piece: string, shares: Shares): number =>
  /^[a-z]+$/.test(piece) && (piece.length < 3 || englishBinding.has(piece))
    ? 0
    : Math.log(1 / Math.max(shares.get(piece) ?? rarest, rarest))

/** The cosine of two sets of pieces. */
function cosine(one: ReadonlySet<string>, other: ReadonlySet<string>, shares: Shares): number {
  const length = (pieces: Iterable<string>) => {
    let sum = 0
    for (const piece of pieces) sum += weightOf(piece, shares) ** 2
    return sum
  }
  const both = length(one.intersection(other))
  return both === 0 ? 0 : both / Math.sqrt(length(one) * length(other))
}

const digits = '一二三四五六七八九'

/** A number as people write it: 3, 三, 十二, 二十. */
function numberOf(said: string): string {
  const [tens, ones] = said.includes('十') ? said.split('十') : ['', said]
  if (!/^[一二三四五六七八九十]+$/.test(said)) return said
  const ten = said.includes('十') ? (tens ? digits.indexOf(tens) + 1 : 1) : 0
  return String(ten * 10 + (ones ? digits.indexOf(ones) + 1 : 0))
}

/**
 * Ways to name a building or a line by its number: 3号楼 and 三栋 are one building. A number begins where none stands before it and is
 * short, so that a long run of digits is looked at once and names nothing.
 */
const kinds = [
  /(?<![\d一二三四五六七八九十])(\d{1,4}|[一二三四五六七八九十]{1,3})(?:号楼|栋|幢|座)/g,
  /(?:building|block)\s{1,4}(\d{1,4})(?!\d)/g,
  /(?<!\d)(\d{1,4})(?:路|号线)/g,
  /\b(?:bus|line)\s{1,4}(\d{1,4})(?!\d)/g,
]

/** How one writes to an office, whatever it is about. */
const courtesies =
  /尊敬的[^，,。！!\s]{0,8}|[您你]好|(?:希望|恳请|请求?)(?:有关|相关|各级|上级)?(?:领导|部门|政府)[^，,。！!]{0,4}(?:重视|关注|解决|处理)?|尽快(?:解决|处理|答复|回复)|(?:非常|十分|万分)?(?:谢谢|感谢)|我[是们]?(?:是|住在?)?[^，,。！!\s]{0,10}(?:居民|业主|村民|住户)|现?(?:向[您你]们?)?反映[^，,。！!\s]{0,4}(?:问题|情况)?(?:如下)?|的问题/g

/** Works a text through, so that it can be compared. */
export function readThrough(told: Told): Read {
  // A sign may stand for many (㊿ for 50, ㍿ for 株式会社): what they became is cut again.
  const text = plain(told.text.slice(0, mostRead)).slice(0, mostRead)
  return {
    ...told,
    text,
    pieces: new Set(piecesOfText(text)),
    matter: new Set(piecesOfText([courtesies, ...kinds].reduce((rest, said) => rest.replace(said, ' '), text))),
    numbers: kinds.map((kind) => new Set([...text.matchAll(kind)].map(([, said = '']) => numberOf(said)))),
  }
}

/** 1 where both name the same by number, -1 where both name another, 0 where one names none. */
function agreement(one: Read, other: Read): number {
  for (const [kind, here] of one.numbers.entries()) {
    const there = other.numbers[kind] ?? new Set()
    if (here.size > 0 && there.size > 0) return here.intersection(there).size > 0 ? 1 : -1
  }
  return 0
}

/** The smallest place that two paths share. */
export function nearnessOf(one: string, other: string): Nearness {
  const [here, there] = [one.split('/').slice(0, -1), other.split('/').slice(0, -1)]
  const shared = here.findIndex((part, at) => part !== there[at])
  const depth = shared === -1 ? here.length : shared
  return (['building', 'grid', 'community', 'subdistrict'] as const).find((each) => depth >= depths[each]) ?? 'farther'
}

const earth = 6_371_000
function metresBetween(one: NonNullable<Told['point']>, other: NonNullable<Told['point']>): number {
  const radians = Math.PI / 180
  const north = (other.latitude - one.latitude) * radians
  const east = (other.longitude - one.longitude) * radians * Math.cos(one.latitude * radians)
  return earth * Math.hypot(north, east)
}

/** The evidence that two speak of one thing, in one row of numbers. */
export function evidence(one: Read, other: Read, shares: Shares): number[] {
  const metres = one.point && other.point ? metresBetween(one.point, other.point) : null
  const near = { building: 1, grid: 0.6, community: 0.6, subdistrict: 0.2, farther: 0 }[
    nearnessOf(one.path, other.path)
  ]
  const days = Math.abs(one.filedAt - other.filedAt) / 86_400_000
  const same = one.category !== null && other.category !== null ? (one.category === other.category ? 1 : -1) : 0
  const words = Math.sqrt(cosine(one.matter, other.matter, shares))
  const place = metres === null ? near : 1 / (1 + (metres / 150) ** 2)
  const agreed = agreement(one, other)
  // Together they say more than each: the same words are said everywhere, and in one place there are many matters.
  return [words, words * place, place, Math.exp(-days / 10), same, Math.max(agreed, 0), Math.max(-agreed, 0)]
}

/** What each kind of evidence weighs, fitted to invented pairs (likeness.test.ts says how well they are told apart). */
const weights = [-9, 2, 5.3, 3.5, 5.1, 1.7, 0.7, -5]

/** How much two requests are alike, from 0 to 1. Nothing is alike without a word in common. */
export function scoreOf(one: Read, other: Read, shares: Shares): number {
  const found = evidence(one, other, shares)
  const sum = found.reduce((all, value, at) => all + value * (weights[at + 1] ?? 0), weights[0] ?? 0)
  return found[0] === 0 ? 0 : 1 / (1 + Math.exp(-sum))
}

/** How much two requests are alike, and why. */
export function likeness(one: Read, other: Read, shares: Shares): Likeness {
  const rarity = (word: string) => Math.max(0, ...piecesOfText(word).map((piece) => weightOf(piece, shares)))
  return {
    score: scoreOf(one, other, shares),
    words: wordsWithin(one.text, other.text)
      .map((word) => ({ word, rarity: rarity(word) }))
      .filter((found) => found.rarity > 0)
      .toSorted((a, b) => b.rarity - a.rarity)
      .slice(0, 3)
      .map(({ word }) => word),
    nearness: nearnessOf(one.path, other.path),
    metres: one.point && other.point ? Math.round(metresBetween(one.point, other.point)) : null,
    days: Math.floor(Math.abs(one.filedAt - other.filedAt) / 86_400_000),
    sameCategory: one.category !== null && one.category === other.category,
  }
}
