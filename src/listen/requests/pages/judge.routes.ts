// Judging an answer with the single-use token: GET shows, POST says. Whoever says "partly" or "not" may have it taken up again
// with one more button.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { html } from 'hono/html'
import { type Act, enter } from '#kernel/access/index.ts'
import { hashToken } from '#kernel/encryption/index.ts'
import {
  filledIn,
  one,
  type PageInput,
  readerOf,
  registerForm,
  registerPage,
  show,
  switchPressed,
} from '#kernel/http/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { buttons, type Content, code, type Markup, notice } from '#kernel/pages/index.ts'
import { t } from '#kernel/words/index.ts'
import { doing } from '../acts/asked.ts'
import { refuseEnterer } from '../acts/enterer.ts'
import { judge } from '../acts/judge.ts'
import { whyEnded } from '../following.store.ts'
import { formatNumber } from '../number.ts'
import { lengths } from '../requests.acts.api.ts'
import { verdicts } from '../requests.api.ts'
import { type Followed, readFollowed } from './follow.view.ts'
import { openForm, sentForm } from './form.browser.ts'
import { dropKept, faultsOfNotes, fieldsTyped, keep, type Note, type Returned, readReturned } from './form.kept.ts'
import { judgeForm } from './judge.form.ts'
import { belongingTo } from './shown.ts'

const tokenOf = (request: FastifyRequest) => ((request.params as { token?: string }).token ?? '').slice(0, 100)
const addressOf = (request: FastifyRequest) => `/j/${encodeURIComponent(tokenOf(request))}`
const credentials = (request: FastifyRequest) => ({ judge: tokenOf(request) })

/** Where judging led; or the form itself, where there is nothing to keep it under. */
type Tried = { readonly redirect: string; readonly cookies?: readonly string[] } | Shown

interface Shown {
  readonly form: string
  readonly returned: Returned
  readonly cookies: readonly string[]
}

export function judgeRoutes(app: FastifyInstance, kernel: Kernel): void {
  registerPage(app, kernel, {
    method: 'GET',
    url: '/j/:token',
    limit: 'link.address',
    credentials,
    handler: async (act, input) => {
      const { form, cookie } = openForm(kernel, input.request, input.query.form)
      const returned = await readReturned(act, kernel, addressOf(input.request), form.key)
      return page(kernel, act, input, { form: form.id, returned, cookies: [cookie] })
    },
  })
  registerPage<Tried>(app, kernel, {
    method: 'POST',
    url: '/j/:token',
    limit: 'write',
    credentials,
    prepare: (request) => tryJudging(kernel, request),
    handler: async (act, input, tried) =>
      'redirect' in tried ? tried : page(kernel, act, input, tried, tried.returned.notes.length > 0 ? 422 : 200),
  })
  registerForm(app, kernel, {
    url: '/j/:token/reopen',
    limit: 'write',
    handler: async ({ request }) => {
      await refuseEnterer(kernel, request.headers, credentials(request), at(kernel, request))
      return enter(kernel.database, credentials(request), at(kernel, request), async (act) => {
        await doing.reopen(act, kernel, await judgedOf(act, tokenOf(request)), {}, null)
        return { redirect: `${addressOf(request)}?done=reopen` }
      })
    },
  })
}

const at = (kernel: Kernel, request: FastifyRequest) => ({
  now: kernel.clock.now(),
  language: readerOf(request).language,
})

const endings = {
  earlier: 'requests.judge.earlier',
  'at-work-again': 'requests.judge.at-work-again',
  slip: 'requests.judge.slip-ended',
} as const

/**
 * The request that a token judges. A token that ended says why: there is a newer answer, or it is at work again.
 * @throws Refusal 410 for one that has ended; 404 for one that opens nothing
 */
async function judgedOf(act: Pick<Act, 'actor' | 'sql'>, token: string): Promise<string> {
  if (act.actor.judge) return act.actor.judge
  const why = await whyEnded(act.sql, hashToken(token))
  if (why) throw new Refusal(410, 'judge-link-ended', endings[why])
  throw new Refusal(404, 'not-found', 'requests.judge.unknown')
}

/** The page on which it is followed, where the form stood on one. */
function followedAt(sent: string | string[] | undefined): string | null {
  const back = one(sent)
  return /^\/(r|my\/requests)\/[\w-]+$/.test(back) ? back : null
}

