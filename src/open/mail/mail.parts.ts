// What comes along with a mail: pictures and a video by the same path and bounds as those of a form; of all else that it was there.
import { Readable } from 'node:stream'
import type { Act, Language } from '#kernel/access/index.ts'
import { newToken } from '#kernel/encryption/index.ts'
import type { Prepared } from '#kernel/files/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'
import type { Letter } from '#kernel/mailbox/index.ts'
import { t } from '#kernel/words/index.ts'
import { mostPictures, type NotTaken } from './mail.rules.ts'

export interface Parts {
  readonly taken: readonly Prepared[]
  readonly missing: readonly NotTaken[]
}

/**
 * Takes the files of a mail in. Slow, so it is done before the transaction.
 * @throws Refusal 503 or 507 where none can be taken now: nothing is kept then
 */
export async function takeParts(kernel: Pick<Kernel, 'files'>, letter: Letter, language: Language): Promise<Parts> {
  const say = t(language)
  const taken: Prepared[] = []
  const missing: NotTaken[] = []
  const noted = (name: string | null, reason: string) => {
    if (missing.length < mostPictures) missing.push({ name, reason })
  }
  let beyond = letter.dropped
  try {
    for (const { name, content } of letter.attachments) {
      if (taken.length >= mostPictures || missing.length >= mostPictures) {
        beyond += 1
        continue
      }
      try {
        const video = taken.some(({ kind }) => kind === 'video')
        taken.push(
          await kernel.files.prepare(Readable.from([Buffer.from(content)]), video ? ['picture'] : ['picture', 'video']),
        )
      } catch (error) {
        if (!(error instanceof Refusal) || error.status >= 500) throw error
        noted(name, say(error.key, error.values))
      }
    }
  } catch (error) {
    await letGo(kernel, taken)
    throw error
  }
  if (beyond > 0) missing.push({ name: null, reason: say('mail.more-parts', { count: beyond }) })
  return { taken, missing }
}

/** Makes them part of a request. In the transaction that files it or adds to it. */
export async function attachParts(
  act: Act,
  kernel: Pick<Kernel, 'files'>,
  parts: Parts,
  record: string,
): Promise<void> {
  if (parts.taken.length === 0) return
  const token = newToken()
  const held: string[] = []
  for (const file of parts.taken) held.push((await kernel.files.hold(act, token, file, 'request')).id)
  await kernel.files.attach(act, token, held, record)
}

/** Files that became nothing. */
export async function letGo(kernel: Pick<Kernel, 'files'>, taken: readonly Prepared[]): Promise<void> {
  await Promise.all(taken.map((file) => kernel.files.discard(file)))
}
