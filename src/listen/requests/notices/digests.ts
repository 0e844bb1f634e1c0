// News that was held because somebody chose to be told of it together: one mail each, on the morning that it is due, of what they may still see.
import { type Day, dayOf, loadCalendar } from '#kernel/calendar/index.ts'
import { transaction } from '#kernel/database/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { queuePush } from '#kernel/push/index.ts'
import { forgetTelling, heldOwners, isDue, listOf, oftenOf, takeHeld } from '#kernel/telling/index.ts'
import { t } from '#kernel/words/index.ts'
import { formatNumber } from '../number.ts'
import { readMatters, readReader } from './digests.store.ts'
import { readConcerned } from './notices.store.ts'
import { messageTo } from './notices.ts'
import { writeToReporter } from './written.ts'

type Doors = Pick<Kernel, 'jobsDatabase' | 'clock' | 'outbox' | 'encryption' | 'config' | 'log'>
type Owner = Awaited<ReturnType<typeof heldOwners>>[number]

/** So many matters stand in one mail; of the rest it says how many. */
const mostMatters = 100

/**
 * Tells everybody whose turn it is. One who cannot be told holds up nobody else.
 * @throws what the first that failed threw, once all have been tried
 */
export async function sendDigests(kernel: Doors): Promise<{ told: number }> {
  const now = kernel.clock.now()
  const day = dayOf(now)
  const calendar = await loadCalendar(kernel.jobsDatabase.sql)
  const failures: unknown[] = []
  let told = 0
  for (const owner of await heldOwners(kernel.jobsDatabase.sql)) {
    try {
      if (await tell(kernel, owner, now, day, (often) => isDue(owner.purpose, often, day, calendar))) told += 1
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) {
    kernel.log.error({ failed: failures.length }, 'digests failed')
    throw failures[0]
  }
  return { told }
}

function tell(
  kernel: Doors,
  owner: Owner,
  now: Date,
  day: Day,
  due: (often: Awaited<ReturnType<typeof oftenOf>>) => boolean,
): Promise<boolean> {
  return transaction(kernel.jobsDatabase, async (sql) => {
    const on = { sql, now }
    if (owner.purpose === 'work') return due(owner.often ?? 'now') && tellColleague(kernel, on, owner, day)
    const found = await readConcerned(sql, owner.owner)
    if (!found) {
      await forgetTelling(sql, owner.owner)
      return false
    }
    return due(await oftenOf(sql, owner, found.reporter)) && tellReporter(kernel, on, owner, found, day)
  })
}

type On = Parameters<Kernel['outbox']['queueMessage']>[0]

/** Somebody who works here: which matters had news, and how much. */
async function tellColleague(kernel: Doors, on: On, owner: Owner, day: Day): Promise<boolean> {
  const held = await takeHeld(on.sql, owner)
  const reader = await readReader(on.sql, owner.owner)
  if (!reader) return false
  const say = t(reader.language)
  const matters = await readMatters(on.sql, owner.owner, [...new Set(held.map(({ record }) => record))])
  if (matters.length === 0) return false
  const lines = matters.slice(0, mostMatters).map((matter) =>
    say('requests.digest.matter', {
      number: formatNumber(matter.number),
      place: (reader.language === 'en' && matter.place_en) || matter.place,
      times: held.filter(({ record }) => record === matter.id).length,
      link: `${kernel.config.publicUrl}/desk/requests/${matter.id}`,
    }),
  )
  if (matters.length > mostMatters) lines.push(say('requests.digest.more', { more: matters.length - mostMatters }))
  const [first] = matters
  if (first)
    await queuePush(kernel.outbox, on, 'work', owner.owner, {
      template: 'requests.push.work',
      record: first.id,
      act: null,
    })
  if (!reader.mail) return true
  await kernel.outbox.queueMessage(on, {
    channel: 'mail',
    to: kernel.encryption.decrypt('person.mail', reader.mail, owner.owner),
    template: 'requests.digest.work',
    values: { lines: lines.join('\n\n') },
    language: reader.language,
    list: listOf(kernel, owner),
    once: ['digest', 'work', owner.owner, day],
  })
  return true
}

/** Whoever told a matter: what happened to it, in the words by which each would have been told. */
async function tellReporter(
  kernel: Doors,
  on: On,
  owner: Owner,
  found: NonNullable<Awaited<ReturnType<typeof readConcerned>>>,
  day: Day,
): Promise<boolean> {
  const held = await takeHeld(on.sql, owner)
  const say = t(found.language)
  const lines = [...new Set(held.map(({ what }) => what))].map((what) => `· ${say(`requests.notice.${what}.subject`)}`)
  const message = messageTo(kernel, owner.owner, found, 'requests.digest.record', {
    number: formatNumber(found.number),
    lines: lines.join('\n'),
    link: `${kernel.config.publicUrl}/follow`,
  })
  if (message?.channel === 'mail')
    await writeToReporter(kernel, on, {
      ...message,
      list: listOf(kernel, owner, found.reporter),
      once: ['digest', 'record', owner.owner, day],
    })
  const push = { template: 'requests.push.news', record: owner.owner, act: null }
  await queuePush(kernel.outbox, on, 'record', owner.owner, push)
  if (found.reporter) await queuePush(kernel.outbox, on, 'own', found.reporter, push)
  return true
}
