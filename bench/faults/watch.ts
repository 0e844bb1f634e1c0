// Somebody who opens a page and somebody who tells something, again and again while a fault lasts: what they saw, and for how long.
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Stage } from './fault.ts'
import { ask, communityCode, filing, refusalIn, secretaryOf } from './people.ts'
import { withSuperuser } from './site.ts'

export interface Watch {
  /** The place about which something is told. */
  readonly place: string
  /**
   * Ends it, and holds that nothing but these statuses was answered and that what was acknowledged is there once.
   * @returns milliseconds of the longest answer
   */
  end(allowed?: readonly string[]): Promise<number>
}

/**
 * Begins to watch.
 * @param data where the PostgreSQL lies that the server uses
 * @param pause milliseconds between two of the same person
 */
export async function watch(stage: Stage, address: string, data: string, pause = 150): Promise<Watch> {
  const { place } = await secretaryOf(address, data)
  /** Answers by kind and status; `none` where no answer came. */
  const statuses: Record<string, number> = {}
  /** Texts that were acknowledged, with the ids they were given. */
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
  return {
    place,
    async end(allowed = ['200', '201', '503']) {
      going = false
      await all
      holdStatuses(stage, statuses, allowed)
      await holdFiled(stage, data, filed)
      return longest
    },
  }
}

/** Only these statuses were seen. */
function holdStatuses(stage: Stage, statuses: Readonly<Record<string, number>>, allowed: readonly string[]): void {
  const others = Object.keys(statuses).filter((name) => !allowed.includes(name.split(' ')[1] ?? ''))
  stage.hold(`nothing but ${allowed.join(', ')} was answered`, others.length === 0, JSON.stringify(statuses))
}

/** Each text that was acknowledged stands there once. */
async function holdFiled(stage: Stage, data: string, filed: ReadonlyMap<string, string>): Promise<void> {
  const rows = await withSuperuser(data, async (client) => {
    const found = await client.query<{ id: string; body: string; times: number }>(
      "select body, min(id::text) as id, count(*)::integer as times from request where body like '路灯不亮 %' group by body",
    )
    return new Map(found.rows.map((row) => [row.body, row]))
  })
  const missing = [...filed].filter(([text, id]) => rows.get(text)?.id !== id)
  const doubled = [...rows.values()].filter(({ times }) => times > 1)
  stage.hold('acknowledged and there', missing.length === 0, `${filed.size - missing.length} of ${filed.size}`)
  stage.hold('doubled', doubled.length === 0, doubled.length)
}
