import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEncryption, newToken } from '../encryption/index.ts'
import { bounceAddress, replyAddress, replyToken } from '../mailbox/index.ts'
import { tellingPath } from '../telling/index.ts'
import { asWritten, withoutSecretLinks } from './index.ts'

const encryption = createEncryption(Buffer.alloc(32, 7))
const id = '019a0000-0000-7000-8000-000000000001'
const intake = { address: 'tell@in.linli.example', place: '321003' }
const short = () => randomBytes(16).toString('base64url')
const host = fc.constantFrom('https://linli.example', 'http://127.0.0.1:3000', 'linli.example', '')

/** A secret of each kind, as it is made, and an address that holds it. */
const secret = fc
  .tuple(host, fc.constantFrom('', '/receipt', '?lang=en', '/receipt?x=1#y', '.'), fc.nat(8))
  .map(([at, behind, kind]): { secret: string; address: string } => {
    const made: readonly (() => readonly [string, (token: string) => string])[] = [
      () => [newToken(), (token: string) => `${at}/r/${token}${behind}`],
      () => [short(), (token: string) => `${at}/r/${token}${behind}`],
      () => [short(), (token: string) => `${at}/j/${token}${behind}`],
      () => [newToken(), (token: string) => `${at}/calendar/${token}.ics`],
      () => [newToken(), (token: string) => `${at}/invitation/${token}`],
      () => [newToken(), (token: string) => `${at}/staff/sign-in/anew/${token}`],
      () => [
        tellingPath(encryption, { purpose: 'record', owner: id }).slice('/news/'.length),
        (text: string) => `${at}/news/${text}`,
      ],
      () => [replyToken(encryption, id, 'ming@example.org'), (token: string) => replyAddress(intake, token)],
      () => [
        bounceAddress(encryption, intake, id).slice('tell+b-'.length).replace(/@.*/, ''),
        (text: string) => `tell+b-${text}@in.linli.example`,
      ],
    ]
    const [token, addressOf] = made[kind]?.() ?? ['', (text: string) => text]
    return { secret: token, address: addressOf(token) }
  })
/** As programs carry an address along. */
const carried = fc.constantFrom<(address: string) => string>(
  (address) => address,
  (address) => `<${address}>`,
  (address) => `"${address}"`,
  (address) => `[${address}]`,
  (address) => `> ${address}`,
  (address) => `https://safe.example/?url=${encodeURIComponent(address)}&data=1`,
  (address) => `https://safe.example/?url=${encodeURIComponent(encodeURIComponent(address))}`,
  (address) => `mailto:${address}`,
  (address) => address.replace(/.{30}/g, '$&\n> '),
  (address) => address.replace(/.{40}/g, '$&=\r\n'),
  (address) => [...address].join('\u200b'),
)
const words = fc.constantFrom(
  '三楼',
  '灯不亮。',
  'Yes, the third floor',
  '电话 13900000001',
  'https://example.org/r/x',
  '> quoted',
  '（见',
  '',
  'a@example.org',
)
const bare = (text: string) => text.replace(/[\s>=\u200b]/g, '')

describe('our own secret links', () => {
  test('never stand in what is kept, however a program brings them along; what stands around them stays', () => {
    fc.assert(
      fc.property(
        words,
        fc.constantFrom(' ', '\n', '\n> ', '：', '（'),
        secret,
        carried,
        words,
        (first, between, one, how, last) => {
          const kept = withoutSecretLinks(`${first}${between}${how(one.address)}\n${last}`, 'en')
          expect(bare(kept)).not.toContain(bare(one.secret))
          expect(bare(decodeURIComponent(kept))).not.toContain(one.secret.slice(0, 22))
          expect(kept).toContain('[link taken out]')
          expect(kept.startsWith(first)).toBe(true)
          expect(kept.endsWith(last)).toBe(true)
          expect(withoutSecretLinks(kept, 'en')).toBe(kept)
        },
      ),
      { numRuns: 500 },
    )
  })

  test('of several each is taken out, and it is said in the language asked for', () => {
    const two = `一 https://linli.example/r/${newToken()}，二 https://linli.example/j/${short()}。`
    expect(withoutSecretLinks(two, 'zh-CN')).toBe('一 ［链接已略去］，二 ［链接已略去］。')
    expect(asWritten({ text: two, deep: [two] }, 'en').deep).toEqual(['一 [link taken out]，二 [link taken out]。'])
  })

  test('words joined to the end of one do not save it', () => {
    const token = newToken()
    expect(withoutSecretLinks(`http://a.example/r/${token}and more`, 'en')).toBe('[link taken out] more')
  })
})

test.each([
  'https://linli.example/raised/1000015',
  'https://linli.example/places/321003/data',
  'https://example.org/news/a-long-name-of-an-article-about-street-lamps-in-town',
  'https://example.org/calendar/summer-concerts-in-the-park-2026-opening-evening',
  'https://www.reddit.com/r/streetlights/comments/abc',
  '三/r/四',
  'tell+321003@in.linli.example',
  `https://linli.example/register/entries/12/${'ab'.repeat(32)}`,
])('%s is no secret and stays', (text) => {
  expect(withoutSecretLinks(text, 'en')).toBe(text)
})

test('whatever else somebody writes stays as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      expect(withoutSecretLinks(text, 'en')).toBe(text)
    }),
  )
})

test('marks of direction are taken out at every depth', () => {
  const marks = '\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069'
  expect(asWritten({ a: [`1${marks}39`], b: Buffer.from('x') }, 'en')).toEqual({ a: ['139'], b: Buffer.from('x') })
})

test('a form still says on which page of ours it stood; as what somebody says, the same is a secret', () => {
  const back = `/r/${newToken()}?done=judge`
  expect(asWritten({ back, text: back }, 'en')).toEqual({ back, text: '[link taken out]' })
  expect(asWritten({ back: `https://linli.example${back}` }, 'en')).toEqual({ back: '[link taken out]' })
})
