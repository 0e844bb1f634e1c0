// Pictures and videos to those who may see the request they belong to.
import type { FastifyReply } from 'fastify'
import type { FileRow } from '#kernel/files/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'

/** Sends the bytes of a file that was found beneath the policies. @throws Refusal 404 where it was not, or its bytes are lost */
export async function sendFile(
  kernel: Pick<Kernel, 'files'>,
  reply: FastifyReply,
  file: FileRow | undefined,
  thumbnail: boolean,
): Promise<FastifyReply> {
  const found = file && (await kernel.files.read(file, { thumbnail }))
  if (!found) throw new Refusal(404, 'not-found', 'http.not-found')
  return reply
    .header('Cache-Control', 'private, max-age=600')
    .header('X-Robots-Tag', 'noindex')
    .header('Content-Security-Policy', "default-src 'none'; sandbox")
    .type(found.mediaType)
    .send(found.stream)
}
