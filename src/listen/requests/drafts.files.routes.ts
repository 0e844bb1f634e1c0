// Pictures at the desk: of a request as it stands, and of one that staff are writing down, held under a name that only its writer
// can say and attached when it is filed.

import { createHmac } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { type Act, signedIn } from '#kernel/access/index.ts'
import type { FileRow } from '#kernel/files/index.ts'
import { credentialsOf, inAct, once, register, takeLimit } from '#kernel/http/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import { isId } from '#kernel/http/shapes.api.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { sendFile } from './pages/files.ts'
import { mostFiles } from './pages/form.sent.ts'
import { addDraftFile, dropDraftFile, listDraftFiles } from './requests.drafts.api.ts'

type Keys = { readonly encryption: Pick<Kernel['encryption'], 'key'> }

/** Who holds the files of a draft: the draft's writer and no one else. Whoever knows both ids cannot say it without the secret. */
const holderOf = (kernel: Keys, act: Act, draft: string): string =>
  createHmac('sha256', kernel.encryption.key('draft.files'))
    .update(`${draft} of ${signedIn(act)}`)
    .digest('base64url')

/** Makes the held files part of the request that the draft became. @throws Refusal 410 where one is held no longer */
export async function attachDraftFiles(
  act: Act,
  kernel: Pick<Kernel, 'files' | 'encryption'>,
  draft: string,
  files: readonly string[],
  request: string,
): Promise<void> {
  await kernel.files.attach(act, holderOf(kernel, act, draft), files, request)
}

export function draftFilesRoutes(app: FastifyInstance, kernel: Kernel): void {
  const shown = (draft: string, file: FileRow) => ({
    id: file.id,
    kind: file.kind,
    url: `/api/requests/drafts/${draft}/files/${file.id}`,
  })

  app.route({
    method: addDraftFile.method,
    url: addDraftFile.url,
    schema: addDraftFile.schema as object,
    config: { limit: 'upload', endpoint: addDraftFile },
    onRequest: async (request) => takeLimit(kernel, request, 'upload'),
    handler: async (request, reply) => {
      const { id } = request.params as { id: string }
      const credentials = credentialsOf(kernel, request)
      // First who: nobody's picture is painted for someone who may not enter anything.
      await inAct(kernel, request, credentials, async (act) => mayEnter(act))
      const part = request.isMultipart() ? await request.file() : undefined
      if (!part) throw new Refusal(400, 'bad-request', 'http.bad-request')
      const file = await kernel.files.prepare(part.file)
      const key = request.headers['idempotency-key']
      try {
        const given = await inAct(kernel, request, credentials, async (act) => {
          mayEnter(act)
          const hold = async () => {
            const held = await kernel.files.held(act, holderOf(kernel, act, id))
            if (file.kind === 'video' && held.some((one) => one.kind === 'video'))
              throw new Refusal(422, 'file-mixed', 'requests.tell.fault-video', { field: 'file' })
            const row = await kernel.files.hold(act, holderOf(kernel, act, id), file, 'request', mostFiles)
            return { status: 201, answer: shown(id, row) }
          }
          // A telephone that did not hear the answer sends the same picture again: it is there once. Its key is made for one file.
          return typeof key === 'string'
            ? once(act, kernel.config.secret, key, `${request.method} ${request.url}`, null, hold)
            : { ...(await hold()), repeated: false }
        })
        if (given.repeated) await kernel.files.discard(file)
        return reply.status(201).header('Cache-Control', 'no-store').send(given.answer)
      } catch (error) {
        await kernel.files.discard(file)
        throw error
      }
    },
  })
  register(app, kernel, listDraftFiles, {
    limit: 'read',
    handler: async (act, { params }) => ({
      items: (await kernel.files.held(act, holderOf(kernel, act, params.id))).map((file) => shown(params.id, file)),
    }),
  })
  register(app, kernel, dropDraftFile, {
    limit: 'write',
    handler: async (act, { params, reply }) => {
      const gone = await kernel.files.letGo(act, holderOf(kernel, act, params.id), params.file)
      if (!gone) throw new Refusal(404, 'not-found', 'http.not-found')
      reply.status(204)
      return undefined as never
    },
  })
  // What is held, to look at while the rest is written: a small picture, or the video itself.
  app.get(
    dropDraftFile.url,
    { schema: { hide: true }, onRequest: async (request) => takeLimit(kernel, request, 'read') },
    async (request, reply) => {
      const { id, file } = request.params as { id: string; file: string }
      const row = await inAct(kernel, request, credentialsOf(kernel, request), async (act) =>
        (await kernel.files.held(act, holderOf(kernel, act, id))).find((one) => one.id === file),
      )
      return sendFile(kernel, reply, row, row?.kind === 'picture')
    },
  )
}

/** Pictures and videos of a request, to staff who may read it. */
export function filesRoutes(app: FastifyInstance, kernel: Kernel): void {
  for (const preview of [false, true]) {
    app.get(
      `/api/requests/:id/files/:file${preview ? '/preview' : ''}`,
      { schema: { hide: true }, onRequest: async (request) => takeLimit(kernel, request, 'read') },
      async (request, reply) => {
        const { id, file } = request.params as { id: string; file: string }
        const row = await inAct(kernel, request, credentialsOf(kernel, request), async (act) => {
          signedIn(act)
          if (!isId(id)) return undefined
          return (await kernel.files.filesOf(act, id)).find((one) => one.id === file)
        })
        return sendFile(kernel, reply, row, preview && row?.kind === 'picture')
      },
    )
  }
}

/** @throws Refusal 401 for nobody, 403 where no post of theirs writes down for residents */
function mayEnter(act: Act): void {
  signedIn(act)
  if ((act.actor.reach['request.enter'] ?? []).length === 0) throw new Refusal(403, 'not-allowed', 'http.not-allowed')
}
