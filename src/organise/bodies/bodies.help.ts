import type { Act, Allowed } from '#kernel/access/index.ts'
import type { Sql } from '#kernel/database/index.ts'
import type { Encryption } from '#kernel/encryption/index.ts'
import { Refusal } from '#kernel/http/index.ts'
import { record } from '#kernel/ledger/index.ts'
import type { Limits } from '#kernel/limits/index.ts'
import type { Outbox } from '#kernel/outbox/index.ts'
import type { Sessions } from '#kernel/sessions/index.ts'
import { whereToWrite } from '#organise/people/index.ts'
import { notFound, refused } from './bodies.refusals.ts'
import { tenureHelped } from './bodies.tenures.ts'

export interface HelpingDoors {
  /** As the role of jobs, which reads where somebody can be written to. */
  readonly jobsDatabase: Sql
  readonly encryption: Pick<Encryption, 'decrypt'>
  readonly outbox: Pick<Outbox, 'queueMessage' | 'channels'>
  readonly sessions: Pick<Sessions, 'helpIn'>
  readonly limits: Pick<Limits, 'take'>
  readonly publicUrl: string
}

/**
 * Helps somebody who has lost password, telephone or both: a link goes to the address that they were invited at, by which they set a
 * password anew. Whoever helps neither sees the link nor chooses where it goes, appoints to every post of theirs and could give its
 * duties, so that nobody gains by it what they could not give. Until the link is used everything stays as it was.
 * @throws Refusal 404 for a tenure that does not run, 409 for oneself, somebody of wider reach, or where no mail leads, 429 beyond three a day
 */
export async function helpIn(
  act: Act,
  doors: HelpingDoors,
  allowed: Allowed<'post.appoint'>,
  tenure: string,
): Promise<{ expiresAt: string }> {
  const helped = await tenureHelped(act, tenure)
  if (!helped) throw notFound()
  if (helped.person === act.actor.person) throw refused('help-self')
  if (!helped.covered) throw refused('help-beyond')
  const reached = helped.signIn ? await whereToWrite(doors.jobsDatabase, doors.encryption, helped.signIn) : null
  if (!helped.signIn || !reached?.mail || !doors.outbox.channels.mail) throw refused('help-no-mail')
  // Every link ends the one before it and asks somebody to open a letter: nobody is pestered with them.
  if (!(await doors.limits.take('help.person', helped.person)).allowed)
    throw new Refusal(429, 'help-often', 'bodies.refused.help-often')
  const { token, expiresAt } = await doors.sessions.helpIn(helped.signIn)
  await doors.outbox.queueMessage(act, {
    channel: 'mail',
    to: reached.mail,
    template: 'bodies.help-mail',
    values: { link: `${doors.publicUrl}/staff/sign-in/anew/${token}` },
    language: reached.language,
    record: helped.person,
    goodUntil: expiresAt,
  })
  await record(act, {
    kind: 'sign-in.helped',
    record: tenure,
    path: allowed.path,
    tenure: allowed.tenure.tenure,
    facts: { person: helped.person },
    times: { expires: expiresAt.toISOString() },
  })
  return { expiresAt: expiresAt.toISOString() }
}
