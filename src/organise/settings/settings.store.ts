import { sql } from 'kysely'
import { type Act, type Allowed, may } from '#kernel/access/index.ts'
import { newId } from '#kernel/database/identifiers.ts'
import type { Sql } from '#kernel/database/index.ts'
import { Refusal } from '#kernel/http/index.ts'
import { record } from '#kernel/ledger/index.ts'
import { type Language, t } from '#kernel/words/index.ts'
import { ancestorPaths, lineUp } from '#organise/places/index.ts'
import { type SettingName, type SettingValue, type ShownValue, settingNames } from './settings.api.ts'
import { type Amount, type Fault, laxer, together, tooFewHours } from './settings.bounds.ts'
import { defaultSettings, faultOf } from './settings.rules.ts'

export interface SettingsAt {
  readonly id: string
  readonly name: string
  readonly path: string
}

/** The name of a joined place or body as the reader's language has it. */
export const nameSaid = (of: 'place' | 'body', language: Act['language'] = 'zh-CN') =>
  language === 'en'
    ? sql<string>`coalesce(${sql.ref(`${of}.name_en`)}, ${sql.ref(`${of}.name`)})`
    : sql.ref<string>(`${of}.name`)

/** The place that settings are asked for: the named one, or that of the reader's own post. @throws Refusal 401, 403, 404 */
export async function settingsPlace(act: Act, place?: string): Promise<SettingsAt> {
  if (!act.actor.person) throw new Refusal(401, 'sign-in-needed', 'http.sign-in-needed')
  const own = act.actor.reach['place.settings']?.[0] ?? act.actor.tenures[0]?.path
  if (own === undefined) throw new Refusal(403, 'not-allowed', 'http.not-allowed')
  const found = await act.sql
    .selectFrom('place')
    .select(['id', nameSaid('place', act.language).as('name'), 'path'])
    .where(place === undefined ? sql<boolean>`path = ${own}` : sql<boolean>`id = ${place}`)
    .executeTakeFirst()
  if (!found) throw new Refusal(404, 'not-found', 'http.not-found')
  return found
}

export const editable = (act: Act, at: SettingsAt): boolean => may(act.actor, 'place.settings', at.path)

export type Effective = { readonly [N in SettingName]: SettingValue<N> | (typeof defaultSettings)[N] }

interface Kept {
  readonly until: number
  readonly values: Effective
}
/** Settings change seldom: each process reads them anew after five seconds at most. */
const keptMilliseconds = 5_000
const mostKept = 5_000
const kept = new Map<string, Kept>()

/** Forgets what was kept: after a change here, and for tests. */
export function forgetSettings(): void {
  kept.clear()
}

async function ownValues(on: Sql, path: string) {
  return on
    .selectFrom('place_setting')
    .select(['path', 'name', 'value', 'version'])
    .where('path', 'in', lineUp(path))
    .orderBy(sql`length(path)`, 'desc')
    .execute()
}

/** The times that hold together, of rows that stand nearest first. */
const deadlinesOf = (rows: Awaited<ReturnType<typeof ownValues>>): SettingValue<'deadlines'> =>
  together(
    rows
      .filter(({ name }) => name === 'deadlines')
      .map(({ value }) => value as SettingValue<'deadlines'>)
      .reverse(),
  )

/** What holds at a path: for each setting the nearest place going up that says something, or the default. Kept for 5 s. */
export async function effectiveSettings(on: Sql, path: string): Promise<Effective> {
  const known = kept.get(path)
  if (known && known.until > performance.now()) return known.values
  const rows = await ownValues(on, path)
  const values = {
    ...Object.fromEntries(
      settingNames.map((name) => [name, rows.find((row) => row.name === name)?.value ?? defaultSettings[name]]),
    ),
    deadlines: deadlinesOf(rows),
  } as unknown as Effective
  if (kept.size >= mostKept) kept.clear()
  kept.set(path, { until: performance.now() + keptMilliseconds, values })
  return values
}

