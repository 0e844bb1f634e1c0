// The witness as it runs on another machine: its own process, over HTTP, against a real server; and registers that lie to it.
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { newId } from '#kernel/database/identifiers.ts'
import { transaction } from '#kernel/database/index.ts'
import { recordMany } from '#kernel/ledger/index.ts'
import {
  isSignedBy,
  parseNote,
  primitives,
  rootOf,
  sha256,
  signerOf,
  type VerifierKey,
  witnessKey,
  writeCheckpoint,
  writeKey,
  writeNote,
} from '#kernel/tree/index.ts'
import { testDatabase } from '#testing/database.ts'
import { testServer } from '#testing/server.ts'

const directory = mkdtempSync(join(tmpdir(), 'linli-witness-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))
const cli = fileURLToPath(new URL('cli.ts', import.meta.url))

interface Told {
  code: number
  ok: boolean
  key: string
  size: number
  cosigned: boolean
  finding: string | null
  places: [number, number] | null
  evidence: string
  error?: string
}

function witness(url: string, data: string, ...more: string[]): Promise<Told> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [cli, 'witness', url, '--data', join(directory, data), '--json', ...more],
      { timeout: 60_000 },
      (error, stdout) => {
        const code = typeof error?.code === 'number' ? error.code : 0
        resolve({ code, ...JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') })
      },
    )
  })
}

// Its key is known before the server starts, as it would be told.
const nobody = await witness('http://127.0.0.1:9', 'committee')
const committee = JSON.parse(readFileSync(join(directory, 'committee', 'key.json'), 'utf8')) as {
  name: string
  seed: string
}
const known = signerOf(committee.name, Buffer.from(committee.seed, 'base64'), 'cosignature')
const server = await testServer(await testDatabase({ keep: true }), { witnesses: [known.key], limitFactor: 100 })
const url = server.address

/** So many acts more, in order and published. */
async function grow(count: number): Promise<void> {
  await transaction(server.kernel.jobsDatabase, (_sql, client) =>
    recordMany(
      { client, now: server.clock.now(), actor: { person: null } },
      Array.from({ length: count }, () => ({ kind: 'lamp.lit', record: newId(), path: null })),
    ),
  )
  await server.order()
  await server.kernel.publishing.publish(server.clock.now())
}
/** As whoever holds the disk could; undone by the statement given. */
async function tampered(statement: string, undo: string, work: () => Promise<void>): Promise<void> {
  const asleep = (text: string) =>
    server.superuser.query(`set session_replication_role = replica; ${text}; set session_replication_role = origin`)
  await asleep(statement)
  await work()
  await asleep(undo)
}

test('nobody there: told so, nothing signed; the key that was made is readable by its owner alone', () => {
  expect(nobody).toMatchObject({ code: 1, ok: false, error: expect.stringContaining('did not answer') })
  expect(statSync(join(directory, 'committee', 'key.json')).mode & 0o077).toBe(0)
})

test('nothing published yet, then cosigned; and again when the register has gone on', async () => {
  expect(await witness(url, 'committee')).toMatchObject({ code: 0, ok: true, size: 0, cosigned: false })
  await grow(3)
  const first = await witness(url, 'committee')
  expect(first).toMatchObject({ code: 0, ok: true, size: 3, cosigned: true, finding: null })
  expect(witnessKey(first.key)).toEqual(known.key)
  await grow(700)
  expect(await witness(url, 'committee')).toMatchObject({ ok: true, size: 703, cosigned: true })
  const note = parseNote(await (await server.fetch('/register/checkpoint')).text())
  expect(note && isSignedBy(primitives, note, known.key)).toBe(true)
  expect(await (await server.fetch('/register')).text()).toContain(committee.name)
})

test('a witness that is not known here sees as much, is told so, and prints the key to be told', async () => {
  const stranger = await witness(url, 'stranger')
  expect(stranger).toMatchObject({ code: 0, ok: true, size: 703, cosigned: false })
  expect(witnessKey(stranger.key)).not.toBeNull()
})

