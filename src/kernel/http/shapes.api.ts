/** Shapes that the endpoints of every room are put together from. Nothing of the server stands here: the desk reads them too. */
import { type TSchema, Type } from 'typebox'

/** Unknown fields are refused. */
export const closed = { additionalProperties: false } as const

/** What may be missing is null, never left out of an answer. */
export const maybe = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** A union of the literals of a list, so that no literal is written twice. */
export const oneOf = <const L extends readonly string[]>(list: L) =>
  Type.Unsafe<L[number]>({ type: 'string', enum: [...list] })

const id = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const wholeId = new RegExp(`^${id}$`)

/** The id of a record: a UUID in lower case. */
export const Id = Type.String({ pattern: wholeId.source })
/** A day of the calendar, as `2026-11-30`; 30 February is none, and neither is a year that no record can be of. */
export const Day = Type.String({ format: 'date', pattern: '^(?:19|20|21)\\d{2}-' })
/** The parameter of `/api/…/:id`. */
export const IdParams = Type.Object({ id: Id }, closed)

/** Whether what came from an address, a form or a cursor is an id; the database would fail on anything else. */
export const isId = (value: unknown): value is string => typeof value === 'string' && wholeId.test(value)

/**
 * Text as a person writes it: of bounded length, not blank, without NUL and without half a surrogate pair, which no database
 * and no page can carry. Patterns of JSON Schema are Unicode patterns, so a whole pair does not match the range of halves.
 */
export const Text = (maxLength: number) =>
  Type.String({ minLength: 1, maxLength, pattern: '^(?=[\\s\\S]*\\S)[^\\u0000\\uD800-\\uDFFF]*$' })

/** Text of one line. */
export const Line = (maxLength: number) =>
  Type.String({ minLength: 1, maxLength, pattern: '^(?=.*\\S)[^\\u0000-\\u001F\\u007F\\uD800-\\uDFFF]*$' })
