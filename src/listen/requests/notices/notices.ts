// Whom an act concerns hears of it after it is committed: the reporter by what they left, those who work on it by mail.
import { transaction } from '#kernel/database/index.ts'
import { hashToken, newToken, normalisePhone } from '#kernel/encryption/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { queuePush } from '#kernel/push/index.ts'
import { hold, listOf, oftenOf } from '#kernel/telling/index.ts'
import { formatNumber } from '../number.ts'
import { surroundingsAt } from '../reading/surroundings.ts'
import type { Act } from '../requests.api.ts'
import { addDays } from '../requests.rules.ts'
import { told } from '../rules/told.ts'
import { sendToColleagues } from './colleagues.ts'
import { sendInvitations } from './invitations.ts'
import { inTheirName, messaged, news } from './messaged.ts'
import {
  grantFollowing,
  holdMerged,
  isByStaff,
  noteHeard,
  type Reachable,
  readConcerned,
  readMeToos,
  readReleasedTarget,
} from './notices.store.ts'
import { writeToReporter } from './written.ts'

/** What an invitation says as well. */
const visitActs: readonly Act[] = ['agree-visit', 'move-visit', 'cancel-visit']
/** What the reporter does as well: they hear of it where it was not by their own hand. */
const alsoTheirs: readonly Act[] = ['correct']

/**
 * Tells whom an act concerns. A job may be worked twice (a kill between its commit and its receipt): each message is the only
 * one of act and recipient, so that a second time adds nothing.
 */
export async function sendNotices(
  kernel: Pick<Kernel, 'jobsDatabase' | 'clock' | 'outbox' | 'encryption' | 'config' | 'limits'>,
  ids: Readonly<Record<string, string>>,
): Promise<void> {
  const { request = '', kind = '' } = ids
  const act = kind.replace(/^request\./, '') as Act
  const once = (whom: string, id: string) => (ids.act ? { once: [ids.act, whom, id] } : {})
  const listeners = told[act] ?? []
  const answers = act === 'answer' || act === 'agree-explanation'
  await transaction(kernel.jobsDatabase, async (database) => {
    const found = await readConcerned(database, request)
    if (!found) return
    const surroundings = { sql: database, now: kernel.clock.now() }
    const number = formatNumber(found.number)
    // What a calendar tells by mail needs no second letter.
    const invited = await sendInvitations(kernel, surroundings, request, found)
    const list = { purpose: 'record', owner: request } as const
    // Chosen for this matter, or for all of theirs; text messages go out at once as before.
    let often: Awaited<ReturnType<typeof oftenOf>> = 'now'
    const hears = messaged.includes(act) && (listeners.includes('reporter') || listeners.includes('reporters'))
    if (hears && (!alsoTheirs.includes(act) || (await isByStaff(database, ids.act ?? '')))) {
      const other = act === 'merge' ? await readReleasedTarget(database, request) : null
      const values: Record<string, string | number> = other
        ? { number, other: formatNumber(other.number), title: other.title }
        : { number, promised: found.promised_at ?? '' }
      const what = other ? 'merge-known' : act
      const isNews = news.includes(what)
      if (isNews) often = await oftenOf(database, list, found.reporter)
      const message = messageTo(kernel, request, found, `requests.notice.${what}`, values)
      const waits = often !== 'now' && message?.channel !== 'sms'
      if (waits && often !== 'never')
        await hold(database, list, { record: request, what, act: ids.act ?? null, at: surroundings.now })
      if (message && !waits && !(invited && message.channel === 'mail' && visitActs.includes(act)))
        await writeToReporter(kernel, surroundings, {
          ...message,
          ...(isNews ? { list: listOf(kernel, list, found.reporter) } : {}),
          ...once('reporter', request),
        })
    }
    if ((hears && often === 'now') || answers || inTheirName.includes(act)) {
      const message = {
        template: answers ? 'requests.push.answered' : 'requests.push.news',
        record: request,
        act: ids.act ?? null,
      }
      await queuePush(kernel.outbox, surroundings, 'record', request, message)
      if (found.reporter) await queuePush(kernel.outbox, surroundings, 'own', found.reporter, message)
    }
    if (inTheirName.includes(act)) {
      for (const channel of ['sms', 'mail'] as const) {
        const only = { ...found, ...(channel === 'sms' ? { mail: null } : { phone: null }) }
        // Who did not mean it to be withdrawn takes it up again by a link of their own, as long as that can be done.
        const token = act === 'withdraw' ? newToken() : null
        const values = { number, ...(token ? { link: `${kernel.config.publicUrl}/r/${token}` } : {}) }
        const message = messageTo(kernel, request, only, `requests.notice.${act}`, values)
        const written =
          message &&
          (await writeToReporter(kernel, surroundings, { ...message, ...once(`reporter.${channel}`, request) }))
        if (written && token) await grantFollowing(database, hashToken(token), request, found.reopen_until)
      }
    }
    if (answers && kernel.outbox.channels.sms) {
      for (const other of await readMeToos(database, request)) {
        await kernel.outbox.queueMessage(surroundings, {
          channel: 'sms',
          to: kernel.encryption.decrypt('contact', other.phone, `${other.id}.phone`),
          template: 'requests.notice.me-too',
          values: { number, link: `${kernel.config.publicUrl}/raised/${found.number}` },
          language: found.language,
          record: request,
          ...once('me-too', other.id),
        })
      }
    }
    if (answers) {
      for (const one of await holdMerged(database, request, ids.act ?? null)) {
        const values = { number: formatNumber(one.number) }
        const message = messageTo(kernel, one.id, one, 'requests.notice.merged-answered', values)
        if (message) await writeToReporter(kernel, surroundings, { ...message, ...once('merged', one.id) })
        const { settings } = await surroundingsAt(database, found.path, surroundings.now)
        const until = addDays(surroundings.now, settings.reopenDays)
        if (!one.heard) await noteHeard(database, one, surroundings.now, until)
      }
    }
    await sendToColleagues(kernel, surroundings, found, { request, kind: act, act: ids.act ?? null })
  })
}

/** A message to the reporter by what they left: a phone first, else an address; null where they left neither, or it leads nowhere. */
export function messageTo(
  kernel: Pick<Kernel, 'encryption' | 'outbox'>,
  request: string,
  contact: Reachable,
  template: string,
  values: Record<string, string | number>,
) {
  const open = (what: string, sealed: Buffer) => kernel.encryption.decrypt('contact', sealed, `${request}.${what}`)
  const record = { template, values, language: contact.language, record: request }
  const phone = contact.phone && kernel.outbox.channels.sms ? open('phone', contact.phone) : null
  const kind = phone === null ? undefined : normalisePhone(phone)?.kind
  // A landline takes no messages.
  if (phone !== null && (kind === 'mobile' || kind === 'abroad'))
    return { ...record, channel: 'sms' as const, to: phone }
  if (contact.mail && kernel.outbox.channels.mail)
    return { ...record, channel: 'mail' as const, to: open('mail', contact.mail) }
  return null
}
