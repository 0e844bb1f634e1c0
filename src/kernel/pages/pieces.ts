import { html } from 'hono/html'
import { type Language, type SpokenTime, t } from '#kernel/words/index.ts'

/**
 * What `hono/html` makes: text that is already escaped. Plain strings put into a template are escaped there;
 * a piece put into a template stays as it is.
 */
export type Markup = ReturnType<typeof html>
export type Content = Markup | string | number | null | undefined | false | Content[]

/** How a mark looks. Each has a shape of its own, so that colour is never the only sign. */
export type Tone = 'open' | 'waiting' | 'due' | 'late' | 'done' | 'quiet'

/** A state in a few words, with a shape before it: ring, disc, triangle, diamond, tick, dash. */
export function mark(tone: Tone, text: Content): Markup {
  return html`<span class="${`mark ${tone}`}">${text}</span>`
}

/** A time as said, with the exact one at hand. */
export function time(when: SpokenTime): Markup {
  return html`<time datetime="${when.machine}" title="${when.exact}">${when.text}</time>`
}

export interface Happening {
  /** Without a time: something expected, not yet happened. */
  when?: SpokenTime | null
  title: Content
  /** Who did it, under which post. */
  by?: Content
  text?: Content
  kind?: 'now' | 'past' | 'next'
}

/** What happened to a matter, newest first or last as given. */
export function timeline(language: Language, items: Happening[]): Markup {
  const say = t(language)
  return html`<ol class="when" aria-label="${say('pages.timeline')}">${items.map(
    (item) =>
      html`<li class="${item.kind ?? 'past'}"${item.kind === 'now' ? html` aria-current="step"` : ''}>${
        item.when ? time(item.when) : html`<span class="time">${say('pages.next')}</span>`
      }<strong>${item.title}</strong>${item.by ? html`<span class="by">${item.by}</span>` : ''}${
        item.text ? html`<div class="said">${item.text}</div>` : ''
      }</li>`,
  )}</ol>`
}

export interface Fault {
  /** Name of the field at fault; the link jumps to its first control. */
  field: string
  text: string
}

/** All that must be mended, at the top of the form, each linked to its field. Nothing when all is well. */
export function errorSummary(language: Language, faults: Fault[]): Markup {
  if (faults.length === 0) return html``
  const say = t(language)
  return html`<section class="notice bad" id="faults" role="alert" tabindex="-1" aria-labelledby="faults-title"><h2 id="faults-title">${say(
    'pages.errors.title',
    { count: faults.length },
  )}</h2><ul>${faults.map((fault) => html`<li><a href="${`#${identifier(fault.field)}`}">${fault.text}</a></li>`)}</ul></section>`
}

/** The id of the control for a field name, as `errorSummary` links to it. */
export function identifier(name: string): string {
  return `field-${name.replace(/[^A-Za-z0-9_-]/g, '-')}`
}

