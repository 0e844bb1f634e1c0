// The form of telling, as one long page or one question a page.

import { html } from 'hono/html'
import { sql } from 'kysely'
import type { Act } from '#kernel/access/index.ts'
import type { FileRow } from '#kernel/files/index.ts'
import type { PageAnswer, PageInput } from '#kernel/http/index.ts'
import { isId } from '#kernel/http/shapes.api.ts'
import type { Kernel } from '#kernel/kernel.ts'
import {
  buttons,
  type Content,
  choices,
  code,
  errorSummary,
  type Fault,
  field,
  folded,
  type Markup,
  notice,
  type Option,
  steps as stepsShown,
} from '#kernel/pages/index.ts'
import { t } from '#kernel/words/index.ts'
import { whoServes } from '#organise/bodies/index.ts'
import { fullName, type PlaceFound, searchPlaces } from '#organise/places/index.ts'
import { belongingTo, type PlaceShown, placeOfPage, show } from './shown.ts'
import { type Draft, faultsOf, pointOf, type Step, steps } from './tell.form.ts'

interface Shown {
  readonly kernel: Kernel
  readonly act: Act
  readonly form: string
  readonly draft: Draft
  readonly faults: readonly Fault[]
  readonly place: PlaceShown | null
  readonly found: readonly PlaceFound[]
  readonly held: readonly FileRow[]
  readonly categories: readonly Option[]
  readonly officials: readonly Option[]
  readonly card: string | null
}

export async function tellPage(
  kernel: Kernel,
  act: Act,
  input: PageInput,
  form: string,
  draft: Draft,
): Promise<PageAnswer> {
  const { language } = input.reader
  const say = t(language)
  const place = isId(draft.text.place) ? await placeOfPage(act, draft.text.place).catch(() => null) : null
  const title = say('requests.tell.title')
  if (draft.sent) return alreadySent(kernel, act, input, form, draft.sent, place)
  const step = (steps as readonly string[]).includes(input.query.step ?? '') ? (input.query.step as Step) : 'all'
  const words = draft.text.placeWords?.trim() ?? ''
  const found = place || !words ? [] : await searchPlaces(act.sql, words, { limit: 8 })
  const faults = input.query.check ? faultsFor(faultsOf(language, draft), step) : []
  // Looking for a place and finding none is said at once, with or without sending.
  const nowhere = words && !place && found.length === 0 ? say('requests.tell.fault-place-none', { words }) : null
  const shown: Shown = {
    kernel,
    act,
    form,
    draft,
    place,
    faults: nowhere ? withPlaceFault(faults, nowhere, step) : faults,
    found,
    held: await kernel.files.held(act, form),
    categories: place ? await categoriesAt(act, place.path) : [],
    officials: place ? await officialsAt(act, place.path) : [],
    card: draft.card ? await cardOf(act, draft.card) : null,
  }
  const asked = draft.notes.some((note) => note.key.startsWith('floods.'))
  const other = step === 'all' ? `?${new URLSearchParams({ form, step: 'what' })}` : `?${new URLSearchParams({ form })}`
  const main = html`<h1>${title}</h1><p class="lead">${say('requests.tell.lead')}</p>
${errorSummary(language, [...shown.faults])}
<form id="tell" class="narrow" method="post" enctype="multipart/form-data" novalidate data-draft="${`tell-${form.slice(0, 12)}`}"${
    asked ? html` data-proof="/tell/proof"` : ''
  }>
<input type="hidden" name="form" value="${form}"><input type="hidden" name="page" value="${step}">${
    draft.card ? html`<input type="hidden" name="card" value="${draft.card}">` : ''
  }${asked && draft.ticket ? html`<input type="hidden" name="ticket" value="${draft.ticket}"><input type="hidden" name="proof" value="">` : ''}
${step === 'all' ? longForm(shown) : oneQuestion(shown, step)}
</form>
<p class="soft"><a href="${other}">${say(step === 'all' ? 'requests.tell.one-by-one' : 'requests.tell.all-at-once')}</a></p>`
  return show(kernel, act, input, {
    title: shown.faults.length > 0 ? `${say('requests.tell.mend')} ${title}` : title,
    main,
    ...belongingTo(place),
    // Enter goes on to the next question; on the long form it only keeps what stands there, and looks up the place.
    within: { form: 'tell', enter: { name: 'do', value: ['all', 'where', 'send'].includes(step) ? 'find' : 'next' } },
    remedy: say('requests.tell.emergency'),
  })
}

