import { enter } from '#kernel/access/index.ts'
import type { Database, Sql } from '#kernel/database/index.ts'
import type { Encryption } from '#kernel/encryption/index.ts'
import type { Outbox } from '#kernel/outbox/index.ts'
import type { SecurityNotice } from '#kernel/sessions/index.ts'
import { exactTime, t } from '#kernel/words/index.ts'
import { whereToWrite } from './people.store.ts'

/** What a notice about a sign-in goes out by. */
export interface TellingDoors {
  readonly database: Database
  /** As the role of jobs, which reads where somebody can be written to. */
  readonly jobsDatabase: Sql
  readonly encryption: Pick<Encryption, 'decrypt'>
  readonly outbox: Pick<Outbox, 'queueMessage'>
  readonly publicUrl: string
}

/** Writes to somebody that the way they sign in was changed: by mail, or by message where only a number is known. */
export async function tellSecurityChange(doors: TellingDoors, notice: SecurityNotice): Promise<void> {
  const reached = await whereToWrite(doors.jobsDatabase, doors.encryption, notice.userId)
  if (reached === null) return
  const { id, mail, phone, language } = reached
  const to = mail ?? phone
  if (to === null) return
  const say = t(language)
  await enter(doors.database, {}, { now: notice.at, language }, async (act) => {
    await doors.outbox.queueMessage(act, {
      channel: mail === null ? 'sms' : 'mail',
      to,
      template: 'sessions.change-mail',
      values: {
        what: say(`sessions.event.${notice.kind}`),
        when: exactTime(notice.at, language),
        device: `${say(notice.device.browser)} · ${say(notice.device.system)}`,
        link: `${doors.publicUrl}/my/security`,
      },
      language,
      record: id,
    })
  })
}
