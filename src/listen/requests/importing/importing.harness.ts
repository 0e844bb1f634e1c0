import { readFileSync } from 'node:fs'
import { afterAll, beforeEach, expect } from 'vitest'
import { createEncryption } from '#kernel/encryption/index.ts'
import { startJobs } from '#kernel/jobs/index.ts'
import { type TestDatabase, testDatabase } from '#testing/database.ts'
import { type ImportDoors, importMessages, type MessagesImport } from './import-messages.ts'
import { code, folder, settle } from './importing.fixture.ts'
import { ImportRefusal } from './refusal.ts'

/** A database with one settled place, and all that messages are imported through; before each test the place is alone again. */
export async function importing() {
  const database: TestDatabase = await testDatabase()
  const files = folder()
  const jobs = await startJobs(database.jobsUrl, 1)
  const encryption = createEncryption(Buffer.alloc(32, 7))
  const now = new Date('2026-03-02T01:00:00Z')
  const doors: ImportDoors = { jobsDatabase: database.jobs, jobs, encryption, clock: { now: () => now } }
  let body = ''
  beforeEach(async () => {
    // The register begins anew with each test; its end is a row that emptying leaves.
    await database.owner.pool.query("update ledger.head set place = 0, root = sha256(''::bytea), peaks = '{}'")
    body = (await settle(database.owner)).body
  })
  afterAll(async () => {
    await jobs.stop()
    files.remove()
  })
  return {
    database,
    files,
    encryption,
    /** The moment at which everything is imported. */
    now,
    /** The body that receives here. */
    body: () => body,
    take: (file: string, options: Partial<MessagesImport> = {}) =>
      importMessages(doors, { file, place: code, language: 'zh-CN', ...options }),
    all: async <T extends object>(text: string): Promise<T[]> => (await database.owner.pool.query(text)).rows as T[],
  }
}

/** What an import said of the rows that it read. */
export const counts = (done: { read: number; imported: number; duplicates: number; rejected: number }) => {
  const { read, imported, duplicates, rejected } = done
  return { read, imported, duplicates, rejected }
}

/** The sentence by which a file is refused. */
export async function refusalOf(work: Promise<unknown>): Promise<string> {
  const error = await work.catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(ImportRefusal)
  return (error as ImportRefusal).message
}

/** The lines of a report of rows that were not taken in. */
export const reportOf = (at: string | null): string[] =>
  readFileSync(at ?? '', 'utf8')
    .trimEnd()
    .split('\r\n')
