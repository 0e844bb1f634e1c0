// Taking in a posted form, pictures included, before any transaction.
import type { FastifyRequest } from 'fastify'
import type { Prepared } from '#kernel/files/index.ts'
import { readerOf } from '#kernel/http/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { asWritten } from '#kernel/written/index.ts'

/** Most pictures with one request; a video stands alone. */
export const mostFiles = 9

export interface Sent {
  readonly fields: Readonly<Record<string, string>>
  /** Pictures and videos that were taken, in the order they came. */
  readonly files: readonly SentFile[]
  /** Why others were not. */
  readonly refused: readonly { readonly refusal: Refusal; readonly file: string }[]
}

export interface SentFile extends Prepared {
  /** As the sender's device calls it, to speak of it again; kept nowhere. */
  readonly name: string
}

/** Long enough to be recognised, and of one line. */
const longestName = 60
const nameOf = (given: string): string => {
  const name = (given.toWellFormed().split(/[\\/]/).at(-1) ?? '').replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()
  return name.length > longestName ? `…${name.slice(-longestName)}` : name
}

/**
 * Reads a form with or without files. A file that cannot be taken is a fault of that file and loses nothing else.
 * @param most so many files are looked at; the others are only counted
 * @throws Refusal 400 for a body that is no whole form, 413 for a text that no form takes in
 */
export async function readSent(
  kernel: Pick<Kernel, 'files'>,
  request: FastifyRequest,
  most = mostFiles,
): Promise<Sent> {
  if (!request.isMultipart()) {
    const body = (request.body ?? {}) as Record<string, unknown>
    const fields = Object.entries(body).map(([name, value]) => [
      name,
      String(Array.isArray(value) ? value.at(-1) : value),
    ])
    return { fields: Object.fromEntries(fields), files: [], refused: [] }
  }
  const fields: Record<string, string> = {}
  const files: SentFile[] = []
  const refused: { refusal: Refusal; file: string }[] = []
  const over: string[] = []
  try {
    for await (const part of request.parts()) {
      if (part.type === 'field') {
        // Cut by the parser: half of what somebody wrote is not taken for the whole.
        if (part.valueTruncated) throw new Refusal(413, 'too-large', 'http.too-large', { field: part.fieldname })
        if (typeof part.value === 'string') fields[part.fieldname] = asWritten(part.value, readerOf(request).language)
      } else if (!part.filename) {
        // A browser sends an empty part for a control in which nothing was chosen.
        part.file.resume()
      } else if (files.length >= most) {
        part.file.resume()
        over.push(nameOf(part.filename))
      } else {
        const name = nameOf(part.filename)
        try {
          files.push({ ...(await kernel.files.prepare(part.file)), name })
        } catch (error) {
          part.file.resume()
          if (!(error instanceof Refusal)) throw error
          refused.push({ refusal: error, file: name })
        }
      }
    }
  } catch (error) {
    // A form that breaks off is the sender's fault, and nothing of it is taken.
    await Promise.all(files.map((file) => kernel.files.discard(file)))
    throw isBroken(error) ? new Refusal(400, 'bad-request', 'http.bad-request') : error
  }
  for (const file of over.slice(0, 3)) refused.push({ refusal: tooMany(most), file })
  return { fields, files, refused }
}

/** Pictures that came with a form that asks for none go again. */
export async function discardSent(kernel: Pick<Kernel, 'files'>, sent: Sent): Promise<[]> {
  for (const file of sent.files) await kernel.files.discard(file)
  return []
}

/** More than a request may carry. */
export const tooMany = (most: number) =>
  new Refusal(422, 'file-many', 'files.unfit.many', { values: { most }, field: 'file' })

/** What the parser says of a body that is no whole form has neither code nor status. */
const isBroken = (error: unknown) =>
  error instanceof Error && !(error instanceof Refusal) && !('statusCode' in error) && !('code' in error)
