// Sending on, every minute: what is tried is written down first, and what may have been taken is never sent a second time unless the
// other side is known to take it once.
import { transaction } from '#kernel/database/index.ts'
import { mostAttempts, pauseMinutes } from '#kernel/elsewhere/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { t } from '#kernel/words/index.ts'
import { performSystemAct, systemWriter } from '#listen/requests/index.ts'
import { ancestorPaths, fullName, placesByPaths } from '#organise/places/index.ts'
import { statusAfter, w3cMoment } from '../open311/index.ts'
import { get, keyOf, post } from './forwarding.asking.ts'
import { readAnswer } from './forwarding.reading.ts'
import { foundBy, markOf, type Outcome, outcomeOf, reasonOf } from './forwarding.rules.ts'
import {
  endDelivery,
  forwardingsDue,
  noteProgress,
  postponeDelivery,
  readGoods,
  readStep,
  type Taken,
  takeDelivery,
} from './forwarding.sending.store.ts'

export type Doors = Pick<Kernel, 'jobsDatabase' | 'clock' | 'config' | 'encryption' | 'jobs'>

/** So many services at once: one that hangs holds up nobody else for long. */
const together = 8
const secondsPerAttempt = 15
/** What is begun in one minute's round ends before the queue takes it for dead. */
const roundSeconds = 120
/** A list that was read so long after the attempt would show it. */
const listedAfterMinutes = 10

/** Sends what is due. Any number of processes may: each delivery is taken by one. */
export async function sendForwarded(kernel: Doors, seconds = secondsPerAttempt): Promise<void> {
  const due = (await forwardingsDue(kernel.jobsDatabase.sql, kernel.clock.now())).values()
  const end = performance.now() + roundSeconds * 1000
  await Promise.all(
    Array.from({ length: together }, async () => {
      for (const forwarding of due) {
        // After the first failure the others wait for the next round: a server that is away is not asked a thousand times.
        while (performance.now() < end && (await sendNext(kernel, forwarding, seconds)));
      }
    }),
  )
}

/** The next delivery of a forwarding. False where there is none, or it is not done with. */
async function sendNext(kernel: Doors, forwarding: string, seconds: number): Promise<boolean> {
  const { jobsDatabase, clock } = kernel
  const taken = await takeDelivery(jobsDatabase.sql, forwarding, clock.now())
  if (!taken) return false
  const key = keyOf(kernel.encryption, taken)
  if (key === undefined) return dead(kernel, taken, 'the key cannot be decrypted')
  const outcome =
    taken.kind === 'step' ? await sendStep(kernel, taken, key, seconds) : await sendRequest(kernel, taken, key, seconds)
  if (outcome.is === 'delivered') return delivered(kernel, taken, outcome)
  if (outcome.is === 'refused') return dead(kernel, taken, outcome.reason)
  if (outcome.is === 'again' && taken.unsureSince === null)
    await noteProgress(jobsDatabase.sql, taken, { unsureSince: null })
  if (outcome.is === 'token') await noteProgress(jobsDatabase.sql, taken, { token: outcome.token, unsureSince: null })
  if (taken.attempts >= mostAttempts) {
    await dead(kernel, taken, outcome.reason)
    return false
  }
  const after = outcome.is === 'again' ? (outcome.afterSeconds ?? 0) : 0
  const pause = Math.max(pauseMinutes(taken.attempts) * 60, after)
  await postponeDelivery(jobsDatabase.sql, taken, outcome.reason, new Date(clock.now().getTime() + pause * 1000))
  return false
}

async function dead(kernel: Doors, taken: Taken, reason: string): Promise<boolean> {
  await endDelivery(kernel.jobsDatabase.sql, taken, { state: 'dead', reason }, kernel.clock.now())
  return true
}

/** The request says, in the same transaction, where it went and by which number. */
async function delivered(
  { jobsDatabase, jobs, clock }: Doors,
  taken: Taken,
  { number, reason }: Extract<Outcome, { is: 'delivered' }>,
): Promise<boolean> {
  await transaction(jobsDatabase, async (on, client) => {
    const now = clock.now()
    if (!(await endDelivery(on, taken, { state: 'delivered', reason, number }, now)) || taken.kind === 'step') return
    const text = `${taken.name} · ${number}`
    await performSystemAct(systemWriter(on, client, now), { jobs }, taken.request, { act: 'forward' }, undefined, text)
  })
  return true
}

/** Written down before it is sent: whatever happens now, it may stand there. */
async function posted(
  kernel: Doors,
  taken: Taken,
  path: string,
  form: Readonly<Record<string, string>>,
  key: string | null,
  seconds: number,
): Promise<Outcome> {
  const postedAt = kernel.clock.now()
  const unsureSince = taken.unsureSince ? new Date(taken.unsureSince) : postedAt
  if (!(await noteProgress(kernel.jobsDatabase.sql, taken, { form, unsureSince, postedAt })))
    return { is: 'again', reason: 'another process has it' }
  return outcomeOf(await post(taken, key, path, form, taken.id, seconds), taken.kind)
}

