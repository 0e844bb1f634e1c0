/** Where the program reads the time. Rules take a time as an argument; tests put a clock of their own here. */
export interface Clock {
  now(): Date
}

/** The clock of the machine. */
export const systemClock: Clock = { now: () => new Date() }

/** A clock that stands still until it is moved: for tests. */
export interface SettableClock extends Clock {
  /** Puts the clock at a moment. */
  set(moment: Date | string): void
  /** Moves the clock forward by so many milliseconds (backward when negative). */
  advance(milliseconds: number): void
}

/** Makes a clock that stands at `start` until it is moved. */
export function settableClock(start: Date | string): SettableClock {
  let moment = new Date(start).getTime()
  return {
    now: () => new Date(moment),
    set(next) {
      moment = new Date(next).getTime()
    },
    advance(milliseconds) {
      moment += milliseconds
    },
  }
}
