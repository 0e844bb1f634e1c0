// Texts of a file of messages, and nothing else of them: no database, no time, no reporter.
import { openSource } from './import-messages.ts'
import { readMessage } from './messages.ts'
import { type Reason, reasons } from './reasons.ts'

/** What a message says, and what stands beside it. */
export interface TextRow {
  readonly line: number
  readonly id: string | null
  readonly title: string
  readonly body: string
  readonly category: string | null
}

export interface TextsRead {
  readonly rows: TextRow[]
  /** Rows that could not be read. */
  readonly refused: { readonly line: number; readonly why: { readonly zh: string; readonly en: string } }[]
}

/**
 * Reads the texts of a file in memory: CSV, XLSX or NDJSON, in any encoding that an import takes.
 * @throws ImportRefusal where the file is none, is empty or has no column of texts
 */
export async function readTexts(
  file: string,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<TextsRead> {
  const rows: TextRow[] = []
  const refused: { line: number; why: (typeof reasons)[Reason] }[] = []
  const { rows: found, sound } = await openSource(
    { file, mapping: { columns: {}, timeless: true }, onProgress },
    () => undefined,
    () => undefined,
  )
  const now = new Date()
  for await (const row of found) {
    // Only what is read here: a time, an answer or a phone that is wrong keeps no text from being read.
    const texts = 'reason' in row ? row : { ...row, cells: textsOf(row.cells, now) }
    const message = readMessage(texts, now, sound)
    if ('reason' in message) refused.push({ line: message.line, why: reasons[message.reason] })
    else {
      const { line, outerNumber, title, body, category } = message
      rows.push({ line, id: outerNumber, title, body, category })
    }
  }
  return { rows, refused }
}

type Cells = Parameters<typeof readMessage>[0] extends infer Row
  ? Row extends { cells: infer Found }
    ? Found
    : never
  : never

function textsOf({ id, subject, body, category }: Cells, now: Date): Cells {
  return { id: id ?? null, subject: subject ?? null, body: body ?? null, category: category ?? null, created_at: now }
}
