import { randomUUID } from 'node:crypto'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { fileTypeFromBuffer } from 'file-type'
import { noRight, noRoom } from '../disk/index.ts'
import type { Refusal } from '../http/refusal.ts'
import { closed, mostBytes, unfit } from './refusals.ts'

export type FileKind = 'picture' | 'video'

/** What a file is by its first bytes; its name and the sender's word are never asked. */
export async function kindOf(beginning: Buffer): Promise<{ kind: FileKind; mediaType: string } | Refusal> {
  const found = await fileTypeFromBuffer(beginning).catch(() => undefined)
  switch (found?.mime) {
    case 'image/jpeg':
    case 'image/png':
    case 'image/webp':
    case 'image/gif':
    case 'image/apng':
      return { kind: 'picture', mediaType: found.mime }
    case 'image/heic':
    case 'image/heif':
    case 'image/heic-sequence':
    case 'image/heif-sequence':
      return unfit('heic')
    case 'video/mp4':
    case 'video/x-m4v':
      return { kind: 'video', mediaType: 'video/mp4' }
    case 'video/webm':
      return { kind: 'video', mediaType: 'video/webm' }
    case 'video/quicktime':
      return unfit('quicktime')
    default:
      return unfit('type')
  }
}

const enoughToTell = 4_100

/**
 * Reads a stream into memory as far as its kind allows, deciding the kind as soon as enough has come. The stream is
 * always read to its end (a form's other parts come behind it), but what is over the limit is thrown away; whoever
 * made the stream limits how long it may be.
 */
export async function receive(
  stream: Readable,
  accepted: readonly FileKind[],
): Promise<{ kind: FileKind; mediaType: string; bytes: Buffer }> {
  let chunks: Buffer[] = []
  let length = 0
  let kind: Awaited<ReturnType<typeof kindOf>> | null = null
  let problem: Refusal | null = null
  for await (const chunk of stream) {
    length += chunk.length
    if (problem) continue
    chunks.push(chunk as Buffer)
    if (!kind && length >= enoughToTell) {
      chunks = [Buffer.concat(chunks)]
      kind = await kindOf((chunks[0] as Buffer).subarray(0, enoughToTell))
      problem = problemOf(kind, length, accepted)
    } else if (kind) problem = problemOf(kind, length, accepted)
    if (problem) chunks = []
  }
  if (length === 0) throw unfit('empty')
  const bytes = Buffer.concat(chunks)
  kind ??= await kindOf(bytes)
  problem ??= problemOf(kind, length, accepted)
  // A parser of forms cuts at its own limit without an error, and says so here.
  if ('truncated' in stream && stream.truncated) problem ??= tooBig()
  if (problem || kind instanceof Error) throw problem ?? kind
  return { ...kind, bytes }
}

function problemOf(
  kind: Awaited<ReturnType<typeof kindOf>>,
  length: number,
  accepted: readonly FileKind[],
): Refusal | null {
  if (kind instanceof Error) return kind
  if (!accepted.includes(kind.kind)) return unfit('type')
  return length > mostBytes[kind.kind] ? tooBig() : null
}

function tooBig(): Refusal {
  return unfit('big', { picture: mostBytes.picture / 1024 / 1024, video: mostBytes.video / 1024 / 1024 })
}

/** Writes bytes to a file of its own below a folder, safe on the disk when it returns. */
export async function writeDown(folder: string, bytes: Buffer): Promise<string> {
  const path = join(folder, randomUUID())
  try {
    await mkdir(folder, { recursive: true })
    const file = await open(path, 'wx', 0o600)
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    return path
  } catch (error) {
    await rm(path, { force: true }).catch(() => undefined)
    const { code = '' } = error as NodeJS.ErrnoException
    if (noRoom.includes(code)) throw unfit('full')
    // ENOENT: what a directory made on a read-only disk is refused with.
    if ([...noRight, 'ENOENT', 'ENOTDIR', 'EEXIST'].includes(code)) throw closed()
    throw error
  }
}