async function tryJudging(kernel: Kernel, request: FastifyRequest): Promise<Tried> {
  const body = (request.body ?? {}) as Record<string, string | string[] | undefined>
  const address = addressOf(request)
  const form = sentForm(kernel, request, one(body.form))
  const cookies = switchPressed(kernel, request, body.display)
  const notes = cookies ? [] : await judged(kernel, request, body)
  const keeping = (work: (act: Act) => Promise<void>) => enter(kernel.database, {}, at(kernel, request), work)
  if (!cookies && notes.length === 0) {
    if (form.kept) await keeping((act) => dropKept(act, address, form.key))
    // From the page on which it is followed, back to it: there it says thanks, and can be taken up again.
    return { redirect: `${followedAt(body.back) ?? address}?done=judge` }
  }
  const { verdict, satisfaction, words } = body
  const returned = { values: fieldsTyped({ verdict, satisfaction, words }), notes }
  if (!form.kept) return { form: form.id, returned, cookies: cookies ?? [] }
  // Nothing is kept for what opens nothing: else anybody could fill the disk.
  await enter(kernel.database, credentials(request), at(kernel, request), (act) => judgedOf(act, tokenOf(request)))
  await keeping((act) => keep(act, kernel, address, form.key, returned))
  // See other, so that going back from the thanks finds a page. Where it stood on the page that follows the matter, there again.
  const back = followedAt(body.back)
  return {
    redirect: back
      ? `${back}?form=${form.id}#${notes.length > 0 ? 'faults' : filledIn.form}`
      : `${address}?form=${form.id}`,
    cookies: cookies ?? [],
  }
}

/** Judges as the form says. Returns why not, at the fields. */
async function judged(
  kernel: Kernel,
  request: FastifyRequest,
  body: Readonly<Record<string, string | string[] | undefined>>,
): Promise<Note[]> {
  const verdict = verdicts.find((each) => each === one(body.verdict))
  const satisfaction = one(body.satisfaction)
  const words = one(body.words).trim()
  const notes: Note[] = []
  if (!verdict) notes.push({ field: 'verdict', key: 'requests.judge.fault-verdict' })
  if (words.length > lengths.words)
    notes.push({
      field: 'words',
      key: 'requests.tell.fault-long',
      values: { most: lengths.words, count: words.length },
    })
  if (notes.length > 0 || !verdict) return notes
  const token = tokenOf(request)
  try {
    await refuseEnterer(kernel, request.headers, credentials(request), at(kernel, request))
    await enter(kernel.database, { judge: token }, at(kernel, request), async (act) =>
      judge(
        act,
        kernel,
        await judgedOf(act, token),
        {
          verdict,
          ...(/^[1-5]$/.test(satisfaction) ? { satisfaction: Number(satisfaction) } : {}),
          ...(words ? { words } : {}),
        },
        token,
      ),
    )
    return []
  } catch (error) {
    if (!(error instanceof Refusal) || [404, 410].includes(error.status)) throw error
    return [{ field: 'verdict', key: error.key, values: error.values }]
  }
}

async function page(kernel: Kernel, act: Act, asked: PageInput, tried: Shown, status = 200) {
  // As it holds from now on: a switch of the header may have been pressed in the form.
  const input = { ...asked, reader: readerOf(asked.request) }
  input.reply.header('X-Robots-Tag', 'noindex, nofollow, noarchive')
  const { language } = input.reader
  const say = t(language)
  const view = await readFollowed(act, kernel, await judgedOf(act, tokenOf(input.request)))
  const { row } = view.loaded
  const title = say('requests.judge.title')
  const action = addressOf(input.request)
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
    { status, cookies: tried.cookies },
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
function standing(view: Followed, input: PageInput, action: string, tried: Shown): Content {
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
  if (!facts.judged)
    return judgeForm(language, {
      action,
      form: tried.form,
      values: tried.returned.values,
      faults: faultsOfNotes(language, tried.returned.notes),
    })
  const unsolved = facts.result === 'unsolved' || facts.result === 'partly'
  return html`${notice('good', { title: say('requests.judge.thanks-title'), text: say('requests.judge.thanks') })}${
    unsolved && view.can.includes('reopen') ? again(language, action) : ''
  }<p><a href="/follow">${say('requests.judge.to-matter')}</a></p>`
}

function again(language: 'zh-CN' | 'en', action: string): Markup {
  const say = t(language)
  return html`<form class="sheet" method="post" action="${`${action}/reopen`}"><h2>${say('requests.follow.reopen-title')}</h2><p>${say(
    'requests.follow.reopen-text-plain',
  )}</p>${buttons([{ text: say('requests.follow.reopen') }])}</form>`
}
