// Whom an act concerns hears of it after it is committed: the reporter by what they left, heads and levels above by mail.
import { sql } from 'kysely'
import { type Sql, transaction } from '#kernel/database/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { formatNumber } from './number.ts'
import type { Act } from './requests.api.ts'
import { told } from './requests.rules.table.ts'

/** Acts of which the reporter is told by message; others stand on the page they follow. An answer is told by the question how it was. */
const messaged: readonly Act[] = [
  'extend',
  'merge',
  'transfer',
  'arrange-visit',
  'agree-visit',
  'move-visit',
  'cancel-visit',
  'close-unconfirmed',
]

/** Acts of which heads and levels above hear by mail. */
const alarming: readonly Act[] = ['mark-overdue', 'supervise-by-itself', 'supervise']

interface Concerned {
  number: number
  title: string
  language: 'zh-CN' | 'en'
  path: string
  responsible: string
  promised_at: string | null
  phone: Buffer | null
  mail: Buffer | null
}

export async function sendNotices(kernel: Kernel, ids: Readonly<Record<string, string>>): Promise<void> {
  const { request = '', kind = '' } = ids
  const act = kind.replace(/^request\./, '') as Act
  const listeners = told[act] ?? []
  await transaction(kernel.jobsDatabase, async (database) => {
    const { rows } = await sql<Concerned>`
      select r.number, r.title, r.language, r.path, r.responsible, r.promised_at, c.phone_encrypted as phone, c.mail_encrypted as mail
      from request r left join request_contact c on c.request = r.id where r.id = ${request}`.execute(database)
    const found = rows[0]
    if (!found) return
    const surroundings = { sql: database, now: kernel.clock.now() }
    const number = formatNumber(found.number)
    if (messaged.includes(act) && (listeners.includes('reporter') || listeners.includes('reporters'))) {
      const message = messageTo(kernel, request, found, `requests.notice.${act}`, {
        number,
        promised: found.promised_at ?? '',
      })
      if (message) await kernel.outbox.queueMessage(surroundings, message)
    }
    if ((act === 'answer' || act === 'agree-explanation') && kernel.outbox.channels.sms) {
      const { rows: others } = await sql<{ id: string; phone: Buffer }>`
        select id, phone_encrypted as phone from me_too where request = ${request} and phone_encrypted is not null`.execute(
        database,
      )
      for (const other of others) {
        await kernel.outbox.queueMessage(surroundings, {
          channel: 'sms',
          to: kernel.encryption.decrypt('contact', other.phone, `${other.id}.phone`),
          template: 'requests.notice.me-too',
          values: { number, link: `${kernel.config.publicUrl}/raised/${found.number}` },
          language: found.language,
          record: request,
        })
      }
    }
    if (act === 'answer' || act === 'agree-explanation') await tellMerged(kernel, database, request)
    if (alarming.includes(act) && kernel.outbox.channels.mail) {
      const { rows: heads } = await sql<{ id: string; mail: Buffer; language: 'zh-CN' | 'en' }>`
        select distinct h.id, h.mail_encrypted as mail, h.language
        from person h join tenure t on t.person = h.id and t.during @> now() join post p on p.id = t.post join body b on b.id = p.body
        where h.mail_encrypted is not null and h.erased_at is null and b.dissolved_at is null
          and ((b.id = ${found.responsible} and p.is_head)
               or ('request.supervise' = any(p.duties) and starts_with(${found.path}, b.path) and b.id <> ${found.responsible}))`.execute(
        database,
      )
      for (const head of heads) {
        await kernel.outbox.queueMessage(surroundings, {
          channel: 'mail',
          to: kernel.encryption.decrypt('person.mail', head.mail, head.id),
          template: `requests.notice.${act}`,
          values: { number, link: `${kernel.config.publicUrl}/desk/requests/${request}` },
          language: head.language,
          record: request,
        })
      }
    }
  })
}

/** Reporters of what was merged into a request hear of its answer too, and may reopen theirs from now on. */
async function tellMerged(kernel: Kernel, database: Sql, request: string): Promise<void> {
  const now = kernel.clock.now()
  const { rows: merged } = await sql<Reachable & { id: string; number: number; version: number }>`
    with recursive merged as (
      select id from request where merged_into = ${request}
      union select r.id from request r join merged m on r.merged_into = m.id
    )
    select r.id, r.number, r.version, r.language, c.phone_encrypted as phone, c.mail_encrypted as mail
    from merged join request r on r.id = merged.id left join request_contact c on c.request = r.id
    where r.state = 'closed' and r.result = 'merged' for update of r`.execute(database)
  for (const one of merged) {
    const message = messageTo(kernel, one.id, one, 'requests.notice.merged-answered', {
      number: formatNumber(one.number),
    })
    if (message) await kernel.outbox.queueMessage({ sql: database, now }, message)
    await sql`select request_change(${one.id}, ${one.version}, ${JSON.stringify({ heard_at: now.toISOString() })}::jsonb)`.execute(
      database,
    )
  }
}

interface Reachable {
  readonly language: 'zh-CN' | 'en'
  readonly phone: Buffer | null
  readonly mail: Buffer | null
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
  if (contact.phone && kernel.outbox.channels.sms)
    return { ...record, channel: 'sms' as const, to: open('phone', contact.phone) }
  if (contact.mail && kernel.outbox.channels.mail)
    return { ...record, channel: 'mail' as const, to: open('mail', contact.mail) }
  return null
}
