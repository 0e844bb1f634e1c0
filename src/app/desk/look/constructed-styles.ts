/**
 * Ant Design's parts write a few rules while they run (the locked page behind a dialog, the width of a scroll bar, the
 * icons' base). They do it by style elements, which `style-src 'self'` refuses. This module takes the place of the two
 * modules that do so (see antd-styles.ts) and keeps the rules in constructed style sheets, which the policy allows
 * because only a running script of our own can make them.
 */
import { inRem } from './rem.ts'

interface Options {
  attachTo?: unknown
  prepend?: boolean | 'queue'
}

const sheets = new Map<string, { sheet: CSSStyleSheet; css: string; node: HTMLStyleElement }>()

/** Adds or replaces the rules known by `key`. The element returned is never attached; callers only mark it. */
export function updateCSS(written: string, key: string, options: Options = {}): HTMLStyleElement {
  // Measures of the parts follow the size of the type; what is measured on the screen (a scroll bar) stays in pixels.
  const css = written.includes('--ant-') ? inRem(written) : written
  const present = sheets.get(key)
  if (present) {
    if (present.css !== css) {
      present.sheet.replaceSync(css)
      present.css = css
    }
    return present.node
  }
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  const node = document.createElement('style')
  sheets.set(key, { sheet, css, node })
  document.adoptedStyleSheets = options.prepend
    ? [sheet, ...document.adoptedStyleSheets]
    : [...document.adoptedStyleSheets, sheet]
  return node
}

/** Takes the rules known by `key` away; nothing happens when there are none. */
export function removeCSS(key: string): void {
  const present = sheets.get(key)
  if (!present) return
  sheets.delete(key)
  document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== present.sheet)
}

let counter = 0

export function injectCSS(css: string, options: Options = {}): HTMLStyleElement {
  counter += 1
  return updateCSS(css, `injected-${counter}`, options)
}

export function clearContainerCache(): void {
  // Nothing is cached by container here.
}

export function getShadowRoot(): null {
  return null
}

export function warningOnce(): void {
  // The original warns about icon definitions while developing; ours come from the package itself.
}
