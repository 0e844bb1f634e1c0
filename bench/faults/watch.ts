// Somebody who opens a page and somebody who tells something, again and again while a fault lasts: what they saw, and for how long.
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Stage } from './fault.ts'
import { ask, communityCode, filing, refusalIn } from './people.ts'

export interface Watched {
  /** Answers by kind and status; `none` where no answer came. */
  readonly statuses: Readonly<Record<string, number>>
  /** Texts that were acknowledged, with the ids they were given. */
  readonly filed: ReadonlyMap<string, string>
  /** Milliseconds of the longest answer. */
  readonly longest: number
}

/** Begins to watch. @returns how to end it, with what was seen */
export function watch(stage: Stage, address: string, place: string, pause = 150): () => Promise<Watched> {
  const statuses: Record<string, number> = {}
  const filed = new Map<string, string>()
  let longest = 0
  let going = true
  const count = (name: string) => {
    statuses[name] = (statuses[name] ?? 0) + 1
  }
  const reading = async (): Promise<void> => {
    while (going) {
      const began = performance.now()
      const answer = await ask(address, `/places/${communityCode}`, { headers: { Accept: 'text/html' } }).catch(
        () => null,
      )
      longest = Math.max(longest, performance.now() - began)
      count(`read ${answer?.status ?? 'none'}`)
      if (answer && answer.status >= 500) {
        const said = /<main[^>]*>([\s\S]*?)<\/main>/.exec(answer.text)?.[1] ?? answer.text
        stage.saw(
          `page ${answer.status}: ${said
            .replace(/<[^>]+>/g, ' ')
            .replace(/Number [\s\S]*/, '')
            .replace(/\s+/g, ' ')
            .trim()}`,
        )
      }
      await sleep(pause)
    }
  }
  const telling = async (): Promise<void> => {
    let key = randomUUID()
    let text = `路灯不亮 ${key}`
    while (going) {
      const began = performance.now()
      const answer = await ask(address, '/api/requests', { body: filing(place, text), key }).catch(() => null)
      longest = Math.max(longest, performance.now() - began)
      count(`tell ${answer?.status ?? 'none'}`)
      if (answer?.status === 201) {
        filed.set(text, String(answer.body.id))
        key = randomUUID()
        text = `路灯不亮 ${key}`
      } else if (answer) stage.saw(`${refusalIn(answer)} (Retry-After ${answer.headers.get('retry-after')})`)
      await sleep(pause)
    }
  }
  const all = Promise.all([reading(), telling()])
  return async () => {
    going = false
    await all
    return { statuses, filed, longest }
  }
}

/** Only these statuses were seen. */
export function holdStatuses(stage: Stage, { statuses }: Watched, allowed: readonly string[]): void {
  const others = Object.keys(statuses).filter((name) => !allowed.includes(name.split(' ')[1] ?? ''))
  stage.hold(`nothing but ${allowed.join(', ')} was answered`, others.length === 0, JSON.stringify(statuses))
}
