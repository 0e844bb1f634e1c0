import type { QueryExecutorProvider } from 'kysely'
import { newId } from '../database/identifiers.ts'
import type { Encryption } from '../encryption/index.ts'
import { bounceAddress, type MailAddress } from '../mailbox/index.ts'
import { isStopped } from '../telling/index.ts'
import { addressOf, type Channel, type Content, channels, contentOf, type Message, onceKeyOf } from './message.ts'
import {
  type Claimed,
  claimMessages,
  endMessage,
  eraseMessages,
  forgetReturned,
  insertMessage,
  isReturned,
  markReturned,
  messageReturned,
  newestMessages,
  postponeMessage,
  recipientsOf,
  unmarkReturned,
} from './outbox.store.ts'
import { mailSender, type Outcome, type Sender, smsSender } from './senders.ts'

/** A message in the clear, for the page of the demonstration alone. */
export interface ReadableMessage {
  id: string
  channel: Channel
  to: string
  subject: string | null
  text: string
  state: string
  createdAt: string
}

export interface Outbox {
  /** Which channels lead anywhere: an adapter is configured, or the demonstration shows its messages. */
  readonly channels: Readonly<Record<Channel, boolean>>
  /**
   * Writes a message in the caller's transaction; it is sent after the commit, never without it. Returns its id, or
   * null where the channel is off (nothing is stored that could not be sent) or where the same was written before (`once`).
   * Throws RangeError for an address or a text that cannot be sent.
   */
  queueMessage(act: { sql: QueryExecutorProvider; now: Date }, message: Message): Promise<string | null>
  /** Sends what is due, once. Any number of processes may do so at the same time. */
  deliver(): Promise<{ sent: number; postponed: number; dead: number }>
  /**
   * A mail came back for good: it counts as not sent, and nothing more goes to its address until whoever has it answers from it. False
   * where no such mail was sent, or it is not known any more whom it went to.
   */
  returned(id: string, status: string | null): Promise<boolean>
  /**
   * Whoever reads mail at an address wrote from it: what was sent to it may have come back before, and it is written to again. A sender is soon
   * written on an envelope, so only a mail with what stood in ours to that address says so.
   */
  writtenFrom(address: string): Promise<void>
  /** Whether one of these messages went to an address, as far as it is still known whom they went to. */
  wroteTo(ids: readonly string[], address: string): Promise<boolean>
  /** Delivers every second until stopped; `stop` waits for what is being sent. */
  start(onError: (error: unknown) => void, everyMilliseconds?: number): void
  stop(): Promise<void>
  /** The newest messages in the clear. Throws unless this is a demonstration that only this machine can reach. */
  listReadableMessages(most?: number): Promise<ReadableMessage[]>
  /** Erases recipients and texts of messages that ended a week ago. For the nightly sweep. */
  erase(): Promise<number>
}

const erasedAfterDays = 7
const returnedForgottenDays = 365
const mostAttempts = 8
const together = 4
const batch = 20
/** Longer than a whole batch can take, with every provider hanging. */
const leaseSeconds = 180
/** 30 s, 2 min, 8 min, 32 min, then every two hours: about seven hours in all. */
const firstPauseSeconds = 30
const longestPauseSeconds = 7_200
/** No attempt is put off for longer than this, with what chance adds and what a provider may ask for. */
const farthestSeconds = 86_400

