// What a province is asked, by people of different reach: the same questions are timed one at a time and shown with their plans.
import type { Organisation } from '../organisation.ts'
import type { Past } from '../past.ts'
import type { Running } from '../program.ts'
import { sought } from './words.ts'

export interface Question {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly cookie?: string
  readonly body?: unknown
}

/** Asks over HTTP, reads the whole answer, and says its status. */
export async function ask(running: Running, { method, path, cookie, body }: Question): Promise<number> {
  const answer = await fetch(`${running.address}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      accept: path.startsWith('/api/') ? 'application/json' : 'text/html',
      'accept-language': 'zh-CN',
      ...(cookie ? { cookie } : {}),
      ...(method === 'POST' ? { origin: running.address, 'content-type': 'application/json' } : {}),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  await answer.arrayBuffer()
  return answer.status
}

/** Who asks, from the smallest reach to the widest: a community, a subdistrict, a district, the province. */
export const reaches = ['secretary', 'dispatcher', 'leader', 'province'] as const
export type Reach = (typeof reaches)[number]

/** Cookies of those of a reach. */
export function cookiesOf({ cookies }: Organisation, reach: Reach): readonly string[] {
  const { secretaries, dispatchers, leaders, provinces = [] } = cookies
  return { secretary: secretaries, dispatcher: dispatchers, leader: leaders, province: provinces }[reach]
}

/** Requests of the communities whose secretaries are signed in, with their cookies. */
export function ownRequests({ communities, cookies, every = 16 }: Organisation, { sample }: Past) {
  return sample.flatMap(({ id, community }) => {
    const cookie = community % every === 0 ? cookies.secretaries[community / every] : undefined
    return cookie && communities[community] ? [{ id, cookie }] : []
  })
}

const queues = ['all', 'to-accept', 'to-dispatch', 'mine', 'overdue', 'due-today', 'supervised']
const narrowings: Readonly<Record<string, string>> = {
  unsolved: 'result=unsolved',
  unconfirmed: 'result=unconfirmed',
  urgent: 'urgency=urgent',
  'category-month': 'filedFrom=2026-09-01&filedUntil=2026-09-30&channel=phone',
  oldest: 'sort=oldest',
}

/** The city whose figures are asked for. */
export const askedCity = '3210'

/**
 * Every question by name, with several to be asked in turn.
 * @param city the id of `askedCity`
 */
export function questionsOf(organisation: Organisation, past: Past, city: string): Record<string, readonly Question[]> {
  const questions: Record<string, readonly Question[]> = {}
  const get = (path: string, cookie?: string): Question => ({ method: 'GET', path, ...(cookie ? { cookie } : {}) })
  for (const [level, code] of Object.entries({
    province: '32',
    city: askedCity,
    district: '321003',
    subdistrict: '321003001',
  }))
    questions[`home.${level}`] = [get(`/places/${code}`)]
  questions['home.community'] = organisation.communities.slice(0, 20).map(({ id }) => get(`/places/${id}`))
  for (const [level, code] of Object.entries({ province: '32', subdistrict: '321003001' })) {
    questions[`raised.${level}`] = [get(`/places/${code}/raised`)]
    questions[`raised.${level}.words`] = [get(`/places/${code}/raised?q=${encodeURIComponent(sought.frequent)}`)]
  }
  questions.raised = organisation.communities.slice(0, 20).map(({ id }) => get(`/places/${id}/raised`))
  questions.follow = past.links.slice(0, 20).map((link) => get(`/r/${link}`))
  questions.request = ownRequests(organisation, past)
    .slice(0, 20)
    .map(({ id, cookie }) => get(`/api/requests/${id}`, cookie))
  for (const beside of ['similar', 'usual'])
    questions[beside] = ownRequests(organisation, past)
      .slice(0, 20)
      .map(({ id, cookie }) => get(`/api/requests/${id}/${beside}`, cookie))
  for (const reach of reaches) {
    const cookies = cookiesOf(organisation, reach).slice(0, 4)
    const each = (make: (cookie: string) => Question) => cookies.map(make)
    for (const queue of queues)
      questions[`list.${queue}.${reach}`] = each((cookie) => get(`/api/requests?queue=${queue}`, cookie))
    for (const [name, query] of Object.entries(narrowings))
      questions[`narrowed.${name}.${reach}`] = each((cookie) => get(`/api/requests?${query}`, cookie))
    questions[`counts.${reach}`] = each((cookie) => get('/api/requests/queues', cookie))
    questions[`count.all.${reach}`] = each((cookie) => get('/api/requests/count', cookie))
    for (const [name, words] of Object.entries(sought))
      questions[`words.${name}.${reach}`] = each((cookie) => ({
        method: 'POST',
        path: '/api/requests/search',
        cookie,
        body: { words },
      }))
    questions[`words.two-words-urgent.${reach}`] = each((cookie) => ({
      method: 'POST',
      path: '/api/requests/search',
      cookie,
      body: { words: sought['two-words'], urgency: 'urgent' },
    }))
    questions[`judgements.${reach}`] = each((cookie) => get('/api/judgements', cookie))
    questions[`register.${reach}`] = each((cookie) => get('/api/register', cookie))
    questions[`served.${reach}`] = each((cookie) => get('/api/places/served', cookie))
    questions[`bodies.${reach}`] = each((cookie) => get('/api/bodies', cookie))
    questions[`holders.${reach}`] = each((cookie) => get(`/api/holders?search=${encodeURIComponent('安例')}`, cookie))
  }
  const [leading] = cookiesOf(organisation, 'province')
  Object.assign(questions, figuresOf(organisation, city))
  questions['request.province'] = past.sample.slice(0, 20).map(({ id }) => get(`/api/requests/${id}`, leading))
  return Object.fromEntries(Object.entries(questions).filter(([, asked]) => asked.length > 0))
}

/** The figures of a month, asked for by those who lead a place of each level; of a province those of its cities, and of a year too. */
function figuresOf(organisation: Organisation, city: string): Record<string, readonly Question[]> {
  const asked = (reach: Reach, query = ''): Question[] =>
    cookiesOf(organisation, reach)
      .slice(0, 4)
      .map((cookie) => ({ method: 'GET', path: `/api/figures${query}`, cookie }))
  const now = new Date()
  const month = (ago: number) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - ago)).toISOString().slice(0, 7)
  return {
    'figures.province': asked('province'),
    'figures.province-year': asked('province', `?from=${month(11)}&until=${month(0)}`),
    'figures.city': asked('province', `?place=${city}`),
    'figures.district': asked('leader'),
    'figures.subdistrict': asked('dispatcher'),
    'figures.community': asked('secretary'),
  }
}
