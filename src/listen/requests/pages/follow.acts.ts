// What a reporter does on the page, as the acts of the room: checked first, so that nothing typed is lost.
import { enter } from '#kernel/access/index.ts'
import { withOffset } from '#kernel/calendar/days.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { type Language, t } from '#kernel/words/index.ts'
import { doing } from '../acts/asked.ts'
import { titleOf } from '../acts/file.ts'
import { complain, correctPhone } from '../acts/resident.ts'
import { lengths } from '../requests.acts.api.ts'
import { type ServiceFault, serviceFaults } from '../requests.api.ts'
import { loadRequest } from '../requests.store.ts'
import { type FormPage, many } from './follow.forms.ts'
import type { Fields, Note } from './form.kept.ts'
import { mostFiles } from './form.sent.ts'

export const postedActs = [
  'add',
  'correct',
  'phone',
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
  phone: 'phone',
  withdraw: 'withdraw',
  complain: 'complain',
  reopen: 'reopen',
  'arrange-visit': 'visit',
  'move-visit': 'visit',
  'cancel-visit': 'visit',
}

/** Where an act led, or why it was not done. */
export type Done = { readonly redirect: string } | { readonly notes: readonly Note[] }

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
function wrongIn(name: PostedAct, fields: Fields, pictures: number): Note[] {
  const faults: Note[] = []
  const need = (field: string, key = 'requests.form.fault-empty') => {
    if (!text(fields, field)) faults.push({ field, key })
  }
  const most = (field: string, length: number) => {
    const count = text(fields, field).length
    if (count > length) faults.push({ field, key: 'requests.tell.fault-long', values: { most: length, count } })
  }
  if (name === 'add' && pictures === 0) need('text')
  if (name === 'complain') need('text')
  if (name === 'correct') {
    need('title')
    need('text')
  }
  if (name === 'phone') need('phone', 'requests.form.fault-phone')
  if (name === 'arrange-visit' || name === 'move-visit') {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(text(fields, 'day')))
      faults.push({ field: 'day', key: 'requests.coming.fault-day' })
    for (const each of ['from', 'until'])
      if (!/^\d{2}:\d{2}$/.test(text(fields, each))) faults.push({ field: each, key: 'requests.coming.fault-time' })
  }
  most('text', lengths.body)
  most('title', lengths.title)
  most('spot', lengths.spot)
  most('reason', name === 'cancel-visit' ? lengths.note : lengths.reason)
  most('note', lengths.note)
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

/**
 * Does an act; a refusal comes back as a note at its form.
 * @param form what the pictures that go with it are held under
 */
export async function doAct(doer: Doer, name: PostedAct, form: string, fields: Fields): Promise<Done> {
  const { kernel, surroundings } = doer
  try {
    return await enter(kernel.database, doer.credentials, surroundings, async (act) => {
      const id = doer.idOf(act.actor)
      const held = name === 'add' ? await kernel.files.held(act, form) : []
      const wrong = wrongIn(name, fields, held.length)
      if (wrong.length > 0) return { notes: wrong }
      const say = t(surroundings.language)
      const optional = (field: string) => (text(fields, field) ? { [field]: text(fields, field) } : {})
      const visit = text(fields, 'visit')
      const at = (field: string) => withOffset(`${text(fields, 'day')}T${text(fields, field)}:00`)
      switch (name) {
        case 'add': {
          const said = text(fields, 'text') || say('requests.form.added-pictures', { count: held.length })
          await doing.add(act, kernel, id, { text: said }, null)
          // Only now is the request held: two who add at once are counted one after the other.
          checkRoom(await kernel.files.filesOf(act, id), held)
          await kernel.files.attach(
            act,
            form,
            held.map((file) => file.id),
            id,
          )
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
            return { redirect: `${doer.base}?done=unchanged` }
          await doing.correct(act, kernel, id, { title, text: corrected, ...optional('spot') }, null)
          break
        }
        case 'phone':
          if (!(await correctPhone(act, kernel, id, text(fields, 'phone'), doer.credentials.link ?? null)))
            return { redirect: `${doer.base}?done=unchanged` }
          break
        case 'withdraw':
        case 'reopen':
          if (name === 'withdraw' && (await loadRequest(act, id)).facts.result === 'withdrawn')
            return { redirect: `${doer.base}?done=withdrawn-already` }
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
          return { redirect: `/r/${filed.link}/receipt` }
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
      return { redirect: `${doer.base}?done=${name}` }
    })
  } catch (error) {
    if (!(error instanceof Refusal) || error.status === 404) throw error
    const known = error.field === 'file' ? 'pictures' : error.field
    const field = known && ['from', 'until', 'text', 'pictures'].includes(known) ? known : firstField(name)
    return { notes: [{ field, key: error.key, values: error.values }] }
  }
}

const firstField = (name: PostedAct): string =>
  name === 'withdraw' || name === 'reopen' || name === 'cancel-visit'
    ? 'reason'
    : name.endsWith('visit')
      ? 'day'
      : name === 'phone'
        ? 'phone'
        : 'text'
