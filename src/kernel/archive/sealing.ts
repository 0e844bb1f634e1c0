// What is encrypted under the key of one installation, sealed anew under another.

import { ArchiveRefusal } from '../backup/index.ts'
import { createEncryption, type Encryption } from '../encryption/index.ts'
import type { TableArchive } from './declaring.ts'

/** Seals the columns of a line anew. @throws ArchiveRefusal where a value cannot be opened */
export type Reseal = (table: string, way: TableArchive | undefined, line: string) => string

export function resealing(from: Buffer, to: Buffer): Reseal {
  const before = createEncryption(from)
  const after = createEncryption(to)
  return (table, way, line) => {
    if (!way?.sealed?.length) return line
    const row = JSON.parse(line) as Record<string, unknown>
    for (const one of way.sealed) {
      const value = row[one.column]
      if (typeof value !== 'string') continue
      const bound = `${row[one.bound]}${one.suffix}`
      const plain = opened(before, table, one.column, one.purpose, value, bound)
      row[one.column] = hexed(after.encrypt(one.purpose, plain, bound))
      if (one.index && row[one.index[0]] !== null) row[one.index[0]] = hexed(after.blindIndex(one.index[1], plain))
    }
    return JSON.stringify(row)
  }
}

const hexed = (bytes: Buffer): string => `\\x${bytes.toString('hex')}`

function opened(key: Encryption, table: string, column: string, purpose: string, value: string, bound: string): string {
  try {
    return key.decrypt(purpose, Buffer.from(value.slice(2), 'hex'), bound)
  } catch {
    throw new ArchiveRefusal({
      zh: `表 ${table} 的 ${column} 里有一个值打不开（${bound}）：它不是用这个密钥封的，或已损坏。`,
      en: `A value of ${column} in the table ${table} cannot be opened (${bound}): it was not sealed under this key, or is damaged.`,
    })
  }
}
