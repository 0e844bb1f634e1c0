// What a mail says of a matter, and what is told to whoever sent it. Pure.
import type { Language } from '#kernel/access/index.ts'
import type { Declined, Letter } from '#kernel/mailbox/index.ts'
import { t } from '#kernel/words/index.ts'

/** So long may be what is said; the database takes twenty thousand. */
export const longestText = 15_000
export const mostPictures = 9

/** Answers of the listener. Whoever wrote reads them in the report of their own server, together with what they wrote. */
export const declined = {
  noAddress: { code: 550, text: '5.1.1 There is no such address here' },
  ended: {
    code: 550,
    text: '5.1.6 This address for answers has ended; please open the link in our mail, or write to us anew',
  },
  noPlace: { code: 550, text: '5.1.1 There is no place of this code here' },
  nobody: { code: 550, text: '5.1.2 Nobody receives requests at this place yet' },
  noSender: { code: 550, text: '5.1.7 Without an address to answer to this cannot be taken' },
  sealed: {
    code: 554,
    text: '5.6.0 Encrypted mail cannot be read here; please send it unencrypted, or use the web page',
  },
  reply: { code: 554, text: '5.6.0 Answers to invitations are not read here; please open the link in our mail' },
  bulk: { code: 550, text: '5.7.1 Mail to many is not taken here' },
  empty: { code: 554, text: '5.6.0 There is nothing in this mail that can be read: neither text nor a picture' },
  long: { code: 552, text: `5.3.4 The text is longer than ${longestText} characters; please shorten it` },
  answersUs: { code: 550, text: '5.7.1 Please answer to the address for answers in our mail, or open its link' },
  refused: { code: 550, text: '5.7.1 Nothing can be added to this matter any more; please open the link in our mail' },
  many: { code: 451, text: '4.7.1 Many mails from this address; please try again in an hour' },
  flooded: { code: 451, text: '4.7.0 Many mails at this moment; please try again in an hour' },
} as const satisfies Record<string, Declined>

const ownShape = /^<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@([^<>@\s]+)>$/i

/** The ids of our messages that a mail could answer, by the shape of their names. */
export const ownIds = (answered: readonly string[]): readonly string[] =>
  answered.flatMap((id) => ownShape.exec(id)?.[1]?.toLowerCase() ?? [])

/** Whether a mail answers one of ours: programs that answer by themselves do so, to whatever address they find. */
export function answersOurs(letter: Pick<Letter, 'answered'>, from: string): boolean {
  const domain = /@([^\s@>]+)/.exec(from)?.[1]?.toLowerCase()
  return letter.answered.some((id) => ownShape.exec(id)?.[2]?.toLowerCase() === domain)
}

/** A part that was not taken, by the name it came under, and why. */
export interface NotTaken {
  readonly name: string | null
  readonly reason: string
}

/** The words for the record: what was said, and of each part that was not taken that it was there, so that somebody asks for it. */
export function bodyOf(
  letter: Pick<Letter, 'text' | 'subject'>,
  language: Language,
  taken: number,
  missing: readonly NotTaken[],
): string {
  const say = t(language)
  const said = letter.text || letter.subject || (taken > 0 ? say('mail.see-pictures') : '')
  if (said === '') return ''
  const lines = missing.map(({ name, reason }) =>
    say('mail.not-taken', { name: (name ?? say('mail.nameless')).slice(0, 80), reason }),
  )
  return [said, ...(lines.length > 0 ? [''] : []), ...lines].join('\n')
}
