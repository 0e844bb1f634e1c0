// Acts as they are put together and digested, before any database.
import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newId, timeOfId } from '#kernel/database/identifiers.ts'
import { actsToAppend, canonical, leafHash, personalDigest } from './index.ts'

describe('canonical text', () => {
  const json = fc.jsonValue({ maxDepth: 4 })

  test('means the same as what it was made of', () => {
    // −0 is 0 in JSON.
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  test('does not depend on the order in which a thing was put together', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse())
        expect(canonical(turned)).toBe(canonical(value))
      }),
    )
  })

  test('differs where the meaning differs', () => {
    fc.assert(
      fc.property(json, json, (one, other) => {
        // −0 is 0 in JSON.
        const same = isDeepStrictEqual(JSON.parse(JSON.stringify(one)), JSON.parse(JSON.stringify(other)))
        expect(canonical(one) === canonical(other)).toBe(same)
      }),
    )
  })

  test('is stable under itself, and leaves out what is not there', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonical(JSON.parse(canonical(value)))).toBe(canonical(value))
      }),
    )
    expect(canonical({ b: 1, a: undefined, c: [{ z: null, y: '一' }] })).toBe('{"b":1,"c":[{"y":"一","z":null}]}')
  })

  test('is as RFC 8785 shows it', () => {
    // The numbers and the order of keys of its section 3.2, written here from what the section asks for.
    expect(
      canonical({ '\u20ac': 1e30, '\r': 4.5, '1': 2e-3, '\ud83d\ude00': 1e-27, '\u0080': -0, ö: 333333333.3333333 }),
    ).toBe('{"\\r":4.5,"1":0.002,"\u0080":0,"ö":333333333.3333333,"€":1e+30,"😀":1e-27}')
  })
})

describe('digests', () => {
  test('a leaf is SHA-256 over 0x00 and the canonical text', () => {
    const leaf = {
      id: newId(),
      kind: 'k',
      record: newId(),
      path: null,
      category: null,
      at: '2026-01-01T00:00:00.000Z',
      result: null,
      times: {},
      facts: {},
      actor: null,
      tenure: null,
      personalDigest: null,
    }
    expect(leafHash(leaf)).toEqual(
      createHash('sha256')
        .update(`\0${canonical(leaf)}`)
        .digest(),
    )
  })

  test('personal content proves itself with its salt and says nothing without', () => {
    const words = { text: '楼下路灯不亮' }
    const salt = Buffer.alloc(16, 1)
    expect(personalDigest(salt, words)).toEqual(personalDigest(salt, { ...words }))
    expect(personalDigest(Buffer.alloc(16, 2), words)).not.toEqual(personalDigest(salt, words))
  })
})

test('acts of one moment keep their order, however many they are; those of a later one come behind', () => {
  const now = new Date()
  const facts = Array.from({ length: 5_000 }, () => ({ kind: 'lamp.lit', record: newId(), path: null }))
  const ids = [now, new Date(now.getTime() + 1)].flatMap((moment) =>
    actsToAppend({ now: moment, actor: { person: null } }, facts).map(({ id }) => String(id)),
  )
  const early = ids.findIndex((id, at) => at > 0 && id <= (ids[at - 1] ?? ''))
  expect(early).toBe(-1)
  expect(ids.every((id) => timeOfId(id) !== null)).toBe(true)
})
