// The form of telling, as one long page or one question a page.

import { html } from 'hono/html'
import type { Act } from '#kernel/access/index.ts'
import { type PageAnswer, type PageInput, show } from '#kernel/http/index.ts'
import { isId } from '#kernel/http/shapes.api.ts'
import type { Kernel } from '#kernel/kernel.ts'
import {
  buttons,
  type Content,
  code,
  errorSummary,
  type Fault,
  type Markup,
  notice,
  steps as stepsShown,
} from '#kernel/pages/index.ts'
import { type Language, t } from '#kernel/words/index.ts'
import type { Form } from './form.browser.ts'
import { belongingTo, type PlaceShown, placeOfPage } from './shown.ts'
import { aboutCard, lastFields, picturesAsked, type Shown, whatField, whereFields, whoFields } from './tell.fields.ts'
import { type Draft, faultsOf, faultsOn, pointOf, type Step, steps } from './tell.form.ts'
import { cardOf, categoriesAt, officialsAt } from './tell.options.ts'
import { openedFrom, placesMeant } from './tell.place.ts'

export async function tellPage(
  kernel: Kernel,
  act: Act,
  input: PageInput,
  form: Form,
  draft: Draft,
  alone: { readonly check: boolean; readonly picturesAgain: boolean } = { check: false, picturesAgain: false },
): Promise<PageAnswer> {
  const { language } = input.reader
  const say = t(language)
  const place = isId(draft.text.place) ? await placeOfPage(act, draft.text.place).catch(() => null) : null
  const title = say('requests.tell.title')
  if (draft.sent) return alreadySent(kernel, act, input, form.id, draft.sent, place)
  // One question after the other needs something kept between them.
  const asking = form.kept && (steps as readonly string[]).includes(input.query.step ?? '')
  const step = asking ? (input.query.step as Step) : 'all'
  const words = draft.text.placeWords?.trim() ?? ''
  const from = await openedFrom(act, input.params.place, draft.card)
  const found = place || !words ? [] : await placesMeant(act, words, from)
  const faults = input.query.check || alone.check ? faultsOn(step, faultsOf(language, draft)) : []
  const shown: Shown = {
    kernel,
    act,
    form: form.id,
    draft,
    place,
    from,
    faults: withPlaceFault(language, faults, place || !words ? null : { words, found: found.length }, step),
    found,
    held: await kernel.files.held(act, form.key),
    categories: place ? await categoriesAt(act, place.path) : [],
    officials: place ? await officialsAt(act, place.path) : [],
    card: draft.card ? await cardOf(act, draft.card) : null,
  }
  const asked = draft.notes.some((note) => note.key.startsWith('floods.'))
  const { id } = form
  const main = html`<h1>${title}</h1><p class="lead">${say('requests.tell.lead')}</p>
${errorSummary(language, [...shown.faults])}
${form.kept ? '' : notice('plain', { text: say(alone.picturesAgain ? 'requests.tell.alone-pictures' : 'requests.tell.alone') })}
<form id="tell" class="narrow" method="post" enctype="multipart/form-data" novalidate${
    form.kept ? html` data-draft="${`tell-${id.slice(0, 12)}`}"` : ''
  }${asked ? html` data-proof="/tell/proof"` : ''}>
<input type="hidden" name="form" value="${id}"><input type="hidden" name="page" value="${step}">${
    form.kept ? '' : html`<input type="hidden" name="alone" value="yes">`
  }${
    draft.card ? html`<input type="hidden" name="card" value="${draft.card}">` : ''
  }${asked && draft.ticket ? html`<input type="hidden" name="ticket" value="${draft.ticket}"><input type="hidden" name="proof" value="">` : ''}
${step === 'all' ? longForm(shown) : oneQuestion(shown, step)}
${form.kept ? otherWay(language, step) : ''}
</form>`
  return show(kernel, act, input, {
    title: shown.faults.length > 0 ? `${say('requests.tell.mend')} ${title}` : title,
    main,
    ...belongingTo(place),
    // Enter goes on to the next question; on the long form it only keeps what stands there, and looks up the place.
    within: { form: 'tell', enter: { name: 'do', value: ['all', 'where', 'send'].includes(step) ? 'find' : 'next' } },
    remedy: say('requests.tell.emergency'),
  })
}

/** The same form the other way round. A button and no link: what was typed goes along. */
function otherWay(language: Language, step: Step | 'all'): Markup {
  const [value, words] =
    step === 'all' ? ['step:what', 'requests.tell.one-by-one'] : ['step:all', 'requests.tell.all-at-once']
  return html`<p><button class="button quiet" name="do" value="${value}" formnovalidate>${t(language)(words)}</button></p>`
}

