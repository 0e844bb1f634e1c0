// The ports through which rooms and the kernel show pages in the public layout.
import { html } from 'hono/html'
import type { Config } from '#kernel/config/index.ts'
import type { LayOut, ProblemPage, Reader } from '#kernel/http/index.ts'
import type { Newest } from '#kernel/ledger/index.ts'
import { buttons } from '#kernel/pages/index.ts'
import { exactTime, t } from '#kernel/words/index.ts'
import { page } from './layout/index.ts'

type Shown = Pick<Config, 'demonstration'>

const displayOf = (reader: Reader) => ({
  language: reader.language,
  settings: { type: reader.type, contrast: reader.contrast },
})

/** A room's content in the layout. */
export function layOut(
  config: Shown,
  content: Parameters<LayOut>[0],
  to: Parameters<LayOut>[1],
  now: Date,
  published: Newest | null,
): Promise<string> {
  return page({
    ...content,
    ...displayOf(to.reader),
    // An address may hold a secret link, and the switch of language comes back to it; the pattern would not lead anywhere.
    currentPath: content.at ?? standing(to.request),
    demonstration: config.demonstration,
    signedIn: to.signedIn,
    // On paper 今天 is soon another day.
    printed: exactTime(now, to.reader.language),
    published,
  })
}

/** Where the page stands: a form that was sent with faults is shown again where it can also be asked for. */
function standing(request: Parameters<LayOut>[1]['request']): string {
  if (request.method === 'GET') return request.url
  const { url } = request.routeOptions
  return url && request.server.hasRoute({ method: 'GET', url }) ? request.url : '/'
}

/** Refusals that residents meet by following a link or by waiting: each has a heading of its own, kinder than "not done". */
const headings: Readonly<Record<number, string>> = {
  401: 'layout.problem.401',
  403: 'layout.problem.403',
  404: 'layout.problem.404',
  410: 'layout.problem.410',
  413: 'layout.problem.413',
  429: 'layout.problem.429',
  503: 'layout.problem.503',
}

/** A refusal as a page: what is wrong, what was not lost, where to go on, and the number for those who ask. */
export function problemPage(config: Shown, problem: Parameters<ProblemPage>[0], reader: Reader): Promise<string> {
  const say = t(reader.language)
  const heading = headings[problem.status]
  const title = heading ? say(heading) : problem.title
  const ways: [text: string, href: string][] = [
    ...(problem.status === 401 ? ([[say('layout.problem.sign-in'), '/sign-in']] as [string, string][]) : []),
    ...([404, 410].includes(problem.status) ? ([[say('home.follow'), '/follow']] as [string, string][]) : []),
    [say('http.problem-home'), '/'],
  ]
  return page({
    ...displayOf(reader),
    title,
    currentPath: '/',
    demonstration: config.demonstration,
    signedIn: false,
    main: html`<h1>${title}</h1><p class="lead">${problem.detail}</p>${
      problem.status >= 500
        ? html`<p class="hint">${say('http.problem-number')} <code>${problem.instance}</code></p>`
        : ''
    }<p>${say('layout.problem.paper')}</p>${buttons(
      ways.map(([text, href], index) => ({ text, href, kind: index === 0 ? ('main' as const) : ('plain' as const) })),
    )}`,
  })
}
