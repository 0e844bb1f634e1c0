// The page that checks a receipt and needs no server: on the site, and as one file to keep, which asks nobody for anything.
import { html, raw } from 'hono/html'
import { buttons, type Markup, notice } from '#kernel/pages/index.ts'
import { checkModules, type Fault, firstModule } from '#kernel/tree/index.ts'
import { type Language, t } from '#kernel/words/index.ts'

const faults: Record<Fault, string> = {
  'it is no receipt': 'receipt',
  'the checkpoint is none': 'checkpoint',
  'the checkpoint is not signed by this key': 'key',
  'the proof does not lead to the root of the checkpoint': 'proof',
  'the words are not those that were registered': 'words',
}

function form(language: Language, key: string): Markup {
  const say = t(language)
  const words = {
    ...Object.fromEntries(Object.entries(faults).map(([fault, name]) => [fault, say(`register.check.fault-${name}`)])),
    'no-key': say('register.check.no-key'),
    good: say('register.check.good'),
    place: say('register.check.place'),
    size: say('register.check.size'),
    at: say('register.check.at'),
    words: say('register.check.words'),
    'no-words': say('register.check.no-words'),
  }
  return html`<form data-check="${JSON.stringify(words)}">
<div class="field"><label for="receipt">${say('register.check.file')}</label><input id="receipt" name="file" type="file" required></div>
<div class="field"><label for="key">${say('register.check.key')}</label><textarea id="key" name="key" rows="6" required>${key}</textarea><p class="hint">${say('register.check.key-hint')}</p></div>
<div class="buttons"><button class="button main">${say('register.check.do')}</button></div></form><div data-checked role="status"></div>`
}

/** `/register/check` */
export function checkPage(language: Language, key: string): { title: string; main: Markup } {
  const say = t(language)
  const title = say('register.check.title')
  const main = html`<h1>${title}</h1><p class="lead">${say('register.check.lead')}</p>
<noscript>${notice('plain', { text: say('register.check.no-script') })}</noscript>${form(language, key)}
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
<body><main><h1>${title}</h1><p>${say('register.check.lead')}</p>${form(language, key)}</main>
<script type="module">import 'linli/${raw(firstModule)}'</script></body></html>
`,
  )
}
