// Following what went elsewhere: each piece of news is entered once, as a line of the request, and changes nothing else of it.
import { transaction } from '#kernel/database/index.ts'
import { pauseMinutes } from '#kernel/elsewhere/index.ts'
import { hasWords, t } from '#kernel/words/index.ts'
import { performSystemAct, systemWriter } from '#listen/requests/index.ts'
import { w3cMoment } from '../open311/index.ts'
import { get, keyOf } from './forwarding.asking.ts'
import {
  type Following,
  type Gone,
  isNew,
  noteFollowed,
  noteStatus,
  readGone,
  readToAsk,
  takeFollowing,
} from './forwarding.hearing.store.ts'
import { readAnswer } from './forwarding.reading.ts'
import { isOver, lineOf, type News, newsOf, plainStatus, reasonOf } from './forwarding.rules.ts'
import type { Doors } from './forwarding.sending.ts'

const minute = 60_000
const everyMinutes = 5
/** Asked anew: what was told late, or by a clock that goes after, is in it, and is entered once all the same. */
const overlap = 60 * minute
/** After days without an answer, a day at a time. */
const longestWindow = 24 * 60 * minute
/** Requests asked for one by one in a round. */
const mostAsked = 50
const secondsPerAsking = 15
const roundSeconds = 120

/** Hears what is due. Any number of processes may: each forwarding is followed by one. */
export async function hearForwarded(kernel: Doors, seconds = secondsPerAsking): Promise<void> {
  const end = performance.now() + roundSeconds * 1000
  while (performance.now() < end) {
    const now = kernel.clock.now()
    const following = await takeFollowing(kernel.jobsDatabase.sql, now)
    if (!following) return
    const { forwarding, failures } = following
    const key = keyOf(kernel.encryption, following)
    const heard =
      key === undefined
        ? { reason: 'the key cannot be decrypted' }
        : following.heardBy === 'updates'
          ? await hearUpdates(kernel, following, key, seconds)
          : await hearRequests(kernel, following, key, seconds, end)
    const failed = heard.reason !== null
    await noteFollowed(kernel.jobsDatabase.sql, forwarding, {
      ...heard,
      failures: failed ? failures + 1 : 0,
      at: new Date(
        now.getTime() +
          (failed ? Math.max(everyMinutes, pauseMinutes(Math.min(failures + 1, 10))) : everyMinutes) * minute,
      ),
    })
  }
}

interface Heard {
  readonly reason: string | null
  readonly until?: Date
  readonly by?: 'requests'
}

async function hearUpdates(kernel: Doors, following: Following, key: string | null, seconds: number): Promise<Heard> {
  const now = kernel.clock.now()
  const from = new Date(Date.parse(following.heardUntil) - overlap)
  const until = new Date(Math.min(now.getTime(), from.getTime() + overlap + longestWindow))
  const window = { start_date: w3cMoment(from), end_date: w3cMoment(until) }
  const answer = await get(following, key, 'servicerequestupdates', window, seconds)
  const read = 'status' in answer ? readAnswer(answer) : null
  if (!('status' in answer) || answer.status >= 300 || read === null || read.faults.length > 0) {
    // Not every server has the extension: then it is asked for request by request.
    const without = 'status' in answer && [404, 405, 501].includes(answer.status)
    return without ? { reason: null, by: 'requests' } : { reason: reasonOf(answer, read) }
  }
  const news = newsOf(read.rows)
  const ours = new Map(
    (await readGone(kernel.jobsDatabase.sql, following.forwarding, [...new Set(news.map(({ number }) => number))])).map(
      (gone) => [gone.number, gone],
    ),
  )
  for (const one of news) {
    const gone = ours.get(one.number)
    if (gone) await enter(kernel, following, gone, one, null)
  }
  return { reason: null, until }
}

async function hearRequests(
  kernel: Doors,
  following: Following,
  key: string | null,
  seconds: number,
  end: number,
): Promise<Heard> {
  for (const gone of await readToAsk(kernel.jobsDatabase.sql, following.forwarding, mostAsked)) {
    if (performance.now() > end) break
    const answer = await get(following, key, `requests/${encodeURIComponent(gone.number)}`, {}, seconds)
    const read = 'status' in answer ? readAnswer(answer) : null
    const row = read?.rows.find((one) => one.service_request_id === gone.number) ?? read?.rows[0]
    if (!('status' in answer)) return { reason: answer.reason }
    // One that is not there any more keeps nobody from the others.
    if (answer.status >= 300 || !row) {
      await noteStatus(kernel.jobsDatabase.sql, gone.id, { status: null, at: null, asked: kernel.clock.now() })
      if (answer.status !== 404 && answer.status !== 410) return { reason: reasonOf(answer, read) }
      continue
    }
    const status = row.status ?? null
    const at = row.updated_datetime ?? null
    const first = gone.status === null && !isOver(status)
    const same = status === gone.status && at === gone.statusAt
    if (first || same) await noteStatus(kernel.jobsDatabase.sql, gone.id, { status, at, asked: kernel.clock.now() })
    else {
      const id = `${at ?? ''} ${status ?? ''}`.slice(0, 200)
      await enter(kernel, following, gone, { number: gone.number, id, status, text: row.status_notes ?? null }, at)
    }
  }
  return { reason: null, until: kernel.clock.now() }
}

/** One piece of news, as a line of its request, by the name of the forwarding. */
async function enter(
  { jobsDatabase, jobs, clock }: Doors,
  { forwarding, name, language }: Following,
  gone: Gone,
  news: News,
  at: string | null,
): Promise<void> {
  await transaction(jobsDatabase, async (on, client) => {
    const now = clock.now()
    await noteStatus(on, gone.id, { status: news.status, at, asked: now })
    if (!(await isNew(on, forwarding, gone.request, news.id, now))) return
    const command = { act: 'hear', closed: isOver(news.status) } as const
    const line = lineOf(name, { status: news.status && statusShown(news.status, language), text: news.text }, language)
    await performSystemAct(systemWriter(on, client, now), { jobs }, gone.request, command, undefined, line)
  })
}

/** A status in words; one that is no known one as it came. */
function statusShown(status: string, language: Following['language']): string {
  const key = `forwarding.status.${plainStatus(status)}`
  return hasWords(key) ? t(language)(key) : status
}
