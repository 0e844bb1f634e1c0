// Timers and nightly work of requests, as the role of jobs. Payloads hold ids; whoever runs late finds what is due then.
import { randomBytes } from 'node:crypto'
import { newId } from '#kernel/database/identifiers.ts'
import { type Sql, transaction } from '#kernel/database/index.ts'
import { hashToken } from '#kernel/encryption/index.ts'
import type { JobQueue } from '#kernel/jobs/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { record } from '#kernel/ledger/index.ts'
import { drawCallBacks, leastCallBackShare } from '#listen/judgements/index.ts'
import { enqueueTimer } from './acts/file.ts'
import { judgeToken } from './acts/judge.ts'
import { sendLink } from './acts/link.ts'
import {
  fireTimersAt,
  insertCallBack,
  performSystemAct,
  type SystemCommand,
  type SystemWriter,
  systemWriter,
} from './acts/system.ts'
import { dropOldDrafts } from './drafts.store.ts'
import { sendDigests } from './notices/digests.ts'
import { messageTo, sendNotices } from './notices/notices.ts'
import { writeToReporter } from './notices/written.ts'
import { formatNumber } from './number.ts'
import { askQueue, linkQueue, nightlyQueue, noticeQueue, timerQueue } from './reading/queues.ts'
import { surroundingsAt } from './reading/surroundings.ts'
import { addDays, announcedClock, responsibilityFaults } from './requests.rules.ts'
import { districtOf, holdRequest, type LoadedRequest, loadRequest, loadRequests } from './requests.store.ts'
import {
  grantJudge,
  mergedInto,
  readAsked,
  readCallBackShare,
  readOpen,
  readProvisional,
  readStanding,
  readUnjudged,
} from './timers.store.ts'
import { changeRequest, columnsOf } from './writing.store.ts'

/** Does an act of the system on a request, in a transaction of its own. False where the rules refuse it: another act was faster. */
export async function performAsSystem(
  kernel: Pick<Kernel, 'jobsDatabase' | 'jobs' | 'clock'>,
  id: string,
  command: SystemCommand,
  beside?: (writer: SystemWriter, loaded: LoadedRequest) => Promise<void>,
): Promise<boolean> {
  return transaction(kernel.jobsDatabase, (database, client) => {
    const writer = systemWriter(database, client, kernel.clock.now())
    return performSystemAct(writer, kernel, id, command, (loaded) => beside?.(writer, loaded) ?? Promise.resolve())
  })
}

/** What was typed during a call and never sent. */
const draftDays = 7

export function requestsJobs(kernel: Kernel): JobQueue[] {
  return [
    // Timers and questions for a judgement look again at what is due; a notice is of an act that stands in the register.
    {
      name: timerQueue,
      fromRequests: true,
      retries: 20,
      concurrency: 20,
      handle: (ids) => fireTimer(kernel, ids.request ?? ''),
    },
    {
      name: noticeQueue,
      fromRequests: "ledger.stands((data ->> 'act')::uuid, (data ->> 'request')::uuid, data ->> 'kind')",
      concurrency: 20,
      handle: async (ids) => {
        await sendNotices(kernel, ids)
        if (ids.kind === 'request.withdraw') await openMerged(kernel, ids.request ?? '')
      },
    },
    {
      name: linkQueue,
      // Of what has just been filed, or sent again to the phone that stands in the record.
      fromRequests:
        "case when data ? 'again' then public.followed_again((data ->> 'request')::uuid) else access.is_new((data ->> 'request')::uuid) end",
      concurrency: 20,
      handle: (ids) => sendLink(kernel, ids),
    },
    { name: askQueue, fromRequests: true, concurrency: 20, handle: (ids) => askJudgement(kernel, ids.request ?? '') },
    {
      name: 'request.call-backs',
      cron: '10 6 * * *',
      secondsPerTry: 1_800,
      handle: () => drawAndClose(kernel).then(() => undefined),
    },
    {
      name: nightlyQueue,
      cron: '30 2 * * *',
      secondsPerTry: 3_600,
      handle: () => nightlyCheck(kernel).then(() => undefined),
    },
    {
      name: 'request.announced',
      cron: '50 3 * * *',
      secondsPerTry: 3_600,
      handle: () => recomputeAnnounced(kernel).then(() => undefined),
    },
    // When people come to work; before that nobody is woken by what was not urgent.
    {
      name: 'request.digests',
      cron: '0 8 * * *',
      secondsPerTry: 1_800,
      handle: () => sendDigests(kernel).then(() => undefined),
    },
    { name: 'request.old-drafts', cron: '50 3 * * *', handle: () => dropOldDrafts(kernel.jobsDatabase.sql, draftDays) },
  ]
}

