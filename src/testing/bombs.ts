// Small files that say they are enormous: what opens them whole has lost.
import { crc32, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'

export interface Bomb {
  readonly name: string
  readonly type: string
  readonly bytes: Buffer
}

const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  return Buffer.concat([int32(data.length), body, int32(crc32(body))])
}

/** A PNG of so many points each way, all of one colour; its rows are there as far as `rows` goes. */
function png(width: number, height: number, rows: number): Buffer {
  const head = Buffer.concat([int32(width), int32(height), Buffer.from([1, 0, 0, 0, 0])])
  const points = Buffer.alloc(rows * (Math.ceil(width / 8) + 1))
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(points)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** A PNG whose remark unpacks to thirty megabytes. */
function remarked(): Buffer {
  const text = Buffer.concat([Buffer.from('Comment\0\0', 'latin1'), deflateSync(Buffer.alloc(30_000_000))])
  const plain = png(1, 1, 1)
  return Buffer.concat([plain.subarray(0, 33), chunk('zTXt', text), plain.subarray(33)])
}

/** A WebP that declares the largest picture its head can. */
function webp(): Buffer {
  const head = Buffer.alloc(18)
  head.write('VP8X', 0, 'latin1')
  head.writeUInt32LE(10, 4)
  head.writeUIntLE(0xff_ff_ff, 12, 3)
  head.writeUIntLE(0xff_ff_ff, 15, 3)
  const riff = Buffer.alloc(12)
  riff.write('RIFF', 0, 'latin1')
  riff.writeUInt32LE(4 + head.length, 4)
  riff.write('WEBP', 8, 'latin1')
  return Buffer.concat([riff, head])
}

/** A GIF of the largest size, with so many pictures one after the other. */
function gif(frames: number): Buffer {
  const head = Buffer.from([
    ...Buffer.from('GIF89a', 'latin1'),
    0xff,
    0xff,
    0xff,
    0xff,
    0x80,
    0,
    0,
    0,
    0,
    0,
    0xff,
    0xff,
    0xff,
  ])
  const frame = Buffer.from([0x2c, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 2, 2, 0x4c, 0x01, 0])
  return Buffer.concat([head, ...Array.from({ length: frames }, () => frame), Buffer.from([0x3b])])
}

function box(name: string, data: Buffer, size = data.length + 8): Buffer {
  return Buffer.concat([int32(size), Buffer.from(name, 'latin1'), data])
}

/** An MP4 whose boxes promise more than there is, or stand within each other without end. */
function mp4(kind: 'endless' | 'nested' | 'tables'): Buffer {
  const type = box('ftyp', Buffer.from('isom\0\0\0\0isommp42', 'latin1'))
  if (kind === 'endless') {
    const large = Buffer.concat([int32(1), Buffer.from('moov', 'latin1'), Buffer.from('7fffffffffffffff', 'hex')])
    return Buffer.concat([type, large, Buffer.alloc(64)])
  }
  if (kind === 'nested') {
    let inner = box('mvhd', Buffer.alloc(100))
    for (let depth = 0; depth < 20_000; depth += 1) inner = box('trak', inner.subarray(0, 64))
    return Buffer.concat([type, box('moov', inner)])
  }
  const table = box('stts', Buffer.concat([Buffer.alloc(4), int32(0xff_ff_ff_ff)]))
  const inside = ['stbl', 'minf', 'mdia', 'trak', 'moov'].reduce((data, name) => box(name, data), table)
  return Buffer.concat([type, inside, box('mdat', Buffer.alloc(16), 0xff_ff_ff_f0)])
}

/** A zip of one file that declares `declared` bytes and unpacks to `real`. */
function zip(name: string, declared: number, real: number): Buffer {
  const data = deflateRawSync(Buffer.alloc(real))
  const sizes = Buffer.alloc(12)
  sizes.writeUInt32LE(crc32(Buffer.alloc(real)), 0)
  sizes.writeUInt32LE(data.length, 4)
  sizes.writeUInt32LE(declared >>> 0, 8)
  const named = Buffer.from(name, 'latin1')
  const lengths = Buffer.alloc(4)
  lengths.writeUInt16LE(named.length, 0)
  const local = Buffer.concat([Buffer.from('504b030414000000080000000000', 'hex'), sizes, lengths, named, data])
  const central = Buffer.concat([
    Buffer.from('504b01021400140000000800', 'hex'),
    Buffer.alloc(4),
    sizes,
    lengths,
    Buffer.alloc(14),
    named,
  ])
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06_05_4b_50, 0)
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(local.length, 16)
  return Buffer.concat([local, central, end])
}

/** Files for wherever pictures and videos are taken. */
export function fileBombs(): Bomb[] {
  return [
    { name: 'png-declared.png', type: 'image/png', bytes: png(60_000, 60_000, 1) },
    { name: 'png-whole.png', type: 'image/png', bytes: png(30_000, 30_000, 3_000) },
    { name: 'png-remark.png', type: 'image/png', bytes: remarked() },
    { name: 'webp.webp', type: 'image/webp', bytes: webp() },
    { name: 'gif.gif', type: 'image/gif', bytes: gif(5_000) },
    { name: 'mp4-endless.mp4', type: 'video/mp4', bytes: mp4('endless') },
    { name: 'mp4-nested.mp4', type: 'video/mp4', bytes: mp4('nested') },
    { name: 'mp4-tables.mp4', type: 'video/mp4', bytes: mp4('tables') },
    { name: 'packed.png', type: 'image/png', bytes: gzipSync(Buffer.alloc(30_000_000)) },
    { name: 'workbook.xlsx', type: 'application/zip', bytes: zip('xl/workbook.xml', 30_000_000, 30_000_000) },
    {
      name: 'drawing.svg',
      type: 'image/svg+xml',
      bytes: Buffer.from(
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg" width="1e9" height="1e9"><text>&b;</text></svg>',
      ),
    },
  ]
}

/** Workbooks: one that declares what it unpacks to, and one that hides it. */
export function workbookBombs(): Bomb[] {
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
  return [
    { name: 'declared.xlsx', type, bytes: zip('xl/worksheets/sheet1.xml', 400_000_000, 400_000_000) },
    { name: 'hidden.xlsx', type, bytes: zip('xl/worksheets/sheet1.xml', 1_000, 400_000_000) },
    { name: 'promised.xlsx', type, bytes: zip('xl/worksheets/sheet1.xml', 0xff_ff_ff_00, 1_000) },
  ]
}

/** A body that unpacks to thirty megabytes of JSON. */
export const packedBody = () => gzipSync(Buffer.from(`{"text":"${'a'.repeat(30_000_000)}"}`))
