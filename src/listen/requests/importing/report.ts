// The rows that were not taken in, with line and reason, as a CSV beside the file.
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import { stringify } from 'csv-stringify/sync'
import type { Refused } from './messages.ts'
import { reasons } from './reasons.ts'
import { ImportRefusal } from './refusal.ts'

export type ReportLanguage = 'zh-CN' | 'en'

export interface Report {
  /** Where it stands. */
  readonly path: string
  add(refused: Refused): void
  close(): void
}

const header = {
  'zh-CN': ['行号', '编号', '原因', '原值', '代号'],
  en: ['line', 'number', 'reason', 'value', 'code'],
} as const

/** Beside the file; where that folder cannot be written, in the present one. */
function placeFor(file: string): string[] {
  const name = `${basename(file, extname(file))}.rejected.csv`
  return [join(dirname(file), name), join(process.cwd(), name)]
}

/**
 * Begins a report; the file is made with its first row. One left by an earlier run goes, since it no longer tells the truth.
 * Cells cannot become formulas, and a mark at the start lets spreadsheets read Chinese. It holds no text of a message.
 */
export function startReport(file: string, language: ReportLanguage, path?: string): Report {
  const places = path === undefined ? placeFor(file) : [path]
  for (const place of places) {
    try {
      rmSync(place, { force: true })
    } catch {
      // Not to be removed there is not to be written there either; the next place serves.
    }
  }
  let open: { handle: number; path: string } | null = null
  const write = (handle: number, cells: readonly (string | number)[]): void => {
    writeSync(handle, stringify([[...cells]], { escape_formulas: true, record_delimiter: '\r\n' }))
  }
  const begin = (): { handle: number; path: string } => {
    for (const place of places) {
      try {
        const handle = openSync(place, 'w', 0o600)
        writeSync(handle, '\ufeff')
        write(handle, header[language])
        return { handle, path: place }
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
    add({ line, reason, outerNumber, value }) {
      open ??= begin()
      const words = reasons[reason]
      write(open.handle, [line, outerNumber ?? '', language === 'en' ? words.en : words.zh, value ?? '', reason])
    },
    close() {
      if (open) closeSync(open.handle)
    },
  }
}
