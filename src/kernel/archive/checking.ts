// The register in an archive, held to itself line by line: every act to its digest and its place, tree and checkpoints to the entries, and in
// a part every proof to the checkpoint of the whole.
import { canonical, leafOfRow } from '../ledger/web/index.ts'
import {
  bytesOfHex,
  type Checkpoint,
  GrowingTree,
  hashLeaf,
  hexOf,
  isIncluded,
  type Primitives,
  parseKey,
  sameHash,
  signedCheckpoint,
  type VerifierKey,
} from '../tree/web/index.ts'
import type { Faults, Where } from './faults.ts'
import type { Manifest } from './shape.ts'

/** What checking needs of its surroundings: a terminal has Node, a page a library. */
export interface Surroundings {
  readonly primitives: Primitives
  readonly faults: Faults
}

type Row = Readonly<Record<string, unknown>>

const bytesOf = (value: unknown): Uint8Array => bytesOfHex(typeof value === 'string' ? value.slice(2) : '')
const utf8 = new TextEncoder()

export interface RegisterChecks {
  /** Takes in a row of a table. @throws ArchiveRefusal */
  row(table: string, row: Row, where: Where): void
  /** @throws ArchiveRefusal */
  end(manifest: Manifest): void
}

/** @param whole whether the entries of the whole register stand in the archive */
export function registerChecks({ primitives, faults }: Surroundings, file: string, whole: boolean): RegisterChecks {
  const { sha256 } = primitives
  const signed = (writtenKey: string, note: string): Checkpoint | null => {
    const key = parseKey(sha256, writtenKey)
    return key && signedCheckpoint(primitives, note, key)
  }
  const tree = new GrowingTree(sha256)
  const tiles = new Map<string, Uint8Array[]>()
  const published: { size: number; root: Uint8Array; note: string; where: Where }[] = []
  const origins = new Map<string, Checkpoint>()
  /** Entries whose acts are coming, and those whose acts come next. */
  let entries: { act: string; leaf: Uint8Array; where: Where }[] = []
  let fresh: typeof entries = []
  let at = 0
  const proofs = new Map<string, number>()
  /** Leaves of the acts of one member, by which their proofs are looked at. */
  let acts = new Map<string, { leaf: Uint8Array; proved: boolean }>()
  let member = ''
  let waiting = 0
  let head: { entries: number; root: Uint8Array; origin: string } | null = null
  let nextCheckpoint = 0

  const holdCheckpoints = (): void => {
    for (; ; nextCheckpoint += 1) {
      const next = published[nextCheckpoint]
      if (!next || next.size > tree.size) return
      if (next.size !== tree.size || !sameHash(next.root, tree.root())) throw faults.checkpoint(file, next.where)
    }
  }

  /** Acts without a proof waited for their place when the archive was written: they come last. */
  const letGoActs = (): void => {
    if (!whole) for (const { proved } of acts.values()) if (!proved) waiting += 1
    acts = new Map()
  }

  const checks: Record<string, (row: Row, where: Where) => void> = {
    'ledger.head'(row) {
      head = { entries: Number(row.place), root: bytesOf(row.root), origin: String(row.origin) }
    },
    'ledger.checkpoint'(row, where) {
      published.push({ size: Number(row.size), root: bytesOf(row.root), note: String(row.note), where })
    },
    'ledger.origin'(row, where) {
      const origin = signed(String(row.key), String(row.note))
      if (!origin || origin.size !== Number(row.size)) throw faults.checkpoint(file, where)
      origins.set(String(row.key), origin)
    },
    'ledger.entry'(row, where) {
      if (at < entries.length) throw faults.order(file, entries[at]?.where ?? where)
      if (Number(row.place) !== tree.size + 1 + fresh.length) throw faults.order(file, where)
      fresh.push({ act: String(row.act), leaf: bytesOf(row.leaf), where })
    },
    'ledger.act'(row, where) {
      if (where.member !== member) letGoActs()
      member = where.member
      if (fresh.length > 0) {
        entries = fresh
        fresh = []
        at = 0
      }
      const digest = row.personal_digest === null ? null : bytesOf(row.personal_digest)
      const facts = leafOfRow({ ...(row as object), personal_digest: digest } as never)
      const leaf = hashLeaf(sha256, utf8.encode(canonical(facts)))
      if (!sameHash(leaf, bytesOf(row.leaf))) throw faults.act(file, where)
      acts.set(String(row.id), { leaf, proved: false })
      if (!whole) return
      const entry = entries[at]
      if (entry === undefined) {
        waiting += 1
        return
      }
      if (entry.act !== row.id) throw faults.order(file, entry.where)
      if (!sameHash(entry.leaf, leaf)) throw faults.act(file, where)
      at += 1
      for (const { level, index, hash } of tree.add(leaf)) {
        const name = `${level}/${index}`
        const hashes = tiles.get(name) ?? []
        hashes.push(hash)
        tiles.set(name, hashes)
      }
      holdCheckpoints()
    },
    'ledger.came'(row, where) {
      const act = acts.get(String(row.act))
      const origin = origins.get(String(row.origin))
      const path = Array.isArray(row.path) ? row.path.map(bytesOf) : []
      if (!act || !origin || !isIncluded(sha256, origin, act.leaf, Number(row.place) - 1, path))
        throw faults.proof(file, where)
      act.proved = true
      proofs.set(String(row.origin), (proofs.get(String(row.origin)) ?? 0) + 1)
    },
    'ledger.tile'(row, where) {
      const name = `${row.level}/${row.index}`
      if (tiles.get(name)?.map(hexOf).join('') !== String(row.hashes).slice(2)) throw faults.tree(file, where)
      tiles.delete(name)
    },
  }

  return {
    row: (table, row, where) => checks[table]?.(row, where),
    end(manifest) {
      letGoActs()
      const { register } = manifest
      const key = parseKey(sha256, register.key)
      const named = signed(register.key, register.checkpoint)
      const where = { member: 'manifest.json' }
      if (!key || !named || named.size !== register.entries || hexOf(named.root) !== register.root)
        throw faults.checkpoint(file, where)
      if (waiting !== register.waiting)
        throw whole ? faults.root(file) : faults.rows(file, 'ledger.came', register.waiting, waiting)
      if (!whole) {
        const acted = manifest.rows['ledger.act']?.rows ?? 0
        if ((proofs.get(register.key) ?? 0) + waiting !== acted)
          throw faults.rows(file, 'ledger.came', proofs.get(register.key) ?? 0, acted - waiting)
        return
      }
      const left = fresh[0] ?? entries[at]
      if (left) throw faults.order(file, left.where)
      if (nextCheckpoint < published.length) throw faults.checkpoint(file, published[nextCheckpoint]?.where ?? where)
      for (const { note, size, where: line } of published) {
        const origin = signed(register.key, note)
        if (origin?.size !== size) throw faults.checkpoint(file, line)
      }
      if (tiles.size > 0) throw faults.tree(file, { member: 'tables/ledger.tile' })
      const root = tree.root()
      if (tree.size !== register.entries || !sameHash(root, named.root) || !headFits(head, key, tree.size, root))
        throw faults.root(file)
    },
  }
}

function headFits(
  head: { entries: number; root: Uint8Array; origin: string } | null,
  key: VerifierKey,
  size: number,
  root: Uint8Array,
): boolean {
  return head !== null && head.entries === size && sameHash(head.root, root) && key.name.endsWith(`/${head.origin}`)
}
