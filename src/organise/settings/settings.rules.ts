import { createHash } from 'node:crypto'
import { parse } from 'csv-parse/sync'
import { Value } from 'typebox/value'
import { defaultWorkingHours, minutesOf } from '#kernel/calendar/index.ts'
import { type SettingName, type SettingValue, settingShapes } from './settings.api.ts'

/** What holds where no place says anything. Deadlines are empty: what is left out follows `builtInDeadlines`. */
export const defaultSettings: { readonly [N in SettingName]: SettingValue<N> | null } = {
  working_hours: [...defaultWorkingHours],
  deadlines: {},
  call_back_share: 0.1,
  contact: null,
  notice: null,
}

/** The field at which a value is not what the setting may hold, or null where it is fine. */
export function faultOf(name: SettingName, value: unknown): string | null {
  if (!Value.Check(settingShapes[name], value)) {
    const [first] = Value.Errors(settingShapes[name], value)
    const inner = first?.instancePath.replace(/^\//, '').replaceAll('/', '.') ?? ''
    return inner === '' ? name : `${name}.${inner}`
  }
  if (name === 'working_hours') {
    try {
      minutesOf(value as SettingValue<'working_hours'>)
    } catch {
      return name
    }
  }
  if (name === 'deadlines') {
    const { promised } = value as SettingValue<'deadlines'>
    if (promised && !(promised.prompt <= promised.common && promised.common <= promised.complex))
      return 'deadlines.promised'
  }
  return null
}

export interface CategoryRow {
  readonly line: number
  readonly level1: string
  readonly level2: string
  readonly level3: string
  readonly level1En: string | null
  readonly level2En: string | null
  readonly level3En: string | null
  readonly promisedDays: number
}

/** The code of a category without one: the same three names give the same code, so that a list can be taken in again. */
export function codeOf(levels: { level1: string; level2: string; level3: string }): string {
  const names = [levels.level1, levels.level2, levels.level3].map((name) => name.normalize('NFC')).join('\u0000')
  return `c-${createHash('sha256').update(names).digest('hex').slice(0, 20)}`
}

const headers: Record<string, readonly string[]> = {
  level1: ['level1', 'level_1', '一级', '一级分类', '一级类别', '一级事项', '大类'],
  level2: ['level2', 'level_2', '二级', '二级分类', '二级类别', '二级事项', '中类', '小类'],
  level3: ['level3', 'level_3', '三级', '三级分类', '三级类别', '三级事项', '细类'],
  level1En: ['level1_en', '一级英文'],
  level2En: ['level2_en', '二级英文'],
  level3En: ['level3_en', '三级英文'],
  promisedDays: ['promised_days', 'days', '承诺工作日', '时限', '工作日'],
}

/** Most rows of one list: an official taxonomy has a few hundred. */
const mostRows = 5_000

/**
 * Reads a list of categories. Empty cells of the first two levels repeat the row above, as in printed tables; a missing
 * second or third level repeats the one above it.
 * @throws RangeError where the header does not name the levels, or the text is no CSV
 */
export function readCategories(text: string): {
  read: number
  rows: CategoryRow[]
  rejected: { line: number; reason: string }[]
} {
  let records: { record: string[]; info: { lines: number } }[]
  try {
    records = parse(text, {
      bom: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      // A row of empty cells, as spreadsheets leave them: filled from above it would become a category of its own.
      skip_records_with_empty_values: true,
      trim: true,
      to: mostRows + 2,
    }) as unknown as typeof records
  } catch {
    throw new RangeError('csv')
  }
  const header = records[0]?.record.map((cell) => cell.normalize('NFKC').toLowerCase()) ?? []
  const at = Object.fromEntries(
    Object.entries(headers).map(([field, names]) => [field, header.findIndex((cell) => names.includes(cell))]),
  )
  if ((at.level1 ?? -1) < 0) throw new RangeError('header')
  if (records.length - 1 > mostRows) throw new RangeError('length')
  const rows: CategoryRow[] = []
  const rejected: { line: number; reason: string }[] = []
  const seen = new Set<string>()
  let above = { level1: '', level2: '' }
  for (const { record, info } of records.slice(1)) {
    const cell = (field: string): string => record[at[field] ?? -1]?.trim() ?? ''
    const level1 = cell('level1') || above.level1
    const level2 = cell('level2') || (cell('level1') ? level1 : above.level2) || level1
    const level3 = cell('level3') || level2
    above = { level1, level2 }
    const days = cell('promisedDays') === '' ? 5 : Number(cell('promisedDays'))
    const reason =
      level1 === ''
        ? 'empty'
        : [level1, level2, level3].some((name) => [...name].length > 60)
          ? 'too-long'
          : !Number.isInteger(days) || days < 1 || days > 60
            ? 'days'
            : seen.has(codeOf({ level1, level2, level3 }))
              ? 'twice'
              : null
    if (reason) rejected.push({ line: info.lines, reason })
    else {
      seen.add(codeOf({ level1, level2, level3 }))
      rows.push({
        line: info.lines,
        level1,
        level2,
        level3,
        level1En: cell('level1En') || null,
        level2En: cell('level2En') || null,
        level3En: cell('level3En') || null,
        promisedDays: days,
      })
    }
  }
  return { read: records.length - 1, rows, rejected }
}
