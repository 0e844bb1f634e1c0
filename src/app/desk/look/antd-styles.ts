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
  'Alert',
  'App',
  'Button',
  'Cascader',
  'Checkbox',
  'Drawer',
  'Dropdown',
  'Empty',
  'Form',
  'Input',
  'InputNumber',
  'Progress',
  'Radio',
  'Segmented',
  'Select',
  'Skeleton',
  'Space',
  'Spin',
  'Tooltip',
] as const

/** Parts that draw something only with children, and are rendered with them below. */
const composed = new Set<string>(['Tooltip', 'Dropdown', 'Space', 'Form', 'Checkbox', 'Drawer'])

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
    element('Tooltip', quiet, child),
    element('Dropdown', { ...quiet, menu: { items: [] } }, child),
    element('Space', {}, child, child),
    element('Form', {}, element('Input', {})),
    element('Checkbox', {}, 'x'),
    ...['TextArea', 'Search', 'Password', 'OTP'].map((name) =>
      createElement(input[name] as FunctionComponent<Record<string, unknown>>, { key: `Input.${name}` }),
    ),
    createElement(antd.Space.Compact, { key: 'compact' }, child, child),
    createElement(antd.Radio.Group, { key: 'radios', options: ['a'] }),
    // Dialogs and notices draw nothing on the server unless they are told to be part of the page.
    createElement(
      (antd.Modal as unknown as Record<string, FunctionComponent>)
        ._InternalPanelDoNotUseOrYouWillBeFired as FunctionComponent,
      { key: 'modal' },
    ),
    createElement(
      (antd.Drawer as unknown as Record<string, FunctionComponent>)
        ._InternalPanelDoNotUseOrYouWillBeFired as FunctionComponent,
      { key: 'drawer' },
    ),
    createElement(
      (antd.message as unknown as Record<string, FunctionComponent>)
        ._InternalPanelDoNotUseOrYouWillBeFired as FunctionComponent,
      { key: 'message' },
    ),
    createElement(
      (antd.notification as unknown as Record<string, FunctionComponent>)
        ._InternalPanelDoNotUseOrYouWillBeFired as FunctionComponent,
      { key: 'notification' },
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
  return inRem(extractStyle(cache, { plain: true, types: ['style', 'token', 'cssVar'] }))
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