/** What the words for a place came to. Finding none is said at once, with or without sending; one or several are there to be pressed. */
function withPlaceFault(
  language: Language,
  faults: readonly Fault[],
  sought: { readonly words: string; readonly found: number } | null,
  step: Step | 'all',
): Fault[] {
  if (!sought) return [...faults]
  const say = t(language)
  if (sought.found === 0) {
    const fault = { field: 'placeWords', text: say('requests.tell.fault-place-none', { words: sought.words }) }
    if (faults.some(({ field }) => field === fault.field))
      return faults.map((each) => (each.field === fault.field ? fault : each))
    return step === 'where' || step === 'all' ? [...faults, fault] : [...faults]
  }
  const text = say(sought.found === 1 ? 'requests.tell.fault-place-confirm' : 'requests.tell.fault-place-which')
  return faults.map((each) => (each.field === 'placeWords' ? { field: 'place', text } : each))
}

function alreadySent(
  kernel: Kernel,
  act: Act,
  input: PageInput,
  form: string,
  number: string,
  place: PlaceShown | null,
): PageAnswer {
  const say = t(input.reader.language)
  const main = html`<h1>${say('requests.tell.sent-title')}</h1><p class="lead">${say('requests.tell.sent-number')} ${code(number)}</p>
<form class="narrow" method="post" enctype="multipart/form-data"><input type="hidden" name="form" value="${form}">${buttons(
    [
      { text: say('requests.tell.sent-receipt'), name: 'do', value: 'send' },
      { text: say('requests.tell.sent-another'), href: place ? `${place.href}/tell` : '/tell', kind: 'plain' },
    ],
  )}</form>`
  return show(kernel, act, input, { title: say('requests.tell.sent-title'), main, ...belongingTo(place) })
}

function longForm(shown: Shown): Markup {
  const say = t(shown.act.language)
  return html`${aboutCard(shown)}${whatField(shown)}${whereFields(shown)}${picturesAsked(shown)}
<h2>${say('requests.tell.who-title')}</h2>${whoFields(shown)}
<h2>${say('requests.tell.last-title')}</h2>${lastFields(shown)}
${buttons([{ text: say('requests.tell.send'), name: 'do', value: 'send' }])}
<p class="hint">${say('requests.tell.after')}</p>`
}

function oneQuestion(shown: Shown, step: Step): Markup {
  const { language } = shown.act
  const say = t(language)
  const names = steps.map((each) => say(`requests.tell.step-${each}`))
  const asked: Record<Step, () => Markup> = {
    what: () => html`${aboutCard(shown)}${whatField(shown)}`,
    where: () => whereFields(shown),
    pictures: () => picturesAsked(shown),
    who: () => whoFields(shown),
    send: () => html`${summary(shown)}${lastFields(shown)}`,
  }
  const last = step === steps.at(-1)
  return html`${stepsShown(language, names, steps.indexOf(step))}${
    shown.place && step !== 'where' ? html`<input type="hidden" name="place" value="${shown.place.id}">` : ''
  }${asked[step]()}${buttons([
    { text: say(last ? 'requests.tell.send' : 'requests.tell.next'), name: 'do', value: last ? 'send' : 'next' },
    ...(step === 'what'
      ? []
      : [{ text: say('requests.tell.back'), name: 'do', value: 'back', kind: 'plain' as const, unchecked: true }]),
  ])}`
}

function summary(shown: Shown): Markup {
  const { draft, place, held } = shown
  const say = t(shown.act.language)
  const rows: [string, Content][] = [
    [say('requests.tell.step-what'), html`<span class="asit">${draft.text.text ?? ''}</span>`],
    [
      say('requests.tell.step-where'),
      [
        place?.full ?? '',
        draft.text.spot ? ` ${draft.text.spot}` : '',
        pointOf(draft.text) ? ` ${say('requests.tell.position-kept')}` : '',
      ],
    ],
    [
      say('requests.tell.step-pictures'),
      held.length > 0 ? say('requests.tell.held', { count: held.length }) : say('requests.tell.none-held'),
    ],
    [
      say('requests.tell.step-who'),
      draft.tick.anonymous
        ? say('requests.follow.anonymous')
        : [draft.text.name, draft.text.phone].filter(Boolean).join(' ') || say('requests.tell.no-contact'),
    ],
  ]
  return html`<dl class="facts">${rows.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`
}
