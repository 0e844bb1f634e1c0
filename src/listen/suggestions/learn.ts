// Learning from texts that people have put into categories, and from the words of those that nobody has.

import { type Accuracy, measure } from './accuracy.ts'
import { type Blend, fitBlend, type Scored, untaught } from './blend.ts'
import { type Learned, type LinearWeights, type Vector, vectorOf } from './model.ts'
import { type Border, learnBorder, lots, marginOf, shuffle } from './svm.ts'
import { type CategoryNamed, type Nearness, Taxonomy } from './taxonomy.ts'
import { countWords, type Heard } from './words.ts'

/** A text with what people made of it: its first level, and its category where they said so much. */
export interface Labelled extends Heard {
  readonly level1: string
  readonly key: string | null
}

export interface Lesson {
  readonly learned: Learned
  /** Of the first level, three suggestions of different first levels. */
  readonly levels: Accuracy
  /** Of the category, the three likeliest; null where too few rows bear one. */
  readonly categories: Accuracy | null
}

/** Fewer labelled rows than this teach nothing, nor do words of fewer people. */
export const leastRows = 20
/** Rows of a category from which it is told apart from others of its first level. */
const leastLeafRows = 5
/** Parts into which the rows are cut, each scored by what was learned from the others. */
const parts = 5
/** Weights below this share of the largest of their class are left out: they change no suggestion. */
const leastWeight = 0.005

/**
 * Learns. Null where there are too few rows, or all of one first level, or too few people are known to have told any.
 *
 * For each first level, a linear border (`learnBorder`) between its rows and all others; for each category with enough rows, one between
 * it and the others of its first level. Every row is scored by borders that were learned without it, in five parts; from these scores
 * comes how much the borders and how much the names of the categories count (`fitBlend`), and how often the suggestions are right. A text
 * that stands there twice is in one part with its copy.
 * @param texts without a category: only their words are counted
 * @param onProgress share done, 0 to 1
 */
export function learn(
  categories: readonly CategoryNamed[],
  labelled: readonly Labelled[],
  texts: readonly Heard[],
  onProgress: (share: number) => void = () => undefined,
): Lesson | null {
  if (labelled.length < leastRows || new Set(labelled.map(({ level1 }) => level1)).size < 2) return null
  const words = countWords(categories, [...labelled, ...texts])
  if (words.texts < leastRows) return null
  const taxonomy = new Taxonomy(categories, (piece) => words.nameRarity.get(piece) ?? Math.log(words.texts + 1))
  onProgress(0.1)
  const rows = labelled.map((told) => vectorOf(told, words.pieces, words.rarity))
  const near = labelled.map((told) => taxonomy.nearness(told))
  onProgress(0.2)
  const classes = classesOf(taxonomy, labelled)
  const part = partOf(labelled)
  const size = words.pieces.size
  /** By row: its margin to each class by borders that were learned without it. */
  const unseen: (number | null)[][] = labelled.map(() => [])
  for (let out = 0; out < parts; out += 1) {
    const others = [...rows.keys()].filter((row) => part[row] !== out)
    const borders = bordersOf(classes, rows, others, size)
    for (const row of rows.keys()) {
      if (part[row] === out) unseen[row] = borders.map((border) => border && marginOf(border, rows[row] as Vector))
    }
    onProgress(0.2 + (0.6 * (out + 1)) / parts)
  }
  const scores = { taxonomy, classes, labelled, near, unseen }
  const levelBlend = fitBlend(levelScores(scores))
  const leafBlend = leafBlendOf(scores)
  const borders = bordersOf(classes, rows, [...rows.keys()], size)
  onProgress(0.95)
  const learned: Learned = {
    ...words,
    rows: labelled.length,
    levels: classes.levels,
    leaves: classes.leaves,
    leafRows: classes.leafRows,
    linear: packed(borders, size),
    levelBlend,
    leafBlend,
  }
  const found = measure(categories, learned, labelled, near, unseen)
  onProgress(1)
  return { learned, ...found }
}

/** Classes that borders are found for: first levels, then categories. */
interface Classes {
  readonly levels: readonly string[]
  readonly leaves: readonly string[]
  /** Rows of each first level that say which category. */
  readonly leafRows: ReadonlyMap<string, number>
  /** By class: the rows among which it is told apart, and whether a row is within. */
  readonly sides: readonly { readonly among: (row: number) => boolean; readonly within: (row: number) => boolean }[]
}

