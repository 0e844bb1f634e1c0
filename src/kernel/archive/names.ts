// What is called how in an archive, and the text of its seal. It knows no surroundings: a page without a server reads archives by it too.

export const formatName = 'linli-archive'
/** Raised where an older program could not read a newer archive. */
export const formatVersion = 1

export const headName = 'linli-archive.json'
export const readmeName = 'README.md'
export const manifestName = 'manifest.json'
export const sealName = 'manifest.note'

const six = (part: number): string => String(part).padStart(6, '0')

/** The name of the member that holds a part of a table; parts count from 1. */
export const partName = (table: string, part: number): string => `tables/${table}/${six(part)}.jsonl.gz`
export const checksumName = (part: number): string => `checksums/${six(part)}.sha256`

/** The table and the part that a member holds; null for any other member. */
export function partOf(name: string): { table: string; part: number } | null {
  const [, table, part] = /^tables\/([^/]+)\/(\d{6,9})\.jsonl\.gz$/.exec(name) ?? []
  return table === undefined ? null : { table, part: Number(part) }
}

/** The number of the list of checksums that a member is; null for any other member. */
export function checksumOf(name: string): number | null {
  const part = /^checksums\/(\d{6,9})\.sha256$/.exec(name)?.[1]
  return part === undefined ? null : Number(part)
}

/** Members between two lists of checksums, so that neither writing nor reading holds more of them. */
export const membersToAList = 10_000

const sealLine = 'linli archive v1'

export interface Seal {
  /** The name of the register whose key signed. */
  readonly origin: string
  /** SHA-256 of the manifest, hexadecimal. */
  readonly manifest: string
  /** SHA-256 of every byte of the file before the member that holds the seal, hexadecimal. */
  readonly before: string
}

/** The text that is signed. Its first line can be that of no checkpoint and of no promise. */
export const writeSeal = ({ origin, manifest, before }: Seal): string =>
  `${sealLine}\n${origin}\nmanifest ${manifest}\nbefore ${before}\n`

/** What a signed text says; null where it is no seal of an archive. */
export function parseSeal(text: string): Seal | null {
  const found = /^linli archive v1\n([^\n]{1,200})\nmanifest ([0-9a-f]{64})\nbefore ([0-9a-f]{64})\n$/.exec(text)
  return found ? { origin: found[1] ?? '', manifest: found[2] ?? '', before: found[3] ?? '' } : null
}

/** Bytes at the end of the file that the seal stands in: header, content, and the end of the tar, each filled up to 512. */
export const tailBytes = 512 + 512 + 1024

const fileMember =
  /^files\/\d{4}-\d{2}\/\d{2}\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\/(?:original|thumbnail)\.[a-z0-9]{1,8}$/

/** Whether a member holds a picture or a video, as files are kept. */
export const isFile = (name: string): boolean => fileMember.test(name)
