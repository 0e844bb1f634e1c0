/** An archive held to itself where there is no server: nothing of it leaves the device. */
import type { Primitives } from '../../tree/web/index.ts'
import { faultsBy } from '../faults.ts'
import { holdToSeal, type LookingSurroundings, looking } from '../looking.ts'
import { formatName, sealName } from '../names.ts'
import type { Head, Manifest } from '../shape.ts'
import { membersOf, TarFault } from './tar.ts'

/** Why an archive does not hold, in both languages. */
export class ArchiveFault extends Error {
  readonly sentence: { readonly 'zh-CN': string; readonly en: string }
  constructor(zh: string, en: string) {
    super(en)
    this.sentence = { 'zh-CN': zh, en }
  }
}

/** A hash that takes in piece by piece. */
export interface Digest {
  update(bytes: Uint8Array): unknown
  digest(): Uint8Array
}

const faults = faultsBy((zh, en) => new ArchiveFault(zh, en))

/** A gzip that lies in memory, as text. */
async function unpack(content: Uint8Array): Promise<string> {
  const packed = new Blob([content as Uint8Array<ArrayBuffer>]).stream()
  return new Response(packed.pipeThrough(new DecompressionStream('gzip'))).text()
}

type Bag = Readonly<Record<string, unknown>>
type Is = (value: unknown) => boolean
const isBag = (value: unknown): value is Bag => typeof value === 'object' && value !== null && !Array.isArray(value)
const isText: Is = (value) => typeof value === 'string'
const isCount: Is = (value) => Number.isInteger(value) && Number(value) >= 0
const orNull =
  (is: Is): Is =>
  (value) =>
    value === null || is(value)
const each =
  (is: Is): Is =>
  (value) =>
    Array.isArray(value) && value.every(is)
const named =
  (is: Is): Is =>
  (value) =>
    isBag(value) && Object.values(value).every(is)
/** Exactly these fields; those with a question mark may be missing. */
const fields =
  (of: Readonly<Record<string, Is>>): Is =>
  (value) =>
    isBag(value) &&
    Object.keys(value).every((name) => name in of || `${name}?` in of) &&
    Object.entries(of).every(([name, is]) =>
      name.endsWith('?') ? !(name.slice(0, -1) in value) || is(value[name.slice(0, -1)]) : is(value[name]),
    )

// The shapes of shape.ts once more: the library that checks those is larger than all else on the page. A test holds both to each other.
const head = {
  format: (value: unknown) => value === formatName,
  version: isCount,
  program: isText,
  takenAt: isText,
  postgres: isText,
  scope: orNull(fields({ code: isText, path: isText, name: isText })),
  migrations: each(isText),
  sealedUnder: isText,
  tables: each(
    fields({
      name: isText,
      columns: each(fields({ name: isText, type: isText, 'boxed?': (value) => value === true })),
    }),
  ),
}
const manifest = {
  ...head,
  rows: named(fields({ rows: isCount, parts: isCount })),
  sequences: named(orNull((value) => typeof value === 'string' && /^[0-9]+$/.test(value))),
  files: fields({ stored: isCount, bytes: isCount, missing: isCount }),
  register: fields({ key: isText, entries: isCount, root: isText, checkpoint: isText, waiting: isCount }),
  checksums: isCount,
  leftOut: named(fields({ zh: isText, en: isText })),
}
const isHead = (value: unknown): value is Head => fields(head)(value)
const isManifest = (value: unknown): value is Manifest => fields(manifest)(value)

/** No member is larger: a video has 50 MB. */
const largest = 256 * 1024 * 1024

/**
 * Reads an archive to its end.
 * @param name of the file, for the sentences
 * @param size bytes
 * @param key of the register that is to have signed it
 * @param report so many bytes are read
 * @throws ArchiveFault with the member and the line that do not hold
 */
export async function checkArchive(
  primitives: Primitives,
  newDigest: () => Digest,
  { name: file, size, bytes }: { name: string; size: number; bytes: AsyncIterable<Uint8Array> },
  key: string,
  report: (done: number) => void,
): Promise<Manifest> {
  const surroundings: LookingSurroundings = { primitives, faults, unpack, isHead, isManifest }
  const look = looking(surroundings, file)
  const before = newDigest()
  let done = 0
  let seal: Uint8Array | null = null
  try {
    const members = membersOf(bytes, (piece) => {
      done += piece.length
      if (seal === null) before.update(piece)
      report(done)
    })
    for await (const member of members) {
      if (seal !== null) throw faults.extra(file, member.name)
      if (member.size > largest) throw faults.altered(file, { member: member.name })
      const content = new Uint8Array(member.size)
      let at = 0
      if (member.name === sealName) seal = content
      for await (const piece of member.content()) {
        content.set(piece, at)
        at += piece.length
      }
      if (seal === null) await look.member({ name: member.name, content })
    }
  } catch (error) {
    if (!(error instanceof TarFault)) throw error
    if (error.fault === 'none') throw faults.none(file)
    throw error.fault === 'cut' ? faults.cut(file, size, error.member) : faults.between(file, error.member)
  }
  const { manifest, content, last } = look.end(size)
  if (seal === null) throw faults.cut(file, size, last)
  const hex = Array.from(before.digest(), (byte) => byte.toString(16).padStart(2, '0')).join('')
  holdToSeal(surroundings, file, seal, { manifest, content, last, key, before: hex })
  return manifest
}
