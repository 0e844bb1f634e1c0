import type { Sentence } from '#kernel/config/index.ts'

/** Why the embedded PostgreSQL cannot be had, in a sentence. `busy`: another process has it. */
export class EmbeddedRefusal extends Error {
  readonly sentence: Sentence
  readonly busy: boolean

  constructor(sentence: Sentence, busy = false) {
    super(`${sentence.zh}\n${sentence.en}`)
    this.name = 'EmbeddedRefusal'
    this.sentence = sentence
    this.busy = busy
  }
}
