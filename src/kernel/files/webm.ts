import { unfit } from './refusals.ts'

interface Element {
  id: number
  start: number
  content: number
  /** Where it ends; for one of unknown length, where what holds it ends. */
  end: number
  unknown: boolean
}

const ids = {
  header: 0x1a45dfa3,
  docType: 0x4282,
  segment: 0x18538067,
  info: 0x1549a966,
  tracks: 0x1654ae6b,
  entry: 0xae,
  trackType: 0x83,
  video: 0xe0,
  width: 0xb0,
  height: 0xba,
  cluster: 0x1f43b675,
  void: 0xec,
} as const
/** Tags, attachments, chapters: nothing of them is picture or sound. */
const remarks = new Set([0x1254c367, 0x1941a469, 0x1043a770])
/** Parts of a segment: where one begins, a cluster of unknown length has ended. */
const parts = new Set<number>([ids.info, ids.tracks, ids.cluster, 0x114d9b74, 0x1c53bb6b, ...remarks])
/** Of the general information, what playing needs: the scale of time, the duration. */
const keptInfo = new Set([0x2ad7b1, 0x4489, ids.void, 0xbf])
/** Names of programs must be present, so they stay, filled with spaces. */
const programs = new Set([0x4d80, 0x5741])
/** Of a track, its name and its language are remarks of people. */
const trackRemarks = new Set([0x536e, 0x258688])
const mostElements = 500_000

/**
 * Takes out of a WebM, in place and without moving a byte, what is neither picture nor sound: those elements become
 * `Void` of the same length. Throws Refusal for what is no whole WebM with a picture track, and for tracks of anything
 * but picture and sound.
 */
export function cleanWebm(file: Buffer): { width: number | null; height: number | null } {
  let left = mostElements
  function number(at: number, to: number, keepMark: boolean): { value: number; length: number; unknown: boolean } {
    const first = at < to ? (file[at] ?? 0) : 0
    const length = Math.clz32(first) - 23
    if (first === 0 || length > 8 || at + length > to) throw unfit('broken')
    let value = keepMark ? first : first & (0xff >> length)
    let ones = (first & (0xff >> length)) === 0xff >> length
    for (let next = at + 1; next < at + length; next++) {
      value = value * 256 + (file[next] ?? 0)
      ones &&= file[next] === 0xff
    }
    return { value, length, unknown: ones }
  }
  function elementAt(at: number, to: number): Element {
    if (--left < 0) throw unfit('broken')
    const id = number(at, to, true)
    if (id.length > 4) throw unfit('broken')
    const size = number(at + id.length, to, false)
    const content = at + id.length + size.length
    const end = size.unknown ? to : content + size.value
    if (end > to) throw unfit('broken')
    return { id: id.value, start: at, content, end, unknown: size.unknown }
  }
  function elementsIn(from: number, to: number): Element[] {
    const found: Element[] = []
    for (let at = from; at < to; ) {
      const element = elementAt(at, to)
      // Only segments and clusters may be of unknown length: a cluster then lasts to the next part of the segment.
      if (element.unknown && element.id === ids.cluster) {
        element.end = element.content
        while (element.end < to) {
          const next = elementAt(element.end, to)
          if (parts.has(next.id)) break
          if (next.unknown) throw unfit('broken')
          element.end = next.end
        }
      } else if (element.unknown && element.id !== ids.segment) throw unfit('broken')
      found.push(element)
      at = element.end
    }
    return found
  }
  function blank({ start, end }: Element): void {
    const length = end - start
    file.fill(0, start, end)
    file[start] = ids.void
    if (length < 10) file[start + 1] = 0x80 | (length - 2)
    else {
      file.writeUIntBE(length - 9, start + 3, 6)
      file[start + 1] = 0x01
    }
  }
  const unsigned = (element: Element | undefined) => {
    const length = element ? element.end - element.content : 0
    return element && length > 0 && length <= 6 ? file.readUIntBE(element.content, length) : null
  }

  const top = elementsIn(0, file.length)
  const [header, segment] = top
  if (header?.id !== ids.header || segment?.id !== ids.segment) throw unfit('broken')
  const docType = elementsIn(header.content, header.end).find((element) => element.id === ids.docType)
  if (!docType || file.toString('latin1', docType.content, docType.end).replace(/\0+$/, '') !== 'webm')
    throw unfit('type')
  // Whatever stands behind the segment belongs to no film.
  for (const behind of top.slice(2)) blank(behind)

  let size: { width: number | null; height: number | null } | null = null
  for (const part of elementsIn(segment.content, segment.end)) {
    if (remarks.has(part.id)) blank(part)
    if (part.id === ids.void) file.fill(0, part.content, part.end)
    if (part.id === ids.info) {
      for (const element of elementsIn(part.content, part.end)) {
        if (programs.has(element.id)) file.fill(0x20, element.content, element.end)
        else if (!keptInfo.has(element.id)) blank(element)
      }
    }
    if (part.id === ids.tracks) {
      for (const entry of elementsIn(part.content, part.end).filter((element) => element.id === ids.entry)) {
        const fields = elementsIn(entry.content, entry.end)
        const kind = unsigned(fields.find((field) => field.id === ids.trackType))
        if (kind !== 1 && kind !== 2) throw unfit('tracks')
        for (const field of fields) if (trackRemarks.has(field.id)) blank(field)
        const video = fields.find((field) => field.id === ids.video)
        if (kind === 1 && video) {
          const shape = elementsIn(video.content, video.end)
          const one = (id: number) => unsigned(shape.find((field) => field.id === id)) || null
          size ??= { width: one(ids.width), height: one(ids.height) }
        }
      }
    }
  }
  if (!size) throw unfit('broken')
  return size
}
