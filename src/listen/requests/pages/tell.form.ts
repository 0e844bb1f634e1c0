// A form of telling while it is filled in, on one page or one question after the other: what was typed, and what is wrong with it.

import type { Act } from '#kernel/access/index.ts'
import { isId } from '#kernel/http/shapes.api.ts'
import type { Kernel } from '#kernel/kernel.ts'
import type { Fault } from '#kernel/pages/index.ts'
import { type Language, t } from '#kernel/words/index.ts'
import { phoneFault } from '../phones.ts'
import { lengths } from '../requests.acts.api.ts'
import { asTyped, faultsOfNotes, keep, type Note, readKept } from './form.kept.ts'

/** Questions one after the other. */
export const steps = ['what', 'where', 'pictures', 'who', 'send'] as const
export type Step = (typeof steps)[number]

const texts = [
  'text',
  'placeWords',
  'place',
  'spot',
  'longitude',
  'latitude',
  'category',
  'about',
  'name',
  'phone',
] as const
const ticks = ['anonymous', 'public'] as const
type TextField = (typeof texts)[number]
type TickField = (typeof ticks)[number]

/** Which fields each page of the form shows; a tick that is not sent by its page was taken away. */
const shownBy: Readonly<Record<Step | 'all', readonly (TextField | TickField)[]>> = {
  what: ['text'],
  where: ['placeWords', 'place', 'spot', 'longitude', 'latitude'],
  pictures: [],
  who: ['anonymous', 'name', 'phone', 'about'],
  send: ['category', 'public'],
  all: [...texts, ...ticks],
}

export interface Draft {
  readonly text: Readonly<Partial<Record<TextField, string>>>
  readonly tick: Readonly<Partial<Record<TickField, boolean>>>
  /** The tenure whose contact card was read. */
  readonly card?: string | null
  /** Why it could not be taken the last time. */
  readonly notes: readonly Note[]
  /** A waiting ticket, taken under load. */
  readonly ticket?: string | null
  /** It was sent: the number, as it is read aloud. */
  readonly sent?: string | null
}

export const emptyDraft: Draft = { text: {}, tick: {}, notes: [] }

/** Under which page what was typed is kept. */
const page = 'tell'

export const readDraft = (act: Pick<Act, 'sql' | 'now'>, kernel: Kernel, form: string): Promise<Draft | null> =>
  readKept<Draft>(act, kernel, page, form)

export const keepDraft = (act: Pick<Act, 'sql' | 'now'>, kernel: Kernel, form: string, draft: Draft): Promise<void> =>
  keep(act, kernel, page, form, draft)

/** What a page of the form sent, laid over what was there. */
export function fillIn(before: Draft, page: Step | 'all', fields: Readonly<Record<string, string>>): Draft {
  const text = { ...before.text }
  const tick = { ...before.tick }
  for (const name of shownBy[page]) {
    if ((ticks as readonly string[]).includes(name)) tick[name as TickField] = fields[name] === 'yes'
    else if (fields[name] !== undefined) text[name as TextField] = asTyped(fields[name])
  }
  // Other words for the place than those that led to it: look anew.
  const words = (draft: Draft['text']) => draft.placeWords?.trim() ?? ''
  if (words(text) !== '' && words(text) !== words(before.text) && text.place === before.text.place) text.place = ''
  return { ...before, text, tick, notes: [] }
}

/** All that must be mended before it can be sent, in the order of the form. */
export function faultsOf(language: Language, draft: Draft): Fault[] {
  const say = t(language)
  const faults: Fault[] = []
  const { text, tick } = draft
  const wrong = (field: string, key: string, values?: Record<string, string | number>) =>
    faults.push({ field, text: say(key, values) })
  const long = (field: TextField, most: number) => {
    const count = (text[field] ?? '').trim().length
    if (count > most) wrong(field, 'requests.tell.fault-long', { most, count })
  }
  if (!text.text?.trim()) wrong('text', 'requests.tell.fault-text')
  long('text', lengths.body)
  if (!isId(text.place))
    wrong('placeWords', text.placeWords?.trim() ? 'requests.tell.fault-place-which' : 'requests.tell.fault-place')
  long('spot', lengths.spot)
  long('name', 60)
  const unfit = text.phone?.trim() ? phoneFault(text.phone) : null
  if (unfit) wrong('phone', unfit)
  if (tick.anonymous && (text.name?.trim() || text.phone?.trim())) wrong('anonymous', 'requests.tell.fault-anonymous')
  return [...faults, ...faultsOfNotes(language, draft.notes)]
}

/** Where on the map it is, if the sender let their device say so and it lies where requests can. */
export function pointOf(text: Draft['text']): { longitude: number; latitude: number } | null {
  if (!text.longitude || !text.latitude) return null
  const longitude = Number(text.longitude)
  const latitude = Number(text.latitude)
  return longitude >= 73 && longitude <= 136 && latitude >= 3 && latitude <= 54 ? { longitude, latitude } : null
}

const fieldsOfStep: Readonly<Record<Step, readonly string[]>> = {
  what: ['text'],
  where: ['placeWords', 'spot'],
  pictures: ['pictures'],
  who: ['name', 'phone', 'anonymous', 'about'],
  send: ['category'],
}

/** A step shows its own faults, and only these hold one up on it; the last shows all that is left. */
export function faultsOn(step: Step | 'all', faults: readonly Fault[]): Fault[] {
  if (step === 'all' || step === 'send') return [...faults]
  return faults.filter((fault) => fieldsOfStep[step].includes(fault.field))
}
