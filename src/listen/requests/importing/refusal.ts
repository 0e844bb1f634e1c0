import type { Sentence } from '#kernel/config/index.ts'

/** A file or a mapping that cannot be taken in at all; says why, and what to do, in both languages. */
export class ImportRefusal extends Error {
  readonly sentences: Sentence[]

  constructor(...sentences: Sentence[]) {
    super(sentences.map((sentence) => sentence.en).join('\n'))
    this.name = 'ImportRefusal'
    this.sentences = sentences
  }
}
