// What a telephone that a resident leaves is good for: messages, calls, or neither.
import { normalisePhone } from '#kernel/encryption/index.ts'

/** Why a telephone cannot be left, as a key of words; null where it can. Nobody is called back at a service number. */
export function phoneFault(typed: string): 'requests.phone-wrong' | 'requests.phone-service' | null {
  const phone = normalisePhone(typed)
  if (!phone) return 'requests.phone-wrong'
  // The beginning of a mobile's number is one that was not finished.
  if (phone.kind === 'service' && /^1[3-9]/.test(phone.number)) return 'requests.phone-wrong'
  return phone.kind === 'service' ? 'requests.phone-service' : null
}

/** Whether messages reach a telephone; a landline is called instead. */
export function takesMessages(phone: string): boolean {
  const kind = normalisePhone(phone)?.kind
  return kind === 'mobile' || kind === 'abroad'
}
