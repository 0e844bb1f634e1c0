import { isId } from '../http/shapes.api.ts'

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
