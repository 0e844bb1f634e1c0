import { fileURLToPath } from 'node:url'
import { createCache, extractStyle, StyleProvider } from '@ant-design/cssinjs'
import * as antd from 'antd'
import { createElement, type FunctionComponent } from 'react'
import { renderToString } from 'react-dom/server'
import type { Plugin } from 'vite'
import { inRem } from './rem.ts'
import { theme } from './theme.ts'

/** The parts of Ant Design whose styles the desk needs. A part that is used and not named here appears undressed. */
const parts = [
  'App',
  'Button',
  'Cascader',
  'Checkbox',
  'Dropdown',
  'Empty',
  'Form',
  'Input',
  'InputNumber',
  'Progress',
  'Radio',
  'Select',
] as const

/** Parts that draw something only with children, and are rendered with them below. */
const composed = new Set<string>(['Dropdown', 'Form', 'Checkbox'])

const quiet = { open: true, getContainer: false, title: 'x', items: [], getPopupContainer: undefined } as const

/** Renders each part once on the server side and returns the style sheet that this leaves behind. */
export function extractAntStyles(): string {
  const cache = createCache()
  const runtime = { ...theme, zeroRuntime: false }
  const component = antd as unknown as Record<string, FunctionComponent<Record<string, unknown>>>
  const element = (name: string, properties: Record<string, unknown> = {}, ...children: unknown[]) =>
    createElement(
      component[name] as FunctionComponent<Record<string, unknown>>,
      { key: name, ...properties },
      ...(children as []),
    )
  const child = createElement('span', null, 'x')
  const input = antd.Input as unknown as Record<string, FunctionComponent<Record<string, unknown>>>
  const variants = [
    element('Dropdown', { ...quiet, menu: { items: [] } }, child),
    element('Form', {}, element('Input', {})),
    element('Checkbox', {}, 'x'),
    ...['TextArea', 'Password'].map((name) =>
      createElement(input[name] as FunctionComponent<Record<string, unknown>>, { key: `Input.${name}` }),
    ),
    createElement(antd.Radio.Group, { key: 'radios', options: ['a'] }),
    // Dialogs and notices draw nothing on the server unless they are told to be part of the page.
    createElement(
      (antd.Modal as unknown as Record<string, FunctionComponent>)
        ._InternalPanelDoNotUseOrYouWillBeFired as FunctionComponent,
      { key: 'modal' },
    ),
    createElement(
      (antd.message as unknown as Record<string, FunctionComponent>)
        ._InternalPanelDoNotUseOrYouWillBeFired as FunctionComponent,
      { key: 'message' },
    ),
  ]
  const once = parts.filter((name) => !composed.has(name)).map((name) => element(name))
  for (const part of [...once, ...variants]) {
    renderToString(
      createElement(
        StyleProvider,
        { cache, mock: 'server' },
        createElement(antd.ConfigProvider, { theme: runtime }, part),
      ),
    )
  }
  return inRem(withoutWaste(extractStyle(cache, { plain: true, types: ['style', 'token', 'cssVar'] })))
}

const hues = 'blue|purple|cyan|green|magenta|pink|red|orange|yellow|volcano|geekblue|lime|gold'

/**
 * Leaves out what no screen of the desk shows: a second copy of every variable, which panels drawn alone carry under a
 * name of their own; the thirteen hues of Ant Design, of which the desk uses none; and its note of what was extracted.
 */
export function withoutWaste(css: string): string {
  const waste = new RegExp(`\\.css-var-|data-ant-cssinjs-cache-path|-color-(?:${hues})\\b`)
  const hue = new RegExp(`--ant-(?:button-)?(?:${hues})(?:-[\\w-]+)?:[^;}]*;?`, 'g')
  let kept = ''
  let depth = 0
  let start = 0
  for (let at = 0; at < css.length; at += 1) {
    if (css[at] === '{') depth += 1
    if (css[at] !== '}') continue
    depth -= 1
    if (depth > 0) continue
    const rule = css.slice(start, at + 1)
    start = at + 1
    if (!waste.test(rule.slice(0, rule.indexOf('{')))) kept += rule.replace(hue, '')
  }
  return kept
}

const virtual = 'virtual:ant-design.css'

/**
 * A Vite plugin with two jobs: it answers `virtual:ant-design.css` with the extracted styles, and it puts
 * constructed-styles.ts in the place of the two modules that would write style elements.
 */
export function antStyles(): Plugin {
  const constructed = fileURLToPath(new URL('./constructed-styles.ts', import.meta.url))
  return {
    name: 'linli-ant-styles',
    enforce: 'pre',
    async resolveId(source, importer) {
      if (source === virtual) return `\0${virtual}`
      if (/(?:dynamicCSS|cssUtils)(?:\.js)?$/.test(source) && importer) {
        if (/@rc-component[\\/]util|@ant-design[\\/](?:icons|cssinjs)/.test(importer + source)) return constructed
      }
      return null
    },
    load(id) {
      return id === `\0${virtual}` ? extractAntStyles() : null
    },
  }
}
