// Rows of an XLSX workbook: looked at before it is opened, opened by a worker that may use only so much.
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { openPromise } from 'yauzl'
import type { Mapping } from './columns.ts'
import { type Header, headerWithin } from './header.ts'
import type { Cell, Row } from './messages.ts'
import { ImportRefusal } from './refusal.ts'
import { type Merged, type Sheet, sheetOf } from './workbook.sheets.ts'

/** What a workbook may be when unpacked. 100,000 messages of 300 characters take about 100 MB. */
const most = { parts: 2_000, bytes: 300_000_000, workerMegabytes: 1_500, seconds: 120 }

const tooLarge = new ImportRefusal({
  zh: '这个 XLSX 展开后太大。请在表格软件里另存为 CSV 再导入。',
  en: 'This XLSX is too large when unpacked. Save it as CSV in a spreadsheet program and import that.',
})
const broken = new ImportRefusal({
  zh: '这个 XLSX 打不开：文件不完整、有密码，或不是真正的 XLSX。请另存为 XLSX 或 CSV 再试。',
  en: 'This XLSX cannot be opened: it is incomplete, locked by a password, or none. Save it as XLSX or CSV and try again.',
})

/**
 * Refuses a workbook that would unpack to more than allowed. Declared sizes first, which costs nothing; then each part is unpacked
 * into nothing, since a size that is declared may be a lie (yauzl ends at the first byte too many).
 * @throws ImportRefusal
 */
export async function checkWorkbook(path: string): Promise<void> {
  const zip = await openPromise(path, { autoClose: false }).catch(() => {
    throw broken
  })
  try {
    const parts: import('yauzl').Entry[] = []
    let bytes = 0
    for await (const part of zip.eachEntry()) {
      bytes += part.uncompressedSize
      if (bytes > most.bytes || parts.length >= most.parts) throw tooLarge
      if (part.isEncrypted()) throw broken
      parts.push(part)
    }
    if (!parts.some((part) => part.fileName === 'xl/workbook.xml')) throw broken
    for (const part of parts) {
      if (part.fileName.endsWith('/')) continue
      const stream = await zip.openReadStreamPromise(part)
      for await (const _chunk of stream);
    }
  } catch (error) {
    throw error instanceof ImportRefusal ? error : broken
  } finally {
    zip.close()
  }
}

type Answer =
  | { readonly rows: Cell[][]; readonly first: number; readonly total: number }
  | { readonly end: true }
  | { readonly error: 'sheet' | 'broken' }

/**
 * Rows of one sheet: the one the mapping names, else the first that is shown.
 * @param onSheet told which it is
 * @throws ImportRefusal where it cannot be read within the bounds
 */
export async function* workbookRows(
  path: string,
  mapping: Mapping,
  header: Header,
  onRows: (done: number, total: number) => void = () => undefined,
  onSheet: (sheet: Sheet) => void = () => undefined,
): AsyncGenerator<Row> {
  await checkWorkbook(path)
  const noSheet = new ImportRefusal({
    zh: `工作簿里没有工作表“${mapping.sheet}”。`,
    en: `The workbook has no sheet “${mapping.sheet}”.`,
  })
  const sheet = await sheetOf(path, mapping.sheet).catch(() => {
    throw broken
  })
  if (!sheet) throw mapping.sheet === undefined ? broken : noSheet
  onSheet(sheet)
  const worker = new Worker(new URL('./workbook.worker.ts', import.meta.url), {
    workerData: { path, sheet: sheet.name },
    resourceLimits: { maxOldGenerationSizeMb: most.workerMegabytes },
    execArgv: [],
  })
  const timer = setTimeout(() => void worker.terminate(), most.seconds * 1_000)
  const merging = new Merging(sheet.merged)
  try {
    for (;;) {
      const answer = await answerOf(worker)
      clearTimeout(timer)
      if ('error' in answer) throw answer.error === 'broken' ? broken : noSheet
      if ('end' in answer) break
      for (const [at, own] of answer.rows.entries()) {
        const number = answer.first + at
        const { cells, spread } = merging.take(number, own)
        // A row that is only the lower half of merged cells is no row of its own.
        if (own.every((cell) => cell === null || cell === '')) continue
        const faulty = sheet.broken.get(number) ?? []
        if (faulty.length > 0 && Object.values(header.likely ?? {}).some((index) => faulty.includes(index + 1))) {
          yield* header.reject(number, 'formula', cells)
        } else yield* header.take(number, cells, number <= headerWithin * 2 ? spread : cells)
      }
      onRows(answer.first + answer.rows.length, answer.total)
      worker.postMessage('next')
    }
    yield* header.end()
  } finally {
    clearTimeout(timer)
    await worker.terminate()
  }
}

/**
 * Gives every row of merged cells what stands in their upper left. Down only: what is merged over several columns of a message would
 * else become its answer as well as its text. In a heading it stands above each of its columns, which is what `spread` has.
 */
class Merging {
  readonly #waiting: Merged[]
  #open: { readonly merged: Merged; readonly value: Cell }[] = []

  constructor(merged: readonly Merged[]) {
    this.#waiting = merged.toReversed()
  }

  take(row: number, own: readonly Cell[]): { cells: Cell[]; spread: Cell[] } {
    for (let next = this.#waiting.at(-1); next && next.top <= row; next = this.#waiting.at(-1)) {
      this.#waiting.pop()
      if (next.top === row) this.#open.push({ merged: next, value: own[next.left - 1] ?? null })
    }
    this.#open = this.#open.filter(({ merged }) => merged.bottom >= row)
    const cells = [...own]
    for (const { merged, value } of this.#open) if (merged.left <= own.length) cells[merged.left - 1] = value
    const spread = [...cells]
    for (const { merged, value } of this.#open) {
      for (let at = merged.left; at <= Math.min(merged.right, own.length); at += 1) spread[at - 1] = value
    }
    return { cells, spread }
  }
}

/** The next answer; a worker that ends by itself ran out of memory or time. */
async function answerOf(worker: Worker): Promise<Answer> {
  const waiting = new AbortController()
  try {
    return await Promise.race([
      once(worker, 'message', { signal: waiting.signal }).then(([answer]) => answer as Answer),
      once(worker, 'exit', { signal: waiting.signal }).then(() => {
        throw tooLarge
      }),
    ])
  } catch (error) {
    if (error instanceof ImportRefusal) throw error
    throw (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooLarge : broken
  } finally {
    waiting.abort()
  }
}
