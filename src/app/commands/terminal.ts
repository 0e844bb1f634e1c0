import type { Sentence } from '#kernel/config/index.ts'

/** What the exit code of a command says. */
export const exitCodes = {
  ok: 0,
  /** The work could not be done, for a reason that is told, or its result is not good. */
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
  /** A setting is wrong. */
  configuration: 3,
  /** The data directory is in use, or the port is taken. */
  busy: 4,
  /** The database is away, too old, newer than the program, or lets nobody in. */
  database: 5,
  /** The data directory cannot be used: read-only, its disk full, keys missing or broken. */
  directory: 6,
  /** Stopped by a signal before it was done. */
  interrupted: 130,
} as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** Ends a command with a sentence and an exit code, without a trace of the program. */
export class CommandRefusal extends Error {
  readonly sentences: Sentence[]
  readonly exitCode: ExitCode

  constructor(exitCode: ExitCode, sentences: Sentence[]) {
    super(sentences.map((sentence) => sentence.en).join('\n'))
    this.name = 'CommandRefusal'
    this.sentences = sentences
    this.exitCode = exitCode
  }
}

const chinese = /^zh/i.test(process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || '')

/** The sentence in the language of the terminal. */
export function inTerminalLanguage(sentence: Sentence): string {
  return chinese ? sentence.zh : sentence.en
}

/** Tells how things go; on standard error, so that standard output holds results alone. */
export function say(sentence: Sentence): void {
  process.stderr.write(`${inTerminalLanguage(sentence)}\n`)
}

/** Tells what is wrong, in both languages: whoever is to mend it may read only one. */
export function complain(sentences: Sentence[]): void {
  const first = chinese ? 'zh' : 'en'
  const second = chinese ? 'en' : 'zh'
  for (const sentence of sentences) process.stderr.write(`${sentence[first]}\n`)
  for (const sentence of sentences) process.stderr.write(`${sentence[second]}\n`)
}

export interface Progress {
  /** So much is done; `total` null where nobody can know it yet. */
  report(done: number, total: number | null): void
  /** Takes the bar away. */
  end(): void
}

/** A bar on a terminal for work that takes over a second; nothing elsewhere. */
export function progressBar(label: Sentence, stream: NodeJS.WriteStream = process.stderr): Progress {
  const start = performance.now()
  let shown = false
  let last = 0
  return {
    report(done, total) {
      const now = performance.now()
      if (!stream.isTTY || now - start < 1_000 || now - last < 100) return
      last = now
      shown = true
      const seconds = ((now - start) / 1_000).toFixed(0)
      const text = inTerminalLanguage(label)
      if (total === null || total <= 0) {
        stream.write(`\r\x1b[K${text} ${done.toLocaleString('en')} · ${seconds} s`)
        return
      }
      const share = Math.min(1, done / total)
      const width = Math.max(10, Math.min(40, (stream.columns ?? 80) - 50))
      const full = Math.round(share * width)
      const bar = '█'.repeat(full) + '░'.repeat(width - full)
      stream.write(`\r\x1b[K${text} ${bar} ${Math.floor(share * 100)}% ${done.toLocaleString('en')} · ${seconds} s`)
    },
    end() {
      if (shown) stream.write('\r\x1b[K')
    },
  }
}

/** The result of a command: with --json one line, the last of standard output; otherwise in words. */
export function result(json: boolean, facts: Record<string, unknown>, words: Sentence): void {
  process.stdout.write(json ? `${JSON.stringify(facts)}\n` : `${inTerminalLanguage(words)}\n`)
}
