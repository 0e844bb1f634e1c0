// The page where it is chosen how often one is told. Opening it changes nothing, since programs that look for harm open every address of a
// mail; a mail program leaves the list by a POST of its own (RFC 8058), which brings neither cookie nor sign-in.
import type { FastifyInstance } from 'fastify'
import { html } from 'hono/html'
import type { Act } from '../access/index.ts'
import {
  one,
  type PageAnswer,
  type PageInput,
  Refusal,
  readerOf,
  registerPage,
  show,
  switchPressed,
} from '../http/index.ts'
import type { Kernel } from '../kernel.ts'
import { buttons, choices, notice } from '../pages/index.ts'
import { t } from '../words/index.ts'
import { type Listed, listedBy, tellingPath } from './lists.ts'
import { type Often, oftens } from './telling.api.ts'
import { choose, chosen } from './telling.store.ts'

export function tellingRoutes(app: FastifyInstance, kernel: Kernel): void {
  const listedIn = (input: PageInput): Listed => {
    const listed = listedBy(kernel.encryption, input.params.token ?? '')
    if (!listed) throw new Refusal(404, 'not-found', 'telling.gone')
    return listed
  }
  registerPage(app, kernel, {
    method: 'GET',
    url: '/news/:token',
    limit: 'link.address',
    handler: (act, input) => choicePage(kernel, act, input, listedIn(input), input.query.saved === '1'),
  })
  registerPage(app, kernel, {
    method: 'POST',
    url: '/news/:token',
    limit: 'link.address',
    handler: async (act, input) => {
      const listed = listedIn(input)
      const path = tellingPath(kernel.encryption, listed)
      const cookies = switchPressed(kernel, input.request, input.fields.display)
      if (cookies) return { redirect: path, cookies }
      const byProgram = one(input.fields['List-Unsubscribe']) === 'One-Click'
      const often = byProgram ? 'never' : oftens.find((each) => each === one(input.fields.often))
      if (!often)
        throw new Refusal(422, 'invalid-field', 'http.invalid-field', { field: 'often', values: { field: 'often' } })
      await choose(act.sql, listed, often, act.now)
      // A program follows no redirect (RFC 8058, 3.1).
      return byProgram ? choicePage(kernel, act, input, listed, true) : { redirect: `${path}?saved=1` }
    },
  })
}

async function choicePage(
  kernel: Kernel,
  act: Act,
  input: PageInput,
  listed: Listed,
  saved: boolean,
): Promise<PageAnswer> {
  const { language } = readerOf(input.request)
  const say = t(language)
  const often: Often = (await chosen(act.sql, listed)) ?? 'now'
  const path = tellingPath(kernel.encryption, listed)
  const title = say('telling.title')
  const question = choices(language, {
    name: 'often',
    legend: say('telling.legend'),
    chosen: [often],
    stacked: true,
    ...(listed.purpose === 'work' ? { hint: say('telling.hint.work') } : {}),
    options: oftens.map((value) => ({ value, label: say(`telling.often.${value}`) })),
  })
  const main = html`<h1>${title}</h1><p class="lead">${say(`telling.about.${listed.purpose}`)}</p>${
    saved ? notice('good', { text: say(often === 'never' ? 'telling.stopped' : 'telling.saved') }) : ''
  }<form class="sheet" method="post" action="${path}">${question}${buttons([{ text: say('telling.save') }])}</form><p>${say(
    `telling.always.${listed.purpose}`,
  )}</p><p class="soft">${say('telling.devices')}</p>`
  return show(kernel, act, input, { title, main, at: path })
}
