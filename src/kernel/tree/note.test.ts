import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hashLeaf, rootOf } from './merkle.ts'
import {
  isSignedBy,
  parseCheckpoint,
  parseKey,
  parseNote,
  secondsOf,
  type VerifierKey,
  writeCheckpoint,
  writeKey,
  writeNote,
} from './note.ts'
import { checkReceipt, parsePromise, parseProof, writePromise, writeProof } from './proof.ts'
import { primitives, sha256, signerOf } from './signing.ts'
import { tiledTree } from './tiles.ts'

const seed = (byte: number) => new Uint8Array(32).fill(byte)
const register = signerOf('register.example/one', seed(1))
const other = signerOf('register.example/one', seed(2))
const witness = signerOf('committee.example', seed(3), 'cosignature')
const utf8 = new TextEncoder()

describe('signed notes', () => {
  test('the example that is published with the format', () => {
    const key = parseKey(sha256, 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW') as VerifierKey
    const text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    const line =
      '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n'
    const note = parseNote(`${text}\n${line}`)
    expect(note && isSignedBy(primitives, note, key)).toBe(true)
    expect(note && writeNote(note)).toBe(`${text}\n${line}`)
    expect(note && isSignedBy(primitives, { ...note, text: text.replace('answer', 'reason') }, key)).toBe(false)
    expect(writeKey(sha256, key)).toBe('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW')
  })

  test('a key is told and understood; one whose parts do not belong together is none', () => {
    for (const { key } of [register, witness]) expect(parseKey(sha256, writeKey(sha256, key))).toEqual(key)
    const told = writeKey(sha256, register.key)
    for (const wrong of ['', told.replace('one', 'two'), told.slice(0, -4), `${told}=`, 'a+b+c'])
      expect(parseKey(sha256, wrong), wrong).toBeNull()
  })

  test('another key of the same name signs for nobody else', () => {
    const text = 'a line\n'
    const note = { text, signatures: [other.sign(text)] }
    expect(isSignedBy(primitives, note, other.key)).toBe(true)
    expect(isSignedBy(primitives, note, register.key)).toBe(false)
  })

  test('what is no note is none, whatever it is', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => void parseNote(text)))
    for (const wrong of ['', '\n\n', 'a\n', 'a\n\n', 'a\n\n— b\n', 'a\n\n— b not!\n', 'a\n\n- b AAAAAAAA\n'])
      expect(parseNote(wrong), wrong).toBeNull()
  })
})

describe('checkpoints', () => {
  const checkpoint = { origin: register.key.name, size: 3, root: sha256(utf8.encode('root')) }
  const text = writeCheckpoint(checkpoint)

  test('are written and read', () => {
    expect(parseCheckpoint(text)).toEqual({ ...checkpoint, root: new Uint8Array(checkpoint.root) })
    for (const wrong of ['', 'a\n', 'a\n01\nAAAA\n', text.slice(0, -1), text.replace('\n3\n', '\n-3\n'), `\n${text}`])
      expect(parseCheckpoint(wrong), wrong).toBeNull()
  })

  test('are cosigned at a time, which cannot be changed', () => {
    const line = witness.sign(text, 1_800_000_000)
    expect(secondsOf(line.signature)).toBe(1_800_000_000)
    const note = { text, signatures: [register.sign(text), line] }
    expect(isSignedBy(primitives, note, witness.key)).toBe(true)
    expect(isSignedBy(primitives, note, { ...witness.key, kind: 'note' })).toBe(false)
    const later = Uint8Array.from(line.signature, (byte, at) => (at === 7 ? byte + 1 : byte))
    expect(isSignedBy(primitives, { text, signatures: [{ ...line, signature: later }] }, witness.key)).toBe(false)
  })
})