function described(id: string, hint: unknown, error: unknown): string {
  return [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ')
}

function below(language: Language, id: string, hint: Content, error: string | undefined): Markup {
  const say = t(language)
  return html`${hint ? html`<p class="hint" id="${`${id}-hint`}">${hint}</p>` : ''}${
    error
      ? html`<p class="fault" id="${`${id}-error`}"><span class="hidden">${say('pages.error')}</span>${error}</p>`
      : ''
  }`
}

/** A choice of a list, or a heading with those that belong under it. */
export type Option =
  | { readonly value: string; readonly label: string }
  | { readonly group: string; readonly options: readonly { readonly value: string; readonly label: string }[] }

export interface Field {
  name: string
  label: Content
  kind?: 'text' | 'tel' | 'email' | 'password' | 'number' | 'date' | 'time' | 'search' | 'file' | 'area' | 'select'
  hint?: Content
  error?: string | undefined
  value?: string | undefined
  required?: boolean
  /** Say after the label that it may stay empty. */
  optional?: boolean
  autocomplete?: string
  inputmode?: 'numeric' | 'tel' | 'email' | 'text' | 'search' | 'decimal'
  pattern?: string
  maxlength?: number
  rows?: number
  options?: readonly Option[]
  /** For files: which types, and whether several. */
  accept?: string
  multiple?: boolean
  /** A short one, such as a code or a day. */
  short?: boolean
  /** For the progressive scripts: `data-…` attributes without the prefix. */
  data?: Record<string, string>
}

/** One question with its hint, its fault and its control. */
export function field(language: Language, given: Field): Markup {
  const id = identifier(given.name)
  const kind = given.kind ?? 'text'
  const describedBy = described(id, given.hint, given.error)
  const shared = html`id="${id}" name="${given.name}"${describedBy ? html` aria-describedby="${describedBy}"` : ''}${
    given.error ? html` aria-invalid="true"` : ''
  }${given.required ? html` required` : ''}${given.autocomplete ? html` autocomplete="${given.autocomplete}"` : ''}${
    given.inputmode ? html` inputmode="${given.inputmode}"` : ''
  }${given.pattern ? html` pattern="${given.pattern}"` : ''}${given.maxlength ? html` maxlength="${given.maxlength}"` : ''}${
    given.accept ? html` accept="${given.accept}"` : ''
  }${given.multiple ? html` multiple` : ''}${Object.entries(given.data ?? {}).map(
    ([key, value]) => html` data-${key.replace(/[^a-z-]/g, '')}="${value}"`,
  )}`
  const control =
    kind === 'area'
      ? // The line break after the tag is swallowed by browsers; without it a text that begins with one would lose it.
        html`<textarea rows="${given.rows ?? 5}" ${shared}>
${given.value ?? ''}</textarea>`
      : kind === 'select'
        ? html`<select ${shared}>${optionsShown(given.options ?? [], given.value)}</select>`
        : kind === 'file'
          ? html`<input type="file" ${shared}>`
          : html`<input type="${kind}" ${shared} value="${given.value ?? ''}">`
  return html`<div class="${`field${given.error ? ' wrong' : ''}${given.short ? ' short' : ''}`}"><label for="${id}">${given.label}${
    given.optional ? html`<span class="soft">${t(language)('pages.optional')}</span>` : ''
  }</label>${below(language, id, given.hint, given.error)}${control}</div>`
}

/** Options under their headings. A value that stands twice (under "used most" as well) is chosen once. */
function optionsShown(options: readonly Option[], chosen: string | undefined): Markup[] {
  let open = true
  const one = (option: { readonly value: string; readonly label: string }): Markup => {
    const here = open && option.value === chosen
    if (here) open = false
    return html`<option value="${option.value}"${here ? html` selected` : ''}>${option.label}</option>`
  }
  return options.map((option) =>
    'group' in option ? html`<optgroup label="${option.group}">${option.options.map(one)}</optgroup>` : one(option),
  )
}

/** A question that few need, folded under its own words; open where it was answered or has a fault. */
export function folded(given: { summary: Content; open: boolean; inner: Content }): Markup {
  return html`<details${given.open ? html` open` : ''}><summary>${given.summary}</summary>${given.inner}</details>`
}

export interface Choices {
  name: string
  legend: Content
  kind?: 'radio' | 'checkbox'
  hint?: Content
  error?: string | undefined
  /** What was chosen before; never fill it with a default where an opinion is asked for. */
  chosen?: string[]
  options: { value: string; label: Content; hint?: Content }[]
  required?: boolean
  /** One under the other, for long answers. */
  stacked?: boolean
  /** The question is the page's heading. */
  heading?: boolean
}

/** A question answered by choosing. */
export function choices(language: Language, given: Choices): Markup {
  const id = identifier(given.name)
  const kind = given.kind ?? 'radio'
  const describedBy = described(id, given.hint, given.error)
  return html`<fieldset class="${given.error ? 'wrong' : ''}"${describedBy ? html` aria-describedby="${describedBy}"` : ''}><legend>${
    given.heading ? html`<h1>${given.legend}</h1>` : given.legend
  }</legend>${below(language, id, given.hint, given.error)}<div class="${`choice${given.stacked ? ' stacked' : ''}`}">${given.options.map(
    (option, index) =>
      html`<label><input type="${kind}" name="${given.name}" value="${option.value}" id="${
        index === 0 ? id : `${id}-${index}`
      }"${given.chosen?.includes(option.value) ? html` checked` : ''}${given.required && kind === 'radio' ? html` required` : ''}> <span>${
        option.label
      }${option.hint ? html`<small>${option.hint}</small>` : ''}</span></label>`,
  )}</div></fieldset>`
}

export interface Button {
  text: Content
  /** A link when given, else a submit button. */
  href?: string
  kind?: 'main' | 'plain' | 'quiet' | 'grave'
  name?: string
  value?: string
  /** Address another than the form's, for a second act in one form. */
  formaction?: string
  /** Skips the browser's own checks, for 返回 and the like. */
  unchecked?: boolean
}

