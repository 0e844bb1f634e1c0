import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '#kernel/config/index.ts'
import { openForCommand, takeLock } from '#kernel/embedded/index.ts'

const cli = fileURLToPath(new URL('./cli.ts', import.meta.url))
let data = ''
beforeAll(() => {
  data = join(mkdtempSync(join(tmpdir(), 'linli-cli-')), 'data')
})
afterAll(() => rmSync(join(data, '..'), { recursive: true, force: true }))

function linli(args: string[], environment: Record<string, string> = {}) {
  return new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    const child = spawn(process.execPath, [cli, ...args], {
      env: { PATH: process.env.PATH, LINLI_DATA: data, LANG: 'C', ...environment },
    })
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk) => (out += chunk))
    child.stderr.on('data', (chunk) => (err += chunk))
    child.once('close', (code) => resolve({ code, out, err }))
  })
}

describe('the command line', { timeout: 60_000 }, () => {
  test.each([
    [['--help']],
    [['start', '--help']],
    [['serve', '--help']],
    [['import', 'places', '--help']],
    [['import', 'messages', '--help']],
    [['import', 'categories', '--help']],
    [['account', 'first', '--help']],
    [['key', 'create', '--help']],
    [['key', 'list', '--help']],
    [['key', 'revoke', '--help']],
    [['category', 'list', '--help']],
    [['forwarding', 'create', '--help']],
    [['forwarding', 'settle', '--help']],
    [['files', 'move', '--help']],
    [['verify', '--help']],
    [['export', '--help']],
    [['import', 'archive', '--help']],
  ])('explains %s', async (args) => {
    const { code, out } = await linli(args)
    expect(code).toBe(0)
    expect(out).toMatch(/Usage: linli/)
  })

  test.each([
    [['nonsense']],
    [['start', '--nonsense']],
    [['import', 'places', '--under', '3']],
    [['import']],
    [['import', 'messages', 'a.csv']],
    [['import', 'messages', '--place', '321003001']],
    [['import', 'messages', 'a.csv', '--place', '32100']],
    [['import', 'categories', 'a.csv']],
    [['files', 'move', 'there']],
    [['import', 'categories', 'a.csv', '--place', 'here']],
    [['key', 'create', '--name', '示例']],
    [['key', 'revoke', 'it']],
    [['export']],
    [['export', 'a.tar', '--under', '3']],
    [['import', 'archive']],
    [['category', 'list']],
    [['forwarding', 'create', '--name', '示例']],
    [['forwarding', 'deliveries', 'it']],
  ])('ends with 2 on %s', async (args) => {
    const { code, out, err } = await linli(args)
    expect(code).toBe(2)
    expect(out).toBe('')
    expect(err).toMatch(/Usage: linli/)
  })

  test.each([
    [['nonsense'], '没有这个命令：nonsense'],
    [['verify', '--nonsense'], '没有这个选项：--nonsense'],
    [['verify', 'twice'], '多写了一项：twice'],
    [['import', 'messages', 'a.csv'], '缺了必填的选项：--place <code>'],
    [['import', 'messages', 'a.csv', '--place', 'here'], '写法不对：--place <code>'],
    [['account', 'first', '--place', '321003001', '--name', '示例', '--mail', 'nobody'], '写法不对：--mail <address>'],
  ])('says what is wrong with %s in both languages, and with --json as the last line', async (args, zh) => {
    const { code, out, err } = await linli([...args, '--json'])
    expect(code).toBe(2)
    expect(err).toMatch(/^error: /)
    expect(err).toContain(zh)
    expect(JSON.parse(out)).toEqual({ ok: false, error: expect.stringMatching(/^error: /) })
  })

  test('ends with 3 on a wrong setting, and says it in both languages', async () => {
    const { code, err } = await linli(['start', '--port', 'web'], { LINLI_LOG_LEVEL: 'loud' })
    expect(code).toBe(3)
    expect(err).toMatch(/^LINLI_PORT “web” is wrong/)
    expect(err).toMatch(/LINLI_LOG_LEVEL“loud” 不对/)
    expect((await linli(['start'], { LINLI_PORT: 'web', LANG: 'zh_CN.UTF-8' })).err).toMatch(/^LINLI_PORT“web” 不对/)
  })

  test('ends with 4 when the port is taken, names it and starts nothing', async () => {
    const taken = createServer()
    const port = await new Promise<number>((resolve) => {
      taken.listen(0, '127.0.0.1', () => resolve((taken.address() as { port: number }).port))
    })
    const { code, err } = await linli(['start', '--port', String(port)])
    await new Promise((done) => taken.close(done))
    expect(code).toBe(4)
    expect(err).toContain(`Port ${port} is taken`)
    expect(existsSync(join(data, 'postgres'))).toBe(false)
  })

  test('ends with 4 when another process has the data directory, and names it', async () => {
    const lock = takeLock(data)
    const { code, err } = await linli(['start', '--port', '0'])
    lock.release()
    expect(code).toBe(4)
    expect(err).toContain(`another Linli process ${process.pid}`)
  })

  test('ends with 5 when the database is away, without its password', async () => {
    const { code, err, out } = await linli(['verify', '--json'], {
      DATABASE_URL: 'postgres://linli_app:hidden@127.0.0.1:9/linli',
      LINLI_OWNER_URL: 'postgres://linli_owner:hidden@127.0.0.1:9/linli',
      LINLI_JOBS_URL: 'postgres://linli_jobs:hidden@127.0.0.1:9/linli',
      LINLI_AUTH_URL: 'postgres://linli_auth:hidden@127.0.0.1:9/linli',
      LINLI_SECRET: '07'.repeat(32),
    })
    expect(code).toBe(5)
    expect(err).toContain('127.0.0.1:9/linli')
    expect(err).not.toContain('hidden')
    expect(JSON.parse(out)).toEqual({ ok: false, error: expect.stringContaining('cannot be reached') })
  })

  test('ends with 3 where the role that serves has another name', async () => {
    const { code, err } = await linli(['verify'], {
      DATABASE_URL: 'postgres://web:hidden@127.0.0.1:9/linli',
      LINLI_OWNER_URL: 'postgres://linli_owner:hidden@127.0.0.1:9/linli',
      LINLI_JOBS_URL: 'postgres://linli_jobs:hidden@127.0.0.1:9/linli',
      LINLI_AUTH_URL: 'postgres://linli_auth:hidden@127.0.0.1:9/linli',
      LINLI_SECRET: '07'.repeat(32),
    })
    expect(code).toBe(3)
    expect(err).toContain('DATABASE_URL signs in as web: this user has to be linli_app')
  })

  test.each([
    ['gone', () => undefined, /secrets\.json is gone/],
    ['broken', (path: string) => writeFileSync(path, '{', { mode: 0o600 }), /secrets\.json is broken/],
    ['open to all', (path: string) => writeFileSync(path, '{}', { mode: 0o644 }), /chmod 600/],
  ])('ends with 6 where the keys are %s, without a trace of the program', async (_, harm, words) => {
    const other = join(data, '..', 'keys')
    mkdirSync(join(other, 'postgres'), { recursive: true })
    writeFileSync(join(other, 'postgres', 'PG_VERSION'), '18\n')
    harm(join(other, 'secrets.json'))
    const { code, err } = await linli(['start', '--port', '0', '--data', other])
    rmSync(other, { recursive: true })
    expect(code).toBe(6)
    expect(err).toMatch(words)
    expect(err).not.toMatch(/\n\s+at /)
  })

  test.each([
    [['verify']],
    [['erasures', 'save', 'list.ndjson']],
    [['import', 'messages', import.meta.filename, '--place', '321003001']],
    [['account', 'first', '--place', '321003001', '--name', '示例', '--mail', 'first@example.test']],
  ])('ends with 6 on %s where the directory holds no database, and makes none', async (args) => {
    const misspelt = join(data, '..', 'dtaa')
    const { code, err, out } = await linli([...args, '--data', misspelt, '--json'])
    expect(code).toBe(6)
    expect(err).toContain(`There is no database of Linli in ${misspelt}`)
    expect(JSON.parse(out)).toEqual({ ok: false, error: expect.stringContaining(misspelt) })
    expect(existsSync(misspelt)).toBe(false)
  })

  test('ends with 6 where a data directory takes no file, whatever the reason', async () => {
    const { code, err } = await linli(['start', '--port', '0', '--data', '/proc'])
    expect(code).toBe(6)
    expect(err).toContain('The data directory cannot be written: /proc')
    expect(err).not.toMatch(/\n\s+at /)
  })

  test('takes in places, categories and messages, each with one JSON line last', { timeout: 300_000 }, async () => {
    const json = async (args: string[]) => {
      const { code, out, err } = await linli([...args, '--json'])
      return { code, out, err, facts: JSON.parse(out.trim().split('\n').at(-1) ?? '') as Record<string, unknown> }
    }
    const write = (name: string, text: string): string => {
      const path = join(data, '..', name)
      writeFileSync(path, text)
      return path
    }
    const messages = write(
      'told.csv',
      '编号,留言主题,留言时间,留言详情,答复意见,答复时间,点赞数\n' +
        'A1,楼道灯不亮,2024-03-05 08:00,三号楼的灯坏了,已换新,2024-03-06 10:00,2\n' +
        'A2,井盖松动,昨天,请来看看,,,\n',
    )
    const categories = write('list.csv', '一级,二级,三级\n城市管理,公用设施,路灯\n城市管理,公用设施,井盖\n,,\n')

    const places = await json(['import', 'places', '--under', '321003001'])
    expect(places.code).toBe(0)
    expect(places.facts).toMatchObject({ provinces: 1, cities: 1, districts: 1, subdistricts: 1, communities: 7 })
    expect(places.facts.seconds).toEqual(expect.any(Number))
    // A command that started PostgreSQL has stopped it; the register of a new installation is whole.
    expect(existsSync(join(data, 'postgres', 'postmaster.pid'))).toBe(false)
    const empty = await json(['verify'])
    expect(empty.code).toBe(0)
    expect(empty.facts).toEqual({ entries: 0, ok: true, firstBroken: null, hash: null })

    // Nobody who could be responsible, and a place that is not there: refused, and said in one line.
    for (const place of ['321003001', '321003999']) {
      const refused = await json(['import', 'messages', messages, '--place', place])
      expect(refused.code).toBe(1)
      expect(refused.facts).toEqual({ ok: false, error: expect.any(String) })
      expect(refused.err).not.toMatch(/\n\s+at /)
    }
    const nowhere = await json(['import', 'categories', categories, '--place', '321003999'])
    expect(nowhere.code).toBe(1)
    expect(nowhere.facts).toEqual({ ok: false, error: expect.stringContaining('321003999') })

    const account = ['account', 'first', '--place', '321003001', '--name', '示例', '--mail', 'first@example.test']
    const invited = await json([...account, '--port', '4100'])
    expect(invited.code).toBe(0)
    // No server runs yet: the link leads to the port that it will have.
    expect(invited.facts.link).toMatch(/^http:\/\/127\.0\.0\.1:4100\/invitation\//)
    const taken = await json(['import', 'categories', categories, '--place', '321003001'])
    expect(taken.code).toBe(0)
    expect(taken.facts).toEqual({ read: 2, added: 2, changed: 0, same: 0, rejected: 0 })

    const first = await json(['import', 'messages', messages, '--place', '321003001'])
    expect(first.code).toBe(0)
    expect(first.facts).toMatchObject({ read: 2, imported: 1, duplicates: 0, rejected: 1, answered: 1 })
    expect(first.facts.seconds).toEqual(expect.any(Number))
    expect(readFileSync(first.facts.report as string, 'utf8')).toContain('time-relative')
    // No terminal, no bar: nothing on standard error moves back to the start of its line.
    expect(first.err).not.toContain('\r')
    const again = await json(['import', 'messages', messages, '--place', '321003001'])
    expect(again.code).toBe(0)
    expect(again.facts).toMatchObject({ read: 2, imported: 0, duplicates: 1, rejected: 1 })

    const none = await json(['import', 'messages', write('none.csv', '主题,时间\n灯,昨天\n'), '--place', '321003001'])
    expect(none.code).toBe(1)
    expect(none.facts).toMatchObject({ read: 1, imported: 0, duplicates: 0, rejected: 1 })
    const wanted = ['key', 'create', '--name', '示例平台', '--scope', 'open311', '--place', '321003001']
    const made = await json([...wanted, '--expires', '365d'])
    expect(made.code).toBe(0)
    expect(made.facts).toEqual({ id: expect.any(String), key: expect.stringMatching(/^linli_[\w-]{43}$/) })
    expect(await json([...wanted, '--scope', 'everything'])).toMatchObject({ code: 1, facts: { ok: false } })
    expect(await json([...wanted, '--expires', '2020-01-01'])).toMatchObject({ code: 2, facts: { ok: false } })
    expect((await json(['key', 'create', '--name', '示例', '--scope', 'open311', '--place', '999999'])).code).toBe(1)
    const ending = await json(['key', 'revoke', made.facts.id as string])
    expect(ending).toMatchObject({ code: 0, facts: { id: made.facts.id } })
    expect((await json(['key', 'revoke', made.facts.id as string])).code).toBe(1)
    const listed = await json(['key', 'list'])
    expect(listed.facts.keys).toEqual([
      expect.objectContaining({ id: made.facts.id, name: '示例平台', place: '321003001', scopes: ['open311'] }),
    ])
    expect(listed.out).not.toContain(made.facts.key)
    const webhook = ['webhook', 'create', '--url', 'https://receiver.example.org/told', '--kind', 'request.released']
    const told = await json([...webhook, '--place', '321003001'])
    expect(told.facts).toEqual({ id: expect.any(String), secret: expect.stringMatching(/^whsec_[\w+/]{43}=$/) })
    expect((await json([...webhook, '--place', '999999'])).code).toBe(1)
    expect(await json([...webhook, '--kind', 'webhook'])).toMatchObject({ code: 1, facts: { ok: false } })
    const webhooks = await json(['webhook', 'list'])
    expect(webhooks.facts).toMatchObject({ webhooks: [{ id: told.facts.id, place: '321003001', waiting: 0 }] })
    expect(webhooks.out).not.toContain(told.facts.secret)
    expect(await json(['webhook', 'deliveries'])).toMatchObject({ code: 0, facts: { deliveries: [] } })
    expect((await json(['webhook', 'revoke', told.facts.id as string])).code).toBe(0)
    expect((await json(['webhook', 'revoke', told.facts.id as string])).code).toBe(1)
    const sending = [
      'forwarding',
      'create',
      '--name',
      '示例市 311',
      '--url',
      'https://311.example.org/open311/v2',
      '--service',
      '7',
    ]
    const away = [...sending, '--place', '321003001', '--category', 'no.such']
    expect(await json(away)).toMatchObject({ code: 1, facts: { ok: false } })
    expect(await json([...away, '--key-file', write('empty.key', '\n')])).toMatchObject({
      code: 1,
      facts: { ok: false },
    })
    expect(await json([...away, '--again', 'often'])).toMatchObject({ code: 2, facts: { ok: false } })
    expect(await json(['forwarding', 'list'])).toMatchObject({ code: 0, facts: { forwardings: [] } })
    expect(await json(['forwarding', 'deliveries'])).toMatchObject({ code: 0, facts: { deliveries: [] } })
    expect((await json(['forwarding', 'revoke', made.facts.id as string])).code).toBe(1)
    expect((await json(['forwarding', 'settle', made.facts.id as string])).code).toBe(2)
    // Of a list without codes the code is made of the names.
    const code = 'c-c90ee70d2313028d4c9f'
    const named = [...sending, '--place', '321003001', '--category', code]
    // Whoever runs it finds the codes by a command, and is told where one holds that does not hold at the place named.
    const codes = await json(['category', 'list', '--place', '321003'])
    expect(codes.facts.categories).toContainEqual(expect.objectContaining({ code, place: '321003001' }))
    expect(codes.facts.categories).toHaveLength(2)
    const above = await linli([...sending, '--place', '321003', '--category', code])
    expect(above).toMatchObject({ code: 1, err: expect.stringContaining('--place 321003001') })
    expect((await linli(away)).err).toContain('linli category list')
    const sent = await json([
      ...named,
      '--key-file',
      write('their.key', 'key-of-theirs\n'),
      '--outline',
      '--again',
      'same',
    ])
    expect(sent).toMatchObject({ code: 0, facts: { id: expect.any(String) } })
    const forwardings = await json(['forwarding', 'list'])
    expect(forwardings.facts).toMatchObject({
      forwardings: [
        { id: sent.facts.id, url: 'https://311.example.org/open311/v2/', outline: true, again: 'same', waiting: 0 },
      ],
    })
    expect(forwardings.out).not.toContain('key-of-theirs')
    expect((await json(['forwarding', 'revoke', sent.facts.id as string])).code).toBe(0)
    expect((await json(['forwarding', 'settle', made.facts.id as string, '--send'])).code).toBe(1)
    const { facts: whole } = await json(['verify'])
    expect(whole).toMatchObject({ ok: true, firstBroken: null, hash: expect.stringMatching(/^[0-9a-f]{64}$/) })
    // What is noted outside, and only that, shows a register that somebody wrote anew from its beginning.
    expect(await json(['verify', '--noted', `${whole.entries}:${whole.hash}`])).toMatchObject({ code: 0, facts: whole })
    const other = await json(['verify', '--noted', `${whole.entries}:${'0'.repeat(64)}`])
    expect(other).toMatchObject({ code: 1, facts: { ok: false, entries: whole.entries, firstBroken: null } })
    const longer = await json(['verify', '--noted', `${Number(whole.entries) + 1}:${whole.hash}`])
    expect(longer).toMatchObject({ code: 1, facts: { ok: false } })
    expect((await linli(['verify', '--noted', '7'])).code).toBe(2)
  })

  test.each(['server.json', 'postgres/postmaster.pid'])(
    'called off as soon as %s is there, ends with 130 and leaves no PostgreSQL behind',
    async (sign) => {
      const child = spawn(process.execPath, [cli, 'verify', '--json'], {
        env: { PATH: process.env.PATH, LINLI_DATA: data, LANG: 'C' },
      })
      let out = ''
      child.stdout.on('data', (chunk) => (out += chunk))
      const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
      while (!existsSync(join(data, sign)) && child.exitCode === null) await new Promise((next) => setTimeout(next, 5))
      child.kill('SIGINT')
      expect(await ended).toBe(130)
      expect(JSON.parse(out)).toEqual({ ok: false, error: expect.stringContaining('Stopped before it was done') })
      expect(existsSync(join(data, 'postgres', 'postmaster.pid'))).toBe(false)
      expect(existsSync(join(data, 'server.json'))).toBe(false)
    },
  )

  test('says that the register cannot be read where its file is damaged', async () => {
    const open = await openForCommand(readConfig({ LINLI_DATA: data, LINLI_EMPTY: '1' }))
    const client = new pg.Client({ connectionString: open.config.ownerUrl })
    await client.connect()
    const { rows } = await client.query<{ path: string }>("select pg_relation_filepath('ledger.head') as path")
    await client.end()
    await open.stop()
    const path = join(data, 'postgres', rows[0]?.path ?? '')
    writeFileSync(path, Buffer.alloc(statSync(path).size, 0xa5))
    const { code, out, err } = await linli(['verify', '--json'])
    expect(code).toBe(5)
    expect(JSON.parse(out.trim().split('\n').at(-1) ?? '')).toEqual({
      ok: false,
      error: expect.stringMatching(/A file of the database is damaged: invalid page/),
    })
    expect(err).not.toMatch(/\n\s+at /)
  })
})
