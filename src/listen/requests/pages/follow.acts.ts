// What a reporter does on the page, as the acts of the room: checked first, so that nothing typed is lost.
import { enter } from '#kernel/access/index.ts'
import { withOffset } from '#kernel/calendar/days.ts'
import { newToken } from '#kernel/encryption/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'
import type { Fault } from '#kernel/pages/index.ts'
import { type Language, t } from '#kernel/words/index.ts'
import { doing } from '../acts/asked.ts'
import { titleOf } from '../acts/file.ts'
import { complain } from '../acts/resident.ts'
import { lengths } from '../requests.acts.api.ts'
import { type ServiceFault, serviceFaults } from '../requests.api.ts'
import { loadRequest } from '../requests.store.ts'
import { type Fields, type FormPage, many } from './follow.forms.ts'
import { mostFiles, type Sent } from './tell.sent.ts'

export const postedActs = [
  'add',
  'correct',
  'withdraw',
  'complain',
  'reopen',
  'permit-publication',
  'forbid-publication',
  'arrange-visit',
  'agree-visit',
  'move-visit',
  'cancel-visit',
] as const
export type PostedAct = (typeof postedActs)[number]

/** The page on which a form that was refused is shown again. */
export const pageOfAct: Readonly<Partial<Record<PostedAct, FormPage>>> = {
  add: 'add',
  correct: 'correct',
  withdraw: 'withdraw',
  complain: 'complain',
  reopen: 'reopen',
  'arrange-visit': 'visit',
  'move-visit': 'visit',
  'cancel-visit': 'visit',
}

export type Outcome =
  | { readonly ok: true; readonly redirect: string }
  | {
      readonly ok: false
      readonly faults: readonly Fault[]
      readonly values: Fields
      /** The form was not sent: a switch of the header was pressed in it. */
      readonly cookies?: readonly string[]
      /** Pictures were chosen, which no page can fill in again. */
      readonly picturesAgain?: boolean
    }

interface Doer {
  readonly kernel: Kernel
  readonly credentials: { readonly session?: string | null; readonly link?: string | null }
  readonly surroundings: { readonly now: Date; readonly language: Language }
  readonly base: string
  /** Which request, given who entered. @throws Refusal 404 */
  readonly idOf: (actor: { link: string | null; person: string | null }) => string
}

const text = (fields: Fields, name: string): string => many(fields[name]).at(-1)?.toWellFormed().trim() ?? ''

/** Bounds and blanks, in the words of the form. */
function faultsOf(name: PostedAct, fields: Fields, sent: Sent, language: Language): Fault[] {
  const say = t(language)
  const faults: Fault[] = []
  const need = (field: string) => {
    if (!text(fields, field)) faults.push({ field, text: say('requests.form.fault-empty') })
  }
  const most = (field: string, length: number) => {
    const count = text(fields, field).length
    if (count > length) faults.push({ field, text: say('requests.tell.fault-long', { most: length, count }) })
  }
  if (name === 'add' && sent.files.length === 0) need('text')
  if (name === 'complain') need('text')
  if (name === 'correct') {
    need('title')
    need('text')
  }
  if (name === 'arrange-visit' || name === 'move-visit') {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(text(fields, 'day')))
      faults.push({ field: 'day', text: say('requests.coming.fault-day') })
    for (const each of ['from', 'until'])
      if (!/^\d{2}:\d{2}$/.test(text(fields, each)))
        faults.push({ field: each, text: say('requests.coming.fault-time') })
  }
  most('text', lengths.body)
  most('title', lengths.title)
  most('spot', lengths.spot)
  most('reason', name === 'cancel-visit' ? lengths.note : lengths.reason)
  most('note', lengths.note)
  for (const { refusal, file } of sent.refused) {
    const reason = say(refusal.key, refusal.values)
    faults.push({ field: 'pictures', text: say('requests.tell.fault-file', { file, reason }) })
  }
  return faults
}

/** Nine files in all with a request, whenever they came, and one video among them. @throws Refusal 422 */
function checkRoom(there: readonly { readonly kind: string }[], added: readonly { readonly kind: string }[]): void {
  const all = [...there, ...added]
  if (added.length > 0 && all.length > mostFiles)
    throw new Refusal(422, 'file-many', 'requests.form.fault-files', {
      values: { most: mostFiles, have: there.length, left: Math.max(0, mostFiles - there.length) },
      field: 'file',
    })
  if (added.some(isVideo) && all.filter(isVideo).length > 1)
    throw new Refusal(422, 'file-mixed', 'requests.form.fault-video', { field: 'file' })
}
const isVideo = (file: { readonly kind: string }) => file.kind === 'video'