test('a removed row and a rewritten one are found, with where they are and what shows it; nothing is signed', async () => {
  await witness(url, 'committee')
  const act = (place: number) => `(select act from ledger.entry where place = ${place})`
  await tampered(
    `create table removed as select * from ledger.act where id = ${act(300)}; delete from ledger.act where id = ${act(300)}`,
    'insert into ledger.act select * from removed; drop table removed',
    async () => {
      const found = await witness(url, 'committee')
      expect(found).toMatchObject({ code: 1, ok: false, cosigned: false, finding: 'entry', places: [257, 512] })
      expect(readFileSync(found.evidence, 'utf8')).toMatch(/"status": 410[\s\S]*300/)
    },
  )
  await tampered(
    `update ledger.act set kind = 'lamp.out' where id = ${act(20)}`,
    `update ledger.act set kind = 'lamp.lit' where id = ${act(20)}`,
    async () => {
      const found = await witness(url, 'committee')
      expect(found).toMatchObject({ code: 1, finding: 'entry', places: [1, 256] })
      expect(existsSync(found.evidence)).toBe(true)
    },
  )
  // In the part that no tile holds yet.
  await tampered(
    `update ledger.act set kind = 'lamp.out' where id = ${act(702)}`,
    `update ledger.act set kind = 'lamp.lit' where id = ${act(702)}`,
    async () =>
      expect(await witness(url, 'committee')).toMatchObject({ code: 1, finding: 'entry', places: [513, 703] }),
  )
  expect(await witness(url, 'committee')).toMatchObject({ code: 0, ok: true, size: 703 })
})

/** A register of this test that serves what it is told. */
async function liar(listen: RequestListener): Promise<{ url: string; close: () => void }> {
  const lying = createServer(listen)
  await new Promise<void>((resolve) => lying.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(lying.address() as AddressInfo).port}`, close: () => lying.close() }
}

test('two checkpoints that do not agree, another key, and what is no checkpoint are named', async () => {
  const signer = signerOf('register.example', new Uint8Array(32).fill(3))
  const leaves = (count: number, salt: string) =>
    Array.from({ length: count }, (_, index) => sha256(Buffer.from(`${salt} ${index}`)))
  let shown = leaves(3, 'one')
  let told: VerifierKey = signer.key
  let checkpoint: string | null = null
  // An address that asks for much is told to wait, and waits.
  let busy = 1
  let broken = false
  const { url: lying, close } = await liar((request, answer) => {
    if (broken) {
      answer.writeHead(503).end()
      return
    }
    if (request.url?.startsWith('/register/tile/') && busy-- > 0) {
      answer.writeHead(429, { 'Retry-After': '1' }).end()
      return
    }
    const text = writeCheckpoint({ origin: signer.key.name, size: shown.length, root: rootOf(sha256, shown) })
    if (request.url === '/register/key') answer.end(`${writeKey(sha256, told)}\n`)
    else if (request.url === '/register/checkpoint')
      answer.end(checkpoint ?? writeNote({ text, signatures: [signer.sign(text)] }))
    else if (request.url?.startsWith('/register/tile/0/000')) answer.end(Buffer.concat(shown))
    else answer.writeHead(404).end()
  })
  try {
    const look = () => witness(lying, 'deceived')
    expect(await look()).toMatchObject({ ok: true, size: 3, cosigned: false })
    shown = leaves(3, 'other')
    const forked = await look()
    expect(forked).toMatchObject({ code: 1, finding: 'fork', size: 3 })
    // Both checkpoints, with their signatures: that is what a third party needs.
    const evidence = JSON.parse(readFileSync(forked.evidence, 'utf8')) as { seen: string; now: string }
    for (const each of [evidence.seen, evidence.now]) {
      const note = parseNote(each)
      expect(note && isSignedBy(primitives, note, signer.key)).toBe(true)
    }
    // Shown to others under another address it is the same register by its key.
    const elsewhere = lying.replace('127.0.0.1', 'localhost')
    expect(await witness(elsewhere, 'deceived')).toMatchObject({ code: 1, finding: 'fork', cosigned: false })
    shown = leaves(5, 'other')
    expect(await look()).toMatchObject({ code: 1, finding: 'fork', size: 5 })
    shown = leaves(2, 'other')
    expect((await look()).finding).toMatch(/fork|entry/)
    shown = leaves(5, 'one')
    expect(await look()).toMatchObject({ code: 0, ok: true, size: 5 })
    broken = true
    expect(await look()).toMatchObject({ code: 1, error: expect.stringContaining('503') })
    broken = false
    checkpoint = 'nonsense'
    expect(await look()).toMatchObject({ code: 1, finding: 'no-checkpoint' })
    checkpoint = null
    told = signerOf('register.example', new Uint8Array(32).fill(4)).key
    expect(await look()).toMatchObject({ code: 1, finding: 'other-key' })
    expect(await witness(lying, 'deceived', '--key', writeKey(sha256, told))).toMatchObject({ code: 2 })
  } finally {
    close()
  }
})

test('what was seen is not begun anew in silence where its file is broken', async () => {
  const file = join(directory, 'stranger', `seen-${new URL(url).host.replace(':', '-')}.json`)
  writeFileSync(file, '{"key":')
  expect(await witness(url, 'stranger')).toMatchObject({ code: 6, ok: false })
})
