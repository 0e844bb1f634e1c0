/** One sentence in both languages. */
export interface Sentence {
  zh: string
  en: string
}

/**
 * Why something cannot be done, in a sentence for whoever runs the program: without a trace of it. Each room has a kind of its own, by
 * which the roof tells them apart.
 */
export class SpokenRefusal extends Error {
  readonly sentence: Sentence

  constructor(sentence: Sentence) {
    super(`${sentence.zh}\n${sentence.en}`)
    this.name = new.target.name
    this.sentence = sentence
  }
}
