import type { Readable } from 'node:stream'
import type { Refusal } from '../../http/refusal.ts'

/** From the first byte to the last, both counted from zero and both included. */
export interface Range {
  from: number
  to: number
}

/** A file as it is being read. `bytes` is what comes, `total` the length of the whole. */
export interface Opened {
  stream: Readable
  bytes: number
  total: number
}

/**
 * Where the bytes of files lie, by keys such as `2026-11/23/<id>/original.webp`: a folder of this machine, or S3. What it cannot do
 * for now it refuses with 503 and a sentence.
 */
export interface FileStore {
  /** All or nothing: a key never holds part of a file. */
  put(key: string, bytes: Buffer): Promise<void>
  /** Null where there is no such file. A range reaches no further than the file (`total` says how far that is). */
  open(key: string, range?: Range): Promise<Opened | null>
  /** Names of what lies directly in a folder; the empty text is the top. Nothing where there is no such folder. */
  list(folder: string): Promise<string[]>
  remove(folder: string): Promise<void>
  /** Whether a file would be taken now: what would refuse it, or null. */
  refusal(): Promise<Refusal | null>
  close(): void
}
