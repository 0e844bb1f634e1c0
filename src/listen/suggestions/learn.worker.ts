// Learns in a thread of its own, whose memory is bounded, so that the pages of this process do not wait for it.
import { parentPort, workerData } from 'node:worker_threads'
import { type Labelled, learn } from './learn.ts'
import { packModel } from './model.bytes.ts'
import type { CategoryNamed } from './taxonomy.ts'
import type { Heard } from './words.ts'

const { categories, labelled, texts } = workerData as {
  categories: CategoryNamed[]
  labelled: Labelled[]
  texts: Heard[]
}
const lesson = learn(categories, labelled, texts)
parentPort?.postMessage(
  lesson && {
    model: packModel(lesson.learned),
    levels: lesson.levels,
    categories: lesson.categories,
    texts: labelled.length + texts.length,
  },
)
