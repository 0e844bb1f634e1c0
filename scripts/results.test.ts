// What the last run left: every line says what was measured, in what, against what, and on which machine.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const lines = JSON.parse(readFileSync(new URL('../bench/results.json', import.meta.url), 'utf8')) as Record<
  string,
  unknown
>[]

test('every line has its figure, value, unit, target, limit and machine', () => {
  expect(lines.length).toBeGreaterThan(20)
  const number = expect.any(Number)
  for (const line of lines) {
    expect(line).toMatchObject({
      figure: expect.stringMatching(/^[a-z0-9]+([.-][a-z0-9]+)*$/i),
      value: number,
      unit: expect.stringMatching(/\S/),
      machine: expect.stringMatching(/ × .+ GB, .+ Node \d+/),
      busy: number,
      at: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T/),
    })
    expect(line, String(line.figure)).toHaveProperty('target')
    expect(line, String(line.figure)).toHaveProperty('limit')
    for (const bound of [line.target, line.limit]) if (bound !== null) expect(bound).toEqual(number)
    // A target says on which side of it is good.
    expect(line.good, String(line.figure)).toEqual(
      line.target === null ? null : expect.stringMatching(/^at (most|least)$/),
    )
  }
  expect(new Set(lines.map(({ figure }) => figure)).size).toBe(lines.length)
})
