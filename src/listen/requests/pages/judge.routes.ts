// Judging an answer with the single-use token: GET shows, POST says. Whoever says "partly" or "not" may have it taken up again
// with one more button.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { html } from 'hono/html'
import { type Act, enter } from '#kernel/access/index.ts'
import { hashToken } from '#kernel/encryption/index.ts'
import { type PageInput, readerOf, registerForm, registerPage } from '#kernel/http/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { buttons, type Content, code, type Fault, type Markup, notice } from '#kernel/pages/index.ts'
import { t } from '#kernel/words/index.ts'
import { doing } from '../acts/asked.ts'
import { refuseEnterer } from '../acts/enterer.ts'
import { judge } from '../acts/judge.ts'
import { whyEnded } from '../following.store.ts'
import { formatNumber } from '../number.ts'
import { lengths } from '../requests.acts.api.ts'
import { type Verdict, verdicts } from '../requests.api.ts'
import { filledIn, switchPressed } from './display.ts'
import { type Followed, readFollowed } from './follow.view.ts'
import { judgeForm } from './judge.form.ts'
import { belongingTo, one, show } from './shown.ts'

const tokenOf = (request: FastifyRequest) => ((request.params as { token?: string }).token ?? '').slice(0, 100)
const credentials = (request: FastifyRequest) => ({ judge: tokenOf(request) })

interface Tried {
  readonly redirect?: string
  readonly faults: readonly Fault[]
  readonly values: Readonly<Record<string, string>>
  /** The form was not sent: a switch of the header was pressed in it. */
  readonly cookies?: readonly string[]
}

export function judgeRoutes(app: FastifyInstance, kernel: Kernel): void {
  registerPage(app, kernel, {
    method: 'GET',
    url: '/j/:token',
    limit: 'link.address',
    credentials,
    handler: async (act, input) => page(kernel, act, input, { faults: [], values: {} }),
  })
  registerPage<Tried>(app, kernel, {
    method: 'POST',
    url: '/j/:token',
    limit: 'write',
    credentials,
    prepare: (request) => tryJudging(kernel, request),
    handler: async (act, input, tried) =>
      tried.redirect ? { redirect: tried.redirect } : page(kernel, act, input, tried, tried.cookies ? 200 : 422),
  })
  registerForm(app, kernel, {
    url: '/j/:token/reopen',
    limit: 'write',
    handler: async ({ request }) => {
      await refuseEnterer(kernel, request.headers, credentials(request), at(kernel, request))
      return enter(kernel.database, credentials(request), at(kernel, request), async (act) => {
        await doing.reopen(act, kernel, await judgedOf(act, tokenOf(request)), {}, null)
        return { redirect: `/j/${encodeURIComponent(tokenOf(request))}?done=reopen` }
      })
    },
  })
}

const at = (kernel: Kernel, request: FastifyRequest) => ({
  now: kernel.clock.now(),
  language: readerOf(request).language,
})

/**
 * The request that a token judges. A token that ended says why: there is a newer answer, or it is at work again.
 * @throws Refusal 410 for one that has ended; 404 for one that opens nothing
 */
async function judgedOf(act: Pick<Act, 'actor' | 'sql'>, token: string): Promise<string> {
  if (act.actor.judge) return act.actor.judge
  const why = await whyEnded(act.sql, hashToken(token))
  if (why)
    throw new Refusal(
      410,
      'judge-link-ended',
      why === 'earlier' ? 'requests.judge.earlier' : 'requests.judge.at-work-again',
    )
  throw new Refusal(404, 'not-found', 'requests.judge.unknown')
}

