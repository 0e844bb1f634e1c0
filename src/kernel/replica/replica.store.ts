// Where a server stands in the write-ahead log.
import type pg from 'pg'
import type { Database } from '../database/index.ts'
import { readPosition, writePosition } from './lag.ts'

/** Which database a server holds (made once, the same in all its replicas), and how far it has come. */
export interface Standing {
  readonly system: string
  readonly position: bigint
}

const positionOf = (text: string): bigint => {
  const position = readPosition(text)
  if (position === null) throw new TypeError('no position of a log')
  return position
}

/** How far a primary has written. */
export async function writtenAt({ pool }: Database): Promise<Standing> {
  const { rows } = await pool.query<{ system: string; position: string }>(
    'select pg_current_wal_insert_lsn() as position, system_identifier::text as system from pg_control_system()',
  )
  return { system: rows[0]?.system ?? '', position: positionOf(rows[0]?.position ?? '') }
}

/** How far a standby has replayed; the position is null where it is none. */
export async function replayedAt({ pool }: Database): Promise<{ system: string; position: bigint | null }> {
  const { rows } = await pool.query<{ system: string; standby: boolean; position: string | null }>(
    'select pg_is_in_recovery() as standby, pg_last_wal_replay_lsn() as position, system_identifier::text as system from pg_control_system()',
  )
  const [row] = rows
  return { system: row?.system ?? '', position: row?.standby && row.position ? positionOf(row.position) : null }
}

/** Whether the server behind this very connection has replayed a position. */
export async function hasReplayed(client: pg.ClientBase, position: bigint): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>('select pg_last_wal_replay_lsn() >= $1::pg_lsn as there', [
    writePosition(position),
  ])
  return rows[0]?.there === true
}
