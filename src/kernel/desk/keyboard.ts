/**
 * Keys of the desk. A key acts only when no text is being typed and no dialog is open, so that a name with a "d" in it
 * never dispatches anything.
 */
export type Command =
  | 'next'
  | 'previous'
  | 'open'
  | 'accept'
  | 'dispatch'
  | 'answer'
  | 'select'
  | 'search'
  | 'new'
  | 'help'
  | 'close'

export const keys: { readonly [key: string]: Command } = {
  j: 'next',
  ArrowDown: 'next',
  k: 'previous',
  ArrowUp: 'previous',
  Enter: 'open',
  o: 'open',
  r: 'accept',
  d: 'dispatch',
  a: 'answer',
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

/** The command that a key means here, or null. */
export function commandOf(pressed: Pressed, where: Where): Command | null {
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey || pressed.isComposing) return null
  if (where.typing || where.dialog) return null
  const command = keys[pressed.key] ?? keys[pressed.key.toLowerCase()] ?? null
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