async function sendRequest(kernel: Doors, taken: Taken, key: string | null, seconds: number): Promise<Outcome> {
  if (taken.number !== null) return { is: 'delivered', number: taken.number, reason: 'its number was entered by hand' }
  if (taken.token !== null) return byToken(taken, taken.token, key, seconds)
  const goods = await readGoods(kernel.jobsDatabase.sql, taken.id)
  if (!goods) return { is: 'refused', reason: 'there is no such request' }
  const mark = markOf(kernel.config.publicUrl, goods.number)
  const unsure = taken.unsureSince !== null
  if (unsure && taken.again !== 'same') {
    const looked = await look(kernel, taken, mark, key, seconds)
    if (looked) return looked
  }
  // What may stand there goes out again word for word, though it is no longer open here.
  if (!unsure) {
    if (goods.state === 'closed') return { is: 'refused', reason: 'it is closed here' }
    if (goods.body === null && !goods.outline) return { is: 'refused', reason: 'it is not released any more' }
  }
  const form = taken.form ?? (await formOf(kernel, taken, goods, mark))
  return posted(kernel, taken, 'requests', form, key, seconds)
}

/** Nobody's name, number, mail or device; no spot, but the community. */
async function formOf(
  { jobsDatabase }: Doors,
  { service, language }: Taken,
  goods: NonNullable<Awaited<ReturnType<typeof readGoods>>>,
  mark: string,
): Promise<Record<string, string>> {
  const paths = ancestorPaths(goods.path).slice(0, 5)
  const places = await placesByPaths(jobsDatabase.sql, paths)
  const chain = paths.flatMap((path) => places.get(path) ?? [])
  const where = chain.length > 0 ? fullName(chain, language, 'city') : ''
  const words = goods.body === null ? [goods.category] : [goods.title, goods.body]
  const point: Record<string, string> =
    goods.latitude === null || goods.longitude === null
      ? {}
      : { lat: String(goods.latitude), long: String(goods.longitude) }
  return {
    service_code: service,
    description: [...new Set(words), where, mark].filter(Boolean).join('\n\n'),
    address_string: where,
    ...point,
  }
}

async function byToken(taken: Taken, token: string, key: string | null, seconds: number): Promise<Outcome> {
  const answer = await get(taken, key, `tokens/${encodeURIComponent(token)}`, {}, seconds)
  const read = 'status' in answer ? readAnswer(answer) : null
  const number = read?.rows.find((row) => row.token === undefined || row.token === token)?.service_request_id
  if (number && number.length <= 200) return { is: 'delivered', number, reason: 'by its token' }
  const ok = 'status' in answer && answer.status < 300 && read !== null && read.faults.length === 0
  return { is: 'again', reason: ok ? 'its number comes later' : reasonOf(answer, read) }
}

/**
 * Looks whether it stands there. What is found is ours; what is not found is sent again only where the list there is known to show
 * everything that came by our key, and was read a while after the attempt. Null where it may be sent again.
 */
async function look(
  kernel: Doors,
  taken: Taken,
  mark: string,
  key: string | null,
  seconds: number,
): Promise<Outcome | null> {
  const now = kernel.clock.now()
  const since = new Date(taken.unsureSince ?? now)
  const answer = await get(
    taken,
    key,
    'requests',
    {
      service_code: taken.service,
      // An hour to either side: clocks differ.
      start_date: w3cMoment(new Date(since.getTime() - 3_600_000)),
      end_date: w3cMoment(new Date(now.getTime() + 3_600_000)),
    },
    seconds,
    true,
  )
  const read = 'status' in answer && answer.status >= 200 && answer.status < 300 ? readAnswer(answer) : null
  if (read === null || read.faults.length > 0)
    return {
      is: 'unsure',
      reason: `unsure, and looked in vain: ${reasonOf(answer, 'status' in answer ? readAnswer(answer) : null)}`,
    }
  const number = foundBy(mark, read.rows)
  if (number !== null) return { is: 'delivered', number, reason: 'found there after its answer was lost' }
  if (taken.again === 'listed' && now.getTime() - Date.parse(taken.postedAt ?? '') >= listedAfterMinutes * 60_000)
    return null
  return { is: 'unsure', reason: 'its answer was lost, and it is not in the list there' }
}

async function sendStep(kernel: Doors, taken: Taken, key: string | null, seconds: number): Promise<Outcome> {
  // There is nothing by which an update is found again.
  if (taken.unsureSince !== null && taken.again !== 'same') return { is: 'refused', reason: 'its answer was lost' }
  const step = taken.step === null ? null : await readStep(kernel.jobsDatabase.sql, taken.forwarding, taken.step)
  if (!step) return { is: 'refused', reason: 'it is not released any more' }
  if (step.there === null) return { is: 'refused', reason: 'the request is not there' }
  const status = statusAfter[step.kind]
  const form = taken.form ?? {
    service_request_id: step.there,
    service_request_id_ext: String(step.number),
    update_id_ext: taken.step ?? '',
    updated_datetime: w3cMoment(step.at),
    status,
    description: step.answer ?? t(taken.language)(`open311.update.${step.kind}`),
  }
  return posted(kernel, taken, 'servicerequestupdates', form, key, seconds)
}
