// What a request leaves behind: nothing of a person where it is anonymous, and in no case anything personal in the log.
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '#kernel/database/identifiers.ts'
import { judgeTokenOf } from '#listen/requests/acts/system.ts'
import { testDatabase } from '#testing/database.ts'
import { type Installation, startInstallation } from '#testing/installation.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'

const database = await testDatabase({ keep: true })
const server = await testServer(database)
const organisation = await makeOrganisation(server)
const { answered } = requestsOf(server, organisation)
const { superuser } = server
const { places, resident, staff } = organisation
const directory = mkdtempSync(join(tmpdir(), 'crash-traces-'))
let child: Installation

const address = '203.0.113.77'
const agent = 'Distinct-Agent/7.7 (Harmony; nobody else)'

beforeAll(async () => {
  child = await startInstallation({
    DATABASE_URL: database.databaseUrl,
    LINLI_OWNER_URL: database.ownerUrl,
    LINLI_JOBS_URL: database.jobsUrl,
    LINLI_AUTH_URL: database.authUrl,
    LINLI_SECRET: Buffer.alloc(32, 11).toString('hex'),
    LINLI_DATA: directory,
    LINLI_TRUSTED_PROXIES: '127.0.0.1',
    LINLI_LOG_LEVEL: 'trace',
  })
}, 240_000)
afterAll(async () => {
  await child.end('SIGTERM')
  rmSync(directory, { recursive: true, force: true })
})

function ask(path: string, init: RequestInit & { cookie?: string } = {}): Promise<Response> {
  return fetch(`${child.address}${path}`, {
    redirect: 'manual',
    ...init,
    headers: {
      'User-Agent': agent,
      'X-Forwarded-For': address,
      ...(init.cookie ? { Cookie: init.cookie } : {}),
      ...(init.headers as Record<string, string> | undefined),
    },
  })
}
const json = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json', ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
})
const form = (fields: Record<string, string>): RequestInit => ({
  method: 'POST',
  headers: { Accept: 'text/html' },
  body: new URLSearchParams(fields),
})
/** A form as a browser opens it: the id in its address, and the cookies that it is found with. */
async function openForm(cookie?: string): Promise<{ form: string; cookie: string }> {
  const { headers } = await ask('/tell', cookie ? { cookie } : {})
  const given = headers.getSetCookie().map((line) => line.split(';')[0])
  return {
    form: /form=([\w-]+)/.exec(headers.get('location') ?? '')?.[1] ?? '',
    cookie: [cookie, ...given].filter(Boolean).join('; '),
  }
}

