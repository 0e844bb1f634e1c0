// The commands upon a PostgreSQL of one's own, with files in S3, while its server runs; into another database, with another place for files.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { afterAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { testS3 } from '#testing/s3.ts'
import { testServer } from '#testing/server.ts'
import { visitorOf } from '#testing/visitor.ts'

const cli = fileURLToPath(new URL('./cli.ts', import.meta.url))
const directory = mkdtempSync(join(tmpdir(), 'linli-elsewhere-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))
const s3 = await testS3()
afterAll(() => s3.stop())
const first = await testDatabase({ keep: true })
const second = await testDatabase({ keep: true, bare: true })
const server = await testServer(first, { files: s3.settings })
const organisation = await makeOrganisation(server)
const archive = join(directory, 'whole.linli')
const moved = { ...s3.settings, prefix: 'restored/' }

/** Runs a command with its settings in the environment, as on a machine of its own. */
function linli(database: TestDatabase, files: typeof moved, args: string[], changes: Record<string, string> = {}) {
  const { endpoint, keyId, secret, bucket, prefix } = files
  const env = {
    PATH: process.env.PATH,
    LANG: 'zh_CN.UTF-8',
    DATABASE_URL: database.databaseUrl,
    LINLI_OWNER_URL: database.ownerUrl,
    LINLI_JOBS_URL: database.jobsUrl,
    LINLI_AUTH_URL: database.authUrl,
    LINLI_SECRET: server.kernel.config.secret.toString('base64'),
    LINLI_FILES: `s3://${bucket}/${prefix}`,
    LINLI_S3_ENDPOINT: endpoint,
    LINLI_S3_KEY_ID: keyId,
    LINLI_S3_SECRET: secret,
    LINLI_S3_PATH_STYLE: '1',
    ...changes,
  } as NodeJS.ProcessEnv
  return new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    const child = spawn(process.execPath, [cli, ...args, '--data', join(directory, 'data')], { env })
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk) => (out += chunk))
    child.stderr.on('data', (chunk) => (err += chunk))
    child.once('close', (code) => resolve({ code, out, err }))
  })
}
const lastLine = (out: string) => JSON.parse(out.trim().split('\n').at(-1) ?? '')

test('a database of one’s own and files in S3 come back in another database and another place, whole', {
  timeout: 120_000,
}, async () => {
  const picture = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#2f6b4f' } })
    .jpeg()
    .toBuffer()
  const visitor = visitorOf(server)
  const data = new FormData()
  const typed = {
    form: await visitor.form(),
    page: 'all',
    do: 'send',
    text: '楼下路灯不亮，照片里看得见',
    place: organisation.places.community.id,
    anonymous: 'yes',
  }
  for (const [field, value] of Object.entries(typed)) data.append(field, value)
  data.append('pictures', new Blob([picture as never], { type: 'image/jpeg' }), 'lamp.jpg')
  const answer = await visitor.fetch('/tell', { method: 'POST', body: data, headers: { Accept: 'text/html' } })
  const link = String(answer.headers.get('location')).replace(/\/receipt$/, '')
  const shown = String(/\/r\/[\w-]+\/files\/[0-9a-f-]{36}/.exec(await visitor.page(link))?.[0])
  const bytes = Buffer.from(await (await visitor.fetch(shown)).arrayBuffer())
  expect(bytes.length).toBeGreaterThan(0)

  // The server goes on meanwhile.
  const taken = await linli(first, s3.settings as typeof moved, ['backup', archive, '--json'])
  expect(lastLine(taken.out), taken.err).toMatchObject({ file: archive, lost: 0, files: expect.any(Number) })
  expect(taken.err).toMatch(/备份里没有密钥/)
  expect(lastLine(taken.out).files).toBeGreaterThan(0)

  const restore = ['restore', archive, '--json']
  const wrong = { LINLI_SECRET: Buffer.alloc(32, 9).toString('base64') }
  const refused = await Promise.all([linli(second, moved, restore, wrong), linli(first, moved, restore)])
  expect(refused[0].err).toMatch(/LINLI_SECRET不是这份备份的密钥。没有动任何东西/)
  expect(refused[1].err).toMatch(/这个数据库不是空的，没有动它/)
  expect(refused.map(({ code }) => code)).toEqual([6, 5])
  // Broken off where the files cannot be stored: nobody serves it, and it begins anew.
  const nowhere = await linli(second, { ...moved, endpoint: 'http://127.0.0.1:9' }, restore)
  expect([nowhere.code, nowhere.err]).toEqual([5, expect.stringMatching(/存不进去（files-away）。只恢复了一半/)])
  // Nor with a command that takes the database as it stands.
  for (const args of [['verify'], ['backup', join(directory, 'half.linli')], ['files', 'move']]) {
    const half = await linli(second, moved, args)
    expect([half.code, half.err]).toEqual([5, expect.stringMatching(/只恢复了一半，不能使用/)])
  }
  expect(existsSync(join(directory, 'half.linli'))).toBe(false)
  const restored = await linli(second, moved, restore)
  expect(lastLine(restored.out), restored.err).toMatchObject({
    ok: true,
    rows: lastLine(taken.out).rows,
    files: lastLine(taken.out).files,
    firstBroken: null,
    migrated: [],
  })
  // Nothing lies on this machine: all files went where the settings say.
  expect(readdirSync(join(directory, 'data'))).not.toContain('files')

  const back = await testServer(second, { files: moved, secret: server.kernel.config.secret })
  expect(await visitorOf(back).page(link)).toContain('楼下路灯不亮')
  const again = await back.fetch(shown)
  expect(again.status).toBe(200)
  expect(Buffer.from(await again.arrayBuffer()).equals(bytes)).toBe(true)
  await back.order()
  const verified = await linli(second, moved, ['verify', '--json'])
  expect([verified.code, lastLine(verified.out)]).toEqual([0, expect.objectContaining({ ok: true })])
})
