import { html } from 'hono/html'
import type { Markup } from '../pages/index.ts'
import { type Language, t } from '../words/index.ts'
import type { PushPurpose } from './push.api.ts'
import type { Push } from './push.ts'

/**
 * The part of a page that offers to tell this device. Hidden until a script has seen that the browser can; nothing where push is off.
 * @param elsewhere what a message opens where that is not this very page, and the worker that stands for it
 */
export function pushOffer(
  push: Pick<Push, 'publicKey'>,
  language: Language,
  purpose: PushPurpose,
  elsewhere: { readonly scope: string; readonly worker: string } | null = null,
): Markup | '' {
  if (push.publicKey === null) return ''
  const say = t(language)
  const [start, stop, on] =
    purpose === 'work'
      ? [say('push.offer.start-work'), say('push.offer.stop-work'), say('push.offer.on-work')]
      : [say('push.offer.start'), say('push.offer.stop'), say('push.offer.on')]
  // Where a page offers both, it is said once.
  const explained = purpose === 'work' ? '' : html`<p class="soft">${say('push.offer.explain')}</p>`
  const target = elsewhere ? html` data-scope="${elsewhere.scope}" data-worker="${elsewhere.worker}"` : ''
  return html`<div class="unprinted" data-push="${purpose}" data-key="${push.publicKey}"${target} hidden><p><button type="button" class="button plain" data-start>${start}</button><button type="button" class="button plain" data-stop hidden>${stop}</button></p>${explained}<p role="status" class="soft" data-on="${on}" data-blocked="${say('push.offer.blocked')}" data-failed="${say('push.offer.failed')}"></p></div>`
}
