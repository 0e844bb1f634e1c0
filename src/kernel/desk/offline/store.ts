import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from 'idb'
import { wipeAtOnce } from './at-once.ts'
import type { FileStore, KeptFile, Store, WaitingAct } from './queue.ts'

/**
 * The phone's own keeping: acts that wait for the network with their pictures, drafts, and what was read last, so that a field
 * worker can read it in a cellar. Everything is deleted at sign-out.
 */
interface Kept extends DBSchema {
  acts: { key: string; value: WaitingAct }
  files: { key: string; value: KeptFile; indexes: { form: string } }
  drafts: { key: string; value: { name: string; person: string; at: string; value: unknown } }
  seen: { key: string; value: { address: string; person: string; at: string; value: unknown } }
}

const databaseName = 'linli-desk'
let opened: Promise<IDBPDatabase<Kept>> | null = null

function database(): Promise<IDBPDatabase<Kept>> {
  opened ??= openDB<Kept>(databaseName, 2, {
    upgrade(fresh, before) {
      if (before < 1) {
        fresh.createObjectStore('acts', { keyPath: 'id' })
        fresh.createObjectStore('drafts', { keyPath: 'name' })
        fresh.createObjectStore('seen', { keyPath: 'address' })
      }
      if (before < 2) fresh.createObjectStore('files', { keyPath: 'id' }).createIndex('form', 'form')
    },
    // Another window deletes everything or brings a newer desk: it must not wait for this one.
    blocking(_current, _wanted, event) {
      opened = null
      ;(event.target as IDBDatabase).close()
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

export const fileStore: FileStore = {
  get: async (id) => (await database()).get('files', id),
  put: async (file) => void (await (await database()).put('files', file)),
  remove: async (id) => (await database()).delete('files', id),
}

/** What was chosen for a form and has not gone out with it, in the order in which it was chosen. */
export async function filesOfForm(person: string, form: string): Promise<KeptFile[]> {
  const found = await (await database()).getAllFromIndex('files', 'form', form)
  return found.filter((file) => file.person === person).sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
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

/** Lets go of what was kept for reading where `stale` says so. */
export async function dropSeen(person: string, stale: (name: string, at: string) => boolean): Promise<void> {
  const all = (await database()).transaction('seen', 'readwrite').store
  for (let cursor = await all.openCursor(); cursor; cursor = await cursor.continue()) {
    const { address, at, person: reader } = cursor.value
    if (reader === person && stale(address.slice(person.length + 1), at)) await cursor.delete()
  }
}

/** The server has ended the session: nothing that was read stays. What its author entered and has not sent does, for them alone. */
export async function wipeRead(): Promise<void> {
  await (await database()).clear('seen')
}

/** Days for which acts that somebody else left unsent on this device wait for their author. */
const waitingDays = 7

/** Somebody signs in: what others read and drafted on this device goes, and what they left unsent for longer than a week. */
export async function wipeOthers(person: string): Promise<void> {
  wipeAtOnce(person)
  const since = new Date(Date.now() - waitingDays * 86_400_000).toISOString()
  const all = (await database()).transaction(['seen', 'drafts', 'acts', 'files'], 'readwrite')
  const before = await all.objectStore('acts').getAll()
  const kept = new Set<string>()
  for (const act of before) {
    if (act.person === person || act.at >= since) for (const id of act.files?.ids ?? []) kept.add(id)
    else await all.objectStore('acts').delete(act.id)
  }
  for (const file of await all.objectStore('files').getAll())
    if (file.person !== person && !kept.has(file.id)) await all.objectStore('files').delete(file.id)
  for (const draft of await all.objectStore('drafts').getAll())
    if (draft.person !== person) await all.objectStore('drafts').delete(draft.name)
  for (const seen of await all.objectStore('seen').getAll())
    if (seen.person !== person && seen.person !== 'device') await all.objectStore('seen').delete(seen.address)
  await all.done
}

/** Deletes everything the desk kept on this device. */
export async function wipe(): Promise<void> {
  wipeAtOnce()
  if (opened) (await opened).close()
  opened = null
  await deleteDB(databaseName)
}