/** Does an act; a refusal comes back as a fault of its form, with everything that was typed. */
export async function doAct(doer: Doer, name: PostedAct, sent: Sent, fields: Fields): Promise<Outcome> {
  const { kernel, surroundings } = doer
  const faults = faultsOf(name, fields, sent, surroundings.language)
  if (faults.length > 0) return drop(kernel, sent, { ok: false, faults, values: fields })
  try {
    const redirect = await enter(kernel.database, doer.credentials, surroundings, async (act) => {
      const id = doer.idOf(act.actor)
      const say = t(surroundings.language)
      const optional = (field: string) => (text(fields, field) ? { [field]: text(fields, field) } : {})
      const visit = text(fields, 'visit')
      const at = (field: string) => withOffset(`${text(fields, 'day')}T${text(fields, field)}:00`)
      switch (name) {
        case 'add': {
          const form = newToken()
          const held = []
          for (const { name: _, ...file } of sent.files)
            held.push((await kernel.files.hold(act, form, file, 'request', mostFiles)).id)
          const said = text(fields, 'text') || say('requests.form.added-pictures', { count: held.length })
          await doing.add(act, kernel, id, { text: said }, null)
          // Only now is the request held: two who add at once are counted one after the other.
          checkRoom(await kernel.files.filesOf(act, id), sent.files)
          await kernel.files.attach(act, form, held, id)
          break
        }
        case 'correct': {
          const { row } = await loadRequest(act, id)
          const corrected = text(fields, 'text')
          // A title that was the first sentence all along goes on being it; one that was written stays as written.
          const followed = text(fields, 'title') === row.title && row.title === titleOf(row.body)
          const title = followed ? titleOf(corrected) : text(fields, 'title')
          const spot = text(fields, 'spot')
          const plain = (words: string | null) => (words ?? '').replace(/\r\n?/g, '\n').trim()
          if (title === row.title && plain(corrected) === plain(row.body) && (!spot || spot === plain(row.spot)))
            return `${doer.base}?done=unchanged`
          await doing.correct(act, kernel, id, { title, text: corrected, ...optional('spot') }, null)
          break
        }
        case 'withdraw':
        case 'reopen':
          if (name === 'withdraw' && (await loadRequest(act, id)).facts.result === 'withdrawn')
            return `${doer.base}?done=withdrawn-already`
          await doing[name](act, kernel, id, optional('reason'), null)
          break
        case 'complain': {
          const { row } = await loadRequest(act, id)
          const chosen = many(fields.faults).filter((each): each is ServiceFault =>
            (serviceFaults as readonly string[]).includes(each),
          )
          const filed = await complain(
            act,
            kernel,
            id,
            { text: text(fields, 'text'), faults: [...new Set(chosen)] },
            {
              anonymous: row.anonymous,
              person: row.anonymous ? null : act.actor.person,
              language: surroundings.language,
            },
          )
          return `/r/${filed.link}/receipt`
        }
        case 'arrange-visit':
          await doing['arrange-visit'](
            act,
            kernel,
            id,
            { from: at('from'), until: at('until'), ...optional('note') },
            null,
          )
          break
        case 'move-visit':
          await doing['move-visit'](
            act,
            kernel,
            id,
            { visit, from: at('from'), until: at('until'), ...optional('note') },
            null,
          )
          break
        case 'agree-visit':
          await doing['agree-visit'](act, kernel, id, { visit }, null)
          break
        case 'cancel-visit':
          await doing['cancel-visit'](act, kernel, id, { visit, ...optional('reason') }, null)
          break
        case 'permit-publication':
        case 'forbid-publication':
          await doing[name](act, kernel, id, {}, null)
          break
      }
      return `${doer.base}?done=${name}`
    })
    return { ok: true, redirect }
  } catch (error) {
    if (!(error instanceof Refusal) || error.status === 404) throw error
    const field =
      error.field && ['from', 'until', 'text', 'file'].includes(error.field) ? error.field : firstField(name)
    const fault = {
      field: field === 'file' ? 'pictures' : field,
      text: t(surroundings.language)(error.key, error.values),
    }
    return drop(kernel, sent, { ok: false, faults: [fault], values: fields })
  }
}

const firstField = (name: PostedAct): string =>
  name === 'withdraw' || name === 'reopen' || name === 'cancel-visit'
    ? 'reason'
    : name.endsWith('visit')
      ? 'day'
      : 'text'

async function drop(kernel: Kernel, sent: Sent, outcome: Outcome): Promise<Outcome> {
  for (const file of sent.files) await kernel.files.discard(file)
  return outcome
}
