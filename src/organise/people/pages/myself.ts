// My data: see, correct, copy, delete; who looked; where I am signed in.
import type { FastifyInstance } from 'fastify'
import { html } from 'hono/html'
import { type Act, signedIn } from '#kernel/access/index.ts'
import {
  credentialsOf,
  filledIn,
  inAct,
  one,
  type PageAnswer,
  type PageInput,
  readerOf,
  registerPage,
  show,
  switchPressed,
  takeLimit,
} from '#kernel/http/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import { isId } from '#kernel/http/shapes.api.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { buttons, definitions, emptyState, errorSummary, field, notice, pagination } from '#kernel/pages/index.ts'
import { hasWords, spokenTime, t } from '#kernel/words/index.ts'
import { copyOfMyData, correctMyself, deleteMyself, heldAboutMe, myself, whoLooked } from '../people.data.ts'
import { spokenFact } from '../people.spoken.ts'

export function myselfPages(app: FastifyInstance, kernel: Kernel): void {
  const page = (url: string, make: (act: Act, input: PageInput) => Promise<PageAnswer>) =>
    registerPage(app, kernel, {
      method: 'GET',
      url,
      limit: 'read',
      handler: async (act, input) => (act.actor.person ? make(act, input) : { redirect: '/sign-in' }),
    })
  page('/my/data', (act, input) => dataPage(kernel, act, input, ''))
  page('/my/delete', (act, input) => deletePage(kernel, act, input))
  page('/my/looked', (act, input) => lookedPage(kernel, act, input))
  page('/my/sessions', (act, input) => sessionsPage(kernel, act, input))

  registerPage(app, kernel, {
    method: 'POST',
    url: '/my/data',
    limit: 'write',
    handler: async (act, input) => {
      signedIn(act)
      const cookies = switchPressed(kernel, input.request, input.fields.display)
      if (cookies) {
        const shown = { ...input, reader: readerOf(input.request) }
        return { ...(await dataPage(kernel, act, shown, '', one(input.fields.name))), cookies }
      }
      const name = one(input.fields.name).trim()
      if (name.length > 60) return dataPage(kernel, act, input, name)
      const me = await myself(act, kernel.encryption)
      await correctMyself(act, kernel.encryption, me.version, { name: name || null })
      return { redirect: '/my/data?done=1' }
    },
  })
  registerPage<readonly string[]>(app, kernel, {
    method: 'POST',
    url: '/my/delete',
    limit: 'write',
    prepare: async (request) => {
      if (one((request.body as { sure?: string } | undefined)?.sure) !== 'yes') return []
      await inAct(kernel, request, credentialsOf(kernel, request), (act) => deleteMyself(act, kernel))
      return kernel.sessions.signOut(request.headers)
    },
    handler: async (_act, _input, cookies) =>
      cookies.length > 0 ? { redirect: '/my/deleted', cookies } : { redirect: '/my/delete' },
  })
  registerPage(app, kernel, {
    method: 'GET',
    url: '/my/deleted',
    limit: 'read',
    handler: async (act, input) => {
      const say = t(input.reader.language)
      const title = say('people.delete.done')
      const main = html`<h1>${title}</h1><p class="lead">${say('people.delete.done-text')}</p>`
      return show(kernel, act, input, { title, main })
    },
  })
  registerPage<readonly string[]>(app, kernel, {
    method: 'POST',
    url: '/my/sessions',
    limit: 'write',
    prepare: async (request) => {
      const id = one((request.body as { end?: string } | undefined)?.end)
      if (id === 'all') {
        const outcome = await kernel.sessions.signOutEverywhere(request.headers)
        return outcome.ok ? outcome.cookies : []
      }
      const outcome = await kernel.sessions.endSession(request.headers, id)
      return outcome.ok ? outcome.cookies : []
    },
    handler: async (_act, _input, cookies) =>
      cookies.length > 0 ? { redirect: '/', cookies } : { redirect: '/my/sessions' },
  })
  for (const kind of ['json', 'txt'] as const) {
    app.get(
      `/my/copy.${kind}`,
      { config: { page: true, limit: 'read' }, schema: { hide: true } as object },
      async (request, reply) => {
        await takeLimit(kernel, request, 'read')
        const copy = await inAct(kernel, request, credentialsOf(kernel, request), copyOfMyData)
        return reply
          .header('Cache-Control', 'no-store')
          .header('Content-Disposition', `attachment; filename="${kind === 'json' ? copy.fileName : copy.textName}"`)
          .type(kind === 'json' ? 'application/json; charset=utf-8' : 'text/plain; charset=utf-8')
          .serializer((text: string) => text)
          .send(kind === 'json' ? copy.json : copy.text)
      },
    )
  }
}

