// Learning at night from what was closed. One process does it: a job is taken by one.
import { Worker } from 'node:worker_threads'
import { transaction } from '#kernel/database/index.ts'
import type { JobQueue } from '#kernel/jobs/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { effectiveCategories } from '#organise/settings/index.ts'
import type { Accuracy } from './accuracy.ts'
import type { Labelled } from './learn.ts'
import { named } from './suggestions.store.ts'
import type { CategoryNamed } from './taxonomy.ts'
import { forgetOthers, madeBetween, placesToLearn, replaceModel, requestsTold } from './training.store.ts'
import type { Heard } from './words.ts'

/** What one place may take. */
const most = { megabytes: 2_000, seconds: 1_200 }
/** A night that was broken off goes on with the places that are still to be learned from. */
const sameNight = 12 * 3_600_000

type Doors = Pick<Kernel, 'jobsDatabase' | 'clock' | 'log'>

/** Learns at every place that has categories of its own. */
export const learnQueue = 'suggestions.learn'

export function suggestionsJobs(kernel: Kernel): JobQueue[] {
  return [
    {
      name: learnQueue,
      cron: '20 3 * * *',
      retries: 2,
      secondsPerTry: 3 * 3_600,
      handle: () => learnAll(kernel).then(() => undefined),
    },
  ]
}

/**
 * Makes the model of every place that has categories of its own, one after the other. A place whose learning fails keeps none: an old
 * one may hold what has been erased since. Returns how many were made.
 */
export async function learnAll(kernel: Doors): Promise<number> {
  const { sql: on } = kernel.jobsDatabase
  const begun = kernel.clock.now()
  const paths = await placesToLearn(on)
  await forgetOthers(on, paths)
  let made = 0
  for (const path of paths) {
    if (await madeBetween(on, path, new Date(begun.getTime() - sameNight), begun)) continue
    try {
      if (await learnAt(kernel, path)) made += 1
    } catch (error) {
      kernel.log.error({ path, error: (error as Error).name }, 'no suggestions could be learned for a place')
      await replaceModel(on, path, begun, null)
    }
  }
  return made
}

/** Learns from the requests of one place. False where there is too little to learn from. */
export async function learnAt(kernel: Pick<Doors, 'jobsDatabase' | 'clock'>, path: string): Promise<boolean> {
  const { sql: on } = kernel.jobsDatabase
  const categories = (await effectiveCategories(on, path)).map(named)
  const level1 = new Map(categories.map((one) => [one.key, one.level1]))
  const labelled: Labelled[] = []
  const texts: Heard[] = []
  for (const { category, ...told } of await requestsTold(on, path)) {
    const level = category === null ? undefined : level1.get(category)
    if (category !== null && level !== undefined) labelled.push({ ...told, level1: level, key: category })
    else texts.push(told)
  }
  const lesson = await inThread({ categories, labelled, texts })
  await transaction(kernel.jobsDatabase, (within) =>
    replaceModel(within, path, kernel.clock.now(), lesson && { ...lesson, rows: labelled.length }),
  )
  return lesson !== null
}

interface Answer {
  readonly model: Uint8Array
  readonly levels: Accuracy
  readonly categories: Accuracy | null
  readonly texts: number
}

/** Learns in a thread of its own. @throws where it takes more memory or time than allowed */
async function inThread(material: {
  categories: CategoryNamed[]
  labelled: Labelled[]
  texts: Heard[]
}): Promise<Answer | null> {
  const worker = new Worker(new URL('./learn.worker.ts', import.meta.url), {
    workerData: material,
    resourceLimits: { maxOldGenerationSizeMb: most.megabytes },
    execArgv: [],
  })
  const timer = setTimeout(() => void worker.terminate(), most.seconds * 1_000)
  try {
    return await new Promise<Answer | null>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
      worker.once('exit', () => reject(new Error('learning was ended')))
    })
  } finally {
    clearTimeout(timer)
    await worker.terminate()
  }
}
