// Reads a tar (POSIX ustar) as it comes, in a browser as on a server, with no more of it in memory than a piece and a header.

const block = 512
const utf8 = new TextDecoder()

/** What is wrong with the tar itself. */
export class TarFault extends Error {
  readonly fault: 'cut' | 'none' | 'between'
  /** The member that was read last; empty before the first. */
  readonly member: string
  constructor(fault: TarFault['fault'], member: string) {
    super(`${fault} ${member}`)
    this.fault = fault
    this.member = member
  }
}

export interface TarMember {
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** The content, piece by piece, once; what is left of it is passed over when the next member is asked for. */
  content(): AsyncGenerator<Uint8Array>
}

/** Bytes of a stream, so many as are asked for. */
class Pieces {
  readonly #from: AsyncIterator<Uint8Array>
  #held: Uint8Array = new Uint8Array(0)

  constructor(from: AsyncIterable<Uint8Array>) {
    this.#from = from[Symbol.asyncIterator]()
  }

  /** At most so many bytes, at least one; null at the end. */
  async some(most: number): Promise<Uint8Array | null> {
    while (this.#held.length === 0) {
      const { value, done } = await this.#from.next()
      if (done) return null
      this.#held = value
    }
    const piece = this.#held.subarray(0, most)
    this.#held = this.#held.subarray(piece.length)
    return piece
  }

  /** So many bytes, or fewer where it ends. */
  async take(count: number): Promise<Uint8Array> {
    const taken = new Uint8Array(count)
    let at = 0
    while (at < count) {
      const piece = await this.some(count - at)
      if (!piece) return taken.subarray(0, at)
      taken.set(piece, at)
      at += piece.length
    }
    return taken
  }
}

const textOf = (bytes: Uint8Array): string => {
  const end = bytes.indexOf(0)
  return utf8.decode(end < 0 ? bytes : bytes.subarray(0, end))
}
const octal = (bytes: Uint8Array): number => {
  const text = textOf(bytes).trim()
  return /^[0-7]{1,20}$/.test(text) ? Number.parseInt(text, 8) : Number.NaN
}

/** The sum over a header as it is written in it, itself counted as spaces (IEEE 1003.1, ustar). */
function sums(header: Uint8Array): boolean {
  let sum = 0
  for (let at = 0; at < block; at += 1) sum += at >= 148 && at < 156 ? 32 : (header[at] as number)
  return sum === octal(header.subarray(148, 156))
}

/**
 * The members of a tar, in their order. Only plain files are known, since nothing else stands in an archive.
 * @param passed is told every byte that lies before the member that is handed out next, in order: headers, contents and what fills them up
 * @throws TarFault
 */
export async function* membersOf(
  bytes: AsyncIterable<Uint8Array>,
  passed: (piece: Uint8Array) => void,
): AsyncGenerator<TarMember> {
  const pieces = new Pieces(bytes)
  let last = ''
  for (;;) {
    const header = await pieces.take(block)
    if (header.length < block) throw new TarFault(last === '' ? 'none' : 'cut', last)
    if (header.every((byte) => byte === 0)) {
      // Two blocks of nothing end it, and nothing follows.
      const second = await pieces.take(block)
      if (second.length < block) throw new TarFault('cut', last)
      if (second.some((byte) => byte !== 0) || (await pieces.some(1))) throw new TarFault('between', last)
      return
    }
    const size = octal(header.subarray(124, 136))
    const plain = header[156] === 0x30 || header[156] === 0
    if (!sums(header) || !plain || !Number.isSafeInteger(size))
      throw new TarFault(last === '' ? 'none' : 'between', last)
    const prefix = textOf(header.subarray(345, 500))
    const name = `${prefix === '' ? '' : `${prefix}/`}${textOf(header.subarray(0, 100))}`
    let left = size
    // Told after the member is handed out, so that whoever gets it knows all before it and nothing of it.
    let waiting: Uint8Array | null = header
    const tell = (piece: Uint8Array): void => {
      if (waiting) passed(waiting)
      waiting = null
      if (piece.length > 0) passed(piece)
    }
    async function* content(): AsyncGenerator<Uint8Array> {
      while (left > 0) {
        const piece = await pieces.some(left)
        if (!piece) throw new TarFault('cut', name)
        left -= piece.length
        tell(piece)
        yield piece
      }
    }
    last = name
    yield { name, size, content }
    for await (const _ of content());
    const filling = await pieces.take((block - (size % block)) % block)
    if ((size + filling.length) % block !== 0) throw new TarFault('cut', name)
    if (filling.some((byte) => byte !== 0)) throw new TarFault('between', name)
    tell(filling)
  }
}
