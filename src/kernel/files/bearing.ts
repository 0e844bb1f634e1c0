// Whose a store is: under one prefix of a bucket, and in one data directory, lie the files of one installation.
import { text } from 'node:stream/consumers'
import type { FileStore } from './stores/store.ts'

const key = 'installation'

/** The id of an installation that a store bears; null where none has written it. */
async function borne(store: FileStore): Promise<string | null> {
  const opened = await store.open(key)
  return opened && (await text(opened.stream)).trim()
}

/** Whether what lies in a store may be another installation's. One without an id has none of its own that is marked. */
export async function isAnothers(store: FileStore, installation: string | null): Promise<boolean> {
  const found = await borne(store)
  return found !== null && found !== installation
}

/** Marks a store that nobody has marked. @returns false where it is another's */
export async function claimStore(store: FileStore, installation: string): Promise<boolean> {
  const found = await borne(store)
  if (found !== null) return found === installation
  await store.put(key, Buffer.from(`${installation}\n`))
  return true
}
