import { expect, test } from 'vitest'
import { enter } from '#kernel/access/index.ts'
import { newId } from '#kernel/database/identifiers.ts'
import { transaction } from '#kernel/database/index.ts'
import { recordMany } from '#kernel/ledger/index.ts'
import {
  checkConsistency,
  checkReceipt,
  hashesOf,
  isConsistent,
  isSignedBy,
  parseCheckpoint,
  parseKey,
  parseNote,
  parsePromise,
  parseProof,
  primitives,
  rootOf,
  sha256,
  signerOf,
  tiledTree,
  tilePath,
  type VerifierKey,
  writeSignature,
} from '#kernel/tree/index.ts'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation, signInResident } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { cosignCheckpoint, readNewest } from './register.api.ts'

const committee = signerOf('committee.example', new Uint8Array(32).fill(7), 'cosignature')
const stranger = signerOf('stranger.example', new Uint8Array(32).fill(8), 'cosignature')
const server = await testServer(await testDatabase({ keep: true }), { witnesses: [committee.key] })
const organisation = await makeOrganisation(server)
const { file } = requestsOf(server, organisation)
const { staff } = organisation
const { publishing } = server.kernel

const text = async (path: string, cookie = '') => {
  const answer = await server.fetch(path, { headers: { Accept: 'text/html', ...(cookie ? { Cookie: cookie } : {}) } })
  return { status: answer.status, text: await answer.text() }
}
const key = async () => parseKey(sha256, (await text('/register/key')).text.trim()) as VerifierKey
const bytes = async (path: string) => Buffer.from(await (await server.fetch(path)).arrayBuffer())
const treeOver = (size: number) => tiledTree(sha256, size, (tile) => bytes(`/register/${tilePath(tile)}`))
const publish = async () => {
  await server.order()
  await publishing.publish(server.clock.now())
  const note = parseNote((await text('/register/checkpoint')).text)
  const checkpoint = note && parseCheckpoint(note.text)
  if (!note || !checkpoint) throw new Error('no checkpoint')
  expect(isSignedBy(primitives, note, await key())).toBe(true)
  return checkpoint
}
/** As whoever holds the disk could. */
async function tamper(statement: string, values: unknown[]): Promise<void> {
  const client = await server.superuser.connect()
  await client.query('set session_replication_role = replica')
  await client.query(statement, values)
  await client.query('set session_replication_role = origin')
  client.release()
}
const actOf = (id: string) =>
  server.one<string>("select id from ledger.act where record = $1 and kind = 'request.file'", [id])

test('told: promised at once with a signature; and with its place a receipt that proves the very words without a network', async () => {
  const filed = await file({ text: '楼下的灯 <b>不亮</b>', title: '灯' })
  const promise = parseNote(filed.registered)
  const promised = promise && parsePromise(promise.text)
  expect(promise && isSignedBy(primitives, promise, await key())).toBe(true)
  expect((await text(`/r/${filed.link}/receipt.tlog-proof`)).status).toBe(409)
  const waiting = await text(`/r/${filed.link}/receipt`)
  expect(waiting.text).toContain('已签名承诺')
  expect(waiting.text).toContain(filed.registered.split('\n')[2] ?? 'no leaf')

  await server.order()
  const receipt = (await text(`/r/${filed.link}/receipt.tlog-proof`)).text
  const checked = checkReceipt(primitives, receipt, await key())
  expect(checked).toMatchObject({ fault: null, words: true })
  if (checked.fault !== null) return
  expect(Buffer.from(checked.leaf)).toEqual(Buffer.from(promised?.leaf ?? []))
  expect(JSON.parse(checked.receipt.personal ?? '')).toEqual({ title: '灯', body: '楼下的灯 <b>不亮</b>' })
  const page = (await text(`/r/${filed.link}/receipt`)).text
  expect(page).toContain(`第 ${checked.index + 1} 条`)
  expect(page).toContain('文件里有您的原话')
  // What is printed as text and as a code is seen by others: it holds no words and no salt.
  const salt = checked.receipt.salt ?? ''
  expect(page).not.toContain(Buffer.from(salt).toString('base64').slice(0, 20))
  // After words are put right, what was registered are still the first ones.
  const post = await server.fetch(`/r/${filed.link}/correct`, {
    method: 'POST',
    body: new URLSearchParams({ title: '灯', text: '门口的灯不亮' }),
  })
  expect(post.status).toBe(303)
  await server.order()
  const later = checkReceipt(primitives, (await text(`/r/${filed.link}/receipt.tlog-proof`)).text, await key())
  expect(later.fault === null && JSON.parse(later.receipt.personal ?? '').body).toBe('楼下的灯 <b>不亮</b>')
})

