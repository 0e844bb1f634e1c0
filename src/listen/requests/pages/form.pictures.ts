// Pictures that came with a form: held under its token until it is sent, shown to the browser that sent them, and taken away again.
import type { FastifyInstance } from 'fastify'
import { html } from 'hono/html'
import type { Act } from '#kernel/access/index.ts'
import type { FileRow } from '#kernel/files/index.ts'
import { inAct, takeLimit } from '#kernel/http/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import { isId } from '#kernel/http/shapes.api.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { field, type Markup } from '#kernel/pages/index.ts'
import { type Language, t } from '#kernel/words/index.ts'
import { sendFile } from './files.ts'
import { issuedForm, secretOf } from './form.browser.ts'
import { type Note, noteOf } from './form.kept.ts'
import { mostFiles, type Sent } from './form.sent.ts'

type Keeping = Pick<Kernel, 'files'>

/**
 * Holds the pictures that came with a form, after the one that its button takes away. Why others are not held stands at their field.
 * @param alone a video is all there may be
 */
export async function holdSent(act: Act, kernel: Keeping, form: string, sent: Sent, alone: boolean): Promise<Note[]> {
  const [button, dropped] = (sent.fields.do ?? '').split(':')
  if (button === 'drop' && isId(dropped)) await kernel.files.letGo(act, form, dropped)
  const notes = sent.refused.map(({ refusal, file }) => noteOf(refusal, 'pictures', file))
  for (const file of sent.files) {
    try {
      const held = await kernel.files.held(act, form)
      const mixed = file.kind === 'video' ? held.length > 0 : held.some((each) => each.kind === 'video')
      if (alone && mixed) throw new Refusal(422, 'file-mixed', 'requests.tell.fault-video', { field: 'file' })
      await kernel.files.hold(act, form, file, 'request', mostFiles)
    } catch (error) {
      await kernel.files.discard(file)
      notes.push(noteOf(error, 'pictures', file.name))
    }
  }
  return notes
}

/** Lets go of all that a form holds, where nothing of it is kept. */
export async function letAllGo(act: Act, kernel: Keeping, form: string): Promise<void> {
  for (const file of await kernel.files.held(act, form)) await kernel.files.letGo(act, form, file.id)
}

export interface PicturesShown {
  /** The form's id, as pages know it. */
  readonly form: string
  readonly held: readonly FileRow[]
  readonly error: string | undefined
  readonly hint: string
}

/** The question for pictures, and those that are held already. */
export function pictureFields(language: Language, { form, held, error, hint }: PicturesShown): Markup {
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
    hint,
    error,
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

/** A picture that a form holds, small, to the browser whose form it is. */
export function heldPictureRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.get(
    '/tell/pictures/:id',
    { config: { page: true, limit: 'read' }, schema: { hide: true } as object },
    async (request, reply) => {
      await takeLimit(kernel, request, 'read')
      const { form: shown } = request.query as { form?: unknown }
      const { id } = request.params as { id: string }
      const form = issuedForm(kernel, secretOf(request), typeof shown === 'string' ? shown : undefined)
      if (!form) throw new Refusal(404, 'not-found', 'http.not-found')
      const held = await inAct(kernel, request, {}, (act) => kernel.files.held(act, form.key))
      return sendFile(
        kernel,
        reply,
        held.find((file) => file.id === id),
        true,
      )
    },
  )
}
