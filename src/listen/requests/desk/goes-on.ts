/** What was found for some words. */
interface Words {
  readonly title?: string | undefined
  readonly text?: string | undefined
  readonly place?: string | undefined
}

/**
 * Whether what was found for some words may still stand: the place is the same, and one has only typed on. Otherwise, as in the next call,
 * in an emptied text or before a place is chosen, it belongs to something else.
 */
export function goesOn(before: Words, now: Words): boolean {
  const text = (before.text ?? '').trim()
  return (
    now.place !== undefined &&
    before.place === now.place &&
    text !== '' &&
    (now.text ?? '').trim().startsWith(text) &&
    (now.title ?? '').trim().startsWith((before.title ?? '').trim())
  )
}
