// A code on paper by which an answer is judged: for the resident whom no message reaches, handed over by whoever calls back and had no
// part in the matter.
import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Act } from '#kernel/access/index.ts'
import { hashToken } from '#kernel/encryption/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { type Performance, perform } from './perform.ts'

/** A slip as it is printed, once: only the token's digest is kept. */
export interface Slip extends Performance {
  readonly token: string
  readonly until: Date
}

/**
 * Makes a slip for the answer that stands, in place of an earlier one.
 * @throws Refusal to whoever handled the matter, wrote it down or does not call back there, and where nothing is to be judged
 */
export async function handSlip(act: Act, kernel: Kernel, request: string): Promise<Slip> {
  const performed = await perform(act, kernel, request, { act: 'hand-slip' })
  // 128 bits, and short enough to be typed from paper.
  const token = randomBytes(16).toString('base64url')
  const { rows } = await sql<{ until: string }>`select judge_slip(${request}, ${hashToken(token)}) as until`.execute(
    act.sql,
  )
  return { ...performed, token, until: new Date(rows[0]?.until ?? act.now) }
}

/** Whether the token that is held is a slip still good. Asked while the request is held, so that none ends in between. */
export async function slipStands(act: Pick<Act, 'sql'>, token: string): Promise<boolean> {
  const { rows } = await sql<{ stands: boolean }>`select judge_slip_stands(${hashToken(token)}) as stands`.execute(
    act.sql,
  )
  return rows[0]?.stands ?? false
}