describe('a receipt', () => {
  const salt = '00'.repeat(16)
  const personal = '{"body":"灯不亮","title":"灯"}'
  const digest = Buffer.from(sha256(new Uint8Array(16), utf8.encode(personal))).toString('hex')
  const act = `{"id":"1","personalDigest":"${digest}"}`
  const leaves = ['first', act, 'third'].map((entry) => hashLeaf(sha256, utf8.encode(entry)))

  async function receiptFile(changes: object = {}, signer = register) {
    const tree = tiledTree(sha256, 3, async () => Buffer.concat(leaves))
    const text = writeCheckpoint({ origin: register.key.name, size: 3, root: rootOf(sha256, leaves) })
    return writeProof({
      receipt: { act, salt, personal, ...changes },
      index: 1,
      path: await tree.inclusion(1, 3),
      checkpoint: writeNote({ text, signatures: [signer.sign(text)] }),
    })
  }
  const check = (file: string) => checkReceipt(primitives, file, register.key)

  test('is written, read and holds, with its words and without', async () => {
    const file = await receiptFile()
    expect(parseProof(file)).toMatchObject({ index: 1, receipt: { act, salt, personal } })
    expect(check(file)).toMatchObject({ fault: null, index: 1, words: true, checkpoint: { size: 3 } })
    expect(check(await receiptFile({ salt: null, personal: null }))).toMatchObject({ fault: null, words: null })
  })

  test('other words, another act, another key, another place are named', async () => {
    expect(check(await receiptFile({ personal: '{"body":"灯亮"}' })).fault).toBe(
      'the words are not those that were registered',
    )
    expect(check(await receiptFile({ salt: '11'.repeat(16) })).fault).toBe(
      'the words are not those that were registered',
    )
    expect(check(await receiptFile({ act: act.replace('"1"', '"2"') })).fault).toBe(
      'the proof does not lead to the root of the checkpoint',
    )
    expect(check(await receiptFile({}, other)).fault).toBe('the checkpoint is not signed by this key')
    const file = await receiptFile()
    expect(check(file.replace('index 1', 'index 0')).fault).toBe(
      'the proof does not lead to the root of the checkpoint',
    )
  })

  test('words without salt, salt without words, and words whose beginning was put into the salt are no receipt', async () => {
    const cut = personal.indexOf('灯不亮')
    const head = Buffer.from(personal.slice(0, cut)).toString('hex')
    for (const changes of [
      { salt: null },
      { personal: null },
      { salt: null, personal: '{"body":"never said"}' },
      { salt: salt + head, personal: personal.slice(cut) },
      { salt: salt + Buffer.from('{').toString('hex'), personal: personal.slice(1) },
      { personal: 'no json' },
      { personal: `${personal} ` },
      { personal: '"text"' },
    ])
      expect(check(await receiptFile(changes)).fault, JSON.stringify(changes)).toBe('it is no receipt')
  })

  test('altered by one character it never holds as another, and what is none is named so', async () => {
    const file = await receiptFile()
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.constantFrom('A', 'b', '0', '\n', '=', ' '), (at, letter) => {
        if (file[at] === letter) return
        const found = check(file.slice(0, at) + letter + file.slice(at + 1))
        // Beneath the checkpoint stand lines of others too, which say nothing of it.
        if (found.fault === null) expect(found).toMatchObject({ index: 1, receipt: { act } })
      }),
      { numRuns: 500 },
    )
    for (const wrong of ['', 'x', file.slice(0, 100), file.replace('c2sp.org', 'c3sp.org'), `\n${file}`])
      expect(check(wrong).fault, wrong).toBe('it is no receipt')
  })

  test('a promise is read as it was written, and is no checkpoint', () => {
    const promise = { origin: register.key.name, leaf: new Uint8Array(32), at: '2026-11-24T00:00:00.000Z' }
    const text = writePromise(promise)
    expect(parsePromise(text)).toEqual(promise)
    expect(parseCheckpoint(text)).toBeNull()
    expect(parsePromise(`${text}more\n`)).toBeNull()
  })
})