test('a link that staff handed out proves that it stands, and not the words', async () => {
  const filed = await file({ channel: 'paper' }, staff.secretary)
  await server.order()
  const proof = parseProof((await text(`/r/${filed.link}/receipt.tlog-proof`)).text)
  expect(proof?.receipt).toMatchObject({ salt: null, personal: null })
  expect((await text(`/r/${filed.link}/receipt`)).text).toContain('文件里没有原话')
})

test('after a deletion the salt is gone: the entry still proves itself, and the page says that its words no longer do', async () => {
  const person = await signInResident(server, '13911117777')
  const filed = await file({}, person)
  await server.order()
  const path = `/my/requests/${filed.id}/receipt`
  expect((await text(path, person.cookie)).text).toContain('文件里有您的原话')
  await server.superuser.query('delete from ledger.salt where act = $1', [await actOf(filed.id)])
  expect((await text(path, person.cookie)).text).toContain('盐已随注销删除')
  const proof = (await text(`${path}.tlog-proof`, person.cookie)).text
  expect(checkReceipt(primitives, proof, await key())).toMatchObject({ fault: null, words: null })
})

test('tiles and checkpoints lead anybody to the same roots, and each checkpoint goes on from the one before', async () => {
  await file()
  const older = await publish()
  await transaction(server.kernel.jobsDatabase, (_sql, client) =>
    recordMany(
      { client, now: server.clock.now(), actor: { person: null } },
      Array.from({ length: 600 }, () => ({ kind: 'lamp.lit', record: newId(), path: null })),
    ),
  )
  const newer = await publish()
  expect(newer.size).toBeGreaterThan(older.size + 599)
  // The same as one file, from any size that somebody holds; the checkpoint that they hold is one by itself.
  const held = await text(`/register/checkpoints/${older.size}`)
  const onwards = await text(`/register/consistency/${older.size}`)
  expect(checkConsistency(primitives, held.text, onwards.text, await key())).toMatchObject({
    fault: null,
    older: { size: older.size },
    newer: { size: newer.size },
  })
  for (const none of ['0', '-1', 'x', String(newer.size + 1), '9'.repeat(30)])
    expect((await text(`/register/consistency/${none}`)).status, none).toBe(404)
  // What hangs anywhere on paper says it too: every page that is printed, and for the desk as JSON.
  server.clock.advance(60_000)
  const { body } = await server.call(readNewest, {})
  expect(body).toMatchObject({ newest: { size: newer.size, root: Buffer.from(newer.root).toString('base64') } })
  expect((await text('/')).text).toContain(Buffer.from(newer.root).toString('base64'))
  const tree = treeOver(newer.size)
  expect(Buffer.from(await tree.root(newer.size))).toEqual(Buffer.from(newer.root))
  expect(Buffer.from(await tree.root(older.size))).toEqual(Buffer.from(older.root))
  expect(isConsistent(sha256, older, newer, await tree.consistency(older.size, newer.size))).toBe(true)
  const leaves = hashesOf(await bytes('/register/tile/0/000'))
  expect(Buffer.from(rootOf(sha256, leaves))).toEqual((await bytes('/register/tile/1/000.p/2')).subarray(0, 32))
  // Published again nothing is changed; an earlier one is found by its size.
  expect(await publishing.publish(server.clock.now())).toBeNull()
  expect((await text(`/register/checkpoints/${older.size}`)).text).toContain(`\n${older.size}\n`)
  for (const none of [
    'tile/0/999',
    'tile/9/000',
    'tile/0/000.p/256',
    'checkpoints/1x',
    `checkpoints/${older.size + 1}`,
  ])
    expect((await text(`/register/${none}`)).status, none).toBe(404)
  const page = await text('/register')
  expect(page.text).toContain('谁也抹不掉')
  expect(page.text).toContain((await text('/register/key')).text.trim().split('+').at(-1) ?? 'no key')
})

