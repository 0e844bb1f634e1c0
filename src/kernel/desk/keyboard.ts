/**
 * Keys of the desk that mean the same in every room; a room hands in its own beside them. A key acts only when no text is
 * being typed and no dialog is open, so that a name with such a letter in it never does anything.
 */
type Command = 'next' | 'previous' | 'open' | 'select' | 'search' | 'new' | 'help' | 'close'

export const keys: { readonly [key: string]: Command } = {
  j: 'next',
  ArrowDown: 'next',
  k: 'previous',
  ArrowUp: 'previous',
  Enter: 'open',
  o: 'open',
  x: 'select',
  '/': 'search',
  n: 'new',
  '?': 'help',
  Escape: 'close',
}

export interface Pressed {
  key: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
  /** The key belongs to an input method that is still composing a word. */
  isComposing: boolean
}

export interface Where {
  /** A field where text is typed has the focus. */
  typing: boolean
  /** A button, link or other control has the focus, which keeps Enter for itself. */
  control: boolean
  /** A dialog lies over the page. */
  dialog: boolean
}

/** Ctrl and Enter, which sends a form or a dialog from wherever one is in it. */
export const sends = (pressed: Pressed): boolean =>
  pressed.key === 'Enter' && (pressed.ctrlKey || pressed.metaKey) && !pressed.altKey && !pressed.isComposing

/** The button that a dialog over the page ends with, unless it cannot be pressed yet. */
export function sendingButton(document: Document): HTMLButtonElement | null {
  const open = [...document.querySelectorAll<HTMLElement>('.ant-modal-wrap:not([style*="display: none"])')].at(-1)
  const buttons = [...(open?.querySelectorAll<HTMLButtonElement>('.dialog-foot .ant-btn-primary') ?? [])]
  return buttons.findLast((button) => !button.disabled && !button.classList.contains('ant-btn-loading')) ?? null
}

/** The command that a key means here, or null. `own` are the keys of the room that asks. */
export function commandOf<Own extends string = never>(
  pressed: Pressed,
  where: Where,
  own: { readonly [key: string]: Own } = {},
): Command | Own | null {
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey || pressed.isComposing) return null
  if (where.typing || where.dialog) return null
  const meant: { readonly [key: string]: Command | Own } = { ...keys, ...own }
  const command = meant[pressed.key] ?? meant[pressed.key.toLowerCase()] ?? null
  if (where.control && (pressed.key === 'Enter' || pressed.key.startsWith('Arrow'))) return null
  return command
}

/** Looks at the page to say where a key was pressed. */
export function whereOf(target: EventTarget | null, document: Document): Where {
  const element = target instanceof HTMLElement ? target : null
  return {
    typing:
      element?.matches('input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]') ??
      false,
    control: element?.matches('a, button, summary, [role=button], [role=tab], input') ?? false,
    dialog: document.querySelector('.ant-modal-wrap:not([style*="display: none"]), dialog[open]') !== null,
  }
}
