// What `linli verify --receipt` says of a receipt that a resident was given: with the key alone, and beside the database that it came from.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'

const directory = mkdtempSync(join(tmpdir(), 'linli-receipt-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))
const database = await testDatabase({ keep: true })
const server = await testServer(database)
const { file } = requestsOf(server, await makeOrganisation(server))
const receipt = join(directory, 'receipt.tlog-proof')

function verify(...options: string[]): Promise<Record<string, unknown>> {
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: database.databaseUrl,
    LINLI_OWNER_URL: database.ownerUrl,
    LINLI_JOBS_URL: database.jobsUrl,
    LINLI_AUTH_URL: database.authUrl,
    LINLI_SECRET: server.kernel.config.secret.toString('base64'),
    LINLI_DATA: directory,
  }
  const cli = fileURLToPath(new URL('cli.ts', import.meta.url))
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, 'verify', '--json', ...options], { env, timeout: 60_000 }, (error, stdout) => {
      resolve({ code: error?.code ?? 0, ...JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') })
    })
  })
}

test('a receipt is checked by its key alone, and by the register that it came from', async () => {
  const filed = await file({ text: '井盖松了' })
  await server.order()
  await server.kernel.publishing.publish(server.clock.now())
  const text = await (await server.fetch(`/r/${filed.link}/receipt.tlog-proof`)).text()
  writeFileSync(receipt, text)
  const key = (await (await server.fetch('/register/key')).text()).trim()
  expect(await verify('--receipt', receipt, '--key', key)).toMatchObject({
    code: 0,
    ok: true,
    words: true,
    stands: null,
  })
  const here = await verify('--receipt', receipt)
  expect(here).toMatchObject({ code: 0, ok: true, fault: null, words: true, stands: true })

  const altered = join(directory, 'altered')
  writeFileSync(altered, text.replace(/\n[A-Za-z0-9+/]{43}=\n/, `\n${'A'.repeat(43)}=\n`))
  expect(await verify('--receipt', altered, '--key', key)).toMatchObject({
    code: 1,
    ok: false,
    fault: expect.any(String),
  })
  writeFileSync(altered, 'no receipt')
  expect(await verify('--receipt', altered, '--key', key)).toMatchObject({ code: 1, fault: 'it is no receipt' })
  expect(await verify('--receipt', receipt, '--key', 'nonsense')).toMatchObject({ code: 2, ok: false })
  expect(await verify('--receipt', join(directory, 'none'), '--key', key)).toMatchObject({ code: 2, ok: false })
})

test('a later state is held to what somebody has from earlier, by the key alone or with the installation’s own', async () => {
  const [earlier, later] = [join(directory, 'earlier'), join(directory, 'later')]
  const published = async (path: string) => (await server.fetch(`/register/${path}`)).text()
  writeFileSync(earlier, await published('checkpoint'))
  const size = Number((await published('checkpoint')).split('\n')[1])
  await file()
  await server.order()
  await server.kernel.publishing.publish(server.clock.now())
  const way = await published(`consistency/${size}`)
  writeFileSync(later, way)
  const key = (await published('key')).trim()
  const asked = ['--from', earlier, '--consistency', later]
  const newer = Number((await published('checkpoint')).split('\n')[1])
  expect(await verify(...asked, '--key', key)).toEqual({ code: 0, ok: true, fault: null, older: size, newer })
  expect(await verify(...asked)).toMatchObject({ code: 0, ok: true })
  expect(await verify('--from', receipt, '--consistency', later)).toMatchObject({ code: 0, ok: true })
  writeFileSync(later, way.replace(/\n[A-Za-z0-9+/]{43}=\n/, `\n${'A'.repeat(43)}=\n`))
  expect(await verify(...asked)).toMatchObject({ code: 1, ok: false, fault: 'the two are not of one register' })
  expect(await verify('--from', earlier)).toMatchObject({ code: 2, ok: false })
  expect(await verify('--consistency', later)).toMatchObject({ code: 2, ok: false })
})

test('a row removed behind the application’s back: the receipt stays genuine and says so, the whole register too', async () => {
  expect(await verify()).toMatchObject({ code: 0, ok: true })
  await server.superuser.query(`set session_replication_role = replica;
    delete from ledger.act where id = (select act from ledger.entry order by place desc limit 1);
    set session_replication_role = origin`)
  const place = Number(await server.one('select place from ledger.head'))
  expect(await verify()).toMatchObject({ code: 1, ok: false, firstBroken: place })
  expect(await verify('--receipt', receipt)).toMatchObject({ code: 1, ok: false, fault: null, stands: false })
})
