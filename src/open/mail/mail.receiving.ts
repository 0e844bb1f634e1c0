// Mail that comes in: to a place it is a new request, to the address for answers it is added to its matter, to where mail comes back it says that an
// address is not reached. Taken only once it stands in the database; the same mail brought again is known by its digest, for three days.
import { type Act, enter } from '#kernel/access/index.ts'
import { once } from '#kernel/http/index.ts'
import { Refusal } from '#kernel/http/refusal.ts'
import type { Kernel } from '#kernel/kernel.ts'
import {
  type Declined,
  type Destination,
  destinationOf,
  type Letter,
  type Receiving,
  replyToken,
  withoutQuoted,
} from '#kernel/mailbox/index.ts'
import { t } from '#kernel/words/index.ts'
import { actsAsked, file } from '#listen/requests/index.ts'
import { firstReceiver } from '#organise/bodies/index.ts'
import { placeByCode } from '#organise/places/index.ts'
import { attachParts, letGo, takeParts } from './mail.parts.ts'
import { answersOurs, bodyOf, declined, longestText, ownIds } from './mail.rules.ts'
import { readReply } from './mail.store.ts'

type Place = Extract<Destination, { kind: 'place' }>

/** What the listener hands mail to. */
export function createMailIntake(kernel: Kernel): Receiving {
  const intakes = kernel.config.mailbox?.addresses ?? []
  const whereTo = (address: string) => destinationOf(kernel.encryption, intakes, address)
  return {
    async recipient(address) {
      const to = whereTo(address)
      if (!to) return declined.noAddress
      // Never was: refused before the mail is read, so that nobody is written to about it. One that has ended is told apart below.
      if (to.kind === 'reply')
        return (await asNobody(kernel, 'zh-CN', (act) => readReply(act, to.token))) ? null : declined.noAddress
      if (to.kind !== 'place') return null
      const found = await asNobody(kernel, 'zh-CN', (act) => placeOf(act, to))
      return typeof found === 'string' ? null : found
    },
    async letter(letter) {
      const all = letter.recipients.map(whereTo).filter((each) => each !== null)
      const bounce = all.find(({ kind }) => kind === 'bounce')
      if (bounce?.kind === 'bounce') return cameBack(kernel, bounce.message, letter)
      // What machines say by themselves is heard and goes no further: an answer to it would be answered again (RFC 3834, 2).
      if (letter.kind === 'report' || letter.kind === 'automatic') {
        kernel.log.info({ mail: letter.kind }, 'a mail by a machine was let go')
        return null
      }
      if (letter.kind !== 'said') return declined[letter.kind]
      const reply = all.find(({ kind }) => kind === 'reply')
      if (reply?.kind === 'reply') return added(kernel, reply.token, letter)
      const place = all.find(({ kind }) => kind === 'place')
      return place?.kind === 'place' ? filed(kernel, place, letter) : declined.noAddress
    },
  }
}

const asNobody = <T>(kernel: Kernel, language: Letter['language'], work: (act: Act) => Promise<T>): Promise<T> =>
  enter(kernel.database, {}, { now: kernel.clock.now(), language }, work)

/** The id of the place that an address is of, within the place of the whole; or why there is none. */
async function placeOf(act: Act, { intake, code }: Place): Promise<string | Declined> {
  const whole = await placeByCode(act.sql, intake.place)
  const place = code === intake.place ? whole : await placeByCode(act.sql, code)
  if (!whole || !place || place.abolished_at || !place.path.startsWith(whole.path)) return declined.noPlace
  try {
    await firstReceiver(act.sql, place.path)
  } catch (error) {
    if (error instanceof Refusal) return declined.nobody
    throw error
  }
  return place.id
}

/** A mail that we sent is reported about. Only a failure for good counts; that it is late says nothing yet. */
async function cameBack(kernel: Kernel, message: string, letter: Letter): Promise<null> {
  // Who answers to the envelope's sender though it is a person's mail is let go as well: no program shows that address to a person.
  if (letter.kind !== 'report' && letter.sender !== '') return null
  const status = letter.report?.status ?? /\b5\.\d{1,3}\.\d{1,3}\b/.exec(letter.text)?.[0] ?? null
  if (letter.report ? letter.report.failed : status !== null) await kernel.outbox.returned(message, status)
  return null
}

/** Takes one of what an address may send in an hour, and of what the house takes at all. */
async function hindrance(kernel: Kernel, from: string): Promise<Declined | null> {
  kernel.floods.count()
  if (await kernel.floods.asked()) return declined.flooded
  return (await kernel.limits.take('mail.sender', from.toLowerCase())).allowed ? null : declined.many
}