/** Buttons in a row; real words on each. */
export function buttons(row: Button[]): Markup {
  return html`<div class="buttons">${row.map((button) => {
    const look = `button ${button.kind ?? 'main'}`
    return button.href
      ? html`<a class="${look}" href="${button.href}">${button.text}</a>`
      : html`<button class="${look}" type="submit"${button.name ? html` name="${button.name}" value="${button.value ?? ''}"` : ''}${
          button.formaction ? html` formaction="${button.formaction}"` : ''
        }${button.unchecked ? html` formnovalidate` : ''}>${button.text}</button>`
  })}</div>`
}

/** Links to the lists before and after, by key, never by number. */
export function pagination(language: Language, links: { newer?: string | null; older?: string | null }): Markup {
  if (!links.newer && !links.older) return html``
  const say = t(language)
  return html`<nav class="pages" aria-label="${say('pages.turn')}">${
    links.newer ? html`<a rel="prev" href="${links.newer}">${say('pages.newer')}</a>` : html`<span></span>`
  }${links.older ? html`<a rel="next" href="${links.older}">${say('pages.older')}</a>` : ''}</nav>`
}

/** Nothing here yet: say so, and what to do next. */
export function emptyState(given: { title: Content; text?: Content; action?: Button }): Markup {
  return html`<div class="empty"><strong>${given.title}</strong>${given.text ? html`<p>${given.text}</p>` : ''}${
    given.action ? buttons([given.action]) : ''
  }</div>`
}

/** Something to know: `good` after an act, `warning` before one, `bad` when it went wrong. */
export function notice(
  kind: 'plain' | 'good' | 'warning' | 'bad',
  given: { title?: Content; text?: Content; language?: Language },
): Markup {
  return html`<section class="${`notice ${kind}`}"${kind === 'bad' ? html` role="alert"` : html` role="status"`}>${
    given.title ? html`<h2>${given.title}</h2>` : ''
  }${given.text ? html`<div>${given.text}</div>` : ''}</section>`
}

/** Names and values. */
export function definitions(pairs: [term: Content, value: Content][]): Markup {
  return html`<dl class="facts">${pairs.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`
}

/** Where one is in a form of several pages. */
export function steps(language: Language, names: string[], current: number): Markup {
  const say = t(language)
  return html`<div class="steps"><p>${say('pages.step', { now: current + 1, all: names.length })}</p><ol>${names.map(
    (name, index) =>
      index === current
        ? html`<li class="here" aria-current="step">${name}</li>`
        : html`<li class="${index < current ? 'past' : ''}">${name}${
            index < current ? html`<span class="hidden"> ${say('pages.step.done')}</span>` : ''
          }</li>`,
  )}</ol></div>`
}

export interface Entry {
  href: string
  title: Content
  mark?: Content
  about?: Content
}

/** Matters in a list: title and mark, with a soft line beneath. */
export function entries(list: Entry[]): Markup {
  return html`<ul class="entries">${list.map(
    (entry) =>
      html`<li><a href="${entry.href}">${entry.title}</a>${entry.mark ?? ''}${
        entry.about ? html`<small>${entry.about}</small>` : ''
      }</li>`,
  )}</ul>`
}

/** A number that is read aloud or copied by hand. */
export function code(text: string): Markup {
  return html`<span class="code" translate="no">${text}</span>`
}

/** What was promised, set apart. */
export function promise(given: { title: Content; text?: Content }): Markup {
  return html`<div class="promise"><strong>${given.title}</strong>${given.text ? html`<p>${given.text}</p>` : ''}</div>`
}

/** A person who serves here: first sign of the name, name, what they do and when. */
export function face(given: { name: string; about: Content; href?: string }): Markup {
  return html`<div class="sheet face"><span class="first" aria-hidden="true">${Array.from(given.name)[0] ?? ''}</span><div><strong>${
    given.href ? html`<a href="${given.href}">${given.name}</a>` : given.name
  }</strong><span class="soft">${given.about}</span></div></div>`
}

/** A figure that opens to its records. */
export function figure(given: { value: Content; unit?: Content; text: Content; href?: string }): Markup {
  const inner = html`<span class="value">${given.value}</span>${given.unit ? html` ${given.unit}` : ''}<span class="soft">${given.text}</span>`
  return given.href
    ? html`<a class="sheet figure" href="${given.href}">${inner}</a>`
    : html`<div class="sheet figure">${inner}</div>`
}
