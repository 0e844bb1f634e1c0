import { defineConfig } from 'vitest/config'

// Nothing is measured here: a limit only ends what would never end, and a condition is waited for as long as a busy machine needs.
const shared = {
  // Two at once suit two cores, and each test file has a database of its own.
  pool: 'forks' as const,
  testTimeout: 60_000,
  hookTimeout: 180_000,
  expect: { poll: { timeout: 60_000 } },
}

// Files of one process share what they import where each starts the server: loading it again takes longer than most tests. What
// such a file shares with another must hold no database.
const sharing = { ...shared, isolate: false }

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts', 'packs/**/*.test.ts', 'docs/**/*.test.ts'],
          exclude: ['src/**/*.http.test.ts'],
          globalSetup: ['src/testing/setup.ts'],
        },
      },
      {
        test: {
          ...sharing,
          name: 'http',
          testTimeout: 120_000,
          include: ['src/**/*.http.test.ts'],
          globalSetup: ['src/testing/setup.ts'],
        },
      },
      {
        test: {
          ...sharing,
          name: 'browser',
          include: ['e2e/**/*.browser.test.ts'],
          globalSetup: ['e2e/built.ts', 'src/testing/setup.ts'],
          testTimeout: 300_000,
        },
      },
    ],
  },
})
