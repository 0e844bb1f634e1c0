// Holds an archive to itself, member by member, believing nothing in it: in a terminal and on a page without a server alike.
import { hexOf, isSignedBy, parseKey, parseNote } from '../tree/web/index.ts'
import { registerChecks, type Surroundings } from './checking.ts'
import type { Faults } from './faults.ts'
import {
  checksumName,
  checksumOf,
  formatName,
  formatVersion,
  headName,
  isFile,
  manifestName,
  parseSeal,
  partName,
  partOf,
  readmeName,
} from './names.ts'
import type { Head, Manifest } from './shape.ts'

/** What a member holds. */
export interface Content {
  readonly name: string
  readonly content: Uint8Array
}

export type Unpack = (content: Uint8Array) => Promise<string>

export interface LookingSurroundings extends Surroundings {
  /** The text in a gzip. Throws for what is none. */
  readonly unpack: Unpack
  readonly isHead: (value: unknown) => value is Head
  readonly isManifest: (value: unknown) => value is Manifest
}

const textOf = (content: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(content)

/** Holds members to their lists, tables to the manifest, and the register to itself. */
export function looking(surroundings: LookingSurroundings, file: string) {
  const { primitives, faults, unpack, isHead, isManifest } = surroundings
  const sha256 = (content: Uint8Array): string => hexOf(primitives.sha256(content))
  let head: Head | null = null
  let tables = new Map<string, string>()
  let register = registerChecks(surroundings, file, true)
  let manifest: { value: Manifest; content: Uint8Array } | null = null
  let last = ''
  let listed: { name: string; hash: string }[] = []
  let lists = 0
  const counted = new Map<string, { rows: number; parts: number }>()
  const files = { stored: 0, bytes: 0 }

  async function part(table: string, number: number, { name, content }: Content): Promise<void> {
    const columns = tables.get(table)
    if (columns === undefined) throw faults.extra(file, name)
    const count = counted.get(table) ?? { rows: 0, parts: 0 }
    if (number !== count.parts + 1) throw faults.missing(file, partName(table, count.parts + 1))
    const lines = await linesOf(unpack, faults, file, { name, content })
    counted.set(table, { rows: count.rows + lines.length, parts: number })
    for (const [at, text] of lines.entries()) {
      const where = { member: name, line: at + 1 }
      register.row(table, rowOf(faults, file, text, columns, where), where)
    }
  }

  function headOf({ name, content }: Content): Head {
    if (name !== headName) throw faults.none(file)
    const value = parsed(textOf(content)) as { format?: unknown; version?: unknown } | undefined
    if (value?.format !== formatName)
      throw value === undefined ? faults.altered(file, { member: name }) : faults.none(file)
    if (typeof value.version === 'number' && value.version > formatVersion)
      throw faults.version(file, value.version, formatVersion)
    if (!isHead(value)) throw faults.altered(file, { member: name })
    return value
  }

  function manifestOf(content: Uint8Array, head: Head): Manifest {
    const value = parsed(textOf(content))
    // It repeats the head, word for word.
    const repeats = (manifest: Manifest): boolean =>
      Object.entries(head).every(([name, one]) => JSON.stringify(manifest[name as keyof Head]) === JSON.stringify(one))
    if (!isManifest(value) || !repeats(value)) throw faults.altered(file, { member: manifestName })
    return value
  }

  return {
    async member(member: Content): Promise<void> {
      const { name, content } = member
      if (head === null) {
        head = headOf(member)
        tables = new Map(
          head.tables.map((table) => [table.name, table.columns.map((column) => column.name).join('\0')]),
        )
        register = registerChecks(surroundings, file, head.scope === null)
      } else if (manifest !== null) throw faults.extra(file, name)
      const found = partOf(name)
      const list = checksumOf(name)
      if (list !== null) {
        if (list !== lists + 1) throw faults.missing(file, checksumName(lists + 1))
        lists = list
        holdToList(faults, file, member, listed)
        listed = []
      } else if (name === manifestName) manifest = { value: manifestOf(content, head), content }
      else {
        listed.push({ name, hash: sha256(content) })
        if (found) await part(found.table, found.part, member)
        else if (isFile(name)) {
          files.stored += 1
          files.bytes += content.length
        } else if (![headName, readmeName].includes(name)) throw faults.extra(file, name)
      }
      last = name
    },
    end(bytes: number): { manifest: Manifest; content: Uint8Array; last: string } {
      if (head === null) throw faults.none(file)
      if (manifest === null) throw faults.cut(file, bytes, last)
      const { value, content } = manifest
      if (listed[0]) throw faults.extra(file, listed[0].name)
      if (lists !== value.checksums) throw faults.missing(file, checksumName(lists + 1))
      for (const name of tables.keys()) {
        const wanted = value.rows[name] ?? { rows: 0, parts: 0 }
        const { rows, parts } = counted.get(name) ?? { rows: 0, parts: 0 }
        if (parts < wanted.parts) throw faults.missing(file, partName(name, parts + 1))
        if (rows !== wanted.rows || parts !== wanted.parts) throw faults.rows(file, name, rows, wanted.rows)
      }
      if (files.stored !== value.files.stored || files.bytes !== value.files.bytes)
        throw faults.files(file, files.stored, value.files.stored)
      register.end(value)
      return { manifest: value, content, last }
    },
  }
}

function holdToList(
  faults: Faults,
  file: string,
  { name, content }: Content,
  seen: readonly { name: string; hash: string }[],
): void {
  const lines = textOf(content).split('\n').slice(0, -1)
  for (const [at, line] of lines.entries()) {
    const [, hash, named] = /^([0-9a-f]{64}) {2}(\S+)$/.exec(line) ?? []
    const found = seen[at]
    if (named === undefined) throw faults.altered(file, { member: name, line: at + 1 })
    if (found === undefined || found.name !== named) {
      const there = seen.some((each) => each.name === named)
      throw there && found ? faults.extra(file, found.name) : faults.missing(file, named)
    }
    if (found.hash !== hash) throw faults.altered(file, { member: named })
  }
  const more = seen[lines.length]
  if (more) throw faults.extra(file, more.name)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function rowOf(
  faults: Faults,
  file: string,
  text: string,
  columns: string,
  where: { member: string; line: number },
): Record<string, unknown> {
  const value = parsed(text)
  if (typeof value !== 'object' || value === null || Object.keys(value).join('\0') !== columns)
    throw faults.line(file, where)
  return value as Record<string, unknown>
}

/** The lines of a part. Throws the fault where it cannot be unpacked. */
export async function linesOf(
  unpack: Unpack,
  faults: Faults,
  file: string,
  { name, content }: Content,
): Promise<string[]> {
  const text = await unpack(content).catch(() => {
    throw faults.altered(file, { member: name })
  })
  const lines = text.split('\n')
  // Each line has its end.
  if (lines.pop() !== '' || lines.length === 0) throw faults.altered(file, { member: name })
  return lines
}

/** What the seal of an archive has to fit. */
export interface Sealed {
  readonly manifest: Manifest
  /** The member `manifest.json` as it stands. */
  readonly content: Uint8Array
  /** The name of the last member before the seal. */
  readonly last: string
  /** SHA-256 of every byte before it, hexadecimal. */
  readonly before: string
  /** The register that is to have signed it; null: the one that it names itself. */
  readonly key: string | null
}

/** Holds the seal to what it seals. Throws the fault. */
export function holdToSeal({ primitives, faults }: Surroundings, file: string, seal: Uint8Array, to: Sealed): void {
  const { register } = to.manifest
  const signed = parseNote(textOf(seal))
  const said = signed && parseSeal(signed.text)
  const own = parseKey(primitives.sha256, register.key)
  if (to.key !== null && to.key !== register.key) throw faults.key(file, register.key)
  if (!signed || !said || !own || said.origin !== own.name || !isSignedBy(primitives, signed, own))
    throw faults.seal(file)
  if (said.manifest !== hexOf(primitives.sha256(to.content))) throw faults.altered(file, { member: manifestName })
  if (said.before !== to.before) throw faults.between(file, to.last)
}
