// Port: what a key may be used for. Each room declares its own; the list is closed.

export interface Scope {
  readonly name: string
  /** What a key with it may do, for whoever makes one. */
  readonly means: { readonly zh: string; readonly en: string }
}

const declared = new Map<string, Scope>()

/** Declares what a key may be used for. The roof calls it for each room. */
export function declareScope(scope: Scope): void {
  declared.set(scope.name, scope)
}

/** Everything that keys may be used for, in the order of names. */
export function scopesDeclared(): Scope[] {
  return [...declared.values()].toSorted((one, other) => (one.name < other.name ? -1 : 1))
}
