/**
 * Lets several matters go on at once upon the one connection, so that program and database work at the same time. Of one matter
 * everything happens in order; what concerns others waits for all before it, and all after it wait.
 */
export class Turns {
  readonly #underWay = new Map<string, Promise<void>>()

  async take(key: string, alone: boolean, work: () => Promise<void>): Promise<void> {
    if (alone) await this.all()
    else if (this.#underWay.size >= 8) await Promise.race(this.#underWay.values())
    const before = this.#underWay.get(key)
    const turn = (before ?? Promise.resolve()).then(work).then(() => {
      if (this.#underWay.get(key) === turn) this.#underWay.delete(key)
    })
    // Met where it is awaited.
    turn.catch(() => undefined)
    this.#underWay.set(key, turn)
    if (alone) await turn
  }

  /** @throws what stopped one of them */
  async all(): Promise<void> {
    await Promise.all(this.#underWay.values())
  }

  async settle(): Promise<void> {
    await Promise.allSettled(this.#underWay.values())
  }
}
