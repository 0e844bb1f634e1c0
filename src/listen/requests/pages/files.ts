// Pictures and videos to those who may see the request they belong to.
import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyReply } from 'fastify'
import type { FileRow, Range } from '#kernel/files/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'

/**
 * Sends the bytes of a file that was found beneath the policies, or the part that was asked for: some telephones play no video that
 * cannot be had in parts. @throws Refusal 404 where it was not, or its bytes are lost; 416 for a part behind its end
 */
export async function sendFile(
  kernel: Pick<Kernel, 'files'>,
  reply: FastifyReply,
  file: FileRow | undefined,
  thumbnail: boolean,
): Promise<FastifyReply> {
  const parts = file !== undefined && !(thumbnail && file.thumbnail)
  const range = parts ? rangeOf(reply.request.headers, file.bytes) : undefined
  if (range === null) {
    reply.header('Content-Range', `bytes */${file?.bytes}`)
    throw new Refusal(416, 'no-such-part', 'files.no-such-part')
  }
  const found = file && (await kernel.files.read(file, { thumbnail, range }))
  if (!found) throw new Refusal(404, 'not-found', 'http.not-found')
  if (parts) reply.header('Accept-Ranges', 'bytes')
  if (range) {
    reply.status(206).header('Content-Range', `bytes ${range.from}-${range.from + found.bytes - 1}/${found.total}`)
  }
  return reply
    .header('Content-Length', found.bytes)
    .header('Cache-Control', 'private, max-age=600')
    .header('X-Robots-Tag', 'noindex')
    .header('Content-Security-Policy', "default-src 'none'; sandbox")
    .type(found.mediaType)
    .send(found.stream)
}

/**
 * The one part that is asked for (RFC 9110, 14.2); undefined where the whole is to be sent, as for several parts at once or an
 * unknown version of the file; null where the file ends before it.
 */
function rangeOf(headers: IncomingHttpHeaders, total: number): Range | null | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? '') ?? []
  if (first === undefined || last === undefined || first + last === '' || headers['if-range']) return undefined
  // Without a first byte it is so many of the last.
  const from = first === '' ? Math.max(0, total - Number(last)) : Number(first)
  const to = first === '' || last === '' ? total - 1 : Math.min(Number(last), total - 1)
  if (first !== '' && last !== '' && Number(last) < from) return undefined
  return from < total && from <= to ? { from, to } : null
}
