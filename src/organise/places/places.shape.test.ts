import { describe, expect, test } from 'vitest'
import { type Ring, ringFault, tidyRing } from './places.shape.ts'

const square: Ring = [
  [0, 0],
  [2, 0],
  [2, 2],
  [0, 2],
]

describe('the line around a place', () => {
  test('is told without its first point said again and without points that follow themselves', () => {
    expect(
      tidyRing([
        [0, 0],
        [0, 0],
        [2, 0],
        [2, 2],
        [2, 2],
        [0, 2],
        [0, 0],
      ]),
    ).toEqual(square)
    expect(tidyRing(square)).toEqual(square)
  })

  test.each<[string, Ring, ReturnType<typeof ringFault>]>([
    ['a square', square, null],
    [
      'a triangle',
      [
        [0, 0],
        [2, 0],
        [0, 2],
      ],
      null,
    ],
    [
      'a corner cut in',
      [
        [0, 0],
        [4, 0],
        [4, 4],
        [2, 1],
        [0, 4],
      ],
      null,
    ],
    [
      'a point on a straight edge',
      [
        [0, 0],
        [1, 0],
        [2, 0],
        [2, 2],
        [0, 2],
      ],
      null,
    ],
    [
      'two points',
      [
        [0, 0],
        [2, 0],
      ],
      'ring-too-few',
    ],
    [
      'one line',
      [
        [0, 0],
        [1, 1],
        [2, 2],
      ],
      'ring-too-few',
    ],
    [
      'a bow',
      [
        [0, 0],
        [2, 2],
        [2, 0],
        [0, 2],
      ],
      'ring-crosses-itself',
    ],
    [
      'a corner on another edge',
      [
        [0, 0],
        [4, 0],
        [4, 4],
        [2, 0],
        [0, 4],
      ],
      'ring-crosses-itself',
    ],
    [
      'back on its own line',
      [
        [0, 0],
        [4, 0],
        [2, 0],
        [2, 2],
      ],
      'ring-crosses-itself',
    ],
    [
      'back on its own line at the end',
      [
        [0, 0],
        [2, 2],
        [0, 2],
        [0, -1],
      ],
      'ring-crosses-itself',
    ],
    [
      'twice through one corner',
      [
        [0, 0],
        [2, 2],
        [4, 0],
        [4, 4],
        [2, 2],
        [0, 4],
      ],
      'ring-crosses-itself',
    ],
  ])('%s', (_, ring, fault) => {
    expect(ringFault(ring)).toBe(fault)
  })
})