/** Every setting of a place with where it comes from; never from what is kept. */
export async function shownValues(act: Pick<Act, 'sql' | 'language'>, at: SettingsAt): Promise<ShownValue[]> {
  const rows = await ownValues(act.sql, at.path)
  const paths = [...new Set(rows.map(({ path }) => path))]
  const places = paths.length
    ? await act.sql
        .selectFrom('place')
        .select(['path', nameSaid('place', act.language).as('name')])
        .where('path', 'in', paths)
        .execute()
    : []
  return settingNames.map((name) => {
    const row = rows.find((one) => one.name === name)
    return {
      name,
      // A place that says nothing of its own is shown what holds there, of whichever place above each time comes.
      value: !row
        ? defaultSettings[name]
        : name === 'deadlines' && row.path !== at.path
          ? deadlinesOf(rows)
          : row.value,
      inheritedFrom:
        row && row.path !== at.path ? (places.find(({ path }) => path === row.path)?.name ?? row.path) : null,
      default: row === undefined,
      version: row && row.path === at.path ? row.version : 0,
    }
  })
}

async function shownValue(act: Act, at: SettingsAt, name: SettingName): Promise<ShownValue> {
  const found = (await shownValues(act, at)).find((one) => one.name === name)
  if (!found) throw new Refusal(404, 'not-found', 'http.not-found')
  return found
}

const conflict = (current: unknown): Refusal =>
  new Refusal(412, 'version-conflict', 'http.version-conflict', { extra: { current } })

/**
 * Sets a value for a place and all below it.
 * @param version that was seen; 0 where the place had none of its own
 * @throws Refusal 400 with the field at fault, 412 on another's change
 */
export async function writeSetting(
  act: Act,
  allowed: Allowed<'place.settings'>,
  at: SettingsAt,
  name: SettingName,
  value: unknown,
  version: number,
): Promise<ShownValue> {
  const fault = faultOf(name, value)
  if (fault)
    throw new Refusal(400, 'invalid-field', 'settings.refused.value', { field: fault, values: { field: fault } })
  await withinBounds(act, at, name, value)
  const json = JSON.stringify(value)
  const done =
    version === 0
      ? await sql`insert into place_setting (path, name, value, changed_at, changed_by)
          values (${allowed.path}, ${name}, ${json}::jsonb, ${act.now.toISOString()}, ${allowed.tenure.tenure})
          on conflict (path, name) do nothing`.execute(act.sql)
      : await sql`update place_setting set value = ${json}::jsonb, version = version + 1, changed_at = ${act.now.toISOString()},
          changed_by = ${allowed.tenure.tenure} where path = ${allowed.path} and name = ${name} and version = ${version}`.execute(
          act.sql,
        )
  if (done.numAffectedRows === 0n) throw conflict(await shownValue(act, at, name))
  await record(act, {
    kind: 'setting.changed',
    record: at.id,
    path: at.path,
    category: name,
    tenure: allowed.tenure.tenure,
    // Figures are facts; what is written in words goes into the salted digest.
    ...(wordless.has(name)
      ? { facts: { version: version + 1, value: json } }
      : { facts: { version: version + 1 }, personal: value }),
  })
  forgetSettings()
  return shownValue(act, at, name)
}

/** The kind of a place and what places above it have set. */
export async function boundsOf(on: Sql, path: string) {
  const rows = await ownValues(on, path)
  const { kind } = await on.selectFrom('place').select('kind').where('path', '=', path).executeTakeFirstOrThrow()
  const above = rows.filter((row) => row.path !== path)
  return { kind, above: deadlinesOf(above), share: above.find((row) => row.name === 'call_back_share')?.value }
}

/** @throws Refusal 400 where the value is laxer than the place may be towards itself */
async function withinBounds(act: Act, at: SettingsAt, name: SettingName, value: unknown): Promise<void> {
  if (name !== 'deadlines' && name !== 'working_hours' && name !== 'call_back_share') return
  const { kind, above, share } = await boundsOf(act.sql, at.path)
  if (name === 'working_hours') {
    if (tooFewHours(value as SettingValue<'working_hours'>, kind))
      throw new Refusal(400, 'too-lax', 'settings.refused.hours', { field: name })
  } else if (name === 'call_back_share') {
    if (typeof share === 'number' && (value as number) < share)
      throw new Refusal(400, 'too-lax', 'settings.refused.share', {
        field: name,
        values: { limit: Math.round(share * 100) },
      })
  } else {
    const fault = laxer(value as SettingValue<'deadlines'>, above, kind)
    if (fault) throw tooLax(fault, act.language)
  }
}

