// How much two requests are alike, and why: by their words, weighed by how rare they are, by place, time and category. Pure.
import { piecesOfText, plain, wordsWithin } from '#kernel/search/index.ts'
import { depths } from '#organise/places/places.paths.ts'
import { matterOf, type Numbered, numbered, numbersIn } from './likeness.said.ts'

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
  /** The text without what is said of everything, and without which building or line: that is compared by its number. */
  readonly said: string
  /** The pieces of that. */
  readonly matter: ReadonlySet<string>
  /** Numbers of buildings, lines and so on. */
  readonly numbers: ReturnType<typeof numbersIn>
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
  /** What both name by its number: 3 of building, however they write it. */
  readonly named: { readonly kind: Numbered; readonly number: string } | null
}

/** Below this nothing is shown: from here on nine of ten are right (docs/suggestions.md). */
export const leastLikeness = 0.7

/** The share of all texts that hold a piece; of a piece that is not listed it is taken to be rarer than all that are. */
export type Shares = ReadonlyMap<string, number>
const rarest = 1e-4
/** In a small place a few who tell of one matter make its words frequent: there none counts as more frequent than this. */
const mostNearby = 0.05

/** A piece, and the share of texts that hold it. */
export interface Counted {
  readonly word: string
  readonly share: number
}

/** How many hold each piece: of all requests, and of those around; what all say here is not rare, though elsewhere nobody says it. */
export function sharesOf(everywhere: readonly Counted[], nearby: readonly Counted[]): Shares {
  const shares = new Map(everywhere.map(({ word, share }) => [word, share]))
  for (const { word, share } of nearby) shares.set(word, Math.max(shares.get(word) ?? 0, Math.min(share, mostNearby)))
  return shares
}

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

/** Works a text through, so that it can be compared. */
export function readThrough(told: Told): Read {
  // A sign may stand for many (㊿ for 50, ㍿ for 株式会社): what they became is cut again.
  const text = plain(told.text.slice(0, mostRead)).slice(0, mostRead)
  const said = matterOf(text)
  return {
    ...told,
    text,
    said,
    matter: new Set(piecesOfText(said)),
    numbers: numbersIn(text),
  }
}

/** How two agree in what they name by number. */
interface Agreement {
  /** What both name alike: their building or line, else whatever smaller thing they name. */
  readonly same: { readonly kind: Numbered; readonly number: string } | null
  /** The building or the line of one is not that of the other. */
  readonly another: boolean
  /** The same building or none named, and another unit of it. People of other floors and rooms tell of one lift. */
  readonly anotherUnit: boolean
}

function agreement(one: Read, other: Read): Agreement {
  const both = (kind: Numbered) => ({ here: one.numbers[kind], there: other.numbers[kind] })
  const shared = (kind: Numbered): string | undefined => [...both(kind).here.intersection(both(kind).there)][0]
  const parted = (kind: Numbered): boolean =>
    both(kind).here.size > 0 && both(kind).there.size > 0 && shared(kind) === undefined
  const another = parted('building') || (shared('building') === undefined && parted('line'))
  const same = another ? undefined : numbered.find((kind) => shared(kind) !== undefined)
  return {
    same: same ? { kind: same, number: shared(same) ?? '' } : null,
    another,
    anotherUnit: !another && parted('unit'),
  }
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
  return [
    words,
    words * place,
    place,
    Math.exp(-days / 10),
    same,
    agreed.same ? 1 : 0,
    agreed.another ? 1 : 0,
    agreed.anotherUnit ? 1 : 0,
  ]
}

/** What each kind of evidence weighs, fitted to invented pairs (likeness.test.ts says how well they are told apart). */
const weights = [-9.8, 2, 6, 3.7, 5.6, 1.6, 1.8, -7, -6]

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
    words: wordsWithin(one.said, other.said)
      .map((word) => ({ word, rarity: rarity(word) }))
      .filter((found) => found.rarity > 0)
      .toSorted((a, b) => b.rarity - a.rarity)
      .slice(0, 3)
      .map(({ word }) => word),
    nearness: nearnessOf(one.path, other.path),
    metres: one.point && other.point ? Math.round(metresBetween(one.point, other.point)) : null,
    days: Math.floor(Math.abs(one.filedAt - other.filedAt) / 86_400_000),
    sameCategory: one.category !== null && one.category === other.category,
    named: agreement(one, other).same,
  }
}