function classesOf(taxonomy: Taxonomy, labelled: readonly Labelled[]): Classes {
  const counts = new Map<string, number>()
  const leafRows = new Map<string, number>()
  for (const { key, level1 } of labelled) {
    if (key === null) continue
    counts.set(key, (counts.get(key) ?? 0) + 1)
    leafRows.set(level1, (leafRows.get(level1) ?? 0) + 1)
  }
  const present = new Set(labelled.map(({ level1 }) => level1))
  const levels = taxonomy.level1.filter((level) => present.has(level))
  const above = new Map(taxonomy.categories.map(({ key, level1 }) => [key, level1]))
  const leaves = taxonomy.categories
    .map(({ key, level1 }) => ({
      key,
      rows: counts.get(key) ?? 0,
      others: (leafRows.get(level1) ?? 0) - (counts.get(key) ?? 0),
    }))
    .filter(({ rows, others }) => rows >= leastLeafRows && others > 0)
    .map(({ key }) => key)
  return {
    levels,
    leaves,
    leafRows,
    sides: [
      ...levels.map((level) => ({ among: () => true, within: (row: number) => labelled[row]?.level1 === level })),
      ...leaves.map((leaf) => ({
        among: (row: number) => labelled[row]?.key !== null && labelled[row]?.level1 === above.get(leaf),
        within: (row: number) => labelled[row]?.key === leaf,
      })),
    ],
  }
}

/** A border for each class, learned from some of the rows; null where none of these is within. */
function bordersOf(
  { sides }: Classes,
  rows: readonly Vector[],
  from: readonly number[],
  size: number,
): (Border | null)[] {
  return sides.map(({ among, within }) => {
    const chosen = from.filter(among)
    if (!chosen.some(within)) return null
    return learnBorder(
      chosen.map((row) => rows[row] as Vector),
      (index) => within(chosen[index] as number),
      size,
    )
  })
}

/** Cuts the rows into parts, each with its share of every first level; copies of one text stay together. */
function partOf(labelled: readonly Labelled[]): Int32Array {
  const part = new Int32Array(labelled.length)
  const lot = lots(labelled.length)
  let next = 0
  for (const rows of Map.groupBy(labelled.keys(), (row) => labelled[row]?.level1).values()) {
    const copies = [...Map.groupBy(rows, (row) => labelled[row]?.body).values()]
    const order = [...copies.keys()]
    shuffle(order, lot)
    for (const index of order) {
      for (const row of copies[index] ?? []) part[row] = next % parts
      next += 1
    }
  }
  return part
}

interface Scores {
  readonly taxonomy: Taxonomy
  readonly classes: Classes
  readonly labelled: readonly Labelled[]
  readonly near: readonly Nearness[]
  readonly unseen: readonly (readonly (number | null)[])[]
}

function levelScores({ taxonomy, classes, labelled, near, unseen }: Scores): Scored[] {
  const of = taxonomy.level1.map((level) => classes.levels.indexOf(level))
  return labelled.flatMap(({ level1 }, row) => {
    const right = taxonomy.level1.indexOf(level1)
    if (right < 0) return []
    return {
      margins: of.map((index) => unseen[row]?.[index] ?? null),
      near: [...(near[row]?.levels ?? [])],
      right,
      rows: labelled.length,
    }
  })
}

/** How much borders and names count among the categories of one first level; as where nothing was learned if too few rows say. */
function leafBlendOf({ taxonomy, classes, labelled, near, unseen }: Scores): Blend {
  const of = new Map(classes.leaves.map((key, index) => [key, classes.levels.length + index]))
  const below = Map.groupBy(taxonomy.categories.keys(), (leaf) => taxonomy.categories[leaf]?.level1)
  const scored = labelled.flatMap(({ key, level1 }, row): Scored[] => {
    const own = below.get(level1) ?? []
    const right = own.findIndex((leaf) => taxonomy.categories[leaf]?.key === key)
    if (right < 0) return []
    return [
      {
        margins: own.map((leaf) => unseen[row]?.[of.get(taxonomy.categories[leaf]?.key ?? '') ?? -1] ?? null),
        near: own.map((leaf) => near[row]?.leaves[leaf] ?? 0),
        right,
        rows: classes.leafRows.get(level1) ?? 0,
      },
    ]
  })
  return scored.length < leastRows ? untaught : fitBlend(scored)
}

/** Weights by piece, without those that are next to nothing. */
function packed(borders: readonly (Border | null)[], size: number): LinearWeights {
  const least = borders.map((border) =>
    border === null
      ? Number.POSITIVE_INFINITY
      : leastWeight * border.weights.reduce((most, one) => Math.max(most, Math.abs(one)), 0),
  )
  const start = new Uint32Array(size + 1)
  const of: number[] = []
  const weight: number[] = []
  for (let piece = 0; piece < size; piece += 1) {
    for (const [index, border] of borders.entries()) {
      const value = border?.weights[piece] ?? 0
      if (Math.abs(value) > (least[index] as number)) {
        of.push(index)
        weight.push(value)
      }
    }
    start[piece + 1] = of.length
  }
  return {
    start,
    of: Uint16Array.from(of),
    weight: Float32Array.from(weight),
    bias: Float32Array.from(borders, (border) => border?.bias ?? -1),
  }
}
