// What programs ask for again and again, mostly in vain: told apart by a tag, and by when it last changed.
import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'

/**
 * Sends a text, or 304 where whoever asks has it as it is (RFC 9110, 13.2.2: a tag decides where there is one, since what is taken away
 * changes no time).
 * @param changed when it last changed, where that is known
 */
export function sendUnlessKnown(
  { headers }: Pick<FastifyRequest, 'headers'>,
  reply: FastifyReply,
  text: string,
  changed?: Date,
): FastifyReply {
  const tag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`
  reply.header('ETag', tag)
  if (changed) reply.header('Last-Modified', changed.toUTCString())
  const tags = headers['if-none-match']
  if (tags === undefined) {
    const since = Date.parse(headers['if-modified-since'] ?? '')
    const known =
      changed !== undefined && !Number.isNaN(since) && Math.floor(changed.getTime() / 1_000) * 1_000 <= since
    return known ? reply.status(304).send() : reply.send(text)
  }
  const known = tags.split(',').some((each) => each.trim() === '*' || each.trim().replace(/^W\//, '') === tag)
  return known ? reply.status(304).send() : reply.send(text)
}