/** Every row of every table, as text. */
async function everything(): Promise<Map<string, Set<string>>> {
  const { rows: tables } = await superuser.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`,
  )
  const found = new Map<string, Set<string>>()
  for (const { name } of tables) {
    const { rows } = await superuser.query<{ text: string }>(`select to_jsonb(t)::text as text from ${name} t`)
    found.set(name, new Set(rows.map((row) => row.text)))
  }
  return found
}

/** A secret in every plain dress in which it could stand in a text: as it is, without dashes, in hexadecimal, base64, digested. */
function dresses(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const digest = createHash('sha256').update(secret).digest()
  const forms = [
    secret,
    bytes.toString('hex'),
    bytes.toString('base64'),
    digest.toString('hex'),
    digest.toString('base64'),
  ]
  if (/^[0-9a-f-]{36}$/.test(secret)) forms.push(secret.replaceAll('-', ''))
  return forms.map((each) => each.toLowerCase())
}

describe('anonymous means it, for somebody signed in', () => {
  test.each(['by the interface', 'by the pages'])('%s: nothing of them in any table, job or log', async (way) => {
    const token = server.kernel.sessions.sessionToken({ cookie: resident.cookie }) ?? ''
    const session = await server.one<string>('select id from auth.session where token = $1', [token])
    const index = await server.one<string | null>("select encode(phone_index, 'hex') from person where id = $1", [
      resident.person,
    ])
    const secrets = [
      resident.person,
      resident.user,
      session,
      token,
      resident.cookie,
      '13800000001',
      address,
      agent,
      resident.name,
    ]
    if (index) secrets.push(index)
    const text = `无名的一件，${way}`
    const before = await everything()
    const logged = child.told().length
    if (way === 'by the interface') {
      const body = { channel: 'web', place: places.community.id, text, anonymous: true }
      const answer = await ask('/api/requests', {
        ...json(body, { 'Idempotency-Key': newId() }),
        cookie: resident.cookie,
      })
      expect(answer.status).toBe(201)
    } else {
      const opened = await openForm(resident.cookie)
      secrets.push(opened.cookie.split('linli_form=')[1] ?? '')
      const answer = await ask('/tell', {
        ...form({
          form: opened.form,
          page: 'all',
          do: 'send',
          text,
          place: places.community.id,
          anonymous: 'yes',
        }),
        cookie: opened.cookie,
      })
      expect(answer.headers.get('location')).toMatch(/\/receipt$/)
      expect((await ask(answer.headers.get('location') ?? '', { cookie: resident.cookie })).status).toBe(200)
    }
    const id = await server.one<string>('select id from request where body = $1', [text])
    await expect
      .poll(
        () =>
          server.one(
            'select count(*)::integer from ledger.entry e join ledger.act a on a.id = e.act where a.record = $1',
            [id],
          ),
        { timeout: 20_000 },
      )
      .toBe(1)
    expect(
      await server.one('select reporter is null and anonymous and entered_by is null from request where id = $1', [id]),
    ).toBe(true)
    const forbidden = secrets.flatMap(dresses)
    const after = await everything()
    const touched: string[] = []
    for (const [table, rows] of after) {
      const fresh = [...rows].filter((row) => !before.get(table)?.has(row))
      if (fresh.length > 0) touched.push(table)
      for (const row of fresh) {
        const lower = row.toLowerCase()
        for (const secret of forbidden) expect(lower.includes(secret), `${secret} in ${table}: ${row}`).toBe(false)
      }
    }
    // The account is not even looked at, so that no time in it tells when something was filed.
    expect(touched.filter((table) => /^auth\.|^access\.log$|person|request_contact|tenure/.test(table))).toEqual([])
    expect(touched).toContain('public.request')
    const log = child.told().slice(logged).toLowerCase()
    expect(log).toContain('answered')
    for (const secret of forbidden) expect(log.includes(secret), `${secret} in the log`).toBe(false)
  })
})

test('the log of a whole journey carries no name, phone, address, word, code, link or token', async () => {
  const phone = '13987654321'
  const words = ['独名氏', '独有的话', '独有的补充', 'distinct-person@example.org', 'a wrong password of mine']
  const filed = (await (
    await ask(
      '/api/requests',
      json(
        {
          channel: 'web',
          place: places.community.id,
          text: words[1],
          anonymous: false,
          name: words[0],
          phone,
          mail: words[3],
        },
        { 'Idempotency-Key': 'distinct-idempotency-key' },
      ),
    )
  ).json()) as { id: string; link: string }
  expect(filed.link).toBeTruthy()
  await answered(filed)
  // The process beside may have asked already; either way the token stands.
  await server.workJobs()
  await expect
    .poll(
      () => server.one("select count(*)::integer from access.token where record = $1 and kind = 'judge'", [filed.id]),
      {
        timeout: 20_000,
      },
    )
    .toBe(1)
  const judging = (await judgeTokenOf(server.kernel.jobsDatabase.sql, server.kernel, filed.id)).token
  const { form: formKey, cookie: formCookie } = await openForm()
  const wrong = `${filed.link.slice(0, -2)}zz`
  const session = server.kernel.sessions.sessionToken({ cookie: staff.secretary.cookie }) ?? ''
  const calendar = await (await ask('/my/calendar', { ...form({ do: 'make' }), cookie: resident.cookie })).text()
  const feed = /\/calendar\/([\w-]{43})\.ics/.exec(calendar)?.[1] ?? ''
  expect(feed).toHaveLength(43)
  const calls: Promise<Response>[] = [
    ask(`/calendar/${feed}.ics`),
    ask(`/calendar/${feed.slice(0, -2)}zz.ics`),
    ask(`/r/${filed.link}/visit.ics`),
    ask(`/r/${filed.link}`),
    ask(`/r/${wrong}`),
    ask(`/r/${filed.link}/add`, form({ text: words[2] as string })),
    ask(`/r/${filed.link}/nothing?phone=${phone}`),
    ask(`/j/${judging}`),
    ask(`/j/${judging}`, form({ verdict: 'solved', words: words[1] as string })),
    ask(`/j/${wrong}`, form({ verdict: 'solved' })),
    ask(`/tell?form=${formKey}&phone=${phone}`, { cookie: formCookie }),
    ask('/tell', {
      cookie: formCookie,
      ...form({
        form: formKey,
        page: 'all',
        do: 'send',
        text: words[1] as string,
        placeWords: '五里',
        phone,
        name: words[0] as string,
      }),
    }),
    ask('/follow', form({ link: `https://example.org/r/${filed.link}` })),
    ask('/follow', form({ number: '100001', phone })),
    ask('/api/sign-in', json({ email: words[3], password: words[4] })),
    ask('/api/requests', json(`{"phone": "${phone}", "text": "${words[1]}`)),
    ask(
      '/api/requests',
      json({ channel: 'web', place: phone, text: words[1], anonymous: false, [words[0] as string]: phone }),
    ),
    ask(`/api/requests/${phone}`, { cookie: staff.secretary.cookie }),
    ask(`/api/places?q=${phone}`),
    ask(`/api/requests?search=${encodeURIComponent(words[0] as string)}&${phone}=1`, {
      cookie: staff.secretary.cookie,
    }),
    ask(`/api/requests/${filed.id}`, { headers: { 'Linli-Link': filed.link } }),
    ask(`/api/requests/${filed.id}/contact`, { ...json({}), cookie: staff.secretary.cookie }),
    ask('/api/me', { cookie: `linli_session=${phone}; x=${filed.link}` }),
  ]
  const answers = await Promise.all(calls)
  expect(answers.map((answer) => answer.status).filter((status) => status >= 500)).toEqual([])
  await child.end('SIGTERM')
  const log = child.told()
  expect(log.split('\n').filter((line) => line.includes('answered')).length).toBeGreaterThanOrEqual(calls.length)
  const secrets = [
    phone,
    ...words,
    filed.link,
    wrong,
    judging,
    feed,
    feed.slice(0, -2),
    formKey,
    formCookie.split('linli_form=')[1] ?? '',
    session,
    staff.secretary.cookie,
    'distinct-idempotency-key',
    address,
    agent,
  ]
  for (const secret of secrets) {
    for (const dress of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('hex')])
      expect(log.includes(dress), `${dress} in the log`).toBe(false)
  }
})
