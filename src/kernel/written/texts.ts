// The one rule for texts that come in: by form, by the API, by mail, from other people's software, from a file.
import { withoutSecretLinks } from './links.ts'

/** Marks that turn the direction of what follows them: unseen, and able to make a name or a number read as another. */
const directions = /\p{Bidi_Control}/gu

/** Fields by which a form says on which page of ours it stood: read to lead back there, and kept in no record. */
const ways: readonly string[] = ['back', 'to']
const path = /^\/(?!\/)[\w\-./?=&%]*$/

/**
 * A value whose texts are without marks of direction, which come along when a number is copied from a phone's contacts, and without our own
 * secret links. Objects are changed in place; their keys stay.
 * @param language of whoever reads that something was taken out
 */
export function asWritten<T>(value: T, language: 'zh-CN' | 'en', depth = 0): T {
  if (typeof value === 'string') return withoutSecretLinks(value.replace(directions, ''), language) as T
  if (value === null || typeof value !== 'object' || Buffer.isBuffer(value) || depth > 20) return value
  for (const [key, inner] of Object.entries(value))
    if (!(ways.includes(key) && typeof inner === 'string' && path.test(inner)))
      (value as Record<string, unknown>)[key] = asWritten(inner, language, depth + 1)
  return value
}