/** What is due now is done, however late; a timer whose deadline has moved does nothing. */
async function fireTimer(kernel: Kernel, id: string): Promise<void> {
  const now = kernel.clock.now()
  await transaction(kernel.jobsDatabase, (database, client) =>
    fireTimersAt(systemWriter(database, client, now), kernel, id, now),
  )
}

/** What was merged into a request that was withdrawn without an answer is open again, each by itself. */
export async function openMerged(kernel: Pick<Kernel, 'jobsDatabase' | 'jobs' | 'clock'>, id: string): Promise<void> {
  const { facts } = await loadRequest({ sql: kernel.jobsDatabase.sql, actor: { person: null } }, id)
  for (const one of await mergedInto(kernel.jobsDatabase.sql, id))
    await performAsSystem(kernel, one, { act: 'unmerge', from: facts })
}

/**
 * After an answer: makes the single-use judge token valid and sends its link to the reporter, where a contact was left. Whoever
 * entered the request for them never sees it.
 */
async function askJudgement(kernel: Kernel, id: string): Promise<void> {
  await transaction(kernel.jobsDatabase, async (database) => {
    const found = await readAsked(database, id)
    if (!found) return
    const token = judgeToken(kernel, found.answer, found.round)
    // As long as it could be judged or asked for again, and no longer: the week, the call back, thirty days after closing.
    const now = kernel.clock.now()
    const { settings } = await surroundingsAt(database, found.path, now)
    const days = settings.judgeDays + settings.callBackDays + settings.reopenDays + 1
    if (!(await grantJudge(database, hashToken(token), id, addDays(now.toISOString(), days)))) return
    const message = messageTo(kernel, id, found, 'requests.notice.asked', {
      number: formatNumber(found.number),
      link: `${kernel.config.publicUrl}/j/${token}`,
    })
    if (message) await writeToReporter(kernel, { sql: database, now: kernel.clock.now() }, message)
  })
}

/**
 * Those whom nobody judged within the time: at least a tenth of each district is drawn for a call back, by a seed that is kept;
 * the others close as unconfirmed, which is not solved. A district whose draw fails holds up no other.
 * @throws what the first draw that failed threw, once all have been tried
 */