/** A step shows its own faults; the last shows all that is left. */
function faultsFor(faults: readonly Fault[], step: Step | 'all'): Fault[] {
  const own: Record<Step, readonly string[]> = {
    what: ['text'],
    where: ['placeWords', 'spot'],
    pictures: ['pictures'],
    who: ['name', 'phone', 'anonymous', 'about'],
    send: ['category'],
  }
  return step === 'all' || step === 'send' ? [...faults] : faults.filter((fault) => own[step].includes(fault.field))
}

function withPlaceFault(faults: readonly Fault[], text: string, step: Step | 'all'): Fault[] {
  if (faults.some((fault) => fault.field === 'placeWords'))
    return faults.map((fault) => (fault.field === 'placeWords' ? { ...fault, text } : fault))
  return step === 'where' || step === 'all' ? [...faults, { field: 'placeWords', text }] : [...faults]
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

/** All that is wrong with a field: of several pictures each has its own reason. */
function faultAt(shown: Shown, name: string): string | undefined {
  const texts = shown.faults.filter((fault) => fault.field === name).map((fault) => fault.text)
  return texts.length > 0 ? texts.join(' ') : undefined
}

function longForm(shown: Shown): Markup {
  const say = t(shown.act.language)
  return html`${aboutCard(shown)}${whatField(shown)}${whereFields(shown)}${pictureFields(shown)}
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
    pictures: () => pictureFields(shown),
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

function aboutCard(shown: Shown): Content {
  return shown.card
    ? notice('plain', { text: t(shown.act.language)('requests.tell.card', { name: shown.card }) })
    : null
}

function whatField(shown: Shown): Markup {
  const say = t(shown.act.language)
  return field(shown.act.language, {
    name: 'text',
    kind: 'area',
    rows: 7,
    label: say('requests.tell.text'),
    hint: say('requests.tell.text-hint'),
    value: shown.draft.text.text,
    error: faultAt(shown, 'text'),
    required: true,
  })
}

function whereFields(shown: Shown): Markup {
  const { place, found, draft } = shown
  const { language } = shown.act
  const say = t(language)
  const error = faultAt(shown, 'placeWords')
  const words = field(language, {
    name: 'placeWords',
    label: say(place ? 'requests.tell.place-other' : 'requests.tell.place'),
    hint: say('requests.tell.place-hint'),
    value: place ? '' : draft.text.placeWords,
    error: found.length > 0 ? undefined : error,
    optional: place !== null,
    data: { suggest: '/tell/places?search=', code: 'place' },
  })
  const which =
    found.length > 0
      ? choices(language, {
          name: 'place',
          legend: say('requests.tell.place-which'),
          error,
          stacked: true,
          options: found.map((each) => ({
            value: each.id,
            label: fullName([...each.ancestors, each], language, 'city'),
          })),
        })
      : html`<input type="hidden" name="place" value="${place?.id ?? ''}">`
  return html`${
    place ? html`<p><span class="soft">${say('requests.tell.place')}</span><br><strong>${place.full}</strong></p>` : ''
  }${which}${place ? html`<details><summary>${say('requests.tell.place-change')}</summary>${words}</details>` : words}${
    place ? '' : buttons([{ text: say('requests.tell.find'), name: 'do', value: 'find', kind: 'plain' }])
  }${field(language, {
    name: 'spot',
    label: say('requests.tell.spot'),
    hint: say('requests.tell.spot-hint'),
    value: draft.text.spot,
    error: faultAt(shown, 'spot'),
    optional: true,
  })}${position(shown)}`
}

/**
 * The point on the map. Only a device can say it, and only a script can ask the device: the button stays hidden until a script
 * finds that it can. What it said stands here afterwards in words and can be taken away again without one.
 */
function position(shown: Shown): Markup {
  const say = t(shown.act.language)
  const { text } = shown.draft
  const point = pointOf(text)
  const told = Object.fromEntries(
    ['asking', 'found', 'kept', 'unknown', 'denied', 'failed', 'abroad'].map((name) => [
      name,
      // The name of the place is the script's to fill in.
      say(`requests.tell.position-${name}`, { name: '{{name}}' }),
    ]),
  )
  return html`<div class="field" id="position" data-position="/tell/near" data-words="${JSON.stringify(told)}"><input type="hidden" name="longitude" value="${
    point ? text.longitude : ''
  }"><input type="hidden" name="latitude" value="${point ? text.latitude : ''}"><div hidden><button class="button plain" type="button" aria-describedby="position-hint">${say(
    'requests.tell.position',
  )}</button><p class="hint" id="position-hint">${say('requests.tell.position-hint')}</p></div><p role="status">${
    point
      ? html`${say('requests.tell.position-kept')} <button class="button quiet" name="do" value="drop-point" formnovalidate>${say('requests.tell.position-drop')}</button>`
      : ''
  }</p></div>`
}

function pictureFields(shown: Shown): Markup {
  const { held, form } = shown
  const { language } = shown.act
  const say = t(language)
  const list = held.map((file, index) => {
    const name = say(file.kind === 'video' ? 'requests.tell.video' : 'requests.tell.picture', { number: index + 1 })
    return html`<li>${
      file.kind === 'picture'
        ? html`<img src="${`/tell/pictures/${file.id}?form=${form}`}" alt="${name}" loading="lazy">`
        : html`<span>${name}</span>`
    }<button class="button quiet" name="do" value="${`drop:${file.id}`}" formnovalidate>${say('requests.tell.drop')}<span class="hidden"> ${name}</span></button></li>`
  })
  return html`${field(language, {
    name: 'pictures',
    kind: 'file',
    label: say('requests.tell.pictures'),
    hint: say('requests.tell.pictures-hint'),
    error: faultAt(shown, 'pictures'),
    optional: true,
    multiple: true,
    accept: 'image/jpeg,image/png,image/webp,image/gif,video/mp4,video/webm',
    data: { preview: '' },
  })}${
    held.length > 0
      ? html`<p class="hint">${say('requests.tell.held', { count: held.length })}</p><ul class="pictures">${list}</ul>`
      : ''
  }`
}

function tickField(
  name: string,
  label: string,
  hint: string,
  ticked: boolean | undefined,
  error: string | undefined,
): Markup {
  const id = `field-${name}`
  return html`<div class="${`field${error ? ' wrong' : ''}`}">${
    error ? html`<p class="fault" id="${`${id}-error`}">${error}</p>` : ''
  }<div class="choice"><label><input type="checkbox" id="${id}" name="${name}" value="yes"${ticked ? html` checked` : ''}${
    error ? html` aria-describedby="${`${id}-error`}"` : ''
  }> <span>${label}<small>${hint}</small></span></label></div></div>`
}

function whoFields(shown: Shown): Markup {
  const { draft, officials } = shown
  const { language } = shown.act
  const say = t(language)
  return html`<p class="hint">${say('requests.tell.who-hint')}</p>${field(language, {
    name: 'phone',
    kind: 'tel',
    label: say('requests.tell.phone'),
    hint: say('requests.tell.phone-hint'),
    value: draft.text.phone,
    error: faultAt(shown, 'phone'),
    optional: true,
    autocomplete: 'tel',
    short: true,
  })}${field(language, {
    name: 'name',
    label: say('requests.tell.name'),
    value: draft.text.name,
    error: faultAt(shown, 'name'),
    optional: true,
    autocomplete: 'name',
    short: true,
  })}${tickField(
    'anonymous',
    say('requests.tell.anonymous'),
    say('requests.tell.anonymous-hint'),
    draft.tick.anonymous,
    faultAt(shown, 'anonymous'),
  )}${officials.length > 0 ? aboutField(shown) : ''}`
}

/** A matter about somebody who serves here is rare, and its list long: folded, and each under their own office. */
function aboutField(shown: Shown): Markup {
  const { draft, officials } = shown
  const { language } = shown.act
  const say = t(language)
  const error = faultAt(shown, 'about')
  return folded({
    summary: say('requests.tell.about'),
    open: Boolean(draft.text.about || error),
    inner: field(language, {
      name: 'about',
      kind: 'select',
      label: say('requests.tell.about-who'),
      hint: say('requests.tell.about-hint'),
      value: draft.text.about,
      error,
      options: [{ value: '', label: say('requests.tell.about-nobody') }, ...officials],
    }),
  })
}

function lastFields(shown: Shown): Markup {
  const { draft, categories } = shown
  const { language } = shown.act
  const say = t(language)
  return html`${
    categories.length > 0
      ? folded({
          summary: say('requests.tell.category-fold'),
          open: Boolean(draft.text.category || faultAt(shown, 'category')),
          inner: field(language, {
            name: 'category',
            kind: 'select',
            label: say('requests.tell.category'),
            hint: say('requests.tell.category-hint'),
            value: draft.text.category,
            error: faultAt(shown, 'category'),
            options: [{ value: '', label: say('requests.tell.category-none') }, ...categories],
          }),
        })
      : ''
  }${tickField('public', say('requests.tell.public'), say('requests.tell.public-hint'), draft.tick.public, undefined)}`
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

/** Categories of a place, where a person can still choose among them; a longer list is for whoever accepts. */
export async function categoriesAt(act: Act, path: string): Promise<Option[]> {
  const { rows } = await sql<{
    id: string
    name: string
    name_en: string | null
    group: string
    group_en: string | null
  }>`
    select id, level3 as name, level3_en as name_en, level2 as group, level2_en as group_en from category
    where starts_with(${path}, path) and retired_at is null order by level1, level2, level3 limit 81`.execute(act.sql)
  if (rows.length > 80) return []
  const english = act.language === 'en'
  const groups = new Map<string, { value: string; label: string }[]>()
  for (const row of rows) {
    const group = (english && row.group_en) || row.group
    groups.set(group, [...(groups.get(group) ?? []), { value: row.id, label: (english && row.name_en) || row.name }])
  }
  return [...groups].map(([group, options]) => ({ group, options }))
}

/** Officials and bodies that serve here, whom a request may be about. */
async function officialsAt(act: Act, path: string): Promise<Option[]> {
  const english = act.language === 'en'
  const whole = t(act.language)('requests.tell.about-body')
  const serving = await whoServes(act.sql, path)
  return serving.map((body) => {
    const people = body.posts.flatMap((post) =>
      post.holders.map((holder) => ({
        value: `t:${holder.tenure}`,
        label: `${holder.name} · ${(english && post.titleEn) || post.title}`,
      })),
    )
    const group = (english && body.nameEn) || body.name
    return { group, options: [...people, { value: `b:${body.id}`, label: `${whole} · ${group}` }] }
  })
}

async function cardOf(act: Act, tenure: string): Promise<string | null> {
  const { rows } = await sql<{ name: string; title: string; title_en: string | null }>`
    select t.holder_name as name, p.title, p.title_en from tenure t join post p on p.id = t.post
    where t.id = ${tenure} and p.shown`.execute(act.sql)
  const row = rows[0]
  return row ? `${row.name} · ${(act.language === 'en' && row.title_en) || row.title}` : null
}
