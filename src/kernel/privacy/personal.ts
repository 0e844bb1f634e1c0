import type { Act } from '../access/index.ts'
import type { Sql } from '../database/index.ts'

/** One thing that is held about a person: what it is (a key of words) and what it says. */
export interface HeldFact {
  readonly label: string
  readonly value: string | number | boolean | null
  /** The same as people say it, where that differs from what a program reads: 1 000 014, 138 0000 1234. */
  readonly spoken?: string
}

/** A part of what is held, with a heading (a key of words) and one list of facts for each row. */
export interface HeldSection {
  readonly heading: string
  readonly rows: readonly (readonly HeldFact[])[]
}

/** What a room holds about a person. */
export interface PersonalData {
  readonly room: string
  /** All that this room holds about whoever acts, in the clear: it is theirs. Runs beneath the policies, as the person. */
  collect(act: Act, person: string): Promise<readonly HeldSection[]>
  /**
   * Erases what this room holds about a person, within one transaction of the jobs' role. Bears being called again.
   * @returns keys of sentences that say what stays, and why
   */
  erase?(sql: Sql, person: string): Promise<void>
  /** Keys of sentences for what stays after an erasure, and by which need; shown before the person decides. */
  readonly stays?: readonly string[]
  /** What the person must give up first (a post, say): a key of a sentence, or null. */
  hinders?(act: Act, person: string): Promise<string | null>
}

const rooms = new Map<string, PersonalData>()

/** Port: a room says what it holds about people. The roof calls it once for each room. */
export function registerPersonalData(data: PersonalData): void {
  rooms.set(data.room, data)
}

/** Every registered room, in the order of registration. */
export function personalDataOf(): readonly PersonalData[] {
  return [...rooms.values()]
}
