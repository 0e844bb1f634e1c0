// Models that this process has read, and what suggests by them: held while they stand, and never for longer than an hour.
import type { Learned } from './model.ts'
import type { Suggester } from './suggest.ts'

/** So long a model stays in memory at most, whether anybody asks or not: it may hold what has been erased since. */
export const mostHeld = 3_600_000
/** A model takes up to some tens of megabytes. */
const mostModels = 8
/** By the path asked for; a process serves so many places at a time. */
const mostSuggesters = 50

/** What stands at a place: a model, by an id that never means another. */
export interface Standing {
  readonly id: string
  readonly path: string
}

export interface Held {
  /** Null where another version made it, or a new one has just taken its place. */
  readonly learned: Learned | null
  /** What suggests by it, by the path asked for; the mark says from which categories. */
  readonly suggesters: Map<string, { readonly mark: string; readonly suggester: Suggester }>
}

export class HeldModels {
  readonly #models = new Map<string, Held & { readonly path: string; readonly end: NodeJS.Timeout }>()

  /** Lets go of the models of these places that stand no more, and of all that suggests by them. */
  keepOnly(places: readonly string[], standing: readonly Standing[]): void {
    const ids = new Set(standing.map(({ id }) => id))
    for (const [id, { path }] of this.#models) if (places.includes(path) && !ids.has(id)) this.#letGo(id)
  }

  get(id: string): Held | undefined {
    return this.#models.get(id)
  }

  /** Holds a model that was read, for an hour by a clock that nobody sets. */
  hold({ id, path }: Standing, learned: Learned | null): Held {
    if (this.#models.size >= mostModels) for (const other of [...this.#models.keys()]) this.#letGo(other)
    this.#letGo(id)
    const end = setTimeout(() => this.#letGo(id), mostHeld).unref()
    const held = { path, learned, suggesters: new Map(), end }
    this.#models.set(id, held)
    return held
  }

  #letGo(id: string): void {
    clearTimeout(this.#models.get(id)?.end)
    this.#models.delete(id)
  }
}

/** What suggests at a path by a model, made anew where the categories are others. */
export function suggesterOf(held: Held, path: string, mark: string, make: () => Suggester): Suggester {
  const known = held.suggesters.get(path)
  if (known?.mark === mark) return known.suggester
  const suggester = make()
  if (held.suggesters.size >= mostSuggesters) held.suggesters.clear()
  held.suggesters.set(path, { mark, suggester })
  return suggester
}
