// Public pages and the desk, asked by many at once.
import type { Asked } from './clients.ts'
import { clients, data, given, port, type State, wanted } from './context.ts'
import { note, percentile, tell } from './figures.ts'
import { processorTime, type Running, start } from './program.ts'

/** Every watched page and list at 50 clients, that pause between requests and that do not. */
export async function pages({ organisation, past }: State): Promise<void> {
  const { secretaries, dispatchers, leaders } = organisation.cookies
  const staff = [...secretaries, ...dispatchers, ...leaders.slice(0, 1)]
  const compressed = { 'accept-encoding': 'gzip, deflate, br' }
  const seen = (cookie: string) => ({ cookie, accept: 'application/json', ...compressed })
  const page = { accept: 'text/html', 'accept-language': 'zh-CN', ...compressed }
  const secretaryOf = (community: number) => secretaries[Math.floor(community / 16)] ?? ''
  const own = past.sample.filter(({ community }) => community % 16 === 0 && secretaryOf(community)).slice(0, 2_000)
  const listed = (queries: readonly string[]): Asked[] =>
    staff.flatMap((cookie) =>
      queries.map((query) => ({ method: 'GET', path: `/api/requests?${query}`, headers: seen(cookie) })),
    )
  const queues = ['all', 'to-accept', 'to-dispatch', 'overdue', 'due-today', 'mine'].map((queue) => `queue=${queue}`)
  const watched: Record<string, readonly Asked[]> = {
    'home-page': organisation.communities.map(({ id }) => ({ method: 'GET', path: `/places/${id}`, headers: page })),
    'raised-page': organisation.communities.map(({ id }) => ({
      method: 'GET',
      path: `/places/${id}/raised`,
      headers: page,
    })),
    'follow-page': past.links.slice(0, 3_000).map((link) => ({ method: 'GET', path: `/r/${link}`, headers: page })),
    'desk-list': listed(queues),
    'desk-narrowed': listed(['result=unsolved', 'result=unconfirmed', 'urgency=urgent', 'state=closed']),
    'desk-counts': staff.map((cookie) => ({ method: 'GET', path: '/api/requests/queues', headers: seen(cookie) })),
    'desk-request': own.map(({ id, community }) => ({
      method: 'GET',
      path: `/api/requests/${id}`,
      headers: seen(secretaryOf(community)),
    })),
  }
  const running = await start(data, {
    port,
    empty: true,
    flags: given.profile ? ['--cpu-prof', `--cpu-prof-dir=${given.profile}`] : [],
  })
  try {
    if (wanted('page.tell-page')) watched['tell-page'] = await formsBegun(running.address, organisation, page)
    await askAll(running, watched)
  } finally {
    await running.stop()
  }
}

/** Asks each by fifty clients, that pause between requests and that do not. */
export async function askAll(running: Running, watched: Readonly<Record<string, readonly Asked[]>>): Promise<void> {
  for (const [name, asked] of Object.entries(watched)) {
    if (!wanted(`page.${name}`)) continue
    const first = await fetch(`${running.address}${asked[0]?.path}`, {
      headers: asked[0]?.headers ?? {},
      redirect: 'manual',
    })
    if (first.status !== 200) {
      note(`${name}: ${asked[0]?.path} answered ${first.status} and was not measured`)
      continue
    }
    for (const [load, think] of [
      ['thinking', 1_000],
      ['without-pause', 0],
    ] as const) {
      const began = processorTime(running.process, data)
      const outcome = await clients({ asked, think })
      const spent = processorTime(running.process, data)
      const wrong = Object.entries(outcome.statuses).filter(([status]) => status !== '200')
      if (wrong.length > 0) note(`${name}: ${JSON.stringify(outcome.statuses)}`)
      tell(`page.${name}.${load}.p50`, percentile(outcome.times, 0.5), 'ms')
      tell(`page.${name}.${load}.p95`, percentile(outcome.times, 0.95), 'ms', think ? { atMost: 25 } : {})
      if (think || !began || !spent) continue
      tell(`page.${name}.${load}.per-second`, outcome.perSecond, '/s')
      tell(`page.${name}.processor-time.server`, ((spent.server - began.server) * 1_000) / outcome.answered, 'ms')
      tell(`page.${name}.processor-time.database`, ((spent.database - began.database) * 1_000) / outcome.answered, 'ms')
    }
  }
}

/** A form of telling of each community as somebody has it who has begun one: its address and the cookie that shows it is theirs. */
export async function formsBegun(
  address: string,
  { communities }: State['organisation'],
  headers: Record<string, string>,
): Promise<Asked[]> {
  const begun: Asked[] = []
  for (const { id } of communities.slice(0, 50)) {
    const answer = await fetch(`${address}/places/${id}/tell`, { headers, redirect: 'manual' })
    const path = answer.headers.get('location')
    const cookie = answer.headers.getSetCookie().map((one) => one.split(';', 1)[0])
    if (path) begun.push({ method: 'GET', path, headers: { ...headers, cookie: cookie.join('; ') } })
  }
  return begun
}
