// The text of a file, whatever it was written in, read as a stream.
import { createReadStream } from 'node:fs'

export interface Encoding {
  /** As TextDecoder names it. */
  readonly name: string
  /** False: some bytes are no text in it, and show as U+FFFD. */
  readonly sound: boolean
}

const chunkBytes = 256 * 1024

/**
 * Finds the encoding: by its mark at the start, which nothing else begins with, else as it is said, else UTF-8 where every byte fits, else UTF-16 by its zeros, else GB18030, in
 * which Chinese programs write. Reads the file once, holding a chunk at a time.
 */
export async function detectEncoding(path: string, said?: string): Promise<Encoding> {
  const start = await firstBytes(path)
  const name = marked(start) ?? said ?? wideWithoutMark(start)
  if (name) return { name, sound: await fits(path, name) }
  if (await fits(path, 'utf-8')) return { name: 'utf-8', sound: true }
  // Nearly all bytes are some text in GB18030: where they are mostly good UTF-8, a few lines were pasted in from elsewhere.
  if (await isMostly(path)) return { name: 'utf-8', sound: false }
  if (await fits(path, 'gb18030')) return { name: 'gb18030', sound: true }
  // Neither fits: the one with fewer signs of damage.
  const [one, other] = [await damage(path, 'utf-8'), await damage(path, 'gb18030')]
  return { name: one <= other ? 'utf-8' : 'gb18030', sound: false }
}

/** The first kilobytes of a file. */
export async function firstBytes(path: string): Promise<Buffer> {
  for await (const chunk of createReadStream(path, { start: 0, end: 4_095 })) return chunk as Buffer
  return Buffer.alloc(0)
}

function marked(start: Buffer): string | null {
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return 'utf-8'
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le'
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be'
  return null
}

/** Line ends, commas and digits have a zero byte on one side in UTF-16 and nowhere else. */
function wideWithoutMark(start: Buffer): string | null {
  let even = 0
  let odd = 0
  for (const [at, byte] of start.entries()) if (byte === 0) at % 2 === 0 ? even++ : odd++
  if (even + odd < start.length / 50 || start.length < 8) return null
  if (odd > even * 10) return 'utf-16le'
  return even > odd * 10 ? 'utf-16be' : null
}

async function fits(path: string, name: string): Promise<boolean> {
  const decoder = new TextDecoder(name, { fatal: true })
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes })) {
      decoder.decode(chunk as Buffer, { stream: true })
    }
    decoder.decode()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return false
    throw error
  }
}

/** Enough characters to tell two encodings apart. */
const sample = 2_000_000

/** Whether more characters beyond ASCII are whole in UTF-8 than are damaged. In a file of GB18030 hardly any is. */
async function isMostly(path: string): Promise<boolean> {
  let whole = 0
  let damaged = 0
  let read = 0
  for await (const text of decoded(path, 'utf-8')) {
    const signs = text.split('\ufffd').length - 1
    damaged += signs
    whole += (text.match(/[\u2e80-\ud7ff\uf900-\ufffc]/g) ?? []).length
    read += text.length
    if (read > sample) break
  }
  return whole > damaged
}

async function damage(path: string, name: string): Promise<number> {
  let count = 0
  for await (const text of decoded(path, name)) count += text.split('\ufffd').length - 1
  return count
}

/** The text of a file in pieces, without the mark at its start. */
export async function* decoded(
  path: string,
  encoding: string,
  onBytes: (bytes: number) => void = () => undefined,
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding)
  let read = 0
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes })) {
    read += (chunk as Buffer).length
    const text = decoder.decode(chunk as Buffer, { stream: true })
    onBytes(read)
    if (text !== '') yield text
  }
  const rest = decoder.decode()
  if (rest !== '') yield rest
}
