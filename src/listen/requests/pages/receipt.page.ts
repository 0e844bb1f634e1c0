// The receipt: number, secret link as text and as a code to photograph, what happens next and by when. Meant to be printed.
import { html } from 'hono/html'
import { buttons, code, definitions, type Markup, notice, promise, qrCode, time } from '#kernel/pages/index.ts'
import { type Language, spokenTime, t } from '#kernel/words/index.ts'
import { formatNumber } from '../number.ts'
import { aboutHandling, contactShown, whereShown } from './follow.page.ts'
import type { Followed } from './follow.view.ts'

export interface Receipt {
  readonly language: Language
  readonly now: Date
  readonly base: string
  readonly view: Followed
  /** The whole address of the secret link; null where it is not known. */
  readonly address: string | null
  /** What the register of acts says of it. */
  readonly registered: Markup
}

export async function receiptPage(receipt: Receipt): Promise<{ title: string; main: Markup }> {
  const { language, now, base, view, address, registered } = receipt
  const { row, facts } = view.loaded
  const say = t(language)
  const title = say('requests.receipt.title')
  const when = (moment: string) => spokenTime(moment, now, language, { clock: true })
  const main = html`<h1>${title}</h1>
<p class="lead">${say('requests.follow.number')} ${code(formatNumber(row.number))}</p>
${
  facts.state === 'closed'
    ? ''
    : promise({
        title: html`${say('requests.follow.promised', { who: view.responsible })} ${time(when(facts.promisedAt))}`,
        text: say(`requests.follow.next-${facts.state}`),
      })
}
${
  address
    ? html`<section class="sheet"><h2>${say('requests.receipt.link')}</h2><p>${say('requests.receipt.link-text')}</p><p><a class="link" href="${base}">${address}</a></p>${qrCode(
        address,
        say('requests.receipt.qr'),
      )}</section>${notice('warning', {
        text: say(lostLink(view)),
      })}`
    : ''
}
<h2>${say('requests.follow.said')}</h2><div class="said asit">${row.body}</div>${definitions([
    [say('requests.follow.told-at'), time(when(facts.filedAt))],
    [say('requests.follow.where'), whereShown(language, view)],
    [
      say('requests.receipt.pictures'),
      view.files.length > 0 ? String(view.files.length) : say('requests.tell.none-held'),
    ],
    [say('requests.follow.contact'), contactShown(language, view)],
    [say('requests.receipt.who'), view.responsible],
    ...aboutHandling(language, view),
  ])}
<p class="hint">${say('requests.receipt.print')}</p>
${buttons([{ text: say('requests.receipt.follow'), href: base }])}
${registered}`
  return { title, main }
}

/** What a lost link means for this reporter: a text to the number left, one's own page, the mail that brought it, or nothing at all. */
function lostLink(view: Followed): string {
  const { contact } = view
  if (contact?.phone && !contact.called) return 'requests.receipt.secret'
  if (view.loaded.row.reporter) return 'requests.receipt.secret-mine'
  if (contact?.mailed) return 'requests.receipt.secret-mailed'
  return contact?.phone ? 'requests.receipt.secret-called' : 'requests.receipt.secret-alone'
}
