import { isId } from '../http/shapes.api.ts'
import type { FileStore } from './stores/store.ts'

/** Where the parts of a file lie in the store: by month and day of its id, which begins with its time, so that no folder grows without end. */
export function folderOf(id: string): string {
  if (!isId(id)) throw new RangeError('Not an id.')
  const day = timeOf(id).toISOString().slice(0, 10)
  return `${day.slice(0, 7)}/${day.slice(8)}/${id}/`
}

export function keyOf(id: string, name: 'original' | 'thumbnail', mediaType: string): string {
  return `${folderOf(id)}${name}.${mediaType.split('/')[1]}`
}

/** When the id was made. */
export const timeOf = (id: string): Date => new Date(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16))

/** Every day of which a store holds anything, by its folder and the moment at which it began. */
export async function* everyDay(store: FileStore): AsyncGenerator<{ folder: string; at: Date }> {
  for (const month of (await store.list('')).filter((name) => /^\d{4}-\d\d$/.test(name))) {
    for (const day of (await store.list(`${month}/`)).filter((name) => /^\d\d$/.test(name))) {
      yield { folder: `${month}/${day}/`, at: new Date(`${month}-${day}T00:00:00Z`) }
    }
  }
}
