// How far a replica is behind, measured without trusting two clocks to agree: by positions in the write-ahead log that this process
// saw at the primary, and when it saw them.

/** A position as PostgreSQL writes it (`16/B374D848`, or with `-` as a cookie carries it), as a number; null where it is none. */
export function readPosition(text: string): bigint | null {
  const matched = /^([0-9A-F]{1,8})[/-]([0-9A-F]{1,8})$/i.exec(text)
  return matched ? (BigInt(`0x${matched[1]}`) << 32n) + BigInt(`0x${matched[2]}`) : null
}

/** A position as PostgreSQL reads it. */
export function writePosition(position: bigint): string {
  return `${(position >> 32n).toString(16)}/${(position & 0xffff_ffffn).toString(16)}`.toUpperCase()
}

/**
 * So many positions are kept. Of a replica that stays away older ones are thinned out, and it may be told to be less far behind than it
 * is, but never by less than the newer half of these spans: twice what any setting allows.
 */
const mostSeen = 2_400

/**
 * Follows one replica. Each look gives its lag in milliseconds: how long ago the primary was first seen ahead of what the replica has
 * replayed. Infinite until it has replayed a position that was seen: how old what it shows is nobody knows before.
 */
export function createLag(): { look(primary: bigint, replayed: bigint, at: number): number } {
  let seen: { position: bigint; at: number }[] = []
  let known = false
  let before = 0n
  return {
    look(primary, replayed, at) {
      // Another one, from an older copy, under the same address.
      if (replayed < before) known = false
      before = replayed
      if (seen.at(-1)?.position !== primary) seen.push({ position: primary, at })
      const ahead = seen.findIndex(({ position }) => position > replayed)
      if (ahead !== 0) {
        known = true
        seen = ahead < 0 ? [] : seen.slice(ahead)
      }
      if (seen.length > mostSeen) seen = seen.filter((_, index) => index % 2 === 0)
      const first = seen[0]
      if (!known) return Number.POSITIVE_INFINITY
      return first ? at - first.at : 0
    },
  }
}