async function filed(kernel: Kernel, to: Place, letter: Letter): Promise<Declined | null> {
  const { from, language } = letter
  if (!from) return declined.noSender
  if (letter.text.length > longestText) return declined.long
  const hindered = await hindrance(kernel, from)
  if (hindered) return hindered
  if (answersOurs(letter, kernel.config.smtp?.from ?? ''))
    return (await answer(kernel, letter, 'answers-us', { about: { answers: true } })) ? null : declined.answersUs
  return kept(kernel, letter, {}, `mail to ${to.code}`, async (act, parts) => {
    const place = await placeOf(act, to)
    if (typeof place !== 'string') return place
    const body = bodyOf(letter, language, parts.taken.length, parts.missing)
    if (body === '') return declined.empty
    const request = await file(act, kernel, {
      place,
      channel: 'mail',
      language,
      title: [...letter.subject].slice(0, 120).join('') || null,
      body,
      anonymous: false,
      name: letter.name,
      mail: from,
      linkSent: true,
    })
    await attachParts(act, kernel, parts, request.id)
    return null
  })
}

async function added(kernel: Kernel, token: string, letter: Letter): Promise<Declined | null> {
  const { language } = letter
  const text = withoutQuoted(letter.text)
  if (text.length > longestText) return declined.long
  const hindered = await hindrance(kernel, token)
  if (hindered) return hindered
  try {
    return await kept(kernel, letter, { reply: token }, 'mail answered', async (act, parts) => {
      const record = act.actor.link
      if (record === null) return (await answer(kernel, letter, 'ended', { about: { token } })) ? null : declined.ended
      const said = bodyOf({ text, subject: '' }, language, parts.taken.length, parts.missing)
      if (said === '') return declined.empty
      // Whoever was sent a mail may have handed it on; those who read the line are told by which way it came and, where it shows, from elsewhere.
      const own = replyToken(kernel.encryption, record, letter.from ?? '') === token
      const way = t(language)(own ? 'mail.by-mail' : 'mail.by-other-mail')
      await actsAsked.add(act, kernel, record, { text: `${said}\n\n${way}` }, null)
      await attachParts(act, kernel, parts, record)
      // What came back before says nothing of today: only whoever read our mail there has its address for answers.
      if (replyToken(kernel.encryption, record, letter.sender) === token) await kernel.outbox.writtenFrom(letter.sender)
      return null
    })
  } catch (error) {
    if (!(error instanceof Refusal) || error.status >= 500) throw error
    const reason = t(language)(error.key, error.values)
    return (await answer(kernel, letter, 'refused', { about: { token }, reason })) ? null : declined.refused
  }
}

/** Thrown to undo what was begun for a mail that is declined after all. */
class Undone extends Error {
  readonly why: Declined
  constructor(why: Declined) {
    super('declined')
    this.why = why
  }
}

/** Does the work of a mail once, with its files; what is declined or fails leaves nothing behind. */
async function kept(
  kernel: Kernel,
  letter: Letter,
  shown: { readonly reply?: string },
  what: string,
  work: (act: Act, parts: Awaited<ReturnType<typeof takeParts>>) => Promise<Declined | null>,
): Promise<Declined | null> {
  const parts = await takeParts(kernel, letter, letter.language)
  let used = false
  try {
    await enter(kernel.database, shown, { now: kernel.clock.now(), language: letter.language }, async (act) => {
      const by = shown.reply ?? letter.recipients.join(' ').toLowerCase()
      const done = await once(
        act,
        kernel.config.secret,
        letter.digest,
        what,
        letter.digest,
        async () => {
          const why = await work(act, parts)
          if (why) throw new Undone(why)
          return { status: 200, answer: null }
        },
        by,
      )
      used = !done.repeated
    })
    return null
  } catch (error) {
    used = false
    if (error instanceof Undone) return error.why
    throw error
  } finally {
    if (!used) await letGo(kernel, parts.taken)
  }
}

/**
 * Whether what is answered concerns whoever is answered: the secret was made for their address, or it is they whom we wrote what they answer.
 * Anybody may write any sender on an envelope.
 */
async function concerns(kernel: Kernel, letter: Letter, about: About): Promise<boolean> {
  if ('answers' in about) return kernel.outbox.wroteTo(ownIds(letter.answered), letter.sender)
  const known = await asNobody(kernel, letter.language, (act) => readReply(act, about.token))
  return known !== null && replyToken(kernel.encryption, known.record, letter.sender) === about.token
}

type About = { readonly token: string } | { readonly answers: true }

/**
 * Answers a mail by itself: to its envelope's sender alone, where that is whom we wrote to about the matter, at most once an hour (RFC 3834,
 * 2 and 4), and without a word of what came. False where that may not be: then it is declined, and their own server tells them.
 */
async function answer(
  kernel: Kernel,
  letter: Letter,
  template: 'ended' | 'refused' | 'answers-us',
  { about, reason = '' }: { readonly about: About; readonly reason?: string },
): Promise<boolean> {
  if (letter.sender === '' || !(await concerns(kernel, letter, about))) return false
  if (!(await kernel.limits.take('mail.answers', letter.sender.toLowerCase())).allowed) return false
  const [intake] = kernel.config.mailbox?.addresses ?? []
  const written = await asNobody(kernel, letter.language, (act) =>
    kernel.outbox.queueMessage(act, {
      channel: 'mail',
      to: letter.sender,
      template: `mail.${template}`,
      values: { address: intake?.address ?? '', reason },
      language: letter.language,
      answers: letter.messageId,
    }),
  )
  return written !== null
}
