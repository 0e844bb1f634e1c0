// Holds connections to a server from a process of its own, since each costs a file of whoever holds it.
import { drippingBody, drippingHeaders, type Held, idle } from '#testing/dripping.ts'

export interface Holding {
  readonly port: number
  readonly kind: 'idle' | 'headers' | 'body'
  readonly count: number
}

/** What the process says each second, and when it was told to end. */
export interface Holds {
  readonly open: number
  readonly ended: number
  readonly said: readonly string[]
}

const kinds = { idle, headers: drippingHeaders, body: drippingBody }

if (process.send) {
  process.once('message', ({ port, kind, count }: Holding) => {
    const held: Held[] = []
    // Not all in one moment: the queue of those who knock is bounded.
    let left = count
    const more = setInterval(() => {
      const next = Math.min(left, 250)
      left -= next
      if (next > 0) held.push(kinds[kind](port, next))
      else clearInterval(more)
    }, 50)
    const sum = (of: (each: Held) => number) => held.reduce((all, each) => all + of(each), 0)
    setInterval(() => {
      const said = [...new Set(held.flatMap((each) => each.said()))]
      process.send?.({ open: sum((each) => each.open()), ended: sum((each) => each.ended()), said } satisfies Holds)
    }, 500)
    process.once('message', () => process.exit(0))
  })
}