/** The refusal of a time that is laxer than it may be, with what it is called and how far it may go. */
function tooLax(fault: Fault, language: Language): Refusal {
  const say = t(language)
  const { limit } = fault
  const amount = (of: Amount): string =>
    'workingDays' in of
      ? say('settings.limit.working-days', { count: of.workingDays })
      : say(of.counted === 'clock' ? 'settings.limit.clock-hours' : 'settings.limit.hours', { count: of.hours })
  return new Refusal(400, 'too-lax', `settings.refused.${fault.bound}`, {
    field: fault.field,
    values: {
      what: say(`settings.limit.${fault.name}`),
      limit: typeof limit === 'number' ? String(limit) : amount(limit),
    },
  })
}

const wordless = new Set<SettingName>(['working_hours', 'deadlines', 'call_back_share'])

/** Gives up a place's own value. @throws Refusal 412 on another's change */
export async function giveUpSetting(
  act: Act,
  allowed: Allowed<'place.settings'>,
  at: SettingsAt,
  name: SettingName,
  version: number,
): Promise<ShownValue> {
  const done = await act.sql
    .deleteFrom('place_setting')
    .where('path', '=', allowed.path)
    .where('name', '=', name)
    .where('version', '=', version)
    .executeTakeFirst()
  if (done.numDeletedRows === 0n) throw conflict(await shownValue(act, at, name))
  await record(act, {
    kind: 'setting.given-up',
    record: at.id,
    path: at.path,
    category: name,
    tenure: allowed.tenure.tenure,
  })
  forgetSettings()
  return shownValue(act, at, name)
}

/** The place of an item of the settings (category, template, law). @throws Refusal 404 */
export async function pathOfItem(act: Act, table: 'category' | 'template' | 'law', id: string): Promise<string> {
  const found = await act.sql
    .selectFrom(table)
    .select('path')
    .where('id', '=', id)
    .where('retired_at', 'is', null)
    .executeTakeFirst()
  if (!found) throw new Refusal(404, 'not-found', 'http.not-found')
  return found.path
}

/** Retires an item: it is offered no more, and what cites it still shows it. @throws Refusal 412 on another's change */
export async function retireItem(
  act: Act,
  allowed: Allowed<'place.settings'>,
  table: 'category' | 'template' | 'law',
  id: string,
  version: number,
): Promise<{ id: string }> {
  const done = await act.sql
    .updateTable(table)
    .set({ retired_at: act.now.toISOString(), version: sql<number>`version + 1` })
    .where('id', '=', id)
    .where('path', '=', allowed.path)
    .where('version', '=', version)
    .where('retired_at', 'is', null)
    .executeTakeFirst()
  if (done.numUpdatedRows === 0n) throw conflict(null)
  await record(act, { kind: `${table}.retired`, record: id, path: allowed.path, tenure: allowed.tenure.tenure })
  return { id }
}

/** Appends the act of a written item and gives it a fresh id where it is new. */
export async function itemWritten(
  act: Act,
  allowed: Allowed<'place.settings'>,
  table: 'category' | 'template' | 'law',
  id: string,
  version: number,
  words: unknown,
): Promise<void> {
  await record(act, {
    kind: version === 1 ? `${table}.added` : `${table}.changed`,
    record: id,
    path: allowed.path,
    tenure: allowed.tenure.tenure,
    facts: { version },
    personal: words,
  })
}

export const freshId = (act: Act): string => newId(act.now.getTime())
export { conflict as versionConflict }

/** The notice that stands at a place: its own, else that of the nearest place above; in the reader's language where it is written. */
export async function noticeAt(on: Sql, path: string, language: Language): Promise<string | null> {
  const { rows } = await sql<{ value: { text: string; textEn?: string | null } }>`
    select value from place_setting where name = 'notice' and path = any(${ancestorPaths(path)})
    order by length(path) desc limit 1`.execute(on)
  const value = rows[0]?.value
  return value ? (language === 'en' && value.textEn) || value.text : null
}