async function dataPage(
  kernel: Kernel,
  entered: Act,
  input: PageInput,
  wrongName: string,
  typed = wrongName || null,
): Promise<PageAnswer> {
  const { language } = input.reader
  const act = { ...entered, language }
  const say = t(language)
  const word = (key: string) => (hasWords(key) ? say(key) : key)
  const me = await myself(act, kernel.encryption)
  const { sections } = await heldAboutMe(act)
  const title = say('people.mine.data')
  const fault = wrongName ? say('people.mine.name-long') : undefined
  const main = html`<h1>${title}</h1><p class="lead">${say('people.mine.data-lead')}</p>${
    input.query.done ? notice('good', { text: say('people.mine.corrected') }) : ''
  }${errorSummary(language, fault ? [{ field: 'name', text: fault }] : [])}<form class="sheet" id="${filledIn.form}" method="post" action="/my/data" novalidate>${field(
    language,
    {
      name: 'name',
      label: say('people.mine.name'),
      value: typed ?? me.name ?? '',
      error: fault,
      optional: true,
      autocomplete: 'name',
    },
  )}${buttons([{ text: say('people.mine.correct') }])}</form>
${sections.map(
  (section) =>
    html`<h2>${word(section.heading)}</h2>${section.rows.map(
      (row) =>
        // A frame for each, so that one sees where the next begins.
        html`<div class="sheet">${definitions(row.filter((fact) => fact.value !== null).map((fact) => [word(fact.label), spokenFact(fact, language, act.now)]))}</div>`,
    )}`,
)}
<h2>${say('people.mine.copy')}</h2><p>${say('people.mine.copy-text')}</p><ul class="acts"><li><a href="/my/copy.txt" download>${say(
    'people.mine.copy-txt',
  )}</a></li><li><a href="/my/copy.json" download>${say('people.mine.copy-json')}</a></li></ul>
<h2>${say('people.delete.title')}</h2><p><a href="/my/delete">${say('people.delete.ask')}</a></p><p><a href="/my">${say('people.mine.back')}</a></p>`
  return show(kernel, act, input, { title, main, within: filledIn }, fault ? { status: 422 } : {})
}

async function deletePage(kernel: Kernel, act: Act, input: PageInput): Promise<PageAnswer> {
  const say = t(input.reader.language)
  const { stays, hindrance } = await heldAboutMe(act)
  const title = say('people.delete.title')
  const main = html`<h1>${title}</h1>${
    hindrance
      ? notice('warning', { text: say(hindrance) })
      : html`<p class="lead">${say('people.delete.text')}</p><h2>${say('people.data.stays')}</h2><ul>${stays.map(
          (key) => html`<li>${say(key)}</li>`,
        )}</ul><form class="narrow" method="post" action="/my/delete"><input type="hidden" name="sure" value="yes">${buttons(
          [
            { text: say('people.delete.sure'), kind: 'grave' },
            { text: say('people.delete.keep'), href: '/my', kind: 'plain' },
          ],
        )}</form>`
  }<p><a href="/my">${say('people.mine.back')}</a></p>`
  return show(kernel, act, input, { title, main })
}

async function lookedPage(kernel: Kernel, act: Act, input: PageInput): Promise<PageAnswer> {
  const { language } = input.reader
  const say = t(language)
  const after = isId(input.query.after) ? input.query.after : null
  const { looked, next } = await whoLooked(act, after)
  const title = say('people.data.looked')
  const rows = looked.map(
    (each) =>
      html`<tr><td>${spokenTime(each.at, act.now, language, { clock: true }).text}</td><td>${[
        each.body,
        each.post,
        each.name,
      ]
        .filter(Boolean)
        .join(' · ')}</td><td>${each.what}${each.purpose ? html`<br><small>${each.purpose}</small>` : ''}</td></tr>`,
  )
  const main = html`<h1>${title}</h1><p class="lead">${say('people.mine.looked-lead')}</p>${
    looked.length > 0
      ? html`<div class="scroll" tabindex="0" role="region" aria-label="${title}"><table><thead><tr><th scope="col">${say(
          'people.data.at',
        )}</th><th scope="col">${say('people.mine.who')}</th><th scope="col">${say('people.data.what')}</th></tr></thead><tbody>${rows}</tbody></table></div>`
      : emptyState({ title: say('people.mine.nobody-looked') })
  }${pagination(language, { newer: after ? '/my/looked' : null, older: next ? `/my/looked?after=${next}` : null })}<p><a href="/my">${say(
    'people.mine.back',
  )}</a></p>`
  return show(kernel, act, input, { title, main })
}

async function sessionsPage(kernel: Kernel, act: Act, input: PageInput): Promise<PageAnswer> {
  const { language } = input.reader
  const say = t(language)
  const listed = await kernel.sessions.listSessions(input.request.headers)
  if (!listed.ok) throw new Refusal(401, 'sign-in-needed', listed.key)
  const title = say('people.mine.sessions')
  const items = listed.sessions.map(
    (session) =>
      html`<li><strong>${say(session.browser)} · ${say(session.system)}${session.current ? ` ${say('people.mine.this-one')}` : ''}</strong><form method="post" action="/my/sessions"><button class="button quiet" name="end" value="${session.id}">${say(
        'people.mine.end-session',
      )}</button></form><small>${say('people.mine.last-seen', { when: spokenTime(session.lastSeenAt, act.now, language).text })}</small></li>`,
  )
  const main = html`<h1>${title}</h1><ul class="entries">${items}</ul><form method="post" action="/my/sessions">${buttons(
    [{ text: say('people.mine.end-all'), name: 'end', value: 'all', kind: 'grave' }],
  )}</form><p><a href="/my">${say('people.mine.back')}</a></p>`
  return show(kernel, act, input, { title, main })
}
