// The rows that were not taken in: line, reason, and the row itself, as a CSV that can be mended and imported again.
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { writeCsv } from '#kernel/csv/index.ts'
import type { Original, Refused } from './messages.ts'
import { reasons } from './reasons.ts'
import { ImportRefusal } from './refusal.ts'

export type ReportLanguage = 'zh-CN' | 'en'

export interface Report {
  /** Where it stands. */
  readonly path: string
  add(refused: Refused): Promise<void>
  close(): void
}

/** None of these is a heading that an import understands, so that the report is read by what stands behind them. */
const header = {
  'zh-CN': ['行号', '原因', '原值', '代号'],
  en: ['line', 'reason', 'value', 'code'],
} as const

/** A cell of a spreadsheet holds 32,767 characters. No text that is longer can be taken in, so that nothing is lost by cutting. */
const longestCell = 32_000

/** Beside the file; where that folder cannot be written, in the present one. */
function placeFor(file: string): string[] {
  const name = `${basename(file, extname(file))}.rejected.csv`
  return [join(dirname(file), name), join(process.cwd(), name)]
}

/**
 * Begins a report; the file is made with its first row. One left by an earlier run goes, since it no longer tells the truth.
 * Cells cannot become formulas, and a mark at the start lets spreadsheets read Chinese.
 * @param headings those of the file, asked for with the first row
 * @throws ImportRefusal where the report would be written over the file itself
 */
export function startReport(
  file: string,
  language: ReportLanguage,
  headings: () => Promise<readonly string[]>,
  options: { readonly path?: string | undefined; readonly delimiter?: string | undefined } = {},
): Report {
  const places = options.path === undefined ? placeFor(file) : [options.path]
  if (places.some((place) => resolve(place) === resolve(file))) {
    throw new ImportRefusal({
      zh: '退回清单不能写到要导入的文件上，请用 --report 另写一个名字。',
      en: 'The list of rejected rows cannot be written over the file that is read: name another with --report.',
    })
  }
  for (const place of places) {
    try {
      rmSync(place, { force: true })
    } catch {
      // Not to be removed there is not to be written there either; the next place serves.
    }
  }
  let open: { handle: number; path: string; headings: readonly string[] } | null = null
  const write = (handle: number, cells: readonly (string | number)[]): void => {
    const { delimiter = ',' } = options
    writeSync(handle, writeCsv([cells], { bom: false, delimiter }))
  }
  const begin = async () => {
    const known = await headings()
    for (const place of places) {
      try {
        const handle = openSync(place, 'w', 0o600)
        writeSync(handle, '\ufeff')
        write(handle, [...header[language], ...known])
        return { handle, path: place, headings: known }
      } catch {
        // The next place.
      }
    }
    throw new ImportRefusal({
      zh: `写不了退回清单 ${places[0]}，请用 --report 指定一个能写的文件。`,
      en: `The list of rejected rows cannot be written to ${places[0]}; name a file that can be with --report.`,
    })
  }
  return {
    get path() {
      return open?.path ?? places[0] ?? ''
    },
    async add({ line, reason, value, original }) {
      open ??= await begin()
      const words = reasons[reason]
      const told = [line, language === 'en' ? words.en : words.zh, value ?? '', reason]
      write(open.handle, [...told, ...cellsOf(original, open.headings)])
    },
    close() {
      if (open) closeSync(open.handle)
    },
  }
}

function cellsOf(original: Original, headings: readonly string[]): string[] {
  const values: readonly unknown[] = isList(original) ? original : headings.map((heading) => original[heading])
  return values.map((value) => {
    const text = textOf(value)
    return text.length > longestCell ? `${text.slice(0, longestCell).toWellFormed()}…` : text
  })
}

const isList = (original: Original): original is Exclude<Original, Readonly<Record<string, unknown>>> =>
  Array.isArray(original)

function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  // As a spreadsheet shows it, and as it is read again.
  if (value instanceof Date) return value.toISOString().slice(0, 19).replace('T', ' ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
