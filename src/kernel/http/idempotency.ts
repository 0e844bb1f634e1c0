import { createCipheriv, createDecipheriv, createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Act } from '../access/index.ts'
import type { Sql } from '../database/index.ts'
import { Refusal } from './refusal.ts'

const keyShape = /^[\x21-\x7e]{8,200}$/

/**
 * Does work once for one key of one caller: a repeat gets the first answer, a concurrent repeat waits for it.
 * The answer is kept encrypted under the key itself, which the database never sees, since it may hold a secret link.
 * @param by whose key it is: whoever acts, unless the key itself is a secret of theirs that outlives their session
 * @throws Refusal 400 for a key of the wrong shape, 422 for a key that came before with another body
 */
export async function once<T>(
  act: Act,
  secret: Buffer,
  key: string,
  what: string,
  body: unknown,
  work: () => Promise<{ status: number; answer: T }>,
  by?: string,
): Promise<{ status: number; answer: T; repeated: boolean }> {
  if (!keyShape.test(key)) throw new Refusal(400, 'idempotency-key', 'http.idempotency-key')
  const caller = by ?? act.actor.person ?? act.actor.link ?? 'anyone'
  const signing = keyOf(secret)
  const keyHash = createHmac('sha256', signing).update(`idempotency|${caller}|${what}|${key}`).digest()
  // Under the key too: whoever reads the table must not be able to try names and numbers against what somebody sent.
  const bodyHash = createHmac('sha256', signing)
    .update(`idempotency body|${key}|${JSON.stringify(body) ?? ''}`)
    .digest()
  const lock = createHmac('sha256', signing).update(`idempotency answer|${key}`).digest()
  const inserted = await act.client.query({
    name: 'idempotency-first',
    text: 'insert into idempotency (key_hash, body_hash) values ($1, $2) on conflict (key_hash) do nothing',
    values: [keyHash, bodyHash],
  })
  if (inserted.rowCount === 0) {
    const { rows } = await act.client.query<{ body_hash: Buffer; status: number | null; answer: Buffer | null }>({
      name: 'idempotency-again',
      text: 'select body_hash, status, answer from idempotency where key_hash = $1',
      values: [keyHash],
    })
    const before = rows[0]
    if (!before?.body_hash.equals(bodyHash)) throw new Refusal(422, 'idempotency-key-used', 'http.idempotency-key-used')
    if (before.status === null || before.answer === null) throw new Refusal(503, 'busy', 'http.busy')
    return { status: before.status, answer: JSON.parse(open(lock, before.answer)) as T, repeated: true }
  }
  const done = await work()
  const answer = close(lock, JSON.stringify(done.answer ?? null))
  act.along.push(() =>
    act.client.query({
      name: 'idempotency-done',
      text: 'update idempotency set status = $2, answer = $3 where key_hash = $1',
      values: [keyHash, done.status, answer],
    }),
  )
  return { ...done, repeated: false }
}

let kept: { secret: Buffer; key: KeyObject } | null = null

/** The secret as a key, made ready once. */
function keyOf(secret: Buffer): KeyObject {
  if (kept?.secret !== secret) kept = { secret, key: createSecretKey(secret) }
  return kept.key
}

function close(key: Buffer, text: string): Buffer {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed])
}

function open(key: Buffer, sealed: Buffer): string {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12))
  decipher.setAuthTag(sealed.subarray(12, 28))
  return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString('utf8')
}

/** Keys are kept for three days: whoever asks again later begins anew. As the role of jobs. */
export async function forgetKeys(on: Sql): Promise<void> {
  await sql`delete from idempotency where at < now() - interval '3 days'`.execute(on)
}
