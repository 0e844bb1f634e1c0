// The ports through which rooms and the kernel show pages in the public layout.
import { html } from 'hono/html'
import type { Config } from '#kernel/config/index.ts'
import type { LayOut, ProblemPage, Reader } from '#kernel/http/index.ts'
import { t } from '#kernel/words/index.ts'
import { page } from './layout/index.ts'

type Shown = Pick<Config, 'demonstration'>

const displayOf = (reader: Reader) => ({
  language: reader.language,
  settings: { type: reader.type, contrast: reader.contrast },
})

/** A room's content in the layout. */
export function layOut(config: Shown, content: Parameters<LayOut>[0], to: Parameters<LayOut>[1]): Promise<string> {
  return page({
    ...content,
    ...displayOf(to.reader),
    // An address may hold a secret link, and the switch of language comes back to it; the pattern would not lead anywhere.
    currentPath: to.request.method === 'GET' ? to.request.url : '/',
    demonstration: config.demonstration,
    signedIn: to.signedIn,
  })
}

/** A refusal as a page: what is wrong, what was not lost, and the number for those who ask. */
export function problemPage(config: Shown, problem: Parameters<ProblemPage>[0], reader: Reader): Promise<string> {
  const say = t(reader.language)
  return page({
    ...displayOf(reader),
    title: problem.title,
    currentPath: '/',
    demonstration: config.demonstration,
    signedIn: false,
    main: html`<h1>${problem.title}</h1><p class="lead">${problem.detail}</p>${
      problem.status >= 500
        ? html`<p class="hint">${say('http.problem-number')} <code>${problem.instance}</code></p>`
        : ''
    }<p><a class="cta" href="/">${say('http.problem-home')}</a></p>${
      problem.status === 404 ? html`<p><a href="/follow">${say('home.follow')}</a></p>` : ''
    }`,
  })
}
