/** A click as a row of a list sees it. */
interface Click {
  button: number
  target: EventTarget
  defaultPrevented: boolean
}

/**
 * Whether a click on a row opens it: not where something in the row has a use of its own, not with the right button, and not
 * while text is being marked, which ends with a click too.
 */
export function opensRow(event: Click, selection: Pick<Selection, 'isCollapsed'> | null = getSelection()): boolean {
  if (event.defaultPrevented || event.button > 1) return false
  if ((event.target as Element).closest('a, button, input, label, select, summary')) return false
  return selection?.isCollapsed ?? true
}
