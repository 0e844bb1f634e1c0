// The page that checks a receipt, that the register went on from what one holds, or an archive, and needs no server: on the site, and as one file to keep, which asks nobody for anything.
import { html, raw } from 'hono/html'
import { browserModules, buttons, type Markup, notice } from '#kernel/pages/index.ts'
import type { Disagreement, Fault } from '#kernel/tree/index.ts'
import { type Language, t } from '#kernel/words/index.ts'

const entry = new URL('../web/check.ts', import.meta.url).href
/** Everything that the page runs, by name; the first is where it begins. */
export const checkModules = (written: (name: string) => string): ReadonlyMap<string, string> =>
  browserModules(entry, written)
const firstModule = 'listen-register-web-check'

const faults: Record<Fault | Disagreement, string> = {
  'it is no receipt': 'receipt',
  'the checkpoint is none': 'checkpoint',
  'the checkpoint is not signed by this key': 'key',
  'the proof does not lead to the root of the checkpoint': 'proof',
  'the words are not those that were registered': 'words',
  'the older one is no checkpoint and no receipt': 'held',
  'the older one is not signed by this key': 'held-key',
  'the older one is a receipt that does not hold': 'held-receipt',
  'the newer one is no way from a checkpoint': 'onwards',
  'the newer one is not signed by this key': 'onwards-key',
  'the way begins at another checkpoint': 'begin',
  'the two are not of one register': 'fork',
}
const spoken = [
  'no-key',
  'broken',
  'good',
  'place',
  'size',
  'at',
  'words',
  'no-words',
  'onwards',
  'consistent',
  'older',
  'newer',
  'archive-good',
  'archive-of',
  'archive-whole',
  'archive-taken',
  'archive-rows',
  'archive-files',
  'archive-entries',
  'archive-reading',
] as const

function forms(language: Language, key: string): Markup {
  const say = t(language)
  const words = {
    ...Object.fromEntries(Object.entries(faults).map(([fault, name]) => [fault, say(`register.check.fault-${name}`)])),
    ...Object.fromEntries(spoken.map((name) => [name, say(`register.check.${name}`)])),
  }
  const file = (id: string, name: string, label: string, hint = ''): Markup =>
    html`<div class="field"><label for="${id}">${say(label)}</label><input id="${id}" name="${name}" type="file" required>${hint && html`<p class="hint">${say(hint)}</p>`}</div>`
  const check = (kind: string, fields: Markup): Markup =>
    html`<form data-check="${kind}">${fields}<div class="buttons"><button class="button main">${say(`register.check.do-${kind}`)}</button></div></form><div role="status"></div>`
  return html`<div class="field" data-words="${JSON.stringify(words)}"><label for="key">${say('register.check.key')}</label><textarea id="key" rows="4" required>${key}</textarea><p class="hint">${say('register.check.key-hint')}</p></div>
<h2>${say('register.check.receipt-title')}</h2>${check('receipt', file('receipt', 'file', 'register.check.file'))}
<h2>${say('register.check.consistency-title')}</h2><p>${say('register.check.consistency-lead')}</p>${check(
    'consistency',
    html`${file('held', 'held', 'register.check.held')}${file('onwards', 'onwards', 'register.check.onwards-file', 'register.check.onwards-hint')}`,
  )}
<h2>${say('register.check.archive-title')}</h2><p>${say('register.check.archive-lead')}</p>${check('archive', file('archive', 'archive', 'register.check.archive'))}`
}

/** `/register/check` */
export function checkPage(language: Language, key: string): { title: string; main: Markup } {
  const say = t(language)
  const title = say('register.check.title')
  const main = html`<h1>${title}</h1><p class="lead">${say('register.check.lead')}</p>
<noscript>${notice('plain', { text: say('register.check.no-script') })}</noscript>${forms(language, key)}
${buttons([{ text: say('register.check.save'), href: '/register/check.html', kind: 'plain' }])}<p class="hint">${say('register.check.save-hint')}</p>
<script type="module" src="/register/check/${firstModule}.js"></script>`
  return { title, main }
}

const style =
  'body{font:1.1rem/1.6 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem}label{display:block;font-weight:bold}input,textarea{width:100%;box-sizing:border-box;font:inherit}button{font:inherit;padding:.6rem 1.2rem}.good{border-left:.4rem solid #17634b;padding-left:1rem}.bad{border-left:.4rem solid #b23a2a;padding-left:1rem}blockquote{margin:.5rem 0;white-space:pre-wrap}'

/** The same as one file, with everything in it. */
export async function checkFile(language: Language, key: string): Promise<string> {
  const say = t(language)
  const modules = checkModules((name) => `linli/${name}`)
  const imports = Object.fromEntries(
    [...modules].map(([name, source]) => [
      `linli/${name}`,
      `data:text/javascript;base64,${Buffer.from(source).toString('base64')}`,
    ]),
  )
  const title = say('register.check.title')
  return String(
    await html`<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>
<style>${raw(style)}</style><script type="importmap">${raw(JSON.stringify({ imports }))}</script></head>
<body><main><h1>${title}</h1><p>${say('register.check.lead')}</p>${forms(language, key)}</main>
<script type="module">import 'linli/${raw(firstModule)}'</script></body></html>
`,
  )
}
