// A reporter for `npm test`: which tests passed only at their second try, as a JSON list in the file that LINLI_TRIED_AGAIN names.
import { writeFileSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'

export default class TriedAgain implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const file = process.env.LINLI_TRIED_AGAIN
    if (!file) return
    const named = modules.flatMap((module) =>
      [...module.children.allTests()]
        .filter((test) => test.diagnostic()?.flaky)
        .map((test) => `${module.relativeModuleId}: ${test.fullName}`),
    )
    writeFileSync(file, JSON.stringify(named))
  }
}
