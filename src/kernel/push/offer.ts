import { html } from 'hono/html'
import type { Markup } from '../pages/index.ts'
import { type Language, t } from '../words/index.ts'
import type { PushPurpose } from './push.api.ts'
import type { Push } from './push.ts'

/** The part of a page that offers to tell this device. Hidden until a script has seen that the browser can; nothing where push is off. */
export function pushOffer(push: Pick<Push, 'publicKey'>, language: Language, purpose: PushPurpose): Markup | '' {
  if (push.publicKey === null) return ''
  const say = t(language)
  return html`<div class="unprinted" data-push="${purpose}" data-key="${push.publicKey}" hidden><p><button type="button" class="button plain" data-start>${say('push.offer.start')}</button><button type="button" class="button plain" data-stop hidden>${say('push.offer.stop')}</button></p><p class="soft">${say('push.offer.explain')}</p><p role="status" class="soft" data-on="${say('push.offer.on')}" data-blocked="${say('push.offer.blocked')}" data-failed="${say('push.offer.failed')}"></p></div>`
}
