// The small forms of a followed request: add, correct, withdraw, complain, a visit. Each is a page of its own, so that the page
// one follows stays short.
import { html } from 'hono/html'
import type { FileRow } from '#kernel/files/index.ts'
import { filledIn } from '#kernel/http/index.ts'
import { buttons, choices, errorSummary, type Fault, field, type Markup } from '#kernel/pages/index.ts'
import { type Language, t } from '#kernel/words/index.ts'
import { lengths } from '../requests.acts.api.ts'
import { serviceFaults } from '../requests.api.ts'
import type { Followed } from './follow.view.ts'
import type { Fields } from './form.kept.ts'
import { pictureFields } from './form.pictures.ts'

/** Pages with a form. */
export const formPages = ['add', 'correct', 'phone', 'withdraw', 'complain', 'visit', 'reopen'] as const
export type FormPage = (typeof formPages)[number]

export interface FormShown {
  readonly language: Language
  readonly base: string
  readonly view: Followed
  /** The form's id. */
  readonly form: string
  readonly values: Fields
  readonly faults: readonly Fault[]
  /** Pictures that came with it and wait to be sent. */
  readonly held: readonly FileRow[]
  /** Pictures were chosen before, which no page can fill in again where nothing is kept. */
  readonly picturesAgain?: boolean
}

const one = (value: Fields[string]): string | undefined => (typeof value === 'string' ? value : value?.at(-1))
export const many = (value: Fields[string]): string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : [...value]

export function formPage(name: FormPage, shown: FormShown): { title: string; main: Markup } {
  const { language, base, faults } = shown
  const say = t(language)
  const title = say(`requests.form.${name}`)
  const main = html`<h1>${title}</h1><p class="lead">${shown.view.loaded.row.title}</p>${errorSummary(language, [...faults])}${forms[
    name
  ](shown)}<p><a href="${base}">${say('requests.form.back')}</a></p>`
  return { title, main }
}

const faultOf = (shown: FormShown, name: string) =>
  shown.faults
    .filter((fault) => fault.field === name)
    .map((fault) => fault.text)
    .join(' ') || undefined

function area(
  shown: FormShown,
  name: string,
  label: string,
  more: { value?: string; optional?: boolean; most: number; hint?: string },
): Markup {
  return field(shown.language, {
    name,
    kind: 'area',
    label,
    value: one(shown.values[name]) ?? more.value,
    error: faultOf(shown, name),
    rows: 5,
    ...(more.hint ? { hint: more.hint } : {}),
    ...(more.optional ? { optional: true } : { required: true }),
  })
}

const form = (shown: FormShown, act: string, inner: Markup, files = false): Markup =>
  html`<form class="narrow" id="${filledIn.form}" method="post" action="${`${shown.base}/${act}`}"${files ? html` enctype="multipart/form-data"` : ''} novalidate><input type="hidden" name="form" value="${shown.form}">${inner}</form>`

