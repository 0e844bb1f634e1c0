import { unfit } from './refusals.ts'

interface Box {
  type: string
  /** Where the box, its content and what follows it begin. */
  start: number
  content: number
  end: number
}

/** Boxes that hold other boxes on the way to a track's tables. */
const containers = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl', 'edts', 'dinf', 'mvex', 'moof', 'traf'])
/** Boxes with a person's or a camera's remarks: place, time, maker, names, thumbnails. */
const remarks = new Set([
  'udta',
  'meta',
  'uuid',
  'free',
  'skip',
  'wide',
  'ilst',
  'keys',
  'XMP_',
  'loci',
  'Xtra',
  'pdin',
  'emsg',
  'prft',
  'id32',
])
const mostBoxes = 50_000

/**
 * Takes out of an MP4, in place and without moving a byte, what is neither picture nor sound: boxes of metadata become
 * empty `free` boxes of the same length, so that all offsets hold; tracks of anything else (places along the way,
 * subtitles, timecode) go together with their samples; times of recording become zero. Pictures and sound are not
 * touched, so that what a camera hides inside the coded stream itself stays.
 * Throws Refusal for what is no whole MP4 with a picture track.
 */
export function cleanMp4(file: Buffer): { width: number | null; height: number | null } {
  let left = mostBoxes
  function* boxesIn(from: number, to: number): Generator<Box> {
    for (let at = from; at < to; ) {
      if (--left < 0 || to - at < 8) throw unfit('broken')
      let size = file.readUInt32BE(at)
      let content = at + 8
      if (size === 1) {
        if (to - at < 16) throw unfit('broken')
        const large = file.readBigUInt64BE(at + 8)
        if (large > BigInt(to - at)) throw unfit('broken')
        size = Number(large)
        content = at + 16
      } else if (size === 0) size = to - at
      if (size < content - at || at + size > to) throw unfit('broken')
      yield { type: file.toString('latin1', at + 4, at + 8), start: at, content, end: at + size }
      at += size
    }
  }
  const inside = (box: Box, from = box.content) => [...boxesIn(from, box.end)]
  const child = (box: Box, ...path: string[]): Box | undefined =>
    path.reduce<Box | undefined>((at, type) => at && inside(at).find((next) => next.type === type), box)
  function blank(box: Box): void {
    file.write('free', box.start + 4, 'latin1')
    file.fill(0, box.content, box.end)
  }
  function clean(box: Box): void {
    for (const next of inside(box)) {
      if (remarks.has(next.type) || next.type.startsWith('\u00a9')) blank(next)
      else if (['mvhd', 'tkhd', 'mdhd'].includes(next.type)) forgetTimes(next)
      else if (containers.has(next.type)) clean(next)
    }
  }
  /** Version and flags (4 bytes), then two times of 4 bytes each, or 8 in version 1. */
  function forgetTimes(box: Box): void {
    const length = file[box.content] === 1 ? 16 : 8
    if (box.end - box.content < 4 + length) throw unfit('broken')
    file.fill(0, box.content + 4, box.content + 4 + length)
  }

  const top = [...boxesIn(0, file.length)]
  const moov = top.filter((box) => box.type === 'moov')
  const media = top.filter((box) => box.type === 'mdat')
  if (top[0]?.type !== 'ftyp' || moov.length !== 1 || !moov[0] || media.length === 0) throw unfit('broken')
  const tracks = inside(moov[0]).filter((box) => box.type === 'trak')
  let picture: Box | undefined
  for (const track of tracks) {
    const handler = child(track, 'mdia', 'hdlr')
    const kind =
      handler && handler.end - handler.content >= 12
        ? file.toString('latin1', handler.content + 8, handler.content + 12)
        : ''
    if (kind === 'vide') picture ??= track
    else if (kind !== 'soun') {
      // In fragments the samples of a track are not listed in one table.
      if (top.some((box) => box.type === 'moof')) throw unfit('tracks')
      const table = child(track, 'mdia', 'minf', 'stbl')
      if (table) blankSamples(file, inside(table), media)
      blank(track)
    }
  }
  if (!picture) throw unfit('broken')
  const head = child(picture, 'tkhd')
  const size =
    head && head.end - head.content >= 84 ? [file.readUInt16BE(head.end - 8), file.readUInt16BE(head.end - 4)] : []
  for (const box of top) {
    if (remarks.has(box.type)) blank(box)
    else if (containers.has(box.type)) clean(box)
  }
  return { width: size[0] || null, height: size[1] || null }
}

/** Overwrites every sample of a track: chunk offsets, samples for each chunk, and sample sizes tell where they lie. */
function blankSamples(file: Buffer, tables: Box[], media: Box[]): void {
  const table = (type: string) => tables.find((box) => box.type === type)
  const read = (box: Box, at: number) => {
    if (box.content + at + 4 > box.end) throw unfit('broken')
    return file.readUInt32BE(box.content + at)
  }
  const wide = table('co64')
  const offsets = wide ?? table('stco')
  const chunks = table('stsc')
  const sizes = table('stsz')
  if (!offsets || !chunks || !sizes) throw unfit('tracks')
  const fixed = read(sizes, 4)
  const samples = read(sizes, 8)
  const runs = read(chunks, 4)
  let sample = 0
  let run = 0
  for (let chunk = 0, count = read(offsets, 4); chunk < count; chunk++) {
    let at = wide ? read(wide, 8 + chunk * 8) * 2 ** 32 + read(wide, 12 + chunk * 8) : read(offsets, 8 + chunk * 4)
    while (run + 1 < runs && read(chunks, 8 + (run + 1) * 12) <= chunk + 1) run++
    for (let held = runs > 0 ? read(chunks, 12 + run * 12) : 0; held > 0 && sample < samples; held--, sample++) {
      const size = fixed || read(sizes, 12 + sample * 4)
      if (!media.some((box) => at >= box.content && at + size <= box.end)) throw unfit('broken')
      file.fill(0, at, at + size)
      at += size
    }
  }
}
