import { html } from 'hono/html'
import type { PageContent } from '#kernel/http/index.ts'
import type { Newest } from '#kernel/ledger/index.ts'
import type { Content, Display, Markup } from '#kernel/pages/index.ts'
import { type Language, t } from '#kernel/words/index.ts'
import { assetUrl } from './assets.ts'

type Within = NonNullable<PageContent['within']>

export interface Page extends Display {
  /** Of the page alone; place and product are added. */
  title: string
  /** Whose page it is; without one the page speaks for the whole installation. */
  place?: {
    name: string /** Above it, as 扬州市邗江区 · 邗上街道. */
    above?: string /** Path of its home page. */
    href: string
  } | null
  /** Path and query asked for; the entry that fits is marked, and changes of display come back here. */
  currentPath: string
  demonstration: boolean
  signedIn: boolean
  main: Content
  /** The form that the reader is filling in; see PageContent. */
  within?: Within
  /** A line of the page's own at the very end: what else can be done, the next remedy. */
  remedy?: Content
  /** Feeds; see PageContent. */
  alternates?: NonNullable<PageContent['alternates']>
  /** Printed at, for the paper. */
  printed?: string
  /** What was published last of the register: it hangs wherever the page does. */
  published?: Newest | null
}

const languages: { [name in Language]: Language } = { 'zh-CN': 'en', en: 'zh-CN' }

/** One whole page of the public face. Works without its script; the script only adds. */
export async function page(given: Page): Promise<string> {
  const { language, settings, place, currentPath, within } = given
  const say = t(language)
  // On the page of a place the entries lead to its own.
  const at = place?.href ?? ''
  const links = { tell: `${at}/tell`, follow: '/follow', raised: `${at}/raised`, mine: '/my' }
  const here = currentPath.split('?')[0]
  const entry = (href: string, text: string): Markup =>
    html`<a href="${href}"${href.split('?')[0] === here ? html` aria-current="page"` : ''}>${text}</a>`
  const other = languages[language]
  const look = [settings.type === 'large' ? 'large' : '', settings.contrast === 'high' ? 'contrast' : '']
    .filter(Boolean)
    .join(' ')
  const product = say('layout.product')
  const name = place?.name ?? product
  const switched = (setting: 'type' | 'contrast', to: string, text: string): Markup =>
    within
      ? html`<button form="${within.form}" name="display" value="${`${setting}:${to}`}" formnovalidate>${text}</button>`
      : html`<button name="${setting}" value="${to}">${text}</button>`
  const large =
    settings.type === 'large'
      ? switched('type', 'normal', say('layout.large.off'))
      : switched('type', 'large', say('layout.large.on'))
  const contrast =
    settings.contrast === 'high'
      ? switched('contrast', 'normal', say('layout.contrast.off'))
      : switched('contrast', 'high', say('layout.contrast.on'))
  const spoken = t(other)
  // The nearest place above says whose page it is; those further up give way on a small screen.
  const [, further = '', nearest = ''] = /^(.* · )?(.*)$/su.exec(place?.above ?? product) ?? []
  const languageSwitch = html`<button ${
    within
      ? html`form="${within.form}" name="display" value="${`language:${other}`}" formnovalidate`
      : html`name="language" value="${other}"`
  } lang="${other}" title="${spoken('layout.language.name')}">${spoken('layout.language.short')}</button>`
  const whole = html`<!doctype html>
<html lang="${language}" class="${look}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" content="#17634b">
<meta name="format-detection" content="telephone=no">
<title>${given.title} · ${place ? html`${place.name} · ` : ''}${product}</title>
<link rel="stylesheet" href="${assetUrl('public.css')}">
${(given.alternates ?? []).map(({ type, title, href }) => html`<link rel="alternate" type="${type}" title="${title}" href="${href}">`)}<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(icon)}">
<script type="module" src="${assetUrl('public.js')}" data-proof="${assetUrl('proof.js')}" data-passkeys="${assetUrl('passkeys.js')}" data-told="${assetUrl('push.js')}" data-worker="${assetUrl('push-worker.js')}"></script>
</head>
<body>
<a class="skip" href="#main">${say('layout.skip')}</a>
<header class="bar">${given.demonstration ? html`<p class="demonstration">${say('layout.demonstration')}</p>` : ''}<div class="wrap">
<a class="brand" href="${place?.href ?? '/'}"><span class="seal" aria-hidden="true"><span>邻</span><span>里</span></span><span>${name}${
    place ? html`<small>${further ? html`<span class="far">${further}</span>` : ''}${nearest}</small>` : ''
  }</span></a>
<nav aria-label="${say('layout.navigation')}">${entry(links.tell, say('layout.tell'))}${entry(links.follow, say('layout.follow'))}${entry(
    links.raised,
    say('layout.raised'),
  )}${entry(links.mine, say('layout.mine'))}</nav>${
    within
      ? html`<div class="display" role="group" aria-label="${say('layout.display')}"><button class="hidden" form="${within.form}" name="${within.enter.name}" value="${within.enter.value}" tabindex="-1" aria-hidden="true"></button>${large}${contrast}${languageSwitch}</div>`
      : html`<form class="display" method="post" action="/display" aria-label="${say('layout.display')}"><input type="hidden" name="back" value="${currentPath}">${large}${contrast}${languageSwitch}</form>`
  }</div></header>
<main id="main" class="wrap" tabindex="-1">${given.main}</main>
<footer><div class="wrap">${given.remedy ? html`<p class="remedy">${given.remedy}</p>` : ''}<p>${[say('layout.footer.records'), say('layout.footer.privacy'), say('layout.footer.paper')].join(language === 'en' ? ' ' : '')} <a href="/register">${say('layout.footer.register')}</a></p>${within ? html`<div class="display">${contrast}</div>` : html`<form class="display" method="post" action="/display"><input type="hidden" name="back" value="${currentPath}">${contrast}</form>`}${
    given.printed
      ? html`<p class="paper">${say('layout.print', { when: given.printed })}${given.published ? html`<br>${say('layout.print.register', { size: given.published.size })} <span class="link" translate="no">${given.published.root}</span>` : ''}</p>`
      : ''
  }</div></footer>
</body>
</html>
`
  // A template is a String object that knows it is escaped; the wire wants the plain one.
  return String(await whole)
}

/** The seal, drawn from strokes, so that it looks alike where no Chinese font is at hand. */
const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#b23a2a"/><path d="M7 24V13l9-7 9 7v11M12 24v-7h8v7" fill="none" stroke="#fff" stroke-width="2.6"/></svg>'
