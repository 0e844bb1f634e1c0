// The fields of telling, each as both forms of the page show it.
import { html } from 'hono/html'
import type { Act } from '#kernel/access/index.ts'
import type { FileRow } from '#kernel/files/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import {
  buttons,
  type Content,
  choices,
  type Fault,
  field,
  folded,
  type Markup,
  notice,
  type Option,
} from '#kernel/pages/index.ts'
import { t } from '#kernel/words/index.ts'
import { fullName, type PlaceFound } from '#organise/places/index.ts'
import { pictureFields } from './form.pictures.ts'
import type { PlaceShown } from './shown.ts'
import { type Draft, pointOf } from './tell.form.ts'

/** What the form shows of itself. */
export interface Shown {
  readonly kernel: Kernel
  readonly act: Act
  readonly form: string
  readonly draft: Draft
  readonly faults: readonly Fault[]
  readonly place: PlaceShown | null
  /** From whose page it was opened. */
  readonly from: PlaceShown | null
  readonly found: readonly PlaceFound[]
  readonly held: readonly FileRow[]
  readonly categories: readonly Option[]
  readonly officials: readonly Option[]
  readonly card: string | null
}

/** All that is wrong with a field: of several pictures each has its own reason. */
function faultAt(shown: Shown, name: string): string | undefined {
  const texts = shown.faults.filter((fault) => fault.field === name).map((fault) => fault.text)
  return texts.length > 0 ? texts.join(' ') : undefined
}

export function aboutCard(shown: Shown): Content {
  return shown.card
    ? notice('plain', { text: t(shown.act.language)('requests.tell.card', { name: shown.card }) })
    : null
}

export function whatField(shown: Shown): Markup {
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

export function whereFields(shown: Shown): Markup {
  const { place, from, found, draft } = shown
  const { language } = shown.act
  const say = t(language)
  const words = field(language, {
    name: 'placeWords',
    label: say(place ? 'requests.tell.place-other' : 'requests.tell.place'),
    hint: say('requests.tell.place-hint'),
    value: place ? '' : draft.text.placeWords,
    error: faultAt(shown, 'placeWords'),
    optional: place !== null,
    data: { suggest: `/tell/places?${from ? `near=${from.id}&` : ''}search=`, code: 'place' },
  })
  const find = buttons([{ text: say('requests.tell.find'), name: 'do', value: 'find', kind: 'plain', unchecked: true }])
  const which =
    found.length > 0
      ? choices(language, {
          name: 'place',
          legend: say(found.length === 1 ? 'requests.tell.place-this' : 'requests.tell.place-which'),
          error: faultAt(shown, 'place'),
          stacked: true,
          // With all that lies above: who is shown one name alone does not see that it is in another city.
          options: found.map((each) => ({
            value: each.id,
            label: fullName([...each.ancestors, each], language, 'province'),
          })),
        })
      : html`<input type="hidden" name="place" value="${place?.id ?? ''}"><input type="hidden" name="placeWas" value="${place?.id ?? ''}">`
  return html`${
    place ? html`<p><span class="soft">${say('requests.tell.place')}</span><br><strong>${place.full}</strong></p>` : ''
  }${which}${place ? folded({ summary: say('requests.tell.place-change'), open: false, inner: [words, find] }) : [words, find]}${field(
    language,
    {
      name: 'spot',
      label: say('requests.tell.spot'),
      hint: say('requests.tell.spot-hint'),
      value: draft.text.spot,
      error: faultAt(shown, 'spot'),
      optional: true,
    },
  )}${position(shown)}`
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

export function picturesAsked(shown: Shown): Markup {
  const { language } = shown.act
  return pictureFields(language, {
    form: shown.form,
    held: shown.held,
    error: faultAt(shown, 'pictures'),
    hint: t(language)('requests.tell.pictures-hint'),
  })
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

export function whoFields(shown: Shown): Markup {
  const { draft, officials } = shown
  const { language } = shown.act
  const say = t(language)
  return html`<p class="hint">${say('requests.tell.who-hint')}</p>${field(language, {
    name: 'phone',
    kind: 'tel',
    label: say('requests.tell.phone'),
    hint: say(shown.act.actor.person ? 'requests.tell.phone-hint-mine' : 'requests.tell.phone-hint'),
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

export function lastFields(shown: Shown): Markup {
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
