// Taking in a posted form, pictures included, before any transaction.
import type { FastifyRequest } from 'fastify'
import type { Prepared } from '#kernel/files/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'

export interface Sent {
  readonly fields: Readonly<Record<string, string>>
  /** Pictures and videos that were taken, in the order they came. */
  readonly files: readonly Prepared[]
  /** Why others were not. */
  readonly refused: readonly Refusal[]
}

/** Reads a form with or without files. A file that cannot be taken is a fault of that file and loses nothing else. */
export async function readSent(kernel: Pick<Kernel, 'files'>, request: FastifyRequest): Promise<Sent> {
  if (!request.isMultipart()) {
    const body = (request.body ?? {}) as Record<string, unknown>
    const fields = Object.entries(body).map(([name, value]) => [
      name,
      String(Array.isArray(value) ? value.at(-1) : value),
    ])
    return { fields: Object.fromEntries(fields), files: [], refused: [] }
  }
  const fields: Record<string, string> = {}
  const files: Prepared[] = []
  const refused: Refusal[] = []
  for await (const part of request.parts()) {
    if (part.type === 'field') {
      if (typeof part.value === 'string') fields[part.fieldname] = part.value
    } else if (!part.filename) {
      // A browser sends an empty part for a control in which nothing was chosen.
      part.file.resume()
    } else {
      try {
        files.push(await kernel.files.prepare(part.file))
      } catch (error) {
        part.file.resume()
        if (!(error instanceof Refusal)) throw error
        refused.push(error)
      }
    }
  }
  return { fields, files, refused }
}