test('a checkpoint is cosigned by those who are known, for what it is, and the page names them', async () => {
  const { size } = await publish()
  const note = parseNote((await text('/register/checkpoint')).text)
  const seconds = Math.floor(server.clock.now().getTime() / 1000)
  const hand = (line: string, of = size) => server.call(cosignCheckpoint, { body: { size: of, line: line.trim() } })
  const good = writeSignature(committee.sign(note?.text ?? '', seconds))
  expect((await hand(writeSignature(stranger.sign(note?.text ?? '', seconds)))).status).toBe(403)
  expect((await hand(writeSignature(committee.sign('other\n', seconds)))).status).toBe(422)
  expect((await hand(writeSignature(committee.sign(note?.text ?? '', seconds + 3600)))).status).toBe(422)
  expect((await hand(good, size + 1)).status).toBe(404)
  expect((await hand('nonsense')).status).toBe(403)
  expect((await hand(good)).status).toBe(201)
  expect((await hand(good)).status).toBe(201)
  const cosigned = parseNote((await text('/register/checkpoint')).text)
  expect(cosigned && isSignedBy(primitives, cosigned, committee.key)).toBe(true)
  expect((await text('/register')).text).toContain('committee.example')
})

test('a row that was rewritten or removed is seen in the tile, in the receipt and by the code on paper', async () => {
  const one = await file()
  const other = await file()
  await publish()
  const held = (await text(`/r/${one.link}/receipt`)).text
  const code = /第 (\d+) 条/.exec(held)?.[1] ?? ''
  const leaf = Buffer.from(parsePromise(parseNote(one.registered)?.text ?? '')?.leaf ?? []).toString('hex')
  const onPaper = `/register/entries/${code}/${leaf}`
  expect((await text(onPaper)).text).toContain('还在原处')
  expect((await text(`/register/entries/${Number(code) + 1}/${leaf}`)).text).toContain('对不上')

  const tile = (await bytes('/register/checkpoint')).toString().split('\n')[1]
  const last = tilePath({
    level: 0,
    index: Math.floor((Number(tile) - 1) / 256),
    width: ((Number(tile) - 1) % 256) + 1,
  })
  const before = await bytes(`/register/${last}`)
  const act = await actOf(one.id)
  await tamper("update ledger.act set kind = 'request.import' where id = $1", [act])
  expect((await bytes(`/register/${last}`)).equals(before)).toBe(false)
  expect((await text(`/r/${one.link}/receipt`)).text).toContain('办事记录对不上')
  expect((await text(`/r/${one.link}/receipt.tlog-proof`)).status).toBe(410)
  expect((await text(onPaper)).text).toContain('对不上')
  await tamper("update ledger.act set kind = 'request.file' where id = $1", [act])
  expect((await text(onPaper)).text).toContain('还在原处')
  const upper = await server.one<Buffer>('select hashes from ledger.tile where level = 1 and index = 0')
  const setUpper = (hashes: Buffer) =>
    tamper('update ledger.tile set hashes = $1 where level = 1 and index = 0', [hashes])
  await setUpper(upper.subarray(0, 32))
  const broken = await text('/register/consistency/1')
  expect([broken.status, broken.text]).toEqual([410, expect.stringContaining('对不上')])
  await setUpper(upper)

  await tamper('delete from ledger.act where id = $1', [await actOf(other.id)])
  expect((await text(`/r/${other.link}/receipt`)).text).toContain('找不到这件事')
  const gone = await text(`/register/${last}`)
  expect([gone.status, gone.text]).toEqual([410, expect.stringContaining('不见了')])
})

test('the role that serves requests publishes and cosigns nothing, and changes nothing that was published', async () => {
  await publish().catch(() => undefined)
  for (const statement of [
    "insert into ledger.checkpoint (size, root, note, at) select place, root, 'x', now() from ledger.head",
    "insert into ledger.cosignature (size, witness, line, at) values (1, 'x', 'x', now())",
    'update ledger.checkpoint set at = at',
    'delete from ledger.cosignature',
  ]) {
    await expect(
      enter(server.kernel.database, {}, { now: server.clock.now(), language: 'zh-CN' }, (act) =>
        act.client.query(statement),
      ),
      statement,
    ).rejects.toMatchObject({ code: '42501' })
    if (!statement.startsWith('insert'))
      await expect(server.kernel.jobsDatabase.pool.query(statement), statement).rejects.toMatchObject({ code: '42501' })
  }
  // What never was the state of the register is published by nobody.
  await expect(
    server.kernel.jobsDatabase.pool.query(
      "insert into ledger.checkpoint (size, root, note, at) values (3, sha256('other'), 'x', now())",
    ),
  ).rejects.toMatchObject({ code: '42501' })
})
