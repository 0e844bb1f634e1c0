import { defineConfig } from 'vitest/config'

const shared = {
  // Two at once suit two cores, and each test file has a database of its own.
  pool: 'forks' as const,
  testTimeout: 20_000,
  hookTimeout: 60_000,
}

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
          ...shared,
          name: 'http',
          include: ['src/**/*.http.test.ts'],
          globalSetup: ['src/testing/setup.ts'],
        },
      },
      {
        test: {
          ...shared,
          name: 'browser',
          include: ['e2e/**/*.browser.test.ts'],
          globalSetup: ['src/testing/setup.ts'],
          // One journey after another: each has a server and a browser to itself.
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
})
