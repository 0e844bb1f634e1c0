// The slip with which a resident judges an answer: printed at the desk, in both languages, since nobody knows who will read it.
import { html } from 'hono/html'
import { code, type Markup, qrCode } from '#kernel/pages/index.ts'
import { type Language, spokenDay, t } from '#kernel/words/index.ts'

export interface SlipShown {
  /** Of whoever prints it. */
  readonly language: Language
  readonly now: Date
  /** Which community it is about, as on a letter. */
  readonly place: string
  /** The request's number, as it is read aloud. */
  readonly number: string
  /** The whole address that judges. */
  readonly address: string
  readonly until: Date
}

const languages = ['zh-CN', 'en'] as const satisfies readonly Language[]

/** The page around the slip is for whoever prints it, and is not printed. */
export function slipPage(slip: SlipShown): { title: string; main: Markup } {
  const say = t(slip.language)
  const title = say('requests.slip.title')
  const main = html`<div class="unprinted"><h1>${title}</h1><p class="lead">${say('requests.slip.lead')}</p><p>${say('requests.slip.print')}</p></div>
<div class="contact-cards"><section class="contact-card"><p class="soft">${slip.place}</p>
${languages.map((language) => asked(slip, language))}
<div class="scan">${qrCode(slip.address, say('requests.slip.qr'))}<p>${languages.map(
    (language) => html`<span lang="${language}">${t(language)('requests.slip.number')}</span> `,
  )}<br>${code(slip.number)}</p></div>
<p class="letters"><span class="link" translate="no">${slip.address}</span></p></section></div>`
  return { title, main }
}

function asked(slip: SlipShown, language: Language): Markup {
  const say = t(language)
  const until = spokenDay(slip.until, slip.now, language)
  return html`<p lang="${language}"><strong>${say('requests.slip.ask')}</strong><br>${say('requests.slip.about', { until })}</p>`
}
