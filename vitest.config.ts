import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * What takes longest, longest first. A checkout in which nothing has been tested knows no durations and begins the largest files;
 * a small one that takes minutes would come last, with nothing left to run beside it.
 */
const longest = [
  'src/app/cli.test.ts',
  'src/organise/places/places.country.test.ts',
  'src/app/backup.test.ts',
  'src/kernel/embedded/embedded.test.ts',
  'src/app/start.http.test.ts',
  'src/app/processes.http.test.ts',
  'src/app/crash.http.test.ts',
  'src/app/refusals.http.test.ts',
  'src/app/restore-elsewhere.http.test.ts',
  'src/app/refusals.pages.http.test.ts',
  'src/app/demonstration/demonstration.http.test.ts',
  'src/kernel/http/health.http.test.ts',
  'e2e/pages.browser.test.ts',
  'e2e/desk/screens.browser.test.ts',
  'e2e/desk/acts.browser.test.ts',
  'e2e/lamp.browser.test.ts',
  'e2e/sign-in.browser.test.ts',
  'e2e/desk/typed.browser.test.ts',
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const projects = [...new Set(sorted.map(({ project }) => project))]
    const rank = ({ moduleId, project }: TestSpecification): number => {
      const at = longest.findIndex((path) => moduleId.endsWith(`/${path}`))
      return projects.indexOf(project) * 1_000 + (at < 0 ? longest.length : at)
    }
    return sorted.toSorted((one, other) => rank(one) - rank(other))
  }
}

// Nothing is measured here: a limit only ends what would never end, and a condition is waited for as long as a busy machine needs.
const shared = {
  // Two at once suit two cores, and each test file has a database of its own.
  pool: 'forks' as const,
  testTimeout: 60_000,
  hookTimeout: 180_000,
  expect: { poll: { timeout: 60_000 } },
}

// Files of one process share what they import: loading it again takes longer than most tests. What such a file shares with another
// must hold no database and keep nothing of one.
const sharing = { ...shared, isolate: false, unstubGlobals: true }

/** Files that share a database opened as it is imported: each has a process, and with it a database, of its own. */
const alone = ['src/kernel/sessions/*.test.ts', 'src/kernel/outbox/*.test.ts', 'src/organise/bodies/*.test.ts']

export default defineConfig({
  test: {
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    // One PostgreSQL for whatever runs.
    globalSetup: ['src/testing/setup.ts'],
    projects: [
      {
        test: {
          ...sharing,
          name: 'unit',
          include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts', 'packs/**/*.test.ts', 'docs/**/*.test.ts'],
          exclude: ['src/**/*.http.test.ts', ...alone],
        },
      },
      { test: { ...shared, name: 'alone', include: alone, exclude: ['src/**/*.http.test.ts'] } },
      {
        test: {
          ...sharing,
          name: 'http',
          testTimeout: 120_000,
          include: ['src/**/*.http.test.ts'],
        },
      },
      {
        test: {
          ...sharing,
          name: 'browser',
          include: ['e2e/**/*.browser.test.ts'],
          globalSetup: ['e2e/built.ts'],
          testTimeout: 300_000,
          // A browser on a busy machine now and then loses a click. What passed only at the second try is named at the end of the run.
          retry: 1,
        },
      },
    ],
  },
})
