// Only in a demonstration that nobody but this machine can reach: the messages that would have gone out, so that a newcomer can
// read a sign-in code.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { html } from 'hono/html'
import { isLoopback } from '#kernel/config/index.ts'
import { registerPage, show } from '#kernel/http/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { emptyState } from '#kernel/pages/index.ts'
import { spokenTime, t } from '#kernel/words/index.ts'

export function messagesPage(app: FastifyInstance, kernel: Kernel): void {
  if (!kernel.config.demonstration || !kernel.config.loopback) return
  registerPage(app, kernel, {
    method: 'GET',
    url: '/demonstration/messages',
    limit: 'read',
    handler: async (act, input) => {
      if (!fromHere(input.request)) throw new Refusal(404, 'not-found', 'http.not-found')
      const { language } = input.reader
      const say = t(language)
      const messages = await kernel.outbox.listReadableMessages(50)
      const title = say('home.messages')
      const main = html`<h1>${title}</h1><p class="lead">${say('home.messages-lead')}</p>${
        messages.length > 0
          ? html`<ul class="entries">${messages.map(
              (message) =>
                html`<li><div><strong>${message.to}</strong>${message.subject ? html`<br>${message.subject}` : ''}<div class="said asit">${linked(
                  message.text,
                )}</div></div><small>${spokenTime(message.createdAt, act.now, language, { clock: true }).text}</small></li>`,
            )}</ul>`
          : emptyState({ title: say('home.messages-none') })
      }`
      return show(kernel, act, input, { title, main })
    },
  })
}

/**
 * Whether it is this machine that asks. A proxy here would bring others, and so would a page elsewhere whose name has come to
 * mean this machine: neither asks under a name of this machine without saying for whom.
 */
function fromHere(request: FastifyRequest): boolean {
  const { headers } = request
  const brought = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'].some(
    (name) => name in headers,
  )
  return !brought && /^(::1|::ffff:127\.|127\.)/.test(request.ip) && isLoopback(request.hostname)
}

/** Links of a message can be followed, as on a phone. */
function linked(text: string) {
  return text
    .split(/(https?:\/\/[\w.:/?=&%-]+)/)
    .map((part, index) => (index % 2 === 1 ? html`<a href="${part}">${part}</a>` : part))
}
