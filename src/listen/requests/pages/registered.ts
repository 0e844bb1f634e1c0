// What the register of acts says of a request, for its reporter: the promise that it is written down, its place once it has one, and the proof
// of it as a file, as text and as a code on paper.
import type { FastifyReply } from 'fastify'
import { html } from 'hono/html'
import type { Act } from '#kernel/access/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'
import type { Proved } from '#kernel/ledger/index.ts'
import { buttons, definitions, folded, type Markup, notice, qrCode, time } from '#kernel/pages/index.ts'
import { type Language, spokenTime, t } from '#kernel/words/index.ts'
import { wordsEver } from '../following.store.ts'
import { formatNumber } from '../number.ts'

/** How a request came into the register. */
const kinds = ['request.file', 'request.import']

type Of = { readonly id: string; readonly number: number }

/**
 * How a request stands in the register. The words that were registered are proved to whoever told them, by a link of their own or signed in:
 * through a link that staff handed out they are not.
 */
export async function readRegistered(act: Act, kernel: Kernel, { id }: Of): Promise<Proved> {
  const words = act.actor.handed_by === null ? await wordsEver(act, id) : []
  return kernel.publishing.prove(id, kinds, words)
}

/** The receipt as a file. @throws Refusal 409 while it waits for its place, 410 where it no longer stands */
export function sendReceipt(reply: FastifyReply, proved: Proved, { number }: Of): FastifyReply {
  if (proved.state === 'waiting') throw new Refusal(409, 'receipt-waiting', 'requests.proof.waiting-text')
  if (proved.state !== 'standing') throw new Refusal(410, 'receipt-broken', `requests.proof.${proved.state}`)
  return reply
    .type('text/plain; charset=utf-8')
    .header('Cache-Control', 'no-store')
    .header('Content-Disposition', `attachment; filename="linli-${formatNumber(number)}.tlog-proof"`)
    .send(proved.file)
}

/** The part of the printed receipt that speaks of the register. */
export async function registeredPart(
  kernel: Kernel,
  proved: Proved,
  { language, now, base }: { readonly language: Language; readonly now: Date; readonly base: string },
): Promise<Markup> {
  const say = t(language)
  const title = html`<h2>${say('requests.proof.title')}</h2>`
  const verbatim = (text: string) => html`<p class="asit"><span class="link" translate="no">${text}</span></p>`
  if (proved.state === 'waiting') {
    const promised = await kernel.publishing.promise(proved.leaf, proved.at)
    return html`${title}${notice('plain', { title: say('requests.proof.waiting'), text: say('requests.proof.waiting-text') })}${folded(
      { summary: say('requests.proof.promise'), open: false, inner: verbatim(promised) },
    )}${buttons([{ text: say('requests.proof.again'), href: `${base}/receipt`, kind: 'plain' }])}`
  }
  if (proved.state !== 'standing')
    return html`${title}${notice('bad', { title: say('requests.proof.broken-title'), text: say(`requests.proof.${proved.state}`) })}`
  const address = `${kernel.config.publicUrl}/register/entries/${proved.place}/${proved.leaf.toString('hex')}`
  return html`${title}<p>${say('requests.proof.standing')}</p>${definitions([
    [say('requests.proof.place'), say('requests.proof.place-nth', { place: proved.place })],
    [say('requests.proof.at'), time(spokenTime(proved.at, now, language, { clock: true }))],
    [say('requests.proof.said'), say(`requests.proof.words-${proved.words}`)],
  ])}${buttons([{ text: say('requests.proof.file'), href: `${base}/receipt.tlog-proof`, kind: 'plain' }])}
<section class="sheet"><p>${say('requests.proof.qr-text')}</p>${qrCode(address, say('requests.proof.qr'))}</section>${folded(
    {
      summary: say('requests.proof.text'),
      open: false,
      inner: verbatim(proved.bare),
    },
  )}<p><a href="/register">${say('requests.proof.what')}</a></p>`
}
