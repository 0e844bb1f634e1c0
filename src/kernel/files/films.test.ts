import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Refusal } from '../http/refusal.ts'
import { box, mp4, webm } from './made.fixture.ts'
import { cleanMp4 } from './mp4.ts'
import { cleanWebm } from './webm.ts'

const refusal = (work: () => unknown): string => {
  try {
    work()
    return 'taken'
  } catch (error) {
    expect(error).toBeInstanceOf(Refusal)
    return (error as Refusal).type
  }
}

describe('MP4', () => {
  test('remarks, places and times go, picture and every offset stay', () => {
    const before = mp4()
    const file = Buffer.from(before)
    expect(cleanMp4(file)).toEqual({ width: 640, height: 480 })
    expect(file.length).toBe(before.length)
    const text = file.toString('latin1')
    expect(before.toString('latin1')).toMatch(/SECRET[\s\S]*PLACE|PLACE[\s\S]*SECRET/)
    expect(text).not.toMatch(/SECRET|PLACE|119\.41/)
    expect(text).toContain('PICTURE-SAMPLES-OF-THE-FILM')
    expect(text.indexOf('PICTURE')).toBe(before.toString('latin1').indexOf('PICTURE'))
    expect(file.includes(Buffer.from('e5000000', 'hex'))).toBe(false)
  })

  test('what is clean stays as it is', () => {
    const once = mp4()
    cleanMp4(once)
    const twice = Buffer.from(once)
    cleanMp4(twice)
    expect(twice.equals(once)).toBe(true)
  })

  test.each<[string, Buffer, string]>([
    ['nothing but a name', box('ftyp', 'isom'), 'file-broken'],
    ['no picture track', mp4({ tracks: ['soun'] }), 'file-broken'],
    ['places in a film in fragments', mp4({ fragmented: true }), 'file-tracks'],
    ['something behind it that is no box', mp4({ tail: Buffer.from('PK\u0003\u0004') }), 'file-broken'],
    ['a box longer than the file', Buffer.concat([mp4(), Buffer.from('7fffffff6d646174', 'hex')]), 'file-broken'],
    ['a box shorter than its head', Buffer.concat([mp4(), Buffer.from('000000026d646174', 'hex')]), 'file-broken'],
    ['cut short', mp4().subarray(0, 300), 'file-broken'],
    ['a hundred thousand boxes', Buffer.concat([mp4(), ...Array(100_000).fill(box('free'))]), 'file-broken'],
    ['two indexes', Buffer.concat([mp4(), mp4()]), 'file-broken'],
  ])('%s is refused', (_, file, type) => {
    expect(refusal(() => cleanMp4(file))).toBe(type)
  })

  test('sample tables that point outside the media are refused, not followed', () => {
    const file = mp4()
    const at = file.lastIndexOf('stco') + 12
    for (const offset of [0, 4, file.length - 3, 0xffffffff]) {
      const altered = Buffer.from(file)
      altered.writeUInt32BE(offset, at)
      expect(refusal(() => cleanMp4(altered))).toBe('file-broken')
    }
  })

  test('whatever bytes are changed, it ends in an answer or a refusal', () => {
    const good = mp4()
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 12 }), (changes) => {
        const file = Buffer.from(good)
        for (const [at, value] of changes) file[at] = value
        expect(['taken', 'file-broken', 'file-tracks']).toContain(refusal(() => cleanMp4(file)))
      }),
      { numRuns: 1000 },
    )
  })
})

describe('WebM', () => {
  test.each([false, true])('remarks go, picture and length stay (open lengths: %s)', (live) => {
    const before = webm({ live })
    const file = Buffer.from(before)
    expect(cleanWebm(file)).toEqual({ width: 640, height: 480 })
    expect(file.length).toBe(before.length)
    const text = file.toString('latin1')
    expect(text).not.toMatch(/SECRET|SSSSSSSS/)
    expect(text.match(/PICTURE-BLOCK/g)).toHaveLength(4)
    const twice = Buffer.from(file)
    cleanWebm(twice)
    expect(twice.equals(file)).toBe(true)
  })

  test.each<[string, Buffer, string]>([
    ['another kind', webm({ docType: 'matroska' }), 'file-type'],
    ['subtitles', webm({ kind: 17 }), 'file-tracks'],
    ['sound alone', webm({ kind: 2 }), 'file-broken'],
    ['cut short', webm().subarray(0, 200), 'file-broken'],
    ['nothing', Buffer.alloc(0), 'file-broken'],
    ['zeros', Buffer.alloc(1000), 'file-broken'],
  ])('%s is refused', (_, file, type) => {
    expect(refusal(() => cleanWebm(file))).toBe(type)
  })

  test('whatever bytes are changed, it ends in an answer or a refusal', () => {
    const good = webm({ live: true })
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 12 }), (changes) => {
        const file = Buffer.from(good)
        for (const [at, value] of changes) file[at] = value
        expect(['taken', 'file-broken', 'file-tracks', 'file-type']).toContain(refusal(() => cleanWebm(file)))
      }),
      { numRuns: 1000 },
    )
  })
})
