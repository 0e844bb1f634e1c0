import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from 'idb'
import type { Store, WaitingAct } from './queue.ts'

/**
 * The phone's own keeping: acts that wait for the network, drafts, and the requests last seen, so that a field worker
 * can read them in a cellar. Everything is deleted at sign-out.
 */
interface Kept extends DBSchema {
  acts: { key: string; value: WaitingAct }
  drafts: { key: string; value: { name: string; person: string; at: string; value: unknown } }
  seen: { key: string; value: { address: string; person: string; at: string; value: unknown } }
}

const databaseName = 'linli-desk'
let opened: Promise<IDBPDatabase<Kept>> | null = null

function database(): Promise<IDBPDatabase<Kept>> {
  opened ??= openDB<Kept>(databaseName, 1, {
    upgrade(fresh) {
      fresh.createObjectStore('acts', { keyPath: 'id' })
      fresh.createObjectStore('drafts', { keyPath: 'name' })
      fresh.createObjectStore('seen', { keyPath: 'address' })
    },
    terminated() {
      opened = null
    },
  })
  return opened
}

export const actStore: Store = {
  all: async () => (await database()).getAll('acts'),
  put: async (act) => void (await (await database()).put('acts', act)),
  remove: async (id) => (await database()).delete('acts', id),
}

/** Keeps what is being typed; `name` says which form, e.g. `answer:<request id>`. */
export async function keepDraft(person: string, name: string, value: unknown): Promise<void> {
  await (await database()).put('drafts', { name: `${person}/${name}`, person, at: new Date().toISOString(), value })
}

export async function draftOf<T>(person: string, name: string): Promise<{ at: string; value: T } | null> {
  const found = await (await database()).get('drafts', `${person}/${name}`)
  return found ? { at: found.at, value: found.value as T } : null
}

export async function dropDraft(person: string, name: string): Promise<void> {
  await (await database()).delete('drafts', `${person}/${name}`)
}

/** Remembers an answer of the server for reading without network. */
export async function keepSeen(person: string, address: string, value: unknown): Promise<void> {
  await (await database()).put('seen', { address: `${person}/${address}`, person, at: new Date().toISOString(), value })
}

export async function seenOf<T>(person: string, address: string): Promise<{ at: string; value: T } | null> {
  const found = await (await database()).get('seen', `${person}/${address}`)
  return found ? { at: found.at, value: found.value as T } : null
}

/** Deletes everything the desk kept on this device. */
export async function wipe(): Promise<void> {
  if (opened) (await opened).close()
  opened = null
  await deleteDB(databaseName)
}
