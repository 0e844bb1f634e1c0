import { write, writeSync } from 'node:fs'
import pino, { type Logger } from 'pino'

/** Characters that may wait to be written; beyond them lines are left out. */
const mostWaiting = 4_000_000

export interface Lines {
  write(line: string): void
  /** Writes what waits, at once and without a second try: for the end of the process. */
  flush(): void
}

let standardOutput: Lines | null = null

/** The log of this process: JSON lines on standard output. */
export function openLog(level: string): Logger {
  if (standardOutput === null) {
    standardOutput = linesTo(1)
    process.once('exit', standardOutput.flush)
  }
  return pino({ level, base: null }, standardOutput)
}

/**
 * Lines written beside the work, so that no request waits for the disk. What cannot be written (a full disk, a reader who is gone) is
 * left out, and neither the work nor the end of the process waits for it; pino's own destination tries again without end.
 */
export function linesTo(descriptor: number): Lines {
  let waiting = ''
  let writing: Buffer | null = null

  function next(): void {
    writing = waiting === '' ? null : Buffer.from(waiting)
    waiting = ''
    if (writing !== null) put(writing)
  }

  function put(bytes: Buffer): void {
    write(descriptor, bytes, (error, written) => {
      // A pipe whose reader is slow takes the rest in a moment.
      if (error?.code === 'EAGAIN') setTimeout(put, 100, bytes).unref()
      else if (!error && written < bytes.length) put(bytes.subarray(written))
      else next()
    })
  }

  return {
    write(line) {
      if (waiting.length + line.length <= mostWaiting) waiting += line
      if (writing === null) next()
    },
    flush() {
      try {
        writeSync(descriptor, waiting)
      } catch {
        // Whoever ends waits for no disk.
      }
      waiting = ''
    },
  }
}
