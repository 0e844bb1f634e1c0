// A file that is read as it is asked for, with a tag by which a copy of it is known.
import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { sendUnlessKnown } from '#kernel/http/index.ts'

/** So many characters of a file are held until its tag is known: a month of a subdistrict many times over. */
const mostHeld = 4_000_000

/** Sends a file with its tag, or 304; one that is too long to be held goes out as it is read, without. */
export async function sendPieces(
  request: FastifyRequest,
  reply: FastifyReply,
  pieces: AsyncGenerator<string>,
  most = mostHeld,
): Promise<FastifyReply> {
  const held: string[] = []
  for (let length = 0; length <= most; ) {
    const { done, value } = await pieces.next()
    if (done) return sendUnlessKnown(request, reply, held.join(''))
    held.push(value)
    length += value.length
  }
  async function* all(): AsyncGenerator<string> {
    yield* held
    yield* pieces
  }
  return reply.send(Readable.from(all()))
}
