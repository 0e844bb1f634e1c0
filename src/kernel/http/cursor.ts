import { Refusal } from './refusal.ts'
import { isId } from './shapes.api.ts'

/** The last row of a page that is ordered by a time and then by id: the next begins behind it. */
export interface Cursor {
  /** Null where the rows without a time have begun. */
  readonly at: string | null
  readonly id: string
}

/** A cursor as it stands in an address. Where it leads is no secret: a forged one shows nothing else than a list begun there. */
export function writeCursor({ at, id }: Cursor): string {
  return Buffer.from(JSON.stringify([at, id])).toString('base64url')
}

/** Reads what `writeCursor` wrote. @throws Refusal 400 */
export function readCursor(cursor: string): Cursor {
  try {
    const [at, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown[]
    if (isId(id) && (at === null || (typeof at === 'string' && !Number.isNaN(Date.parse(at))))) return { at, id }
  } catch {
    // Falls through to the refusal: whatever it was, it is no cursor.
  }
  throw new Refusal(400, 'cursor', 'http.cursor', { field: 'after' })
}
