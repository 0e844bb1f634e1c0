// What was typed into a form and is not sent yet, sealed under the form's own token for a day: on every fault, switch and way back it
// is there again. It belongs to nobody.
import type { Act } from '#kernel/access/index.ts'
import { hashToken } from '#kernel/encryption/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'
import type { Fault } from '#kernel/pages/index.ts'
import { type Language, t } from '#kernel/words/index.ts'
import { dropForm, keepForm, readForm } from '../telling.store.ts'

type Acting = Pick<Act, 'sql' | 'now'>
type Sealing = Pick<Kernel, 'encryption'>

/** Why a form could not be taken, in words that are found when it is shown: it may be shown in another language. */
export interface Note {
  readonly field: string
  readonly key: string
  readonly values?: Readonly<Record<string, string | number>>
  /** The file it speaks of, by the name it has on the sender's device. */
  readonly file?: string
}

/** Fields of a form as they were sent; several of one name where several were ticked. */
export type Fields = Readonly<Record<string, string | readonly string[] | undefined>>

/** A small form that comes back: what was typed, and why it was not taken. */
export interface Returned {
  readonly values: Fields
  readonly notes: readonly Note[]
}

const purpose = 'form'
/** One form is kept apart for each page: what was typed on one is never shown on another. */
const foundBy = (page: string, key: string) => hashToken(`${page} ${key}`)

/** What is kept of a form of a page; null where there is nothing, or its day is over. */
export async function readKept<T>(act: Acting, kernel: Sealing, page: string, key: string): Promise<T | null> {
  const hash = foundBy(page, key)
  const content = await readForm(act.sql, hash, act.now)
  return content ? (JSON.parse(kernel.encryption.decrypt(purpose, content, hash.toString('hex'))) as T) : null
}

export async function keep(act: Acting, kernel: Sealing, page: string, key: string, content: unknown): Promise<void> {
  const hash = foundBy(page, key)
  const sealed = kernel.encryption.encrypt(purpose, JSON.stringify(content), hash.toString('hex'))
  await keepForm(act.sql, hash, sealed, act.now)
}

/** A small form as it came back to its page; empty where it did not. */
export const readReturned = async (act: Acting, kernel: Sealing, page: string, key: string): Promise<Returned> =>
  (await readKept<Returned>(act, kernel, page, key)) ?? { values: {}, notes: [] }

/** It was sent: what was typed goes at once. */
export const dropKept = (act: Acting, page: string, key: string): Promise<void> => dropForm(act.sql, foundBy(page, key))

// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g

/** Controls that no database carries are left out; everything else stays as typed, as much as a body may bring. */
export const asTyped = (text: string) => text.toWellFormed().replace(controls, '')

/** What was typed into a small form, to be kept. */
export function fieldsTyped(fields: Fields): Fields {
  const typed = Object.entries(fields).slice(0, 30)
  return Object.fromEntries(
    typed.map(([name, value]) => [
      name,
      Array.isArray(value) ? value.slice(0, 20).map((each) => asTyped(String(each))) : asTyped(String(value ?? '')),
    ]),
  )
}

/** A refusal as a note at the field it speaks of, and at the file. */
export function noteOf(error: unknown, field: string, file?: string): Note {
  if (!(error instanceof Refusal)) throw error
  const known: Record<string, string> = {
    place: 'placeWords',
    phone: 'phone',
    aboutBody: 'about',
    category: 'category',
  }
  return {
    field: known[error.field ?? ''] ?? field,
    key: error.key,
    values: error.values,
    ...(file === undefined ? {} : { file }),
  }
}

/** Notes as the faults that a page shows. */
export function faultsOfNotes(language: Language, notes: readonly Note[]): Fault[] {
  const say = t(language)
  return notes.map((note) => {
    const reason = say(note.key, note.values)
    return {
      field: note.field,
      text: note.file ? say('requests.tell.fault-file', { file: note.file, reason }) : reason,
    }
  })
}
