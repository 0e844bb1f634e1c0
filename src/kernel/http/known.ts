// What programs ask for again and again, mostly in vain: told apart by a tag.
import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'

/**
 * Sends a text, or 304 where whoever asks has it as it is (RFC 9110, 13.1.2). By its tag alone: what is withdrawn makes nothing newer, so that by
 * the time of the last change a copy would hold it that has it still.
 */
export function sendUnlessKnown(
  { headers }: Pick<FastifyRequest, 'headers'>,
  reply: FastifyReply,
  text: string,
): FastifyReply {
  const tag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`
  reply.header('ETag', tag)
  const tags = headers['if-none-match']
  if (tags === undefined) return reply.send(text)
  const known = tags.split(',').some((each) => each.trim() === '*' || each.trim().replace(/^W\//, '') === tag)
  return known ? reply.status(304).send() : reply.send(text)
}