async function tryJudging(kernel: Kernel, request: FastifyRequest): Promise<Tried> {
  const body = (request.body ?? {}) as Record<string, string | string[] | undefined>
  const { language } = readerOf(request)
  const say = t(language)
  const values = { verdict: one(body.verdict), satisfaction: one(body.satisfaction), words: one(body.words) }
  const cookies = switchPressed(kernel, request, one(body.display))
  if (cookies) return { faults: [], values, cookies }
  const faults: Fault[] = []
  if (!(verdicts as readonly string[]).includes(values.verdict))
    faults.push({ field: 'verdict', text: say('requests.judge.fault-verdict') })
  const count = values.words.trim().length
  if (count > lengths.words)
    faults.push({ field: 'words', text: say('requests.tell.fault-long', { most: lengths.words, count }) })
  if (faults.length > 0) return { faults, values }
  const token = tokenOf(request)
  try {
    await refuseEnterer(kernel, request.headers, credentials(request), at(kernel, request))
    await enter(kernel.database, { judge: token }, at(kernel, request), async (act) =>
      judge(
        act,
        kernel,
        await judgedOf(act, token),
        {
          verdict: values.verdict as Verdict,
          ...(/^[1-5]$/.test(values.satisfaction) ? { satisfaction: Number(values.satisfaction) } : {}),
          ...(values.words.trim() ? { words: values.words.trim() } : {}),
        },
        { by: 'link', token },
      ),
    )
  } catch (error) {
    if (!(error instanceof Refusal) || [404, 410].includes(error.status)) throw error
    return { faults: [{ field: 'verdict', text: say(error.key, error.values) }], values }
  }
  return { redirect: `/j/${encodeURIComponent(token)}?done=judge`, faults: [], values }
}

async function page(kernel: Kernel, act: Act, asked: PageInput, tried: Omit<Tried, 'redirect'>, status = 200) {
  // As it holds from now on: a switch of the header may have been pressed in the form.
  const input = { ...asked, reader: readerOf(asked.request) }
  input.reply.header('X-Robots-Tag', 'noindex, nofollow, noarchive')
  const { language } = input.reader
  const say = t(language)
  const view = await readFollowed(act, kernel, await judgedOf(act, tokenOf(input.request)))
  const { row } = view.loaded
  const title = say('requests.judge.title')
  const action = `/j/${encodeURIComponent(tokenOf(input.request))}`
  const main = html`<h1>${title}</h1>
<p class="lead">${row.title}<br>${say('requests.follow.number')} ${code(formatNumber(row.number))}</p>
${answered(view, language)}
${standing(view, input, action, tried)}`
  return show(
    kernel,
    act,
    input,
    {
      title,
      main,
      remedy: say('requests.follow.remedy-line'),
      ...(asksFor(view) ? { within: filledIn } : {}),
      ...belongingTo(view.place),
    },
    { status, ...(tried.cookies ? { cookies: tried.cookies } : {}) },
  )
}

function answered(view: Followed, language: 'zh-CN' | 'en'): Content {
  const { answer } = view
  if (!answer) return null
  return html`<h2>${t(language)(`requests.follow.${answer.kind}`)}</h2><div class="sheet"><div class="said asit">${answer.text}</div>${
    answer.basis ? html`<p class="soft">${answer.basis}</p>` : ''
  }${answer.remedy ? html`<p>${answer.remedy}</p>` : ''}</div>`
}

/** Whether the judgement is asked for: answered, not judged yet, and not too late. */
const asksFor = ({ loaded: { facts }, can }: Followed): boolean =>
  (facts.state === 'answered' || facts.state === 'closed') && !facts.judged && can.includes('judge')

/** The form, or why there is none: judged, or taken up again. */
function standing(view: Followed, input: PageInput, action: string, tried: Pick<Tried, 'faults' | 'values'>): Content {
  const { language } = input.reader
  const say = t(language)
  const { facts } = view.loaded
  if (facts.state !== 'answered' && facts.state !== 'closed')
    return notice(input.query.done === 'reopen' ? 'good' : 'plain', {
      title: say('requests.judge.at-work-title'),
      text: say('requests.judge.at-work', { who: view.responsible }),
    })
  // One that was withdrawn, or closed too long ago, asks for nothing that would be refused.
  if (!facts.judged && !view.can.includes('judge'))
    return notice('plain', { text: say('requests.refusal.judgeable-late') })
  if (!facts.judged) return judgeForm(language, { action, values: tried.values, faults: tried.faults })
  const unsolved = facts.result === 'unsolved' || facts.result === 'partly'
  return html`${notice('good', { title: say('requests.judge.thanks-title'), text: say('requests.judge.thanks') })}${
    unsolved && view.can.includes('reopen') ? again(language, action) : ''
  }`
}

function again(language: 'zh-CN' | 'en', action: string): Markup {
  const say = t(language)
  return html`<form class="sheet" method="post" action="${`${action}/reopen`}"><h2>${say('requests.follow.reopen-title')}</h2><p>${say(
    'requests.follow.reopen-text-plain',
  )}</p>${buttons([{ text: say('requests.follow.reopen') }])}</form>`
}
