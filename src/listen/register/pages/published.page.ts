// The register in plain words, for whoever wants to know what holds those who keep it; and whether one entry still stands.
import { html } from 'hono/html'
import type { Publishing } from '#kernel/ledger/index.ts'
import { definitions, emptyState, type Markup, notice, time } from '#kernel/pages/index.ts'
import { type Language, spokenTime, t } from '#kernel/words/index.ts'

export interface PublishedShown {
  readonly language: Language
  readonly now: Date
  readonly key: string
  readonly checkpoint: Awaited<ReturnType<Publishing['checkpoint']>>
}

/** A text that programs read, as it is, on a screen however narrow. */
const verbatim = (text: string): Markup => html`<p class="asit"><span class="link" translate="no">${text}</span></p>`

/** `/register` */
export function publishedPage({ language, now, key, checkpoint }: PublishedShown): { title: string; main: Markup } {
  const say = t(language)
  const title = say('register.public.title')
  const when = (moment: string) => time(spokenTime(moment, now, language, { clock: true }))
  const newest = checkpoint
    ? html`${definitions([
        [say('register.public.size'), new Intl.NumberFormat(language).format(checkpoint.size)],
        [say('register.public.at'), when(checkpoint.at)],
        [
          say('register.public.witnesses'),
          checkpoint.cosignatures.length > 0
            ? html`${checkpoint.cosignatures.map((each) => html`<div>${each.witness} · ${when(each.at)}</div>`)}`
            : say('register.public.no-witness'),
        ],
      ])}${verbatim(checkpoint.note)}<p><a href="/register/checkpoint">${say('register.public.as-file')}</a></p>`
    : emptyState({ title: say('register.public.none'), text: say('register.public.none-text') })
  const main = html`<h1>${title}</h1><p class="lead">${say('register.public.lead')}</p>
<p>${say('register.public.tree')}</p><p>${say('register.public.words')}</p>
<h2>${say('register.public.newest')}</h2>${newest}
<h2>${say('register.public.key')}</h2><p>${say('register.public.key-text')}</p>${verbatim(key)}
<h2>${say('register.public.check')}</h2><p>${say('register.public.check-text')}</p>
<p><a href="/register/check">${say('register.public.check-page')}</a></p><p>${say('register.public.witness-text')}</p>${verbatim('npm run linli -- witness https://…')}`
  return { title, main }
}

/** `/register/entries/73895/ab12…`: what the code on a printed receipt leads to. */
export function entryPage(entry: {
  readonly language: Language
  readonly place: number
  readonly leaf: string
  readonly stands: boolean
}): { title: string; main: Markup } {
  const say = t(entry.language)
  const title = say('register.entry.title', { place: entry.place })
  const main = html`<h1>${title}</h1>${
    entry.stands
      ? notice('good', { title: say('register.entry.stands'), text: say('register.entry.stands-text') })
      : notice('bad', { title: say('register.entry.gone'), text: say('register.entry.gone-text') })
  }<p>${say('register.entry.leaf')}</p>${verbatim(entry.leaf)}<p><a href="/register">${say('register.entry.what')}</a></p>`
  return { title, main }
}
