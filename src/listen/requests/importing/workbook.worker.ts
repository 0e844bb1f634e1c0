// Reads one sheet in a thread of its own, whose memory is bounded, and hands its rows over as they are asked for.
import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import { readSheet, SheetNotFoundError } from 'read-excel-file/node'

const { path, sheet } = workerData as { path: string; sheet: string | number }
const port = parentPort
if (!port) throw new Error('this runs as a worker')

const slice = 2_000

try {
  // Numbers stay as they are written: long numbers of matters are no quantities.
  const rows = await readSheet<string>(path, sheet, { parseNumber: (text) => text })
  for (let at = 0; at < rows.length; at += slice) {
    port.postMessage({ rows: rows.slice(at, at + slice), first: at + 1, total: rows.length })
    await once(port, 'message')
  }
  port.postMessage({ end: true })
} catch (error) {
  port.postMessage({ error: error instanceof SheetNotFoundError ? 'sheet' : 'broken' })
}
port.close()