export async function drawAndClose(kernel: Kernel): Promise<{ drawn: number; closed: number }> {
  const now = kernel.clock.now()
  const byDistrict = Map.groupBy(await readUnjudged(kernel.jobsDatabase.sql, now), ({ path }) => districtOf(path))
  const all = { drawn: 0, closed: 0 }
  const failures: unknown[] = []
  for (const [district, requests] of byDistrict) {
    const ids = requests.map(({ id }) => id)
    try {
      const { drawn, closed } = await drawOf(kernel, district, ids, now)
      all.drawn += drawn
      all.closed += closed
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length === 0) return all
  kernel.log.error({ failed: failures.length, districts: byDistrict.size }, 'draws for call backs failed')
  throw failures[0]
}

/**
 * One draw and all that follows from it in one transaction: broken off in its midst nothing of it is there, and of two processes the
 * second finds nothing left to draw.
 */
function drawOf(
  kernel: Kernel,
  district: string,
  ids: readonly string[],
  now: Date,
): Promise<{ drawn: number; closed: number }> {
  return transaction(kernel.jobsDatabase, async (database, client) => {
    for (const id of ids) await holdRequest(database, id)
    const requests = (await readUnjudged(database, now, ids)).map(({ id }) => id)
    const done = { drawn: 0, closed: 0 }
    if (requests.length === 0) return done
    const share = Math.max((await readCallBackShare(database, district)) ?? 0, leastCallBackShare)
    const seed = randomBytes(16).toString('hex')
    const chosen = new Set(drawCallBacks(requests, share, seed))
    await record(
      { client, now, actor: { person: null } },
      {
        kind: 'request.draw',
        record: newId(),
        path: district,
        facts: { seed, among: requests.length, drawn: chosen.size, share },
      },
    )
    const writer = systemWriter(database, client, now)
    for (const id of requests) {
      if (!chosen.has(id)) {
        if (await performSystemAct(writer, kernel, id, { act: 'close-unconfirmed' })) done.closed += 1
        continue
      }
      const beside = (loaded: LoadedRequest) => insertCallBack(writer, loaded, seed)
      if (await performSystemAct(writer, kernel, id, { act: 'draw-call-back' }, beside)) done.drawn += 1
    }
    return done
  })
}

/** Deadlines that rested on a calendar not yet announced are computed anew when it is. Returns how many changed. */
export async function recomputeAnnounced(kernel: Kernel): Promise<number> {
  let changed = 0
  for (const id of await readProvisional(kernel.jobsDatabase.sql)) {
    await transaction(kernel.jobsDatabase, async (database, client) => {
      const writer = systemWriter(database, client, kernel.clock.now())
      const { row, facts } = await loadRequest(writer, id)
      const surroundings = await surroundingsAt(database, facts.path, writer.now)
      const clock = announcedClock(facts, surroundings.settings, surroundings.calendar)
      if (!clock) return
      const next = { ...facts, ...clock }
      await record(writer, {
        kind: 'request.recompute',
        record: id,
        path: facts.path,
        times: { promised: next.promisedAt, ...(next.due ? { [next.due.kind]: next.due.at } : {}) },
      })
      await changeRequest(database, id, row.version, columnsOf(next))
      await enqueueTimer(writer, kernel, id, next, surroundings)
      changed += 1
    })
  }
  return changed
}

export interface Faulty {
  readonly request: string
  readonly faults: readonly string[]
}

/** A request never has no one responsible: looks at every open one, in batches, and says which are broken. */
export async function findFaulty(database: Sql): Promise<Faulty[]> {
  const standing = await readStanding(database)
  const found: Faulty[] = []
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const ids = await readOpen(database, after, 500)
    for (const { row, facts } of await loadRequests({ sql: database, actor: { person: null } }, ids)) {
      const faults = responsibilityFaults(facts, row.responsible, (body) => standing.has(body))
      if (faults.length > 0) found.push({ request: row.id, faults })
    }
    const last = ids.at(-1)
    if (!last || ids.length < 500) return found
    after = last
  }
}

/** The check of every night: its result stands in the register, and what is broken in the log, by id. */
export async function nightlyCheck(kernel: Pick<Kernel, 'jobsDatabase' | 'clock' | 'log'>): Promise<Faulty[]> {
  const found = await findFaulty(kernel.jobsDatabase.sql)
  for (const { request, faults } of found) kernel.log.error({ request, faults }, 'a request has nobody responsible')
  await transaction(kernel.jobsDatabase, (_database, client) =>
    record(
      { client, now: kernel.clock.now(), actor: { person: null } },
      {
        kind: 'request.nightly-check',
        record: newId(),
        path: null,
        result: found.length === 0 ? 'sound' : 'faulty',
        facts: { faulty: found.length },
      },
    ),
  )
  return found
}
