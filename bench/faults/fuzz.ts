// Requests nobody would send on purpose, over every endpoint and page, as nobody and as each role of the demonstration.
import { pageTable } from '#app/refusals.pages.table.ts'
import { table } from '#app/refusals.table.ts'
import { nightlyQueue } from '#listen/requests/reading/queues.ts'
import { type FuzzedRequest, fuzzedRequests } from '#testing/fuzzed.ts'
import type { Ids } from '#testing/fuzzed.values.ts'
import { letOut } from '#testing/inside.ts'
import type { Fault } from './fault.ts'
import { ask, isReady, type RoleName, roles, signIn } from './people.ts'
import { drop, freshData, holdRegister, serve, until, withSuperuser } from './site.ts'

const times = Number(process.env.FAULTS_REQUESTS ?? 10_000)
/** Longer than any answer may take, whoever else uses the machine. */
const longest = 30_000

/** Everything that is declared, each once. */
const declared = {
  endpoints: [...new Set(table.map(({ endpoint }) => endpoint))],
  pages: [...new Map(pageTable.map((row) => [row.page, row])).values()],
}

/** Ids of records of every kind that the demonstration holds, and one that nothing has. */
function idsOf(data: string): Promise<Ids> {
  return withSuperuser(data, async (client) => {
    const ids: Record<string, string[]> = { none: ['01a00000-0000-7000-8000-000000000000'] }
    for (const [name, most] of Object.entries({
      request: 60,
      place: 25,
      body: 20,
      post: 20,
      tenure: 20,
      person: 10,
      category: 15,
      law: 6,
      template: 6,
      request_part: 15,
      visit: 6,
      file: 6,
    })) {
      const { rows } = await client.query<{ id: string }>(`select id from ${name} order by random() limit ${most}`)
      ids[name === 'request_part' ? 'part' : name] = rows.map(({ id }) => id)
    }
    return ids
  })
}

export const fuzz: Fault = {
  name: 'fuzz',
  what: `${times} fuzzed requests over ${declared.endpoints.length} endpoints and ${declared.pages.length} pages, as nobody and as each of ${roles.length} roles`,
  async happen(stage) {
    const data = freshData('fuzz')
    const program = await serve(stage, { data, command: 'start' })
    const { address } = program
    const cookies = new Map<RoleName, string>()
    const renew = async (role: RoleName) => {
      // Who deleted the account or signed out everywhere goes on as nobody.
      cookies.set(role, await signIn(address, data, role).catch(() => ''))
    }
    for (const role of roles) await renew(role)
    const requests = fuzzedRequests({ ...declared, ids: await idsOf(data) }, times, 20_261_123)
    const statuses: Record<string, number> = {}
    const broken: string[] = []
    const leaks: string[] = []
    const hangs: string[] = []
    const renewed: Record<string, number> = {}
    const queue = requests.entries()
    const send = async (asked: FuzzedRequest, role: RoleName | null): Promise<void> => {
      const cookie = role === null ? '' : cookies.get(role)
      const controller = new AbortController()
      const timer = setTimeout(() => controller.abort(), longest)
      try {
        const answer = await fetch(`${address}${asked.path}`, {
          method: asked.method,
          redirect: 'manual',
          headers: { ...asked.headers, ...(cookie ? { Cookie: cookie } : {}) },
          body: asked.body,
          signal: controller.signal,
        })
        // A stream of news has no end: that it began is the answer.
        const stream = (answer.headers.get('content-type') ?? '').includes('event-stream')
        const text = stream ? '' : await answer.text()
        if (stream) controller.abort()
        statuses[answer.status] = (statuses[answer.status] ?? 0) + 1
        const line = `${asked.of} as ${role ?? 'nobody'}: ${asked.method} ${asked.path.slice(0, 200)} ${asked.body?.slice(0, 300) ?? ''} → ${answer.status}`
        if (answer.status >= 500) broken.push(`${line} ${text.slice(0, 300)}`)
        const leak = letOut(text)
        if (leak) leaks.push(`${line}: ${leak}`)
        if (answer.status === 401 && role && cookie && (renewed[role] ?? 0) < 20) {
          const me = await ask(address, '/api/me', { cookie })
          if (me.status === 401) {
            renewed[role] = (renewed[role] ?? 0) + 1
            await renew(role)
          }
        }
      } catch (error) {
        const line = `${asked.of} as ${role ?? 'nobody'}: ${asked.method} ${asked.path.slice(0, 200)} ${asked.body?.slice(0, 300) ?? ''}`
        if ((error as Error).name === 'AbortError') hangs.push(line)
        else hangs.push(`${line}: ${(error as Error).message} ${String((error as { cause?: unknown }).cause ?? '')}`)
      } finally {
        clearTimeout(timer)
      }
    }
    const client = async (): Promise<void> => {
      for (const [turn, asked] of queue) {
        const role = turn % (roles.length + 1) === 0 ? null : (roles[(turn % (roles.length + 1)) - 1] ?? null)
        await send(asked, role)
      }
    }
    await Promise.all(Array.from({ length: 8 }, client))

    stage.hold('requests sent', requests.length === times, requests.length)
    stage.hold('answers by status', true, JSON.stringify(statuses))
    stage.hold(
      'answers of 5xx',
      broken.length === 0,
      broken.length === 0 ? 0 : `${broken.length}: ${broken.slice(0, 4).join(' | ')}`,
    )
    stage.hold(
      'hung or broken off',
      hangs.length === 0,
      hangs.length === 0 ? 0 : `${hangs.length}: ${hangs.slice(0, 4).join(' | ')}`,
    )
    stage.hold(
      'let something out of the inside',
      leaks.length === 0,
      leaks.length === 0 ? 0 : `${leaks.length}: ${leaks.slice(0, 4).join(' | ')}`,
    )
    const { detail } = (await ask(address, '/api/requests', { body: { channel: 'web', colour: 'red' } })).body
    stage.saw(`400 with a sentence that names the field, 401, 403, 404 or 415: ${detail}`)

    await holdNight(stage, data, program.told)
    stage.hold('it serves on', await isReady(address))
    await program.end()
    await holdRegister(stage, data)
    drop(data)
  },
}

/** Has the nightly check done now, and holds that it finds nobody without somebody responsible. */
async function holdNight(stage: Parameters<Fault['happen']>[0], data: string, told: () => string): Promise<void> {
  const done = await withSuperuser(data, async (client) => {
    const { rows } = await client.query<{ id: string }>(
      "insert into pgboss.job (name, data) values ($1, '{}') returning id",
      [nightlyQueue],
    )
    return until(async () => {
      const { rows: found } = await client.query('select from pgboss.job where id = $1 and state = $2', [
        rows[0]?.id,
        'completed',
      ])
      return found.length === 1
    }, 120)
  })
  stage.hold('the nightly check ran', done !== null)
  const faults = told()
    .split('\n')
    .filter((line) => line.includes('nobody responsible'))
  stage.hold('the nightly check finds', faults.length === 0, faults.length)
}
