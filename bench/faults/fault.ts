// A fault of the campaign: what goes wrong, what has to hold all the same, what people saw meanwhile, and how long it took.
import { loadavg } from 'node:os'
import { root } from '../context.ts'
import { machine, note } from '../figures.ts'

/** One thing that has to hold, and what was found. */
export interface Held {
  readonly what: string
  readonly value: string | number | boolean
  readonly ok: boolean
}

/** What a fault came to: one line of bench/faults.json. */
export interface Told {
  readonly fault: string
  readonly what: string
  readonly ok: boolean
  readonly held: readonly Held[]
  /** What the user saw, as it came over the wire or stood at the terminal. */
  readonly saw: readonly string[]
  /** What this machine did not permit, or what was made smaller for it. */
  readonly limits: readonly string[]
  /** From the end of the fault until it worked again, the longest; null where it never stopped working. */
  readonly secondsUntilAgain: number | null
  /** The most memory of a server's own process, in MB. */
  readonly serverMegabytes: number
  readonly seconds: number
  readonly machine: string
  /** Load average of the last minute: above the number of cores, others were at work too, and times are longer than they need be. */
  readonly busy: number
  readonly at: string
}

/** Where a fault tells what it finds. */
export interface Stage {
  /** Says whether something holds. */
  hold(what: string, ok: boolean, value?: string | number): void
  /** Keeps what a user saw; the same twice is kept once. */
  saw(text: string): void
  limited(text: string): void
  /** Seconds from the end of the fault until it worked again; the longest counts. */
  again(seconds: number): void
  memory(megabytes: number): void
}

export interface Fault {
  readonly name: string
  /** What goes wrong, in a sentence. */
  readonly what: string
  /** Prepares, makes it happen, and tells the stage what held. What it throws is a thing that did not hold. */
  readonly happen: (stage: Stage) => Promise<void>
}

/** Without the number of a refusal, which is another each time, and the directory of this run. */
const plain = (text: string) =>
  text
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '…')
    .replaceAll(`${root}/`, '')
    .trim()

/** Lets one fault happen, and tells what it came to. */
export async function play(fault: Fault): Promise<Told> {
  const held: Held[] = []
  const saw = new Set<string>()
  const limits: string[] = []
  let again: number | null = null
  let memory = 0
  const stage: Stage = {
    hold(what, ok, value) {
      held.push({ what, value: typeof value === 'string' ? plain(value) : (value ?? ok), ok })
      if (!ok) note(`  ${fault.name}: does not hold: ${what} (${value ?? ''})`)
    },
    saw: (text) => saw.add(plain(text).slice(0, 400)),
    limited: (text) => limits.push(text),
    again(seconds) {
      again = Math.max(again ?? 0, seconds)
    },
    memory(megabytes) {
      memory = Math.max(memory, megabytes)
    },
  }
  const began = performance.now()
  try {
    await fault.happen(stage)
  } catch (error) {
    note(String((error as Error).stack))
    stage.hold('it went to its end', false, String((error as Error).message ?? error).slice(0, 600))
  }
  return {
    fault: fault.name,
    what: fault.what,
    ok: held.length > 0 && held.every((each) => each.ok),
    held,
    saw: [...saw],
    limits,
    secondsUntilAgain: again === null ? null : Number((again as number).toFixed(1)),
    serverMegabytes: Math.round(memory),
    seconds: Number(((performance.now() - began) / 1_000).toFixed(1)),
    machine,
    busy: Number((loadavg()[0] ?? 0).toFixed(2)),
    at: new Date().toISOString(),
  }
}