const forms: Readonly<Record<FormPage, (shown: FormShown) => Markup>> = {
  add(shown) {
    const say = t(shown.language)
    return form(
      shown,
      'add',
      html`${area(shown, 'text', say('requests.form.add-text'), { most: lengths.body, hint: say('requests.form.add-hint') })}${pictureFields(
        shown.language,
        {
          form: shown.form,
          held: shown.held,
          error: faultOf(shown, 'pictures'),
          hint: say(shown.picturesAgain ? 'requests.form.pictures-again' : 'requests.tell.pictures-hint'),
        },
      )}${buttons([{ text: say('requests.form.add-send') }])}`,
      true,
    )
  },
  correct(shown) {
    const say = t(shown.language)
    const { row } = shown.view.loaded
    return form(
      shown,
      'correct',
      html`<p class="hint">${say('requests.form.correct-hint')}</p>${field(shown.language, {
        name: 'title',
        label: say('requests.form.correct-title'),
        value: one(shown.values.title) ?? row.title,
        error: faultOf(shown, 'title'),
        required: true,
      })}${area(shown, 'text', say('requests.form.correct-text'), { value: row.body, most: lengths.body })}${field(
        shown.language,
        {
          name: 'spot',
          label: say('requests.tell.spot'),
          value: one(shown.values.spot) ?? row.spot ?? '',
          error: faultOf(shown, 'spot'),
          optional: true,
        },
      )}${buttons([{ text: say('requests.form.correct-send') }])}`,
    )
  },
  phone(shown) {
    const { language, view } = shown
    const say = t(language)
    const own = view.loaded.row.reporter !== null
    return form(
      shown,
      'phone',
      html`<p>${say('requests.form.phone-text')}</p>${
        view.contact?.phone
          ? html`<p><span class="soft">${say('requests.form.phone-now')}</span> ${view.contact.phone}</p>`
          : ''
      }${field(language, {
        name: 'phone',
        kind: 'tel',
        label: say('requests.form.phone-new'),
        hint: say('requests.tell.phone-hint'),
        value: one(shown.values.phone) ?? '',
        error: faultOf(shown, 'phone'),
        autocomplete: 'tel',
        required: true,
        short: true,
      })}${buttons([{ text: say('requests.form.phone-send') }])}${
        own
          ? html`<p class="hint">${say('requests.form.phone-account')} <a href="/my/data">${say('requests.mine.data')}</a></p>`
          : ''
      }`,
    )
  },
  withdraw(shown) {
    const say = t(shown.language)
    return form(
      shown,
      'withdraw',
      html`<p>${say('requests.form.withdraw-text')}</p>${area(shown, 'reason', say('requests.form.withdraw-reason'), {
        optional: true,
        most: lengths.reason,
      })}${buttons([
        { text: say('requests.form.withdraw-send'), kind: 'grave' },
        { text: say('requests.form.withdraw-keep'), href: shown.base, kind: 'plain' },
      ])}`,
    )
  },
  complain(shown) {
    const say = t(shown.language)
    return form(
      shown,
      'complain',
      html`<p>${say('requests.form.complain-text')}</p>${choices(shown.language, {
        name: 'faults',
        kind: 'checkbox',
        legend: say('requests.form.complain-faults'),
        hint: say('requests.form.complain-faults-hint'),
        chosen: many(shown.values.faults),
        options: serviceFaults.map((fault) => ({ value: fault, label: say(`requests.fault-of.${fault}`) })),
      })}${area(shown, 'text', say('requests.form.complain-what'), { most: lengths.body })}${buttons([
        { text: say('requests.form.complain-send') },
      ])}`,
    )
  },
  reopen(shown) {
    const say = t(shown.language)
    return form(
      shown,
      'reopen',
      html`<p>${say('requests.follow.reopen-text-plain')}</p>${area(
        shown,
        'reason',
        say('requests.form.reopen-reason'),
        {
          optional: true,
          most: lengths.reason,
        },
      )}${buttons([{ text: say('requests.follow.reopen') }])}`,
    )
  },
  visit(shown) {
    const { language, view } = shown
    const { visit } = view
    const say = t(language)
    const input = (name: string, kind: 'date' | 'time', before: string | undefined) =>
      field(language, {
        name,
        kind,
        label: say(`requests.coming.${name}`),
        value: one(shown.values[name]) ?? before ?? '',
        error: faultOf(shown, name),
        required: true,
        short: true,
      })
    // One form for both, so that a switch in the header loses neither.
    return form(
      shown,
      visit ? 'move-visit' : 'arrange-visit',
      html`<p class="hint">${say('requests.coming.hint')}</p>${input('day', 'date', visit?.day)}${input('from', 'time', visit?.from)}${input(
        'until',
        'time',
        visit?.to,
      )}${field(language, {
        name: 'note',
        label: say('requests.coming.note'),
        value: one(shown.values.note) ?? (visit?.by === 'resident' ? visit.note : null) ?? '',
        error: faultOf(shown, 'note'),
        optional: true,
      })}${buttons([{ text: say(visit ? 'requests.coming.move' : 'requests.coming.propose-send') }])}${
        visit
          ? html`<h2>${say('requests.coming.cancel-title')}</h2>${area(
              shown,
              'reason',
              say('requests.form.withdraw-reason'),
              { optional: true, most: lengths.note },
            )}${buttons([{ text: say('requests.coming.cancel'), kind: 'grave', formaction: `${shown.base}/cancel-visit` }])}`
          : ''
      }`,
    )
  },
}