export function createOutbox(options: {
  config: {
    demonstration: boolean
    loopback: boolean
    sms: { url: string; token: string | null } | null
    smtp: { url: string; from: string } | null
    mailbox?: { readonly addresses: readonly MailAddress[] } | null
  }
  encryption: Encryption
  /** As the role of jobs: the application's role can only put in. */
  jobsDatabase: QueryExecutorProvider
  clock: { now(): Date }
  /** Adapters that another room makes, or that stand in for the configured ones. */
  senders?: Partial<Record<Channel, Sender>>
}): Outbox {
  const { config, encryption, jobsDatabase, clock } = options
  const shown = config.demonstration && config.loopback
  // In the demonstration nothing leaves the machine: its page is where messages arrive.
  const display: Sender = { send: async () => ({ sent: true, reference: null }), close: () => undefined }
  const [intake] = config.mailbox?.addresses ?? []
  const returnsTo = intake ? (id: string) => bounceAddress(encryption, intake, id) : null
  const digestOf = (address: string) => encryption.blindIndex('mail.returned', address.toLowerCase())
  const senders: Partial<Record<Channel, Sender>> = {
    ...(shown ? { sms: display, mail: display } : {}),
    ...(config.sms ? { sms: smsSender(config.sms) } : {}),
    ...(config.smtp ? { mail: mailSender(config.smtp, undefined, returnsTo) } : {}),
    ...options.senders,
  }
  // Each channel has its own round: a provider that hangs holds up nobody who is written to by another.
  const rounds = new Map<Channel, { timer: NodeJS.Timeout | null; working: Promise<unknown> }>()
  let stopped = false

  async function attempt(claimed: Claimed): Promise<Outcome> {
    if (claimed.goodUntil && new Date(claimed.goodUntil) <= clock.now()) {
      return { sent: false, again: false, reason: 'too late' }
    }
    const sender = senders[claimed.channel]
    if (!sender) return { sent: false, again: true, reason: 'no adapter' }
    let opened: { to: string; content: Content }
    try {
      opened = open(claimed)
    } catch {
      return { sent: false, again: false, reason: 'cannot be decrypted' }
    }
    const hindered = claimed.channel === 'mail' && opened.content.though !== 'returned'
    if (hindered && (await isReturned(jobsDatabase, digestOf(opened.to))))
      return { sent: false, again: false, reason: 'mail to it came back' }
    const { list } = opened.content
    if (list && (await isStopped(jobsDatabase, list))) return { sent: false, again: false, reason: 'not wanted' }
    const { id, template, language } = claimed
    return sender
      .send({ id, template, language, ...opened })
      .catch(() => ({ sent: false, again: true, reason: 'adapter failed' }))
  }

  function open(claimed: { id: string; recipient: Buffer; content: Buffer }): { to: string; content: Content } {
    return {
      to: encryption.decrypt('outbox.recipient', claimed.recipient, claimed.id),
      content: JSON.parse(encryption.decrypt('outbox.content', claimed.content, claimed.id)) as Content,
    }
  }

  async function settle(claimed: Claimed): Promise<'sent' | 'postponed' | 'dead'> {
    const outcome = await attempt(claimed)
    const now = clock.now()
    if (outcome.sent) {
      await endMessage(jobsDatabase, claimed, 'sent', now, { reference: outcome.reference })
      return 'sent'
    }
    if (!outcome.again || claimed.attempts >= (senders[claimed.channel]?.attempts ?? mostAttempts)) {
      await endMessage(jobsDatabase, claimed, 'dead', now, { reason: outcome.reason })
      return 'dead'
    }
    const pause = Math.min(firstPauseSeconds * 4 ** (claimed.attempts - 1), longestPauseSeconds)
    const seconds = Math.max(outcome.afterSeconds ?? 0, pause * (0.9 + Math.random() * 0.2))
    await postponeMessage(jobsDatabase, claimed, new Date(now.getTime() + seconds * 1000), outcome.reason)
    return 'postponed'
  }

  async function deliverBy(channel: Channel): Promise<{ sent: number; postponed: number; dead: number }> {
    const claimed = await claimMessages(jobsDatabase, channel, clock.now(), batch, leaseSeconds, farthestSeconds)
    const counts = { sent: 0, postponed: 0, dead: 0 }
    const queue = claimed.values()
    await Promise.all(
      Array.from({ length: together }, async () => {
        for (const row of queue) counts[await settle(row)]++
      }),
    )
    return counts
  }

  const outbox: Outbox = {
    channels: { sms: senders.sms !== undefined, mail: senders.mail !== undefined, push: senders.push !== undefined },
    async queueMessage(act, message) {
      const to = addressOf(message.channel, message.to)
      const content = contentOf(message)
      if (!senders[message.channel]) return null
      const id = newId(act.now.getTime())
      const written = await insertMessage(act.sql, {
        id,
        channel: message.channel,
        recipient: encryption.encrypt('outbox.recipient', to, id),
        content: encryption.encrypt('outbox.content', JSON.stringify(content), id),
        template: message.template,
        language: message.language,
        record: message.record ?? null,
        onceKey: onceKeyOf(message),
        at: message.at ?? act.now,
        goodUntil: message.goodUntil ?? null,
        now: act.now,
      })
      return written ? id : null
    },
    async deliver() {
      const all = await Promise.all(channels.map(deliverBy))
      const sum = (of: 'sent' | 'postponed' | 'dead') => all.reduce((total, each) => total + each[of], 0)
      return { sent: sum('sent'), postponed: sum('postponed'), dead: sum('dead') }
    },
    start(onError, everyMilliseconds = 1000) {
      for (const channel of channels) {
        const own = { timer: null as NodeJS.Timeout | null, working: Promise.resolve() as Promise<unknown> }
        rounds.set(channel, own)
        const round = async () => {
          try {
            // A full batch means that more may wait: go on without a pause.
            while (!stopped) {
              const { sent, postponed, dead } = await deliverBy(channel)
              if (sent + postponed + dead < batch) break
            }
          } catch (error) {
            onError(error)
          }
          if (!stopped) own.timer = setTimeout(() => (own.working = round()), everyMilliseconds)
        }
        own.working = round()
      }
    },
    async stop() {
      stopped = true
      for (const { timer } of rounds.values()) if (timer) clearTimeout(timer)
      await Promise.all([...rounds.values()].map(({ working }) => working))
      for (const sender of Object.values(senders)) sender.close()
    },
    async listReadableMessages(most = 50) {
      if (!shown) throw new Error('Messages are readable only in a demonstration on this machine.')
      const rows = await newestMessages(jobsDatabase, most)
      return rows.map((row) => {
        const { to, content } = open(row)
        const { id, channel, state, createdAt } = row
        return { id, channel, to, subject: content.subject ?? null, text: content.text, state, createdAt }
      })
    },
    async returned(id, status) {
      const row = await messageReturned(jobsDatabase, id, clock.now(), `returned ${status ?? ''}`.trim())
      if (!row) return false
      const to = encryption.decrypt('outbox.recipient', row.recipient, id)
      await markReturned(jobsDatabase, digestOf(to), status, clock.now())
      return true
    },
    async wroteTo(ids, address) {
      const rows = await recipientsOf(jobsDatabase, ids)
      return rows.some(
        ({ id, recipient }) =>
          encryption.decrypt('outbox.recipient', recipient, id).toLowerCase() === address.toLowerCase(),
      )
    },
    writtenFrom: (address) => unmarkReturned(jobsDatabase, digestOf(address)),
    async erase() {
      await forgetReturned(jobsDatabase, new Date(clock.now().getTime() - returnedForgottenDays * 86_400_000))
      return eraseMessages(jobsDatabase, clock.now(), erasedAfterDays)
    },
  }
  return outbox
}
