/** Small films made byte by byte, for tests. */

export function box(type: string, ...parts: (Buffer | string)[]): Buffer {
  const content = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)))
  const head = Buffer.alloc(8)
  head.writeUInt32BE(content.length + 8)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, content])
}

const numbers = (...values: number[]) => {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [at, value] of values.entries()) bytes.writeUInt32BE(value, at * 4)
  return bytes
}
const made = 0xe5000000

function track(handler: string, chunkOffset: number, sampleSizes: number[], ...more: Buffer[]): Buffer {
  const header = Buffer.alloc(84)
  header.writeUInt32BE(made, 4)
  header.writeUInt32BE(made, 8)
  header.writeUInt16BE(640, 76)
  header.writeUInt16BE(480, 80)
  return box(
    'trak',
    box('tkhd', header),
    box(
      'mdia',
      box('mdhd', numbers(0, made, made, 1000, 1000, 0)),
      box('hdlr', numbers(0, 0), handler, Buffer.alloc(12), 'handler\0'),
      box(
        'minf',
        box(
          'stbl',
          box('stsc', numbers(0, 1, 1, sampleSizes.length, 1)),
          box('stsz', numbers(0, 0, sampleSizes.length, ...sampleSizes)),
          box('stco', numbers(0, 1, chunkOffset)),
        ),
      ),
    ),
    ...more,
  )
}

/** A film with picture, a track of places, and remarks in every usual corner. */
export function mp4(options: { tracks?: string[]; tail?: Buffer; fragmented?: boolean } = {}): Buffer {
  const brand = box('ftyp', 'isom', numbers(512), 'isommp41')
  const picture = Buffer.from('PICTURE-SAMPLES-OF-THE-FILM')
  const places = Buffer.from('PLACE+32.39+119.41/WAY')
  const media = box('mdat', picture, places)
  const first = brand.length + 8
  const named = options.tracks ?? ['vide', 'meta']
  const tracks = named.map((handler) =>
    handler === 'vide'
      ? track('vide', first, [picture.length], box('udta', box('name', 'SECRET-TRACK-NAME')))
      : track(handler, first + picture.length, [5, places.length - 5]),
  )
  const moov = box(
    'moov',
    box('mvhd', numbers(0, made, made, 1000, 1000), Buffer.alloc(80)),
    ...tracks,
    box('udta', box('\u00a9xyz', 'SECRET+32.3912+119.4123/'), box('meta', 'SECRET-META')),
    box('meta', 'SECRET-META'),
  )
  return Buffer.concat([
    brand,
    media,
    moov,
    ...(options.fragmented ? [box('moof', box('mfhd', numbers(0, 1)))] : []),
    box('uuid', Buffer.alloc(16, 1), 'SECRET-XMP'),
    box('free', 'SECRET-FREE'),
    options.tail ?? Buffer.alloc(0),
  ])
}

export function element(id: number, content: Buffer | string, unknown = false): Buffer {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  const hex = id.toString(16)
  const size = Buffer.alloc(8)
  size.writeUIntBE(bytes.length, 2, 6)
  size[0] = 0x01
  if (unknown) size.fill(0xff).writeUInt8(0x01)
  return Buffer.concat([Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex'), size, bytes])
}

/** A recording as browsers make it, with remarks; `live` leaves the lengths of segment and cluster open. */
export function webm(options: { live?: boolean; kind?: number; docType?: string } = {}): Buffer {
  const live = options.live ?? false
  const cluster = element(
    0x1f43b675,
    Buffer.concat([
      element(0xe7, Buffer.of(0)),
      element(0xa3, 'PICTURE-BLOCK-ONE'),
      element(0xa3, 'PICTURE-BLOCK-TWO'),
    ]),
    live,
  )
  const entry = element(
    0xae,
    Buffer.concat([
      element(0xd7, Buffer.of(1)),
      element(0x83, Buffer.of(options.kind ?? 1)),
      element(0x536e, 'SECRET-NAME'),
      element(0xe0, Buffer.concat([element(0xb0, Buffer.of(2, 128)), element(0xba, Buffer.of(1, 224))])),
    ]),
  )
  const info = element(
    0x1549a966,
    Buffer.concat([
      element(0x2ad7b1, Buffer.of(15, 66, 64)),
      element(0x4d80, 'SECRET-PROGRAM'),
      element(0x5741, 'SECRET-PROGRAM'),
      element(0x7ba9, 'SECRET-TITLE'),
      element(0x4461, Buffer.alloc(8, 0x53)),
    ]),
  )
  const segment = Buffer.concat([
    info,
    element(0x1654ae6b, entry),
    cluster,
    cluster,
    element(0x1254c367, 'SECRET-TAGS'),
    element(0x1941a469, 'SECRET-ATTACHMENT'),
  ])
  return Buffer.concat([
    element(0x1a45dfa3, element(0x4282, options.docType ?? 'webm')),
    element(0x18538067, segment, live),
  ])
}
