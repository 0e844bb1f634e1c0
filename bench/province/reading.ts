// The province's pages and lists: by fifty people at once as in a district, for people of each reach; then one question at a time.
import { openDatabase } from '#kernel/database/index.ts'
import type { Asked } from '../clients.ts'
import { data, port, type State, wanted, withOwner } from '../context.ts'
import { note, percentile, tell } from '../figures.ts'
import { processorTime, type Running, start } from '../program.ts'
import { askAll, formsBegun } from '../served.ts'
import { plainly } from './plainly.ts'
import { keepPlans } from './plans.ts'
import { ask, askedCity, cookiesOf, ownRequests, type Question, questionsOf, reaches } from './questions.ts'

/** Times of one question: so often, and no longer than so many seconds. */
const turns = 40
const mostSeconds = 8

export async function readings(state: State): Promise<void> {
  const { organisation, past } = state
  const all = questionsOf(organisation, past, await cityAsked())
  const questions = Object.fromEntries(Object.entries(all).filter(([name]) => wanted(`alone.${name}`)))
  const limits = wanted('alone')
    ? await withOwner(({ config }) => plainly(openDatabase(config.ownerUrl, { connections: 1, statementSeconds: 0 })))
    : {}
  const running = await start(data, { port, empty: true })
  try {
    if (wanted('page')) await askAll(running, await watchedOf(running, state))
    for (const [name, asked] of Object.entries(questions)) await alone(running, name, asked, limits[name])
  } finally {
    await running.stop()
  }
  if (wanted('plans')) await keepPlans(all)
}

/** The id of the city whose figures are asked for. */
function cityAsked(): Promise<string> {
  return withOwner(async ({ config }) => {
    const owner = openDatabase(config.ownerUrl, { connections: 1 })
    try {
      const { rows } = await owner.pool.query<{ id: string }>('select id from place where code = $1', [askedCity])
      if (!rows[0]) throw new Error(`no city ${askedCity}`)
      return rows[0].id
    } finally {
      await owner.close()
    }
  })
}

/** What fifty people ask at once, as in a district, the desk by those of each reach. */
async function watchedOf(running: Running, { organisation, past }: State): Promise<Record<string, readonly Asked[]>> {
  const compressed = { 'accept-encoding': 'gzip, deflate, br' }
  const page = { accept: 'text/html', 'accept-language': 'zh-CN', ...compressed }
  const get = (path: string, headers: Record<string, string>): Asked => ({ method: 'GET', path, headers })
  const seen = (cookie: string) => ({ cookie, accept: 'application/json', ...compressed })
  const busy = organisation.communities.slice(0, 2_000)
  const watched: Record<string, readonly Asked[]> = {
    'home-page': busy.map(({ id }) => get(`/places/${id}`, page)),
    'raised-page': busy.map(({ id }) => get(`/places/${id}/raised`, page)),
    'follow-page': past.links.slice(0, 3_000).map((link) => get(`/r/${link}`, page)),
    'desk-request': ownRequests(organisation, past)
      .slice(0, 2_000)
      .map(({ id, cookie }) => get(`/api/requests/${id}`, seen(cookie))),
  }
  if (wanted('page.tell-page')) watched['tell-page'] = await formsBegun(running.address, organisation, page)
  for (const reach of reaches) {
    const listed = (queries: readonly string[]) =>
      cookiesOf(organisation, reach).flatMap((cookie) =>
        queries.map((query) => get(`/api/requests?${query}`, seen(cookie))),
      )
    watched[`desk-list.${reach}`] = listed(
      ['all', 'to-accept', 'to-dispatch', 'overdue', 'due-today', 'mine'].map((queue) => `queue=${queue}`),
    )
    watched[`desk-narrowed.${reach}`] = listed([
      'result=unsolved',
      'result=unconfirmed',
      'urgency=urgent',
      'state=closed',
    ])
    watched[`desk-counts.${reach}`] = cookiesOf(organisation, reach).map((cookie) =>
      get('/api/requests/queues', seen(cookie)),
    )
  }
  return watched
}

/** One after the other on a quiet server: what one question costs. */
async function alone(
  running: Running,
  name: string,
  asked: readonly Question[],
  limit: number | undefined,
): Promise<void> {
  const times: number[] = []
  // Once without being counted: what was never read comes from the disk.
  for (const question of asked.slice(0, 4)) {
    const status = await ask(running, question)
    if (status !== 200) return note(`${name}: ${question.path} answered ${status} and was not measured`)
  }
  const before = processorTime(running.process, data)
  const began = performance.now()
  for (let turn = 0; turn < turns && performance.now() - began < mostSeconds * 1_000; turn += 1) {
    const sent = performance.now()
    await ask(running, asked[turn % asked.length] as Question)
    times.push(performance.now() - sent)
  }
  const after = processorTime(running.process, data)
  const target = name.startsWith('words.')
    ? { atMost: 100 }
    : name.startsWith('counts.') || name.startsWith('figures.') || name === 'home.province'
      ? { atMost: 300 }
      : {}
  tell(`alone.${name}.p50`, percentile(times, 0.5), 'ms', limit === undefined ? {} : { limit })
  tell(`alone.${name}.p95`, percentile(times, 0.95), 'ms', target)
  if (before && after)
    tell(`alone.${name}.processor-time.database`, ((after.database - before.database) * 1_000) / times.length, 'ms')
}
