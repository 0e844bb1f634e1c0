/** Archives written anew with something changed, for tests. */
import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import { createEncryption } from '../encryption/index.ts'
import { parseKey, registerSigner, sha256 } from '../tree/index.ts'
import { type Member, readMembers } from './reading.ts'
import { headName, type Manifest, manifestName } from './shape.ts'
import { writeMembers } from './writing.ts'

export interface Change {
  /** A member as it is to be; null leaves it out. */
  readonly member?: (member: Member) => Member | null
  readonly lines?: (table: string, lines: string[]) => string[]
  /** Of head and manifest. */
  readonly manifest?: (manifest: Manifest) => Manifest
  /** Another key that signs. */
  readonly by?: Buffer
  /** The name of a member that is added. */
  readonly besides?: string
}

/** Writes an archive anew, with every checksum made anew and signed under a key that this is the register's of. */
export async function rewrite(from: string, to: string, key: Buffer, change: Change): Promise<string> {
  const members = await Array.fromAsync(readMembers({ file: from, all: createHash('sha256') }))
  const writer = writeMembers(to, new Date(0))
  const manifest = JSON.parse(String(members.find(({ name }) => name === manifestName)?.content)) as Manifest
  for (const member of members) {
    if (/^(checksums|manifest)/.test(member.name)) continue
    const table = /^tables\/([^/]+)\//.exec(member.name)?.[1]
    let content = member.content
    if (table !== undefined && change.lines) {
      const lines = change.lines(table, gunzipSync(content).toString().trimEnd().split('\n'))
      content = gzipSync(`${lines.join('\n')}\n`)
    }
    const changed = change.member ? change.member({ ...member, content }) : { ...member, content }
    if (changed) await writer.add(changed.name, changed.content)
  }
  if (change.besides) await writer.add(change.besides, Buffer.from('x'))
  const name = parseKey(sha256, manifest.register.key)?.name ?? ''
  const signer = registerSigner(createEncryption(change.by ?? key), name)
  await writer.close((checksums) => (change.manifest ?? ((same) => same))({ ...manifest, checksums }), signer)
  await writer.publish()
  return to
}

/**
 * An archive as a program would have written it that knew neither the migrations behind `level` nor what they make.
 * @param existed the columns of each table at that level
 */
export function asBefore(level: string, existed: ReadonlyMap<string, readonly string[]>): Change {
  const before = <T extends Pick<Manifest, 'migrations' | 'tables'>>(whole: T): T => ({
    ...whole,
    migrations: whole.migrations.filter((name) => name <= level),
    tables: whole.tables
      .filter(({ name }) => existed.has(name))
      .map(({ name, columns }) => ({
        name,
        columns: columns.filter((column) => existed.get(name)?.includes(column.name)),
      })),
  })
  const knows = (table: string, column: string): boolean => existed.get(table)?.includes(column) ?? false
  return {
    member(member) {
      const table = /^tables\/([^/]+)\//.exec(member.name)?.[1]
      if (table !== undefined && !existed.has(table)) return null
      if (member.name !== headName) return member
      return { ...member, content: Buffer.from(JSON.stringify(before(JSON.parse(String(member.content))))) }
    },
    lines: (table, lines) =>
      lines.map((line) =>
        JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(line)).filter(([name]) => knows(table, name)))),
      ),
    manifest: (manifest) => ({
      ...before(manifest),
      rows: Object.fromEntries(Object.entries(manifest.rows).filter(([name]) => existed.has(name))),
    }),
  }
}
