// A key that is shown with a call: what is wrong with it is said plainly, and each use is counted.
import type { Sql } from '../database/index.ts'
import { Refusal } from '../http/refusal.ts'
import type { Kernel } from '../kernel.ts'
import { faultOf, isKey, type KeyRow } from './keys.rules.ts'
import { countUse, readKey } from './keys.store.ts'

/** A key that holds for what it was shown for. */
export interface KeyShown {
  readonly id: string
  readonly name: string
  /** The place it is bound to, by id and path; null where it is good everywhere. */
  readonly place: { readonly id: string; readonly path: string } | null
}

/**
 * The key of a text, for a scope; takes one from its minute. The transaction that follows enters with the key again
 * (`Credentials.key`), so that one revoked in between does nothing.
 * @throws Refusal 403 where it is unknown, revoked, expired or of another scope; 429 with the seconds to wait
 */
export async function takeKey(
  kernel: Pick<Kernel, 'limits' | 'clock'>,
  on: Sql,
  text: string,
  scope: string,
): Promise<KeyShown> {
  const row = isKey(text) ? await readKey(on, text) : null
  const fault = faultOf(row, scope, kernel.clock.now())
  if (fault !== null || row === null) throw refused(fault ?? 'unknown', row)
  const taken = await kernel.limits.take('calls.key', row.id, row.per_minute)
  if (!taken.allowed)
    throw new Refusal(429, 'too-many', 'keys.too-many', {
      values: { seconds: taken.retryAfterSeconds, most: row.per_minute },
    })
  return {
    id: row.id,
    name: row.name,
    place: row.place !== null && row.path !== null ? { id: row.place, path: row.path } : null,
  }
}

/** @throws Refusal 403 where the key no longer held when the transaction began: it was revoked since it was looked at. */
export function stillHolds(act: { readonly actor: { readonly key?: string | null } }, key: KeyShown): void {
  if (act.actor.key !== key.id) throw refused('revoked', null)
}

/** Counts one use of a key, also of one that was refused; an unknown one is nobody's. */
export async function noteUse(on: Sql, text: string, what: string, status: number): Promise<void> {
  if (isKey(text)) await countUse(on, text, what, status)
}

function refused(fault: 'unknown' | 'revoked' | 'expired' | 'scope', row: KeyRow | null): Refusal {
  if (fault === 'scope')
    return new Refusal(403, 'key-scope', 'keys.scope', { values: { scopes: row?.scopes.join(', ') ?? '' } })
  if (fault === 'expired')
    return new Refusal(403, 'key-expired', 'keys.expired', { values: { day: row?.expires_at?.slice(0, 10) ?? '' } })
  return new Refusal(403, `key-${fault}`, fault === 'revoked' ? 'keys.revoked' : 'keys.unknown')
}
