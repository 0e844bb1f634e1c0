// The command as an operator runs it: while the server runs on its folder, and then on the bucket.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { afterAll, expect, test } from 'vitest'
import { newToken } from '#kernel/encryption/index.ts'
import { testDatabase } from '#testing/database.ts'
import { testS3 } from '#testing/s3.ts'
import { testServer } from '#testing/server.ts'
import { takeStore } from './commands/store.ts'

const cli = fileURLToPath(new URL('./cli.ts', import.meta.url))
const s3 = await testS3()
afterAll(() => s3.stop())
const database = await testDatabase({ keep: true })
const server = await testServer(database)
const { dataDirectory, secret } = server.kernel.config

const bucket = {
  LINLI_FILES: `s3://${s3.settings.bucket}/${s3.settings.prefix}`,
  LINLI_S3_ENDPOINT: s3.settings.endpoint ?? '',
  LINLI_S3_REGION: s3.settings.region,
  LINLI_S3_KEY_ID: s3.settings.keyId,
  LINLI_S3_SECRET: s3.settings.secret,
  LINLI_S3_PATH_STYLE: '1',
}
function move(args: string[] = [], environment: Record<string, string> = bucket) {
  return new Promise<{ code: number | null; out: Record<string, unknown>; err: string }>((resolve) => {
    const child = spawn(process.execPath, [cli, 'files', 'move', '--json', '--data', dataDirectory, ...args], {
      env: {
        PATH: process.env.PATH,
        LANG: 'C',
        DATABASE_URL: database.databaseUrl,
        LINLI_OWNER_URL: database.ownerUrl,
        LINLI_JOBS_URL: database.jobsUrl,
        LINLI_AUTH_URL: database.authUrl,
        LINLI_SECRET: secret.toString('base64'),
        ...environment,
      },
    })
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk) => (out += chunk))
    child.stderr.on('data', (chunk) => (err += chunk))
    child.once('close', (code) => resolve({ code, out: JSON.parse(out.trim().split('\n').at(-1) || '{}'), err }))
  })
}
async function stored() {
  const bytes = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#2f6b4f' } })
    .png()
    .toBuffer()
  const { files, database } = server.kernel
  const prepared = await files.prepare(Readable.from([bytes]))
  await files.hold({ sql: database.sql, now: server.clock.now() }, newToken(), prepared, 'request')
  return prepared
}

test('files are moved under a running server, taken away once it uses the bucket, and brought back', {
  timeout: 120_000,
}, async () => {
  expect((await move([], {})).err).toContain('LINLI_FILES names no bucket')
  const file = await stored()
  await stored()
  expect(await move()).toMatchObject({ code: 0, out: { ok: true, files: 2, copied: 2, removed: 0, lost: [] } })
  await stored()
  const on = await testServer(database, { files: s3.settings, dataDirectory })
  expect((await on.kernel.files.read(file, { thumbnail: true }))?.bytes).toBeGreaterThan(0)
  expect(await move(['--remove'])).toMatchObject({ code: 0, out: { files: 3, there: 2, copied: 1, removed: 3 } })
  expect(await server.kernel.files.read(file)).toBeNull()
  expect((await on.kernel.files.read(file))?.total).toBe(file.bytes)

  await s3.away()
  const away = await move()
  expect([away.code, away.err]).toEqual([1, expect.stringContaining('S3 does not answer; stopped.')])
  expect(away.out).toMatchObject({ ok: false })
  await s3.back()

  expect(await move(['--back'])).toMatchObject({ code: 0, out: { copied: 3 } })
  expect((await server.kernel.files.read(file))?.total).toBe(file.bytes)
  // In neither place: named, and the exit code says so.
  for (const folder of ['files', 'incoming']) rmSync(join(dataDirectory, folder), { recursive: true, force: true })
  mkdirSync(join(dataDirectory, 'files'))
  await on.kernel.files.discard(file)
  const lost = await move(['--check'])
  expect(lost).toMatchObject({ code: 1, out: { ok: false, files: 3, there: 2, lost: [file.id] } })
  expect(lost.err).toContain(`${file.id} is in neither place`)
  expect(existsSync(join(dataDirectory, 'files'))).toBe(true)

  // The store of another installation is neither moved into nor served from.
  await server.superuser.query('insert into installation (demonstration) values (false)')
  expect(await move()).toMatchObject({ code: 1, out: { ok: false } })
  await takeStore({ ...server.kernel.config, files: s3.settings })
  await server.superuser.query('update installation set id = gen_random_uuid()')
  const refused = await move()
  expect([refused.code, refused.err]).toEqual([3, expect.stringContaining('belongs to another installation')])
  await expect(takeStore({ ...server.kernel.config, files: s3.settings })).rejects.toMatchObject({ exitCode: 3 })
  await s3.away()
  // One that is away keeps nobody from starting.
  await takeStore({ ...server.kernel.config, files: s3.settings })
})
