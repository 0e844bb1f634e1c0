// What the register shows to everybody: tiles, checkpoints, cosignatures. As the role of jobs, which reads whole acts: the leaves of a tile
// are reckoned from the facts that stand there, so that a row that was rewritten or removed is seen from outside.
import { sql } from 'kysely'
import type { Sql } from '../database/index.ts'
import { type Tile, tileWidth } from '../tree/index.ts'
import { canonical, type Leafed, leafHash, leafOfRow } from './leaf.ts'

/** A place of the register at which no act stands that could be hashed. */
export class MissingPlace extends Error {
  readonly place: number

  constructor(place: number) {
    super(`place ${place} of the register is missing`)
    this.name = 'MissingPlace'
    this.place = place
  }
}

export interface Head {
  readonly size: number
  readonly root: Buffer
  /** What the register is called in what it signs. */
  readonly origin: string
}

/** The register as it stands. */
export async function readHead(on: Sql): Promise<Head> {
  const { rows } = await sql<{ size: number; root: Buffer; origin: string }>`
    select place as size, root, origin from ledger.head`.execute(on)
  const head = rows[0]
  if (!head) throw new Error('the register has no head')
  return { size: Number(head.size), root: head.root, origin: nameOf(head.origin) }
}

/** A name that a key can bear: no address, which could change. */
export const nameOf = (origin: string): string => `linli-register/${origin}`

/** What the register is called in what it signs. */
export async function readOrigin(on: Sql): Promise<string> {
  const { rows } = await sql<{ origin: string }>`select origin from ledger.head`.execute(on)
  return nameOf(rows[0]?.origin ?? '')
}

type Row = Leafed & { readonly place: number; readonly personal_digest: Buffer | null }

/**
 * The hashes of a tile, one after the other.
 * @throws MissingPlace where an entry or its act is gone
 * @returns fewer bytes than were asked for where the register does not reach so far
 */
export async function readTile(on: Sql, { level, index, width }: Tile): Promise<Buffer> {
  if (level > 0) {
    const { rows } = await sql<{ hashes: Buffer }>`
      select hashes from ledger.tile where level = ${level} and index = ${index}`.execute(on)
    return rows[0]?.hashes.subarray(0, width * 32) ?? Buffer.alloc(0)
  }
  const first = index * tileWidth + 1
  const { rows } = await sql<Row & { id: string | null }>`
    select e.place, a.id, a.kind, a.record, a.path, a.category, a.at, a.result, a.times, a.facts, a.actor, a.tenure, a.personal_digest
    from ledger.entry e left join ledger.act a on a.id = e.act
    where e.place >= ${first} and e.place < ${first + width} order by e.place`.execute(on)
  for (const [at, row] of rows.entries())
    if (Number(row.place) !== first + at || row.id === null) throw new MissingPlace(first + at)
  if (rows.length < width) {
    const { size } = await readHead(on)
    if (size >= first + rows.length) throw new MissingPlace(first + rows.length)
  }
  return Buffer.concat(rows.map((row) => leafHash(leafOfRow(row))))
}

export interface PublishedCheckpoint {
  readonly size: number
  /** The note with its signature and the cosignatures. */
  readonly note: string
  readonly at: string
  readonly cosignatures: readonly { readonly witness: string; readonly at: string }[]
}

/** A published checkpoint: the newest of at least so many leaves, of exactly these, or null. */
export async function readCheckpoint(
  on: Sql,
  wanted: { readonly size: number } | { readonly least: number },
): Promise<PublishedCheckpoint | null> {
  const { rows } = await sql<{
    size: number
    note: string
    at: string
    cosignatures: { witness: string; at: string; line: string }[] | null
  }>`
    select c.size, c.note, c.at, (select json_agg(json_build_object('witness', s.witness, 'at', s.at, 'line', s.line) order by s.at)
      from ledger.cosignature s where s.size = c.size) as cosignatures
    from ledger.checkpoint c where ${'size' in wanted ? sql`c.size = ${wanted.size}` : sql`c.size >= ${wanted.least}`}
    order by c.size desc limit 1`.execute(on)
  const row = rows[0]
  if (!row) return null
  const cosignatures = row.cosignatures ?? []
  return {
    size: Number(row.size),
    note: row.note + cosignatures.map(({ line }) => line).join(''),
    at: row.at,
    cosignatures: cosignatures.map(({ witness, at }) => ({ witness, at })),
  }
}

/** Keeps a checkpoint of the state that the register has. @returns false where it has gone on meanwhile, or this one is kept already */
export async function keepCheckpoint(
  on: Sql,
  checkpoint: { readonly size: number; readonly root: Uint8Array; readonly note: string; readonly at: Date },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into ledger.checkpoint (size, root, note, at)
    select h.place, h.root, ${checkpoint.note}, ${checkpoint.at.toISOString()}::timestamptz from ledger.head h
    where h.place = ${checkpoint.size} and h.root = ${Buffer.from(checkpoint.root)} on conflict do nothing`.execute(on)
  return numAffectedRows === 1n
}

/** Keeps the line of a witness beneath a checkpoint. @returns false where one of this witness stands there */
export async function keepCosignature(
  on: Sql,
  size: number,
  witness: string,
  line: string,
  at: Date,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into ledger.cosignature (size, witness, line, at)
    values (${size}, ${witness}, ${line}, ${at.toISOString()}) on conflict do nothing`.execute(on)
  return numAffectedRows === 1n
}

/** An act as it stands in the register, with what proves its words. */
export interface Standing {
  /** The canonical text, reckoned from the facts that stand there. */
  readonly text: string
  readonly leaf: Buffer
  readonly at: string
  readonly salt: Buffer | null
  readonly digest: Buffer | null
  /** The first is 1; null until it has one. */
  readonly place: number | null
  /** Whether it still waits for a place. */
  readonly waits: boolean
}

/** The first act of these kinds about a record; null where there is none. */
export async function readStanding(on: Sql, record: string, kinds: readonly string[]): Promise<Standing | null> {
  const { rows } = await sql<Row & { salt: Buffer | null; waits: boolean; position: number | null }>`
    select a.id, a.kind, a.record, a.path, a.category, a.at, a.result, a.times, a.facts, a.actor, a.tenure, a.personal_digest,
      s.salt, e.place as position, exists (select from ledger.pending p where p.act = a.id) as waits
    from ledger.act a left join ledger.salt s on s.act = a.id left join ledger.entry e on e.act = a.id
    where a.record = ${record} and a.kind = any(${kinds}) order by a.at, a.id limit 1`.execute(on)
  const row = rows[0]
  if (!row) return null
  const facts = leafOfRow(row)
  return {
    text: canonical(facts),
    leaf: leafHash(facts),
    at: facts.at,
    salt: row.salt,
    digest: row.personal_digest,
    place: row.position === null ? null : Number(row.position),
    waits: row.waits,
  }
}
