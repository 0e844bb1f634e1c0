import { randomFillSync } from 'node:crypto'

/** Random bytes are drawn for many at once: a draw for each costs more than all the rest of an id. */
const drawn = Buffer.alloc(4096)
let used = drawn.length

/** So many random bytes, each handed out once. */
export function drawBytes(count: number): Buffer {
  if (used + count > drawn.length) {
    randomFillSync(drawn)
    used = 0
  }
  const bytes = Buffer.from(drawn.subarray(used, used + count))
  drawn.fill(0, used, used + count)
  used += count
  return bytes
}

/**
 * A new version 7 UUID (RFC 9562 §5.7): milliseconds, then 74 random bits. Made in the program, because an anonymous
 * INSERT beneath the policies cannot return the row it wrote.
 */
export function newId(milliseconds: number = Date.now()): string {
  const bytes = drawBytes(16)
  bytes.writeUIntBE(milliseconds, 0, 6)
  bytes[6] = (bytes.readUInt8(6) & 0x0f) | 0x70
  bytes[8] = (bytes.readUInt8(8) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** The least id of a moment: ids made by `newId` at it or after it are not below. */
export function firstIdOf(milliseconds: number): string {
  const time = milliseconds.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`
}

/** The moment at which a version 7 UUID says it was made, in milliseconds; null for any other id. */
export function timeOfId(id: string): number | null {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)
    ? Number.parseInt(id.replace('-', '').slice(0, 12), 16)
    : null
}
